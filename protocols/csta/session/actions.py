"""What a session wants done, or has to tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from protocols.csta.ids import ConnectionId
from protocols.csta.message import ErrorResponse, Event, Message, Request, Response
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse


class Phase(StrEnum):
    """
    ```
    DOWN --connected--> STARTING --SystemRegister answered--> UP
      ^                    ^                                  | SystemStatus disabled
      | closed             +----- SystemStatus enabled ----- DISABLED
    ```
    """

    DOWN = "down"
    STARTING = "starting"
    UP = "up"
    DISABLED = "disabled"


class Failure(StrEnum):
    """Why a request has no answer."""

    TIMEOUT = "timeout"
    LINK_LOST = "link_lost"
    NONSENSE = "nonsense"  # an answer came that cannot be one to this request
    STOPPED = "stopped"  # the other side ended the monitor


@dataclass(frozen=True, slots=True)
class Send:
    invoke_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection, then tell the session `closed`."""

    reason: str


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    phase: Phase


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a request; exactly one for each."""

    token: int
    result: Response | Failure


@dataclass(frozen=True, slots=True)
class MonitorUp:
    device: str


@dataclass(frozen=True, slots=True)
class MonitorDown:
    """`retry_in` None: refused for good, until asked for anew."""

    device: str
    reason: ErrorResponse | Failure
    retry_in: float | None


@dataclass(frozen=True, slots=True)
class Reported:
    device: str
    event: Event


@dataclass(frozen=True, slots=True)
class DeviceSnapshot:
    """Which calls the device has; a CallSnapshot for each follows."""

    device: str
    snapshot: SnapshotDeviceResponse


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    device: str
    connection: ConnectionId
    snapshot: SnapshotCallResponse


ClientAction: TypeAlias = (
    Send
    | Close
    | PhaseChanged
    | Outcome
    | MonitorUp
    | MonitorDown
    | Reported
    | DeviceSnapshot
    | CallSnapshot
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for the switching function to decide; answer it with `answer`."""

    invoke_id: int
    request: Request


@dataclass(frozen=True, slots=True)
class MonitorEnded:
    device: str
    cross_ref_id: str


ServerAction: TypeAlias = Send | Close | Asked | MonitorEnded
