"""One call between link and PBX: two SIP legs, one media session, one owner task.

Listener callbacks only enqueue; the task applies one event after the other to the pure machine
`protocols.b2bua.call` and carries out its effects.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from connector.sip.asking import Asker
from connector.sip.descriptions import encoded_or_none, shared_codecs, status_of
from connector.sip.digits import DigitRelay, from_line
from connector.sip.leg import (
    LINK_LEG,
    Established,
    InfoReceived,
    LegEventIn,
    LegListener,
    LegPlan,
    MediaTold,
    NoAnswer,
    Notified,
    OfferDone,
    Offered,
    ReferAnswered,
    ReferOverdue,
    Referred,
    refuse,
    text,
)
from connector.sip.referring import PbxWays, Referring
from connector.sip.reoffers import Reoffers
from media.engine import (
    DigitEvent,
    EngineLost,
    LegEvent,
    MediaEngine,
    MediaError,
    MediaEvent,
    MediaSession,
    Side,
    SilenceEvent,
)
from protocols.aio.call import Call
from protocols.aio.listener import CallListener, Headers
from protocols.b2bua import call as b2b
from protocols.b2bua.call import BridgeCall, Leg, Phase

log = structlog.get_logger("connector.call")

ASK_AFTER = 5.0  # seconds without audio from the gateway until it is asked about the call
#: As Timer C of a proxy (RFC 3261 section 16.6): more than 3 minutes, anew with every 1xx. Whoever
#: rings longer says so each minute (13.3.1.1); a PBX that died while it rang says nothing.
RING_LIMIT = 185.0
END_AFTER = 30.0  # and, with the link down too, until the call ends

JOINING = b2b.Answered | b2b.Failed | b2b.Ended
InviteB = Callable[[bytes | None, CallListener], Call]


class BridgedCall:
    """Owner of one call. `run` returns when everything of the call is gone."""

    def __init__(
        self,
        *,
        name: str,
        user: str,
        engine: MediaEngine,
        plan_a: LegPlan,
        plan_b: LegPlan,
        invite_b: InviteB,
        ways: PbxWays,
        early_media: bool,
        another_way: Callable[[], bool] | None = None,
        info_dtmf: bool = False,
        link_alive: Callable[[], bool] = lambda: True,
        on_media: Callable[[MediaEvent], None] | None = None,
    ) -> None:
        self.name = name
        self._user = user
        self._engine = engine
        self._plans = {Leg.A: plan_a, Leg.B: plan_b}
        self._invite_b = invite_b
        self._another_way = another_way
        self._info_dtmf = info_dtmf
        self._link_alive = link_alive
        self._ask_link = Asker(self, "link", lambda: (self._link_leg, self.link_call))
        self._ask_line = Asker(self, "line", lambda: (self.line_leg, self._legs.get(self.line_leg)))
        self._digits: DigitRelay | None = None
        self._on_media = on_media
        self._state = BridgeCall(early_media=early_media)
        self._events: asyncio.Queue[tuple[LegEventIn, LegListener | None]] = asyncio.Queue()
        self._legs: dict[Leg, Call] = {}
        self.media: MediaSession | None = None
        self._referring = Referring(self, ways)
        self._left: list[Call] = []  # dialogs whose place another one took
        self._answer_a: str | None = None
        self._a_owes_answer = False
        self._applied_b = False
        self._offer_b: str | None = None
        self._reoffers = Reoffers(self)
        self._ring_limit: asyncio.TimerHandle | None = None
        self.listener_a = LegListener(self, Leg.A, plan_a)
        self._listener_b = LegListener(self, Leg.B, plan_b)

    # -- what others see -------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        return self._state.phase

    @property
    def connected(self) -> bool:
        return self._state.phase is Phase.CONNECTED

    @property
    def line_id(self) -> str:
        return self._user

    def put(self, event: LegEventIn, source: LegListener | None = None) -> None:
        self._events.put_nowait((event, source))

    def take(self, call: Call) -> None:
        """Leg A, before `run`."""
        self._legs[Leg.A] = call

    def end(self, headers: Headers = ()) -> None:
        """End both legs: the connector stops."""
        self.put(b2b.MediaFailed(503))

    # -- the owner -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Set up, then one event after the other until the end."""
        try:
            await self._set_up()
            while self._state.phase is not Phase.ENDED:
                event, source = await self._events.get()
                if source in (None, self.listener_a, self._listener_b):
                    await self._handle(event)
                elif self._referring.is_joining(source) and isinstance(event, JOINING):
                    await self._referring.joining(event)
                else:  # of an attempt at B that was given up, of a dialog that was left
                    refuse(event)
        finally:
            while not self._events.empty():
                refuse(self._events.get_nowait()[0])
            self._referring.close()
            for call in (*self._legs.values(), *self._left):
                if call.state != "terminated":
                    call.hang_up()
            self._stop_ring_limit()
            if self._digits is not None:
                await self._digits.aclose()
            await self._ask_link.aclose()
            await self._ask_line.aclose()
            if self.media is not None:
                await self.media.close()

    async def _set_up(self) -> None:
        """A media session that both sides can be described by, and the INVITE to B.

        What a PBX offers may have to be refused, and then nobody shall have rung for it; the
        gateway's offer is one of ours: the PBX's phone rings while we answer it.
        """
        a, trusted = self._legs[Leg.A], self._link_leg is Leg.A
        plan = self._plans[Leg.B]
        plan = replace(plan, profile=shared_codecs(plan.profile, a.remote_sdp))
        self._plans[Leg.B] = plan
        try:
            media = await self._engine.open(self.name, user=self._user, listener=self._media_event)
            self.media = media
            if trusted:
                await self._call(media, plan)
            self._answer_a = await self._describe_a(media, a.remote_sdp)
            if not trusted:
                await self._call(media, plan)
            await media.attach(LINK_LEG)
        except MediaError as error:
            await self._step(b2b.MediaFailed(status_of(error), ""))

    async def _call(self, media: MediaSession, plan: LegPlan) -> None:
        offer = await media.offer(plan.side, plan.profile, leg=plan.name)
        if self._legs[Leg.A].state != "terminated":  # else its Ended event is in the queue
            await self._step(b2b.Placed(offer))

    async def _describe_a(self, media: MediaSession, offer: bytes | None) -> str | None:
        plan = self._plans[Leg.A]
        if offer is not None:
            return await media.accept(plan.side, text(offer), plan.profile, leg=plan.name)
        # RFC 3261 13.2.1: no offer in the INVITE, ours goes into the 2xx
        self._a_owes_answer = True
        return await media.offer(plan.side, plan.profile, leg=plan.name)

    async def _handle(self, event: LegEventIn) -> None:
        match event:
            case Offered(leg, sdp):
                await self._reoffers.offered(leg, sdp)
            case OfferDone(leg, status, sdp):
                await self._reoffers.answered(leg, status, sdp)
            case Established():
                await self._established()
            case InfoReceived(ctx):
                await from_line(ctx, self.media)
            case Referred(ctx) if self._state.phase is not Phase.CONNECTED:
                ctx.respond(491)
            case Referred() | ReferAnswered() | Notified() | ReferOverdue():
                await self._referring.take(event)
            case b2b.Ended(leg) if leg is self.line_leg and self._referring.replaces_line(event):
                pass  # the conference's dialog takes its place
            case NoAnswer():
                await self._no_answer()
            case MediaTold(media_event):
                await self._media_told(media_event)
            case b2b.Failed() if self._may_retry(event):
                self._listener_b = LegListener(self, Leg.B, self._plans[Leg.B])
                self._call_b()
            case b2b.Failed(503, local=True) if self._link_leg is Leg.B:
                # the link broke: as when it is down already, so that the PBX goes on elsewhere
                # (a 503 would make it avoid the connector, RFC 3261 section 21.5.4)
                await self._step(replace(event, status=480, reason=""))
            case _:
                await self._step(event)

    async def _step(self, event: b2b.Event) -> None:
        before = self._state.phase
        self._state, effects = b2b.step(self._state, event)
        if self._state.phase is not before:
            log.info(
                "call",
                call=self.name,
                was=before.value,
                now=self._state.phase.value,
                by=type(event).__name__,
            )
        if self._state.phase not in (Phase.CALLING, Phase.ALERTING):
            self._stop_ring_limit()
        elif isinstance(event, b2b.Placed | b2b.Progress):
            self._stop_ring_limit()
            loop = asyncio.get_running_loop()
            self._ring_limit = loop.call_later(RING_LIMIT, self.put, NoAnswer())
        for effect in effects:
            if not await self._do(effect):
                return

    def _stop_ring_limit(self) -> None:
        if self._ring_limit is not None:
            self._ring_limit.cancel()
            self._ring_limit = None

    async def _no_answer(self) -> None:
        """B is cancelled and A told 408, as by a proxy (RFC 3261 section 16.8)."""
        if self._state.phase in (Phase.CALLING, Phase.ALERTING):
            log.warning("call ended: no answer", call=self.name)
            await self._step(b2b.MediaFailed(408))

    async def _do(self, effect: b2b.Effect) -> bool:
        """Carry out one effect; False when it failed and the rest must not follow."""
        a = self._legs[Leg.A]
        match effect:
            case b2b.Invite(offer):
                self._offer_b = offer
                self._call_b()
            case b2b.Apply(sdp):
                return await self._apply_b(sdp)
            case b2b.Ring(status, reason, media, headers):
                sdp_a = (
                    encoded_or_none(self._answer_a) if media and not self._a_owes_answer else None
                )
                a.ring(status, reason or None, sdp_a, headers)
            case b2b.Accept(headers):
                a.accept(encoded_or_none(self._answer_a), headers)
            case b2b.Reject(status, reason, headers):
                a.reject(status, reason or None, headers)
            case b2b.HangUp(leg, headers):
                self._hang_up(leg, headers)
            case b2b.Release():
                pass  # `run` lets go of media and legs when the machine has ended
        return True

    def _call_b(self) -> None:
        self._legs[Leg.B] = self._invite_b(encoded_or_none(self._offer_b), self._listener_b)

    def _may_retry(self, event: b2b.Failed) -> bool:
        """The connection broke before B said anything: B saw the INVITE never, or dies with the
        connection. Another way may be tried (one after the other, never both at once)."""
        if not event.local or event.status != 503 or self._state.phase is not Phase.CALLING:
            return False
        return self._another_way is not None and self._another_way()

    def _hang_up(self, leg: Leg, headers: b2b.Headers) -> None:
        call = self._legs.get(leg)
        if call is not None and call.state != "terminated":
            call.hang_up(headers)

    # -- media -----------------------------------------------------------------------------------

    async def _apply_b(self, sdp: str) -> bool:
        plan, media = self._plans[Leg.B], self.media
        if media is None:
            return False
        try:
            if self._applied_b:
                # another fork answers: the open answer cannot change, so the offer is renewed
                await media.offer(plan.side, plan.profile, leg=plan.name)
            await media.accept(plan.side, sdp, leg=plan.name)
            self._applied_b = True
        except MediaError as error:
            log.warning("answer refused by media", call=self.name, error=str(error))
            # the machine may already count B as answered: then this ends both legs
            await self._fail_media(488)
            return False
        return True

    async def _fail_media(self, status: int) -> None:
        """Media refused B. A was not answered yet, whatever the machine was about to do."""
        a = self._legs[Leg.A]
        self._state = replace(self._state, phase=Phase.ENDED)
        if a.state in ("calling", "proceeding", "early"):
            a.reject(status)
        else:
            self._hang_up(Leg.A, ())
        self._hang_up(Leg.B, ())

    async def _established(self) -> None:
        """The ACK of A; with a delayed offer it brings the answer."""
        if not self._a_owes_answer or self.media is None:
            return
        self._a_owes_answer = False
        plan, answer = self._plans[Leg.A], self._legs[Leg.A].remote_sdp
        try:
            if answer is None:
                raise MediaError("sdp", "the ACK brought no answer")
            await self.media.accept(plan.side, text(answer), leg=plan.name)
        except MediaError as error:
            log.warning("answer refused by media", call=self.name, error=str(error))
            await self._step(b2b.MediaFailed(488))

    def _digit_relay(self) -> DigitRelay:
        if self._digits is None:
            self._digits = DigitRelay(self._legs[self._link_leg.other], forced=self._info_dtmf)
        return self._digits

    def _media_event(self, event: MediaEvent) -> None:
        self.put(MediaTold(event))

    async def _media_told(self, event: MediaEvent) -> None:
        if isinstance(event, LegEvent):
            log.info("leg", call=self.name, leg=event.leg, state=event.state.value)
        if self._on_media is not None:
            self._on_media(event)
        if isinstance(event, DigitEvent) and event.side is Side.DEVICE:
            self._digit_relay().from_link(event.digit, event.duration_ms)
        if isinstance(event, SilenceEvent) and event.side is Side.DEVICE:
            await self._link_silent(event.seconds)
        if isinstance(event, EngineLost):
            await self._step(b2b.MediaFailed(500))

    async def _link_silent(self, seconds: float) -> None:
        """Nothing comes from the gateway. While the link lives it is asked whether it knows the
        call (a user may just be away); without link the call ends after 30 s (calls.md 5), but
        not one that the user holds: that is silent, and its session timer watches over it."""
        link = self.link_call
        if self._state.phase is not Phase.CONNECTED or link is None:
            return
        if self._link_alive():
            if seconds >= ASK_AFTER:
                self.ask_link()
        elif seconds >= END_AFTER and not self._reoffers.user_holds:
            log.warning("call ended: link and its audio are gone", call=self.name)
            await self._step(b2b.MediaFailed(503))

    def ask_link(self) -> None:
        """Whether the gateway still knows the call."""
        self._ask_link.ask()

    def ask_line(self) -> None:
        """Whether the PBX still knows the call."""
        self._ask_line.ask()

    # -- referrals: what the gateway asks to be done with the other side ---------------------------

    def line_is(self, call: Call, listener: LegListener) -> None:
        leg = self.line_leg
        self._left.append(self._legs[leg])
        self._legs[leg] = call
        if leg is Leg.A:
            self.listener_a = listener
        else:
            self._listener_b = listener
        self._reoffers.line_left()
        if self._digits is not None:
            self._digits.line = call

    @property
    def line_leg(self) -> Leg:
        return self._link_leg.other

    @property
    def line_plan(self) -> LegPlan:
        return self._plans[self.line_leg]

    def plan(self, leg: Leg) -> LegPlan:
        return self._plans[leg]

    def call_of(self, leg: Leg) -> Call | None:
        return self._legs.get(leg)

    @property
    def line_call(self) -> Call:
        return self._legs[self.line_leg]

    @property
    def link_call(self) -> Call | None:
        return self._legs.get(self._link_leg)

    @property
    def _link_leg(self) -> Leg:
        return Leg.A if self._plans[Leg.A].name == LINK_LEG else Leg.B
