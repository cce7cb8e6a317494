"""The relay for media legs towards the gateway, where UDP may not leave the site directly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from media.worker.config import TurnServer

# RFC 7065 section 3.1
_URL = re.compile(
    r"(turns?):(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(?::([0-9]{1,5}))?(?:\?transport=(udp|tcp))?"
).fullmatch


def parse(url: str, *, username: str = "", password: str = "") -> TurnServer | None:
    """The server that a `turn:` or `turns:` URI names; None for anything else."""
    match = _URL(url)
    if match is None:
        return None
    tls = match[1] == "turns"
    return TurnServer(
        host=match[2].strip("[]"),
        port=int(match[3]) if match[3] else (5349 if tls else 3478),
        username=username,
        password=password,
        transport=match[4] or ("tcp" if tls else "udp"),
        tls=tls,
    )


def choose(turn: Mapping[str, Any], wanted: str, *, only: bool) -> TurnServer | None:
    """The server of the gateway's offer that is reached by `wanted` (udp, tcp, tls)."""
    account = {"username": turn.get("username", ""), "password": turn.get("credential", "")}
    for url in turn.get("urls", ()):
        server = parse(str(url), **{key: str(value) for key, value in account.items()})
        if server is not None and wanted == ("tls" if server.tls else server.transport):
            return replace(server, relay_only=only)
    return None
