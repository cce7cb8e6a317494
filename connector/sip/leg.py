"""One leg of a bridged call: how it maps on media, what it passes on, its callbacks as events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from media.engine import LegProfile, MediaEvent, MediaSession, Side
from protocols.aio.call import Call
from protocols.aio.listener import CallListener, RequestContext
from protocols.b2bua import call as b2b
from protocols.b2bua.call import Leg
from protocols.sip.event.refer import ReferRequest
from protocols.sip.message import Request, Response
from protocols.sip.session.events import EndCause

LINK_LEG = "link"
LINE_LEG = "line"


@dataclass(frozen=True, slots=True)
class LegPlan:
    """How one SIP leg maps on the media session, and which headers it passes to the other."""

    side: Side
    name: str
    profile: LegProfile
    responses: Callable[[Response | None], b2b.Headers]
    endings: Callable[[Request | None], b2b.Headers]


@dataclass(frozen=True, slots=True)
class Offered:
    """A leg offers a change (None: it wants our offer)."""

    leg: Leg
    sdp: bytes | None


@dataclass(frozen=True, slots=True)
class OfferDone:
    leg: Leg
    status: int
    sdp: bytes | None


@dataclass(frozen=True, slots=True)
class Established:
    """A acknowledged our 2xx."""


@dataclass(frozen=True, slots=True)
class InfoReceived:
    """The PBX sent INFO."""

    ctx: RequestContext


@dataclass(frozen=True, slots=True)
class Referred:
    """The gateway sent REFER."""

    ctx: RequestContext


@dataclass(frozen=True, slots=True)
class ReferAnswered:
    """The PBX's response to the REFER that was made of it."""

    ctx: RequestContext
    refer: ReferRequest
    response: Response


@dataclass(frozen=True, slots=True)
class Notified:
    """The PBX sent NOTIFY in the call."""

    ctx: RequestContext


@dataclass(frozen=True, slots=True)
class ReferOverdue:
    """What the gateway asked for by the REFER of this id has taken too long."""

    id: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """B has said nothing for too long."""


@dataclass(frozen=True, slots=True)
class MediaTold:
    event: MediaEvent


LegEventIn: TypeAlias = (
    b2b.Event
    | Offered
    | OfferDone
    | Established
    | InfoReceived
    | Referred
    | ReferAnswered
    | Notified
    | ReferOverdue
    | NoAnswer
    | MediaTold
)


def refuse(event: LegEventIn) -> None:
    """Nobody is left whom a request in the dialog is for (RFC 3261 section 12.2.2)."""
    if isinstance(event, InfoReceived | Referred | ReferAnswered | Notified):
        event.ctx.respond(481)


class Owner(Protocol):
    """Takes events into its queue; `source` tells which attempt at a leg they belong to."""

    def put(self, event: LegEventIn, source: LegListener | None = None) -> None: ...


class Bridged(Owner, Protocol):
    """A call as its referrals and its offers see it."""

    name: str

    @property
    def connected(self) -> bool: ...

    def plan(self, leg: Leg) -> LegPlan: ...

    def call_of(self, leg: Leg) -> Call | None: ...

    @property
    def media(self) -> MediaSession | None: ...

    @property
    def link_call(self) -> Call | None: ...

    @property
    def line_call(self) -> Call: ...

    @property
    def line_leg(self) -> Leg: ...

    @property
    def line_plan(self) -> LegPlan: ...

    def line_is(self, call: Call, listener: LegListener) -> None:
        """Another dialog with the PBX takes the place of the one so far, which the PBX ends."""


class LegListener(CallListener):
    """Translates one leg's callbacks into events of the owner."""

    def __init__(self, owner: Owner, leg: Leg, plan: LegPlan) -> None:
        self._owner = owner
        self._leg = leg
        self._plan = plan
        self._heard_from: str | None = None  # tag of the fork whose description was told last

    def _put(self, event: LegEventIn) -> None:
        self._owner.put(event, self)

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        headers = self._plan.responses(response)
        if sdp is not None:
            self._heard_from = response.to.tag
        self._put(b2b.Progress(response.status, response.reason, _text(sdp), headers))

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        if sdp is None and response.to.tag != self._heard_from:
            # This fork gave its answer in a reliable 1xx (RFC 3262 section 5) and another one
            # was heard since: the bridge still holds that one's description.
            sdp = call.remote_sdp
        self._put(b2b.Answered(_text(sdp), self._plan.responses(response)))

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        local = response is None or response.local
        reason = "" if response is None or local else response.reason
        self._put(b2b.Failed(status, reason, self._plan.responses(response), local))

    def on_established(self, call: Call) -> None:
        self._put(Established())

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        self._put(Offered(self._leg, sdp))

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        self._put(OfferDone(self._leg, status, sdp))

    def on_end(self, call: Call, cause: EndCause, request: Request | None) -> None:
        self._put(b2b.Ended(self._leg, self._plan.endings(request)))

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        # other features inside a dialog do not cross yet: a clear answer, the call goes on
        on_line = self._plan.name == LINE_LEG
        match ctx.request.method:
            case "INFO" if on_line:
                self._put(InfoReceived(ctx))
            case "NOTIFY" if on_line:
                self._put(Notified(ctx))
            case "REFER" if not on_line:
                self._put(Referred(ctx))
            case _:
                ctx.respond(501)


def text(sdp: bytes) -> str:
    """A description for media. Bytes that are no UTF-8 (a Latin-1 `s=` of an old PBX) must not
    cost the call: they pass through unread and come out again as they were."""
    return sdp.decode("utf-8", "surrogateescape")


def _text(sdp: bytes | None) -> str | None:
    return None if sdp is None else text(sdp)
