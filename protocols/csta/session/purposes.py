"""What the answer to a client's request is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.csta.ids import ConnectionId
from protocols.csta.session.monitors import Monitor


@dataclass(frozen=True, slots=True)
class Token:
    """A request of the program, by the number that it was given."""

    number: int


@dataclass(frozen=True, slots=True)
class Register:
    """SystemRegister."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A request for a sign of life."""


@dataclass(frozen=True, slots=True)
class Stop:
    """MonitorStop; nothing depends on its answer."""


@dataclass(frozen=True, slots=True)
class Watch:
    """MonitorStart."""

    monitor: Monitor


@dataclass(frozen=True, slots=True)
class Look:
    """SnapshotDevice."""

    monitor: Monitor


@dataclass(frozen=True, slots=True)
class Detail:
    """SnapshotCall of one call that a SnapshotDevice named."""

    monitor: Monitor
    connection: ConnectionId


Purpose: TypeAlias = Token | Register | Probe | Stop | Watch | Look | Detail
