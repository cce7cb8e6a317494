"""The relay for media legs towards the gateway, where UDP may not leave the site directly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from media.worker.config import TurnServer

_HOST = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(?::([0-9]{1,5}))?"
_TURN = re.compile(rf"(turns?):{_HOST}(?:\?transport=(udp|tcp))?").fullmatch  # RFC 7065 section 3.1
_STUN = re.compile(rf"stun:{_HOST}").fullmatch  # RFC 7064 section 3.1


def parse(url: str, *, username: str = "", password: str = "") -> TurnServer | None:
    """The server that a `turn:` or `turns:` URI names; None for anything else."""
    match = _TURN(url)
    if match is None:
        return None
    tls = match[1] == "turns"
    port = int(match[3] or (5349 if tls else 3478))
    if not 0 < port < 65536:
        return None
    return TurnServer(
        host=match[2].strip("[]"),
        port=port,
        username=username,
        password=password,
        transport=match[4] or ("tcp" if tls else "udp"),
        tls=tls,
    )


def parse_stun(url: str) -> tuple[str, int] | None:
    """Host and port that a `stun:` URI names; None for anything else."""
    match = _STUN(url)
    if match is None or not 0 < (port := int(match[2] or 3478)) < 65536:
        return None
    return match[1].strip("[]"), port


def choose(turn: Mapping[str, Any], wanted: str, *, only: bool) -> TurnServer | None:
    """The server of the gateway's offer that is reached by `wanted` (udp, tcp, tls)."""
    account = {"username": turn.get("username", ""), "password": turn.get("credential", "")}
    for url in turn.get("urls", ()):
        server = parse(str(url), **{key: str(value) for key, value in account.items()})
        if server is not None and wanted == ("tls" if server.tls else server.transport):
            return replace(server, relay_only=only)
    return None
