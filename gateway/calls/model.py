"""The state of one Call: a frozen value that can be stored and restored at any moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from gateway.calls.codec import decode, encode
from gateway.calls.effects import Effect
from gateway.calls.parties import DESK_PHONE, Fetch, Move, Number, Party, Place, Referral
from gateway.calls.states import EndReason, Hold, Media, Phase
from gateway.calls.trail import MOST_STEPS, TrailCode, TrailStep
from gateway.ports import RING_EVERYWHERE, RingRule

Direction = Literal["in", "out"]


class Stage(StrEnum):
    """What of a Call still needs looking after."""

    PULLING = "pulling"  # the desk phone has it, and a device is to get it
    LIVE = "live"
    TAIL = "tail"  # ended; a tone is heard, or the journal waits for who answered
    OVER = "over"


class LineStage(StrEnum):
    """How far our description and the line's have got (RFC 3264)."""

    PREPARING = "preparing"  # the engine makes our offer or answer
    READY = "ready"  # incoming: our answer waits for a user
    INVITED = "invited"  # outgoing: our offer is with the far side
    AGREED = "agreed"
    ANSWERING = "answering"  # the far side changes the running session
    REBUILDING = "rebuilding"  # the engine makes a new offer after a worker died
    REOFFERED = "reoffered"  # that offer is with the far side
    HOLDING = "holding"  # the engine makes our offer to hold or to retrieve
    HOLD_ASKED = "hold_asked"  # that offer is with the far side
    STRANDED = "stranded"  # so it is, but the worker that made it died


@dataclass(frozen=True, slots=True)
class Leg:
    """One device's media path. ``name`` is what the media engine calls it."""

    name: str
    device_id: str
    generation: int
    fingerprint: str
    media: Media = Media.ATTACHING
    #: Its sound has been heard: silence from now on is a broken path, not a closed microphone.
    heard: bool = False
    #: Asked for by a user who wants the Call on this device (``media.offer`` with ``take``).
    take: bool = False

    @property
    def speaks(self) -> bool:
        return self.heard and self.media is Media.ATTACHED


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; the defaults are the product's rules."""

    lease: float = 6.0
    renew: float = 2.0
    win: float = 3.0
    ring: float = 180.0
    dial: float = 60.0
    comfort: float = 3.0
    lost: float = 90.0
    tail: float = 5.0
    ringback: float = 1.0
    settle: float = 2.0
    rebuild: float = 10.0
    refer: float = 185.0
    push: float = 90.0
    pull: float = 5.0


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class CallsConfig:
    """Limits of call control. Parallel calls are the first guard against toll fraud."""

    limits: Limits = DEFAULT_LIMITS
    calls_per_user: int = 4
    dials_per_user: int = 2
    name_lookup: float = 0.1  # seconds that a ring waits for the caller's name
    drain: float = 5.0  # s that a stop waits for the goodbyes of the calls that it ends
    remembered_commands: int = 64
    remembered_calls: int = 200


