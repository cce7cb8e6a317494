"""The relay for media legs towards the gateway, where UDP may not leave the site directly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from media.worker.config import TurnServer

# RFC 7065 section 3.1
_URL = re.compile(
    r"(turns?):(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(?::([0-9]{1,5}))?(?:\?transport=(udp|tcp))?"
).fullmatch


def choose(turn: Mapping[str, Any], wanted: str, *, only: bool) -> TurnServer | None:
    """The server of the gateway's offer that is reached by `wanted` (udp, tcp, tls)."""
    for url in turn.get("urls", ()):
        match = _URL(str(url))
        if match is None:
            continue
        tls = match[1] == "turns"
        transport = match[4] or ("tcp" if tls else "udp")
        if wanted != ("tls" if tls else transport):
            continue
        return TurnServer(
            host=match[2].strip("[]"),
            port=int(match[3]) if match[3] else (5349 if tls else 3478),
            username=str(turn.get("username", "")),
            password=str(turn.get("credential", "")),
            transport=transport,
            tls=tls,
            relay_only=only,
        )
    return None
