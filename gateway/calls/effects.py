"""What the model asks for. The owner carries effects out in the order given.

Journal effects are awaited before anything after them leaves ("journal first, then signal"); media
effects go into the Call's media queue, keep their order there and answer with events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gateway.calls.events import TimerName
from gateway.calls.parties import Referral

SideName = Literal["line", "device"]
Tone = Literal["ringback", "busy", "reorder", "comfort"]
Payload = tuple[tuple[str, str | int | bool | None], ...]


# -- journal ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class JournalOpen:
    pass


@dataclass(frozen=True, slots=True)
class JournalAnswered:
    device_id: str | None


@dataclass(frozen=True, slots=True)
class JournalSettle:
    kind: str


@dataclass(frozen=True, slots=True)
class AskName:
    """Ask the directory for the name behind the number; it comes as ``Named``, if at all."""


# -- clients ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Publish:
    """``call.created``, ``call.updated`` or ``call.ended`` to all devices of the user."""

    event: str


@dataclass(frozen=True, slots=True)
class RingOffer:
    """``auto_answer``: the device takes the Call by itself, after so many seconds."""

    device_id: str
    auto_answer: float | None = None


@dataclass(frozen=True, slots=True)
class RingRenew:
    device_id: str


@dataclass(frozen=True, slots=True)
class RingStop:
    device_id: str
    reason: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class TellDevice:
    device_id: str
    event: str
    payload: Payload = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """The command of this step is refused; the words go into its ack."""

    status: int
    code: str
    title: str


# -- the line --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LineInvite:
    sdp: str


@dataclass(frozen=True, slots=True)
class LineRing:
    sdp: str | None = None


@dataclass(frozen=True, slots=True)
class LineAccept:
    sdp: str


@dataclass(frozen=True, slots=True)
class LineReject:
    status: int
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class LineHangUp:
    """End or cancel the line, with the words for its Reason header."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class LineOffer:
    sdp: str


@dataclass(frozen=True, slots=True)
class LineRefer:
    """Ask the phone system (RFC 3515); it answers with :class:`LineReferred` events."""

    referral: Referral


@dataclass(frozen=True, slots=True)
class LineWithdraw:
    """Our offer that waits for its time after glare is not made any more."""


@dataclass(frozen=True, slots=True)
class LineAnswerOffer:
    sdp: str


@dataclass(frozen=True, slots=True)
class LineRefuseOffer:
    status: int = 488


# -- media -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OfferLine:
    """Make our offer for the line, in a new media session if there is none.

    ``held``: sound passes the line no more, or again, from now on, and the offer says so.
    """

    fresh: bool = False
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """Answer the line's offer; ``held``: our user holds the Call, so that nothing may pass."""

    sdp: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class ApplyLine:
    """Apply the line's answer to our offer."""

    sdp: str


@dataclass(frozen=True, slots=True)
class PassLine:
    """Let sound pass the line, or not, without an offer: the last one was refused."""

    passes: bool


@dataclass(frozen=True, slots=True)
class MuteLine:
    """Silence to the line, whatever the device sends."""

    muted: bool


@dataclass(frozen=True, slots=True)
class AcceptLeg:
    leg: str
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attach:
    leg: str | None


@dataclass(frozen=True, slots=True)
class DropLeg:
    leg: str


@dataclass(frozen=True, slots=True)
class Play:
    side: SideName
    tone: Tone
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class StopPlaying:
    side: SideName


@dataclass(frozen=True, slots=True)
class PlayDigits:
    digits: str


@dataclass(frozen=True, slots=True)
class CloseMedia:
    pass


# -- time and life ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SetTimer:
    name: TimerName
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    name: TimerName


@dataclass(frozen=True, slots=True)
class StopTimers:
    """All of them."""


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the Call's timeline: why it rang or not, what broke."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left of the Call."""


Effect = (
    JournalOpen
    | AskName
    | JournalAnswered
    | JournalSettle
    | Publish
    | RingOffer
    | RingRenew
    | RingStop
    | TellDevice
    | Refuse
    | LineInvite
    | LineRing
    | LineAccept
    | LineReject
    | LineHangUp
    | LineOffer
    | LineRefer
    | LineWithdraw
    | LineAnswerOffer
    | LineRefuseOffer
    | OfferLine
    | AnswerLine
    | ApplyLine
    | PassLine
    | MuteLine
    | AcceptLeg
    | Attach
    | DropLeg
    | Play
    | StopPlaying
    | PlayDigits
    | CloseMedia
    | SetTimer
    | StopTimer
    | StopTimers
    | Note
    | Done
)
