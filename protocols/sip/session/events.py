"""What goes into the INVITE session machine and what comes out. Nothing here knows a socket.

`key` names a transaction: client keys are chosen by the machine, server keys by its driver.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from protocols.sip.message import Request, Response

Headers = tuple[tuple[str, str], ...]

EndCause = Literal[
    "local",
    "rejected",
    "failure",
    "bye",
    "cancel",
    "no_ack",
    "no_prack",
    "expired",
    "dialog_lost",
    "replaced",
    "flow_lost",
]


class Timer(enum.Enum):
    RESEND_1XX = "reliable 1xx again"  # RFC 3262 section 3: T1, doubling without cap
    NO_PRACK = "no PRACK"  # 64*T1
    RESEND_2XX = "2xx again"  # RFC 3261 13.3.1.4: T1 doubling up to T2
    NO_ACK = "no ACK"  # 64*T1
    REFRESH = "session refresh"  # RFC 4028 section 10
    EXPIRE = "session expiry"
    RETRY_OFFER = "offer again"  # RFC 3261 14.1: after 491, or Retry-After of a 500


# -- commands of the application ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Send the INVITE."""


@dataclass(frozen=True, slots=True)
class Ring:
    status: int = 180
    reason: str | None = None
    sdp: bytes | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Accept:
    sdp: bytes | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Reject:
    status: int
    reason: str | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class HangUp:
    headers: Headers = ()
    cause: EndCause = "local"


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Our answer to the offer that came in a 2xx (goes into ACK) or reliable 1xx (PRACK)."""

    sdp: bytes
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A change of the session; None asks the peer to make the offer."""

    sdp: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """An offer of ours that has not left yet, or waits for its retry, is not to leave any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    sdp: bytes
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    status: int = 488
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Transmit:
    """An in-dialog request of the application; `token` comes back in `Reply`."""

    token: int
    method: str
    headers: Headers = ()
    content_type: str | None = None
    body: bytes = b""


# -- what the network and the clock say --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GotResponse:
    key: int
    response: Response


@dataclass(frozen=True, slots=True)
class GotRequest:
    """Any in-dialog request except ACK and CANCEL."""

    key: int
    request: Request


@dataclass(frozen=True, slots=True)
class GotAck:
    request: Request


@dataclass(frozen=True, slots=True)
class GotCancel:
    """The CANCEL of the INVITE with server key `key`; it was answered already."""

    key: int
    request: Request


@dataclass(frozen=True, slots=True)
class FlowLost:
    pass


@dataclass(frozen=True, slots=True)
class Fired:
    timer: Timer


Command = (
    Start
    | Ring
    | Accept
    | Reject
    | HangUp
    | Acknowledge
    | Offer
    | Withdraw
    | Answer
    | Refuse
    | Transmit
)
Event = Command | GotResponse | GotRequest | GotAck | GotCancel | FlowLost | Fired


# -- effects -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Start a client transaction."""

    key: int
    request: Request


@dataclass(frozen=True, slots=True)
class SendAck:
    request: Request


@dataclass(frozen=True, slots=True)
class Cancel:
    key: int
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Respond:
    key: int
    response: Response


@dataclass(frozen=True, slots=True)
class SetTimer:
    timer: Timer
    delay: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    timer: Timer


@dataclass(frozen=True, slots=True)
class Progress:
    response: Response
    sdp: bytes | None


@dataclass(frozen=True, slots=True)
class Answered:
    response: Response
    sdp: bytes | None


@dataclass(frozen=True, slots=True)
class Failed:
    status: int
    response: Response | None


@dataclass(frozen=True, slots=True)
class Established:
    pass


@dataclass(frozen=True, slots=True)
class Offered:
    sdp: bytes | None
    request: Request


@dataclass(frozen=True, slots=True)
class OfferResult:
    status: int
    sdp: bytes | None


@dataclass(frozen=True, slots=True)
class Ended:
    cause: EndCause
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """An in-dialog request that the application answers through its transaction."""

    key: int
    request: Request


@dataclass(frozen=True, slots=True)
class Reply:
    token: int
    response: Response


@dataclass(frozen=True, slots=True)
class Dispose:
    """Nothing of this session can come any more except late 2xx of forks."""


Effect = (
    Send
    | SendAck
    | Cancel
    | Respond
    | SetTimer
    | StopTimer
    | Progress
    | Answered
    | Failed
    | Established
    | Offered
    | OfferResult
    | Ended
    | Received
    | Reply
    | Dispose
)
