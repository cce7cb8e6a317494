"""What can happen to a Call, in words that belong to no protocol.

SIP, the media engine, devices, timers and clients' commands are all translated into these before
the model sees them, so no leg ever sees another leg's protocol.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from gateway.calls.parties import Number, Party, Place, Referral
from gateway.calls.states import EndReason
from gateway.ports import RING_EVERYWHERE, RingRule


class TimerName(StrEnum):
    """One timer of each name per Call; setting it again replaces it."""

    DIAL = "dial"  # the far side says nothing at all
    RENEW = "renew"  # the leases of the ringing devices
    NOBODY = "nobody"  # every ringing device went away
    RING = "ring"  # longest ring we go along with
    LATER = "later"  # the apps ring after the desk phone
    WIN = "win"  # the answering device gets its audio path up in time
    RINGBACK = "ringback"  # answered, yet no sound from the far side
    TAIL = "tail"  # the tone after a failed call
    COMFORT = "comfort"  # the far side hears why nobody speaks
    LOST = "lost"  # nobody came back for the Call
    SETTLE = "settle"  # the journal waits for who answered
    REFER = "refer"  # the outcome of a transfer, a merge, a park
    MOVE = "move"  # the place that a Call moves to takes it
    REBUILD = "rebuild"  # a new media path towards the line after a worker died


# -- life ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Started:
    """First event of every Call. ``devices``: who can ring (incoming). ``busy``: no more Calls.

    ``rule``: what their user wants to happen there. ``quiet``: not to be disturbed. ``talks``: the
    user speaks to somebody, or dials.
    """

    devices: tuple[str, ...] = ()
    busy: bool = False
    rule: RingRule = RING_EVERYWHERE
    quiet: bool = False
    talks: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The directory knows who is on the other side. Neither line nor ring waited for it."""

    name: str


@dataclass(frozen=True, slots=True)
class TimerFired:
    name: TimerName


@dataclass(frozen=True, slots=True)
class DeviceOnline:
    device_id: str


@dataclass(frozen=True, slots=True)
class DeviceOffline:
    device_id: str


@dataclass(frozen=True, slots=True)
class ShutDown:
    """The node goes: end the Call in an orderly way."""


# -- commands --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Answer:
    """``waits``: another Call of the user has to be put on hold first (:class:`Proceed`)."""

    device_id: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Decline:
    device_id: str


@dataclass(frozen=True, slots=True)
class Silence:
    device_id: str


@dataclass(frozen=True, slots=True)
class HangUp:
    device_id: str


@dataclass(frozen=True, slots=True)
class SendDigits:
    device_id: str
    digits: str


@dataclass(frozen=True, slots=True)
class Mute:
    device_id: str
    muted: bool


@dataclass(frozen=True, slots=True)
class SetHold:
    """Hold the Call, or take it back."""

    device_id: str
    held: bool


@dataclass(frozen=True, slots=True)
class Refer:
    """Give the Call's other side away, or make a conference of it."""

    device_id: str
    referral: Referral


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Go on elsewhere: at the desk phone, or on a device, which may be the one that asks."""

    device_id: str
    to: str


@dataclass(frozen=True, slots=True)
class Summoned:
    """A program asked for this device: nobody at it did, so it is asked for its sound."""

    device_id: str


@dataclass(frozen=True, slots=True)
class MediaOffered:
    """The device's description of its path. The same fingerprint is the same path, repaired.

    ``take``: its user wants the Call here, although it is being spoken on another device.
    """

    device_id: str
    sdp: str = field(repr=False)  # carries the path's ICE password
    generation: int
    fingerprint: str
    take: bool = False


@dataclass(frozen=True, slots=True)
class MediaClosed:
    device_id: str


# -- the user's other Calls ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Proceed:
    """Nothing else of the user speaks any more: what waited for that goes on."""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Another Call could not be put on hold: what waited for that is not done."""

    words: str


@dataclass(frozen=True, slots=True)
class Accompanied:
    """What the user's other Calls make possible now."""

    swap: bool
    merge: bool


@dataclass(frozen=True, slots=True)
class Reachable:
    """The user's other devices, and the alternative number, as they are now."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class DeskTakes:
    """Whether the phone system would take the Call to the desk phone now."""

    takes: bool


@dataclass(frozen=True, slots=True)
class MoveFailed:
    """The phone system did not move the Call, or it is over. ``told``: who asked knows."""

    words: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class LeavesAs:
    """What it is to be called if the phone system ends the Call; None: as usual again."""

    reason: EndReason | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Another Call of the user has taken this one's party with it."""

    reason: EndReason


# -- the line (towards the PBX) --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LineCame:
    """The phone system offers our line the call that is being taken from the desk phone."""

    sdp: str = field(repr=False)
    session_id: str


@dataclass(frozen=True, slots=True)
class LineRinging:
    pass


