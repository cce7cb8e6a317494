"""The command ``offhook``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from offhook.logs import configure_logging
from offhook.running import load_config, run_app
from offhook.tenants import operators, tenants

app = typer.Typer(
    name="offhook",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="A browser softphone for the PBX that a company already owns.",
    epilog="Every command takes --help. A first look: **offhook demo**.",
)

app.add_typer(operators, name="operator")
app.add_typer(tenants, name="tenant")

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="A TOML file. Environment variables win over it."),
]
ReadyFd = Annotated[int | None, typer.Option("--ready-fd", hidden=True)]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    typer.Option("--log-level", help="How much is logged.", envvar="OFFHOOK_LOG"),
]


@app.command()
def gateway(
    config: ConfigFile = None, ready_fd: ReadyFd = None, log_level: LogLevel = "info"
) -> None:
    """Run the cloud gateway: web app, API, media and the SIP edge for connectors.

    Its keys can also be set as variables, for example OFFHOOK_GATEWAY_HTTP__PORT=8080 for `port` of
    the table `http`. SIGTERM waits for running calls, Ctrl-C does not.
    """
    from gateway.config import GatewayConfig
    from gateway.main import run

    configure_logging("gateway", log_level)
    settings = load_config(GatewayConfig, config)
    run_app(lambda ready: run(settings, ready), ready_fd)


@app.command()
def connector(
    config: ConfigFile = None, ready_fd: ReadyFd = None, log_level: LogLevel = "info"
) -> None:
    """Run the connector beside the PBX: it registers outbound at the gateway with an API key.

    Needs no open port towards the internet. Variables: for example OFFHOOK_CONNECTOR_PBX__HOST for
    `host` of the table `pbx`.
    """
    from connector.config import ConnectorConfig
    from connector.main import run

    configure_logging("connector", log_level)
    settings = load_config(ConnectorConfig, config)
    run_app(lambda ready: run(settings, ready), ready_fd)


@app.command()
def pbx(config: ConfigFile = None, ready_fd: ReadyFd = None, log_level: LogLevel = "info") -> None:
    """Run the PBX emulator: registrar, dial plan, virtual desk phones, voicemail, console page.

    Real SIP phones can register at it. Variables: for example OFFHOOK_PBX_SIP__DEVICE_PASSWORD for
    `device_password` of the table `sip`, the one key that it needs.
    """
    from emulator.config import EmulatorConfig
    from emulator.main import run

    configure_logging("pbx", log_level)
    settings = load_config(EmulatorConfig, config)
    run_app(lambda ready: run(settings, ready), ready_fd)


@app.command()
def demo(
    state: Annotated[
        Path, typer.Option(help="Where the demo keeps its certificates, database and recordings.")
    ] = Path(".offhook/demo"),
    http_port: Annotated[int, typer.Option(help="The web app on http://localhost:PORT.")] = 8080,
    https_port: Annotated[int, typer.Option(help="The same on https for other machines.")] = 8443,
    advertise: Annotated[
        list[str] | None,
        typer.Option(help="Media address; default: this machine's. Give it once per address."),
    ] = None,
    fresh: Annotated[bool, typer.Option(help="Throw the demo's state away first.")] = False,
    ready_fd: ReadyFd = None,
    log_level: LogLevel = "warning",
) -> None:
    """Run gateway, connector and an emulated PBX on this machine and say how to try them."""
    from offhook.demo.lock import StateInUse, StateRefused, sole_user
    from offhook.demo.plan import DemoPlan
    from offhook.demo.supervisor import run_demo

    try:
        with sole_user(state):
            plan = DemoPlan.make(
                state=state,
                http_port=http_port,
                https_port=https_port,
                advertise=tuple(advertise or ()),
            )
            if plan.ports.http != http_port:
                typer.echo(f"Port {http_port} is taken, {plan.ports.http} is used.", err=True)
            if fresh:
                plan.forget()
            status = run_demo(plan, log_level, ready_fd)
    except StateInUse as error:
        typer.echo(f"Cannot start: {error}. Stop that one or name another --state.", err=True)
        status = 1
    except StateRefused as error:
        typer.echo(f"Cannot start: {error}. Name another --state.", err=True)
        status = 1
    raise typer.Exit(status)


@app.command()
def openapi(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; default: print it.")
    ] = None,
) -> None:
    """Write the API's OpenAPI 3.1 document."""
    from gateway.http.openapi import document

    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text)


@app.command()
def doctor(
    config: ConfigFile = None,
    role: Annotated[
        Literal["gateway", "connector"] | None,
        typer.Option(help="Whose configuration to try; without it, is this machine fit?"),
    ] = None,
) -> None:
    """Say what is wrong and what to do about it.

    Alone: is this machine fit for `offhook demo`? With --role gateway: ports, certificates, the
    relay. With --role connector: sign in at the gateway with the API key, reach its SIP edge, ask
    the PBX for an answer. Ends with 1 when something fails.
    """
    from offhook.doctor.report import examine

    raise typer.Exit(examine(config, role))