@dataclass(frozen=True, slots=True)
class CallState:
    """Everything the model knows. Times are seconds since the epoch."""

    id: str
    tenant_id: str
    user_id: str
    site_id: str
    line_id: str
    direction: Direction
    number: Number
    session_id: str
    created_at: float
    phase: Phase
    limits: Limits = DEFAULT_LIMITS
    name: str | None = None
    #: The ring did not wait for the directory: it is asked once more, without haste.
    name_late: bool = False
    #: Who sent an incoming Call on to this user, and whom the caller had meant, if somebody else.
    diverted_by: str | None = None
    original_called: str | None = None
    #: What is dialled instead of the other side's number, to get its call.
    fetch: Fetch | None = None
    #: The other side is not to see the user's number.
    hides_number: bool = False
    #: A second view of the Call (CTI) exists and may tell later who answered.
    watched: bool = False
    #: Somebody answered elsewhere; the other view says in a moment whether it was our desk phone.
    leaving: bool = False
    hold: Hold = Hold.NONE
    muted: bool = False
    #: The device whose user speaks: the one that dialled, answered or took the Call over.
    device_id: str | None = None
    legs: tuple[Leg, ...] = ()
    legs_made: int = 0
    #: Name of the leg that is bridged to the line.
    leg: str | None = None
    #: What the user wants to happen on their devices when somebody calls.
    rule: RingRule = RING_EVERYWHERE
    ringing: tuple[str, ...] = ()
    #: Devices that ring after the desk phone has rung for a while.
    later: tuple[str, ...] = ()
    silenced: tuple[str, ...] = ()
    #: Silenced devices whose socket is gone; they come back silenced.
    away: tuple[str, ...] = ()
    #: The device that answered first; the line's answer waits for its audio path.
    winner: str | None = None
    #: The line's offer of an incoming Call.
    line_offer: str | None = None
    #: Our description towards the line, once the engine has made it.
    line_sdp: str | None = None
    line: LineStage = LineStage.PREPARING
    #: What the offer being answered makes of the hold; counts once our answer is there.
    asked_hold: Hold | None = None
    #: What the user asked for last and the far side has not agreed to yet.
    want_hold: bool | None = None
    #: What our offer under way says.
    offered_hold: bool | None = None
    #: The Call that this one was made to ask about.
    consults: str | None = None
    referral: Referral | None = None
    #: What it is called if the phone system ends the Call now: it is part of what another Call of
    #: the user asked for.
    leaves_as: EndReason | None = None
    #: Another Call of the user is being put on hold; the INVITE, or our answer, waits for it.
    waits: bool = False
    #: What the phone system does with a Call if it is asked: ``transfer``, ``merge``, ``park``.
    features: tuple[str, ...] = ()
    #: What the user's other Calls make possible.
    may_swap: bool = False
    may_merge: bool = False
    participants: tuple[Party, ...] = ()
    #: The conference was made here: who only takes part sends nobody away.
    hosts: bool = False
    #: The phone system tells who is in the conference; it takes single ones out of it.
    followed: bool = False
    may_drop: bool = False
    #: Where the user's other devices are, and the alternative number; whether the phone system
    #: would take the Call to the desk phone now.
    places: tuple[Place, ...] = ()
    may_push: bool = False
    moving: Move | None = None
    #: Our line has answered for a call of the desk phone, and the phone system has not said yet
    #: that the desk phone let go of it.
    doubtful: bool = False
    #: Tones being played: towards the device, towards the line.
    ringback: bool = False
    comfort: bool = False
    ringing_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    reason: EndReason | None = None
    words: str | None = None
    stage: Stage = Stage.LIVE
    journal_kind: str | None = None
    #: Who answered instead of the user's apps, or where the Call went on.
    answered_on: Literal["desk_phone", "elsewhere"] | None = None
    answered_by: str | None = None
    forwarded_to: str | None = None
    trail: tuple[TrailStep, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = encode(self)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CallState:
        return decode(cls, data)

    # -- reading -----------------------------------------------------------------------------------
    def find_leg(self, name: str | None) -> Leg | None:
        return next((leg for leg in self.legs if leg.name == name), None)

    def legs_of(self, device_id: str) -> tuple[Leg, ...]:
        return tuple(leg for leg in self.legs if leg.device_id == device_id)

    @property
    def bridged(self) -> Leg | None:
        return self.find_leg(self.leg)

    @property
    def media(self) -> Media:
        """The state of the path in use; before one is in use, of the newest of the own device."""
        bridged = self.bridged
        if bridged is not None:
            return bridged.media
        own = self.legs_of(self.device_id) if self.device_id else ()
        return own[-1].media if own else Media.NONE

    @property
    def held_here(self) -> bool:
        """Our user holds the Call, as the far side has agreed."""
        return self.hold in (Hold.LOCAL, Hold.BOTH)

    @property
    def held(self) -> bool:
        """Whether our user wants the Call held: nothing of ours is heard from the wish on."""
        return self.held_here if self.want_hold is None else self.want_hold

    @property
    def pushed(self) -> bool:
        """The phone system is taking the Call to the desk phone."""
        return self.moving is not None and self.moving.to == DESK_PHONE

    @property
    def given_away(self) -> bool:
        """The phone system was asked to give its party to somebody else, and has not said no."""
        referral = self.referral
        return referral is not None and referral.sent and referral.kind != "merge"

    @property
    def entry_direction(self) -> Direction:
        """As the journal has it: who picks a call up has not called anybody."""
        picked = self.fetch is not None and self.fetch.kind == "pickup"
        return "in" if picked else self.direction

    @property
    def over(self) -> bool:
        return self.stage is Stage.OVER

    @property
    def left_open(self) -> bool:
        """It is over as far as we know, and its journal entry open for what we do not."""
        return self.stage is Stage.TAIL and self.journal_kind is None

    # -- changing (pure) ---------------------------------------------------------------------------
    def trailed(self, now: float, code: TrailCode, *devices: str, detail: str = "") -> CallState:
        """Remember why it rang, or did not: of each of the devices, or of none in particular."""
        steps = tuple(TrailStep(now, code, device, detail) for device in devices or (None,))
        room = max(0, MOST_STEPS - len(self.trail))
        return replace(self, trail=(*self.trail, *steps[:room]))

    def with_leg(self, leg: Leg) -> CallState:
        """Add the leg, or replace the one of the same name."""
        if self.find_leg(leg.name) is None:
            return replace(self, legs=(*self.legs, leg))
        return replace(self, legs=tuple(leg if x.name == leg.name else x for x in self.legs))

    def without_leg(self, name: str) -> CallState:
        legs = tuple(leg for leg in self.legs if leg.name != name)
        return replace(self, legs=legs, leg=None if self.leg == name else self.leg)


Result = tuple[CallState, list[Effect]]
