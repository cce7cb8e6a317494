"""What the subscriber and the notifier core have in common: events, effects, durations."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from protocols.sip.message import Request, Response

Headers = tuple[tuple[str, str], ...]


class SubTimer(enum.Enum):
    NOTIFY_WAIT = "N"  # RFC 6665 section 4.1.2.4: 64*T1 for the first NOTIFY
    REFRESH = "refresh"
    EXPIRE = "expire"


# -- in ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GotResponse:
    key: int
    response: Response


@dataclass(frozen=True, slots=True)
class GotRequest:
    """SUBSCRIBE for a notifier, NOTIFY for a subscriber."""

    key: int
    request: Request


@dataclass(frozen=True, slots=True)
class Fired:
    timer: SubTimer
    tag: str = ""  # of the peer: each fork has its own


@dataclass(frozen=True, slots=True)
class Stop:
    """Unsubscribe, or (notifier) end the subscription with this reason."""

    reason: str = "noresource"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Publish:
    """Notifier: the state of the resource changed."""

    body: bytes
    active: bool = True  # False: the subscription still waits for consent


Event = GotResponse | GotRequest | Fired | Stop | Publish


# -- out ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    key: int
    request: Request


@dataclass(frozen=True, slots=True)
class Respond:
    key: int
    response: Response


@dataclass(frozen=True, slots=True)
class SetTimer:
    timer: SubTimer
    delay: float
    tag: str = ""


@dataclass(frozen=True, slots=True)
class StopTimer:
    timer: SubTimer
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Notified:
    """Subscriber: the resource's state, as one fork reports it."""

    tag: str
    state: str  # active, pending, terminated
    request: Request


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over. `retry_in`: when to subscribe anew, None = not at all."""

    reason: str
    status: int | None = None
    retry_in: float | None = None


Effect = Send | Respond | SetTimer | StopTimer | Notified | Ended