@dataclass(frozen=True, slots=True)
class LineEarlyMedia:
    """Sound before the answer; ``ringing``: the far end says that it rings as well."""

    sdp: str
    ringing: bool = False


@dataclass(frozen=True, slots=True)
class LineAnswered:
    sdp: str | None


@dataclass(frozen=True, slots=True)
class LineFailed:
    """The far side refused, or could not be asked (``down``: no way to the PBX at all).

    ``status`` is the final status; ``cause`` an ITU-T Q.850 cause if one was given.
    """

    status: int
    text: str = ""
    cause: int | None = None
    down: bool = False


class LineEnd(StrEnum):
    BYE = "bye"
    CANCEL = "cancel"
    LOST = "lost"  # the dialog is gone: no ACK, session timer, 481


@dataclass(frozen=True, slots=True)
class LineEnded:
    """``unanswered``: it ended before our answer to an incoming Call had left."""

    how: LineEnd
    answered_elsewhere: bool = False
    text: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class LineOffered:
    """The far side wants to change the session; ``sdp`` None: it wants our offer."""

    sdp: str | None
    held: bool = False


@dataclass(frozen=True, slots=True)
class LineOfferDone:
    """The outcome of our own offer on the running Call."""

    ok: bool
    sdp: str | None = None


@dataclass(frozen=True, slots=True)
class LineOffers:
    """What the phone system does with this Call if it is asked."""

    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineReferred:
    """The phone system's word on what it was asked; ``over``: the last one.

    ``status`` as in RFC 3515; 0: it does not say how it went.
    """

    status: int
    over: bool


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """Another view of the Call (CTI) knows who answered. ``by``: a person's name, if another's.

    ``on``: it was the user, there.
    """

    by: str | None = None
    on: Literal["desk_phone"] | None = None


@dataclass(frozen=True, slots=True)
class Diverted:
    """Another view of the Call (CTI) knows that it went on, unanswered, ``to`` somebody else."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class FarSide:
    """Another view of the Call (CTI) knows who is on the other side; ``participants``: of a
    conference. ``may_drop``: the phone system takes single ones out of it."""

    number: Number
    name: str | None = None
    participants: tuple[Party, ...] = ()
    may_drop: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """Another view of the Call (CTI) has been joined to it, and will tell who answers."""


@dataclass(frozen=True, slots=True)
class TakenByDesk:
    """The user speaks on the desk phone: the Call goes on there, under its id, without us."""


@dataclass(frozen=True, slots=True)
class LeftDesk:
    """The phone system says that the Call is our line's now."""


# -- media -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LineDescribed:
    """Our own description towards the line is ready (an offer, or the answer to its offer)."""

    sdp: str


@dataclass(frozen=True, slots=True)
class LineRefused:
    """The engine cannot serve the line: no port, no worker, unusable description."""

    detail: str


@dataclass(frozen=True, slots=True)
class LegDescribed:
    leg: str
    sdp: str


@dataclass(frozen=True, slots=True)
class LegRefused:
    leg: str
    detail: str


@dataclass(frozen=True, slots=True)
class LegConnected:
    leg: str


@dataclass(frozen=True, slots=True)
class LegLost:
    leg: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LegHeard:
    """The first sound of the leg: its user's microphone is open."""

    leg: str


@dataclass(frozen=True, slots=True)
class LegQuiet:
    """Nothing valid from the leg for ``seconds``; 0.0: heard again."""

    leg: str
    seconds: float


@dataclass(frozen=True, slots=True)
class LineQuiet:
    seconds: float


@dataclass(frozen=True, slots=True)
class LineHeard:
    """The first sound from the line."""


@dataclass(frozen=True, slots=True)
class LegNeedsOffer:
    """The engine wants a new offer from the device."""

    leg: str


@dataclass(frozen=True, slots=True)
class EngineGone:
    detail: str


Command = (
    Answer
    | Decline
    | Silence
    | HangUp
    | SendDigits
    | Mute
    | SetHold
    | Refer
    | MoveTo
    | MediaOffered
    | MediaClosed
)
Event = (
    Command
    | Started
    | Named
    | TimerFired
    | DeviceOnline
    | DeviceOffline
    | ShutDown
    | Proceed
    | Abandoned
    | Accompanied
    | Reachable
    | DeskTakes
    | MoveFailed
    | Summoned
    | LeavesAs
    | HandedOver
    | LineOffers
    | LineReferred
    | LineCame
    | LineRinging
    | LineEarlyMedia
    | LineAnswered
    | LineFailed
    | LineEnded
    | LineOffered
    | LineOfferDone
    | AnsweredElsewhere
    | Watched
    | FarSide
    | TakenByDesk
    | LeftDesk
    | Diverted
    | LineDescribed
    | LineRefused
    | LegDescribed
    | LegRefused
    | LegConnected
    | LegLost
    | LegHeard
    | LegQuiet
    | LineQuiet
    | LineHeard
    | LegNeedsOffer
    | EngineGone
)
