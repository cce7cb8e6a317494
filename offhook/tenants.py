"""`offhook operator` and `offhook tenant`: the platform's tenants from a shell beside the gateway.

They work on the database of the gateway's configuration, whether or not the gateway runs; what they
do is audited as an operator's.
"""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from offhook.logs import configure_logging
from offhook.running import load_config

if TYPE_CHECKING:
    from gateway.admin_ports import Principal
    from gateway.config import GatewayConfig
    from gateway.features.tenants.life import Invitation
    from gateway.features.tenants.models import PlatformTenant
    from gateway.wiring.tenants import Desk

operators = typer.Typer(
    no_args_is_help=True, help="Those who run the platform: the first of them is made here."
)
tenants = typer.Typer(
    no_args_is_help=True, help="Invite, list, suspend, export and delete the platform's tenants."
)

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The gateway's TOML file. Environment variables win."),
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object or list.")]
Which = Annotated[str, typer.Argument(metavar="TENANT", help="Its whole name, or its id.")]
By = Annotated[
    str | None, typer.Option(help="Who does this, for letters and audit; default: you here.")
]
ShowLink = Annotated[
    bool,
    typer.Option("--link", help="Show the invitation's link even if a letter brings it."),
]
Amount = str | None
T = TypeVar("T")


@operators.command("create")
def create_operator(
    email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
    name: Annotated[str, typer.Option(help="The operator's name.")] = "",
    language: Annotated[str, typer.Option(help="en de fr es it nl or ca.")] = "en",
    config: Config = None,
    by: By = None,
    link: ShowLink = False,
    as_json: AsJson = False,
) -> None:
    """Invite an operator; the first one makes the platform's own tenant."""
    from gateway.features.tenants.life import check_address
    from gateway.features.tenants.models import AdminInvitation

    async def act(desk: Desk, who: Principal) -> Invitation:
        check_address(email)
        new = AdminInvitation(email=email, name=name)
        return await desk.life.create_operator(who.in_tenant, new, language)

    settings = _load(config)
    _say_invited(settings, *_run(settings, by, act), email, link, as_json)


@tenants.command("invite")
def invite(
    name: Annotated[str, typer.Argument(help="The company's name.")],
    email: Annotated[str, typer.Argument(help="Of its first administrator.")],
    admin_name: Annotated[str, typer.Option(help="The administrator's name.")] = "",
    language: Annotated[str, typer.Option(help="en de fr es it nl or ca.")] = "en",
    licences: Annotated[
        int | None, typer.Option(min=1, help="How many users; default: any.")
    ] = None,
    config: Config = None,
    by: By = None,
    link: ShowLink = False,
    as_json: AsJson = False,
) -> None:
    """Make a tenant and invite its first administrator; to a known tenant, one more of them."""
    from gateway.features.tenants.models import AdminInvitation, NewTenant

    async def act(desk: Desk, who: Principal) -> Invitation:
        admin = AdminInvitation(email=email, name=admin_name)
        known = await desk.reader.named(name)
        if known is not None:
            return await desk.life.invite_admin(who, known.id, admin)
        new = NewTenant(name=name, language=language, admin=admin, licences=licences)  # type: ignore[arg-type]
        return await desk.life.create(who, new)

    settings = _load(config)
    _say_invited(settings, *_run(settings, by, act), email, link, as_json)


@tenants.command("list")
def list_tenants(config: Config = None, as_json: AsJson = False) -> None:
    """All tenants, the newest first."""

    async def act(desk: Desk, _who: Principal) -> list[PlatformTenant]:
        return await desk.reader.all()

    views, _ = _run(_load(config), None, act)
    if as_json:
        typer.echo(json.dumps([view.model_dump(mode="json") for view in views], indent=2))
        return
    table = Table("name", "status", "users", "licences", "since", "id")
    for view in views:
        licences = "any" if view.licences is None else str(view.licences)
        since = f"{view.created_at:%Y-%m-%d}"
        table.add_row(view.name, view.status, str(view.users), licences, since, view.id)
    Console().print(table)


@tenants.command("show")
def show(tenant: Which, config: Config = None, as_json: AsJson = False) -> None:
    """One tenant with its licences, quotas and terms."""

    async def act(desk: Desk, _who: Principal) -> PlatformTenant:
        return await desk.reader.view(await desk.reader.by_name(tenant))

    _say(_run(_load(config), None, act)[0], as_json)


