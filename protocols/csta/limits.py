"""How much a peer may send before we stop reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`frame` counts the header too. The largest answers are snapshots of busy devices and
    conferences: 2,000 elements hold a conference of 100."""

    frame: int = 65535
    depth: int = 24
    elements: int = 2000


DEFAULT_LIMITS = Limits()
