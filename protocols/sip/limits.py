"""How much a peer may send before we stop reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and counts; the defaults hold for every transport."""

    datagram: int = 64 * 1024
    header_bytes: int = 16 * 1024
    headers: int = 256
    body: int = 1024 * 1024


DEFAULT_LIMITS = Limits()
