"""Runs the checks that fit the role and prints them."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from offhook.demo.addresses import machine_addresses
from offhook.demo.turn import installed as coturn_installed
from offhook.doctor.certificates import certificate
from offhook.doctor.network import (
    advertised,
    port_is_free,
    stun_answers,
    tcp_reachable,
    tls_reachable,
)
from offhook.doctor.verdict import State, Verdict, fail, ok, warn
from offhook.running import load_config

_MARK = {State.OK: "[green]ok[/]", State.WARN: "[yellow]look[/]", State.FAIL: "[red]fails[/]"}


def examine(config: Path | None, role: str) -> int:
    """Print one verdict a line; the exit status is 1 when something fails."""
    checks = {"": machine, "gateway": gateway, "connector": connector}
    if role not in checks:
        raise typer.BadParameter("--role is gateway or connector")
    verdicts = asyncio.run(checks[role](config))
    table = Table(box=None, show_header=False, pad_edge=False)
    for verdict in verdicts:
        advice = f"\n[dim]{verdict.advice}[/]" if verdict.advice else ""
        table.add_row(_MARK[verdict.state], verdict.subject, verdict.words + advice)
    Console().print(table)
    return int(any(verdict.state is State.FAIL for verdict in verdicts))


async def machine(_config: Path | None) -> list[Verdict]:
    """Is this machine fit for the demo?"""
    rows = [
        ok("python", sys.version.split()[0]),
        ok("media address", ", ".join(machine_addresses())),
        port_is_free("web app", socket.SOCK_STREAM, "127.0.0.1", 8080),
        port_is_free("SIP edge", socket.SOCK_STREAM, "127.0.0.1", 65061),
        port_is_free("media", socket.SOCK_DGRAM, "0.0.0.0", 40000),  # noqa: S104 - only a probe
    ]
    rows.append(
        ok("TURN", "coturn is installed")
        if coturn_installed()
        else warn("TURN", "coturn is not installed", "apt-get install coturn")
    )
    return rows


async def gateway(config: Path | None) -> list[Verdict]:
    from gateway.config import GatewayConfig

    settings = load_config(GatewayConfig, config)
    http, edge, media = settings.http, settings.sip_edge, settings.media
    rows = [
        port_is_free("web app", socket.SOCK_STREAM, http.host, http.port),
        port_is_free("SIP edge", socket.SOCK_STREAM, edge.host, edge.port),
        certificate("SIP edge certificate", edge.cert, edge.key, edge.public_host),
    ]
    rows += [
        port_is_free("media worker", socket.SOCK_DGRAM, media.bind, media.port + index)
        for index in range(media.workers if media.port else 0)
    ]
    if http.tls_port is not None:
        host = urlsplit(settings.public_url).hostname or "localhost"
        rows.append(certificate("web certificate", http.tls_cert, http.tls_key, host))
    rows += advertised(media.advertise)
    if not settings.turn.urls:
        rows.append(
            warn("TURN", "no turn.urls", "Users behind strict firewalls will have no audio.")
        )
    for url in settings.turn.urls:
        rows.append(await _turn(url))
    return rows


async def _turn(url: str) -> Verdict:
    scheme, _, rest = url.partition(":")
    address, _, query = rest.partition("?")
    host, _, port_text = address.partition(":")
    port = int(port_text or ("5349" if scheme.endswith("s") else "3478"))
    if scheme.endswith("s") or "tcp" in query:
        return await tcp_reachable(f"TURN {url}", host, port, "Start coturn, open the port.")
    return await stun_answers(f"TURN {url}", host, port)


async def connector(config: Path | None) -> list[Verdict]:
    from connector.config import ConnectorConfig

    settings = load_config(ConnectorConfig, config)
    target = urlsplit(settings.gateway.url)
    host = target.hostname or ""
    if not host:
        return [fail("gateway", f"{settings.gateway.url} names no host", "Set gateway.url.")]
    rows = []
    if target.scheme == "https":
        port = target.port or 443
        rows.append(await tls_reachable("gateway", host, port, settings.gateway.ca_file))
    else:
        port = target.port or 80
        rows.append(await tcp_reachable("gateway", host, port, "Open the port outbound."))
    pbx = settings.pbx
    if pbx.transport == "tls":
        rows.append(await tls_reachable("PBX", pbx.host, pbx.port, pbx.ca_file))
    elif pbx.transport == "tcp":
        rows.append(await tcp_reachable("PBX", pbx.host, pbx.port, "Is SIP over TCP switched on?"))
    else:
        rows.append(
            warn("PBX", f"{pbx.host}:{pbx.port}/udp", "UDP cannot be probed without a call.")
        )
    return rows
