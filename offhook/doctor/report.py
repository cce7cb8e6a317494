"""Runs the checks that fit the role and prints them."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from offhook.demo.addresses import machine_addresses
from offhook.demo.turn import installed as coturn_installed
from offhook.doctor.certificates import certificate
from offhook.doctor.network import advertised, port_is_free
from offhook.doctor.relay import relays
from offhook.doctor.verdict import State, Verdict, fail, ok, warn
from offhook.running import load_config

Role = Literal["gateway", "connector"]

_MARK = {State.OK: "[green]ok[/]", State.WARN: "[yellow]look[/]", State.FAIL: "[red]fails[/]"}


def examine(config: Path | None, role: Role | None) -> int:
    """Print one verdict a line; the exit status is 1 when something fails."""
    if role is None and config is not None:
        raise typer.BadParameter("say with --role whose configuration this is")
    verdicts = asyncio.run(_checks(config, role))
    table = Table(box=None, show_header=False, pad_edge=False)
    for verdict in verdicts:
        advice = f"\n[dim]{verdict.advice}[/]" if verdict.advice else ""
        table.add_row(_MARK[verdict.state], verdict.subject, verdict.words + advice)
    Console().print(table)
    return int(any(verdict.state is State.FAIL for verdict in verdicts))


async def _checks(config: Path | None, role: Role | None) -> list[Verdict]:
    if role is None:
        return machine()
    if role == "gateway":
        return await gateway(config)
    from connector.config import ConnectorConfig
    from offhook.doctor.site import examine_site

    return await examine_site(load_config(ConnectorConfig, config))


def machine() -> list[Verdict]:
    """Is this machine fit for the demo?"""
    return [
        ok("python", sys.version.split()[0]),
        ok("media address", ", ".join(machine_addresses())),
        port_is_free("web app", socket.SOCK_STREAM, "127.0.0.1", 8080),
        port_is_free("SIP edge", socket.SOCK_STREAM, "127.0.0.1", 65061),
        port_is_free("media", socket.SOCK_DGRAM, "0.0.0.0", 40000),  # noqa: S104 - only a probe
        ok("TURN", "coturn is installed")
        if coturn_installed()
        else warn("TURN", "coturn is not installed", "apt-get install coturn"),
    ]


async def gateway(config: Path | None) -> list[Verdict]:
    from gateway.config import GatewayConfig
    from gateway.features.turn_credentials.service import TurnCredentials

    settings = load_config(GatewayConfig, config)
    http, edge, media = settings.http, settings.sip_edge, settings.media
    rows = [
        port_is_free("web app", socket.SOCK_STREAM, http.host, http.port),
        _built("web app files", "http.webapp_dir", http.webapp_dir),
        _built("admin portal files", "http.admin_dir", http.admin_dir),
        port_is_free("SIP edge", socket.SOCK_STREAM, edge.host, edge.port),
        certificate("SIP edge certificate", edge.cert, edge.key, edge.public_host),
    ]
    rows += [
        port_is_free("media worker", socket.SOCK_DGRAM, media.bind, media.port + index)
        for index in range(media.workers if media.port else 0)
    ]
    if http.tls_port is not None and http.tls_cert is not None and http.tls_key is not None:
        host = urlsplit(settings.public_url).hostname or "localhost"
        listens = http.tls_host or http.host
        rows.append(port_is_free("HTTPS", socket.SOCK_STREAM, listens, http.tls_port))
        rows.append(certificate("web certificate", http.tls_cert, http.tls_key, host))
    rows += advertised(media.advertise)
    if not settings.turn.urls:
        rows.append(
            warn("TURN", "no turn.urls", "Users behind strict firewalls will have no audio.")
        )
    return rows + await relays(TurnCredentials(settings.turn).issue("doctor"))


def _built(what: str, key: str, folder: Path | None) -> Verdict:
    if folder is None:
        return warn(what, f"no {key}", "Without it these pages are not served, the API is.")
    if not (folder / "index.html").is_file():
        return fail(what, f"there is no {folder}/index.html", "Build it: npm run build.")
    return ok(what, f"in {folder}")
