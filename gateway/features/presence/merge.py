"""The one rule that makes a state out of many facts (docs/calls.md, Presence). Pure.

Ringing does not depend on it: that is decided by do not disturb and routing alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a user says of themselves."""

    AVAILABLE = "available"
    AWAY = "away"
    APPEAR_OFFLINE = "appear_offline"


class Shown(StrEnum):
    AVAILABLE = "available"
    BUSY = "busy"
    DO_NOT_DISTURB = "do_not_disturb"
    AWAY = "away"
    OFFLINE = "offline"
    UNKNOWN = "unknown"  # the viewer may not know


@dataclass(frozen=True, slots=True)
class Facts:
    status: Status = Status.AVAILABLE
    do_not_disturb: bool = False
    in_call: bool = False  # on any device, the desk phone too
    device: bool = False  # signed in now
    desk_phone: bool = False  # in service at the PBX


def true_state(facts: Facts) -> Shown:
    """What the owner sees; the first that applies."""
    if facts.in_call:
        return Shown.BUSY
    if facts.do_not_disturb:
        return Shown.DO_NOT_DISTURB
    if facts.status is Status.AWAY:
        return Shown.AWAY
    if facts.device or facts.desk_phone:
        return Shown.AVAILABLE
    return Shown.OFFLINE


def seen_by_others(facts: Facts) -> Shown:
    if facts.status is Status.APPEAR_OFFLINE:
        return Shown.OFFLINE
    return true_state(facts)