@tenants.command("suspend")
def suspend(
    tenant: Which,
    why: Annotated[str, typer.Option(help="Its administrators are told.")] = "",
    config: Config = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Nobody signs in any more and connectors are kept out; nothing is deleted."""

    async def act(desk: Desk, who: Principal) -> PlatformTenant:
        known = await desk.reader.by_name(tenant)
        await desk.life.suspend(who, known.id, why)
        return await desk.reader.by_id(known.id)

    _say(_run(_load(config), by, act)[0], as_json)


@tenants.command("resume")
def resume(tenant: Which, config: Config = None, by: By = None, as_json: AsJson = False) -> None:
    """Take a suspension back, or a deletion that has not come to its end."""

    async def act(desk: Desk, who: Principal) -> PlatformTenant:
        known = await desk.reader.by_name(tenant)
        await desk.life.resume(who, known.id)
        return await desk.reader.by_id(known.id)

    _say(_run(_load(config), by, act)[0], as_json)


@tenants.command("delete")
def delete(
    tenant: Which,
    confirm: Annotated[
        str | None, typer.Option(help="The tenant's name once more; asked for if it is missing.")
    ] = None,
    config: Config = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Close a tenant now and erase every row of it after the time of grace."""
    typed = confirm if confirm is not None else typer.prompt("Type the tenant's name to delete it")

    async def act(desk: Desk, who: Principal) -> PlatformTenant:
        known = await desk.reader.by_name(tenant)
        await desk.life.mark_for_deletion(who, known.id, typed)
        return await desk.reader.by_id(known.id)

    _say(_run(_load(config), by, act)[0], as_json)


@tenants.command("quotas")
def quotas(
    tenant: Which,
    licences: Annotated[Amount, typer.Option(help='Users; "any": as many as wanted.')] = None,
    calls: Annotated[Amount, typer.Option(help="Live at one time.")] = None,
    sockets: Annotated[Amount, typer.Option(help="Devices at one time.")] = None,
    requests_per_minute: Annotated[Amount, typer.Option(help="Of the API, all together.")] = None,
    requests_per_minute_each: Annotated[Amount, typer.Option(help="Of one user or key.")] = None,
    storage_mb: Annotated[Amount, typer.Option(help="Of all that is kept of it.")] = None,
    config: Config = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Set what was agreed with a tenant: a number, or "any" for the platform's own limit. What is
    not named stays as it is."""
    from gateway.features.tenants.models import Agreement

    named = {
        "licences": licences,
        "calls": calls,
        "sockets": sockets,
        "requests_per_minute": requests_per_minute,
        "requests_per_minute_each": requests_per_minute_each,
        "storage_mb": storage_mb,
    }
    said = {name: _amount(name, text) for name, text in named.items() if text is not None}

    async def act(desk: Desk, who: Principal) -> PlatformTenant:
        known = await desk.reader.by_name(tenant)
        before = {"licences": known.licences, **known.quotas}
        await desk.life.agree(who, known.id, Agreement(**(before | said)))
        return await desk.reader.by_id(known.id)

    _say(_run(_load(config), by, act)[0], as_json)


@tenants.command("export")
def export(
    tenant: Which,
    file: Annotated[Path, typer.Argument(help="The ZIP file to write; it must not be there yet.")],
    config: Config = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Write all data of a tenant as JSON lines, without secrets. Its administrators are told."""

    async def act(desk: Desk, who: Principal) -> int:
        known = await desk.reader.by_name(tenant)
        size = 0
        with await asyncio.to_thread(_new_private_file, file) as stream:
            # Nobody is told of an export that cannot be.
            await desk.life.exported(who.in_tenant(known.id))
            async for part in desk.export.parts(known, datetime.now(UTC)):
                size += await asyncio.to_thread(stream.write, part)
        return size

    size, _ = _run(_load(config), by, act)
    told = {"file": str(file), "bytes": size}
    typer.echo(json.dumps(told) if as_json else f"{file}: {size} bytes")


# --- beneath ---------------------------------------------------------------------------------


def _amount(name: str, text: str) -> int | None:
    if text == "any":
        return None
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        option = "--" + name.replace("_", "-")
        raise typer.BadParameter('Give a number from 1 on, or "any"', param_hint=option)
    return int(text)


def _new_private_file(file: Path) -> Any:
    file.touch(mode=0o600, exist_ok=False)
    return file.open("wb")


def _load(config: Path | None) -> GatewayConfig:
    from gateway.config import GatewayConfig

    configure_logging("offhook", "warning")
    return load_config(GatewayConfig, config)


def _run(
    settings: GatewayConfig, by: str | None, act: Callable[[Desk, Principal], Awaitable[T]]
) -> tuple[T, bool]:
    """What it comes to, and whether letters leave."""
    from gateway.admin_ports import Principal
    from gateway.permissions import PERMISSIONS, Role
    from gateway.ports import Problem
    from gateway.wiring.tenants import open_desk

    who = Principal("", "operator", "", by or getpass.getuser(), PERMISSIONS[Role.OPERATOR])

    async def run() -> tuple[T, bool]:
        async with open_desk(settings) as desk:
            return await act(desk, who), desk.mailer.configured

    try:
        return asyncio.run(run())
    except Problem as problem:
        typer.secho(
            f"{problem.title}. {problem.detail}".rstrip(". ") + f" ({problem.code})", err=True
        )
    except FileExistsError as error:
        typer.secho(f"{error.filename} is there already", err=True)
    except ValueError as error:
        typer.secho(str(error), err=True)
    raise typer.Exit(1)


def _say_invited(
    settings: GatewayConfig,
    made: Invitation,
    mail: bool,
    email: str,
    link: bool,
    as_json: bool,
) -> None:
    """The link is a secret: shown where no letter brings it, or when it is asked for."""
    address = f"{settings.public_url}/welcome#token={made.secret}" if link or not mail else None
    if as_json:
        told = {
            "tenant_id": made.tenant_id,
            "mail": "queued" if mail else "not_configured",
            "link": address,
        }
        typer.echo(json.dumps(told))
        return
    if mail:
        typer.echo(f"A letter to {email} leaves as soon as the gateway runs.")
    else:
        typer.echo("No mail server is set up (mail.host): give them this link yourself.")
    if address is not None:
        typer.echo(f"It is valid for 7 days and works once:\n{address}")


def _say(view: PlatformTenant, as_json: bool) -> None:
    told = view.model_dump(mode="json")
    if as_json:
        typer.echo(json.dumps(told))
        return
    table = Table(show_header=False)
    for key, value in told.items():
        table.add_row(key, "-" if value in (None, "", {}) else str(value))
    Console().print(table)
