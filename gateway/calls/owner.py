"""One task owns one Call: it alone applies events and carries effects out, in order.

Callbacks of SIP, media, timers and clients only put events into the queue. Within one event the
order is: step, answer the command's ack, then the effects; journal effects are awaited, so nothing
after them leaves before the commit.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from gateway.calls import effects as fx
from gateway.calls.events import Command, Event, TimerFired, TimerName
from gateway.calls.journaling import Journaling
from gateway.calls.model import CallState
from gateway.calls.sip import LineLeg
from gateway.calls.stages import SetupStages
from gateway.calls.step import step
from gateway.calls.view import Call, call_json, timestamp
from gateway.calls.webrtc import CallMedia
from gateway.ports import EventSink, Problem, UserKey

logger = logging.getLogger(__name__)

#: Entries kept per Call; a Call that outgrows it keeps its beginning and its end.
TIMELINE_MOST = 500
#: Seconds that the end of a Call waits for the name behind its number, which is still asked for.
NAME_WAIT = 0.1


class Clock(Protocol):
    def __call__(self) -> float:
        """Wall-clock seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Why it rang or did not, what broke: one line of a Call's story."""

    at: float
    what: str

    def to_json(self) -> dict[str, Any]:
        return {"at": timestamp(self.at), "what": self.what}


@dataclass(slots=True)
class _Queued:
    event: Event
    done: asyncio.Future[CallState] | None = None


def _name(event: Event) -> str:
    """Never the event itself in a log: it may carry keys of a media path."""
    return type(event).__name__


class CallOwner:
    """The owner task of one Call and everything it holds: timers, line leg, media queue."""

    def __init__(
        self,
        state: CallState,
        *,
        line: LineLeg,
        media_of: Callable[[Callable[[Event], None]], CallMedia],
        journal: Journaling,
        events: EventSink,
        stages: SetupStages,
        stepped: Callable[[CallState], None],
        line_of: Callable[[str], LineLeg | None],
        ask_name: Callable[[CallOwner], asyncio.Task[str | None]],
        clock: Clock = time.time,
    ) -> None:
        self.state = state
        self.user = UserKey(state.tenant_id, state.user_id)
        self.line = line
        self.media = media_of(self.post)
        self.timeline: deque[TimelineEntry] = deque(maxlen=TIMELINE_MOST)
        self._journal = journal
        self._events = events
        self._stages = stages
        self._stepped = stepped
        self._line_of = line_of
        self._ask_name = ask_name
        self._naming: asyncio.Task[str | None] | None = None
        self._clock = clock
        self._queue: asyncio.Queue[_Queued] = asyncio.Queue()
        self._timers: dict[TimerName, asyncio.TimerHandle] = {}
        self._done = False
        self._left = asyncio.Event()
        #: Nothing is left of it on this node.
        self.gone = asyncio.Event()

    # -- what others may do --------------------------------------------------------------------
    def post(self, event: Event) -> None:
        """Enqueue; never blocks, never raises. After the end it has no effect."""
        if not self._done:
            self._queue.put_nowait(_Queued(event))

    async def command(self, event: Command) -> CallState:
        """Enqueue a command; gives the state after it, or raises the refusal."""
        if self._done:
            raise Problem(404, "call_unknown", "This call is over.")
        future: asyncio.Future[CallState] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Queued(event, future))
        return await future

    def take_line(self, line: LineLeg) -> None:
        """The phone system has called the line for this Call."""
        self.line = line
        line.bind(self.post)

    async def left(self) -> CallState:
        """Wait until the Call needs no more looking after; how it was left."""
        await self._left.wait()
        return self.state

    @property
    def timers(self) -> frozenset[TimerName]:
        return frozenset(self._timers)

    @property
    def json(self) -> Call:
        return call_json(self.state)

    async def run(self) -> None:
        """Live until nothing is left of the Call."""
        self.line.bind(self.post)
        try:
            while not self.state.over:
                queued = await self._queue.get()
                await self._apply(queued)
        finally:
            self._done = True
            self._left.set()
            self._stop_timers()
            self._refuse_rest()
            self.media.close()
            await self.media.closed()

    # -- inside ----------------------------------------------------------------------------------
    def _refuse_rest(self) -> None:
        while not self._queue.empty():
            queued = self._queue.get_nowait()
            if queued.done is not None and not queued.done.done():
                queued.done.set_exception(Problem(404, "call_unknown", "This call is over."))

    async def _apply(self, queued: _Queued) -> None:
        before = self.state
        now, at = self._clock(), self._stages.now()
        try:
            self.state, effects = step(before, queued.event, now)
        except Exception as error:
            # A mistake of ours must not take the Call with it: the event is dropped, loudly.
            logger.exception("call %s: %s in %s", before.id, _name(queued.event), before.phase)
            self.note(f"internal error on {_name(queued.event)}")
            if queued.done is not None and not queued.done.done():
                queued.done.set_exception(
                    Problem(500, "internal", "The command failed.", type(error).__name__)
                )
            return
        if before.phase is not self.state.phase:
            what = f"{before.phase} -> {_name(queued.event)} -> {self.state.phase}"
            logger.info("call %s: %s", before.id, what)
            self.note(what)
        self._acknowledge(queued, effects)
        for effect in effects:
            try:
                await self._carry_out(effect)
            except Exception:
                logger.exception("call %s: effect %s failed", before.id, type(effect).__name__)
                self.note(f"internal error in {type(effect).__name__}")
        try:
            self._stepped(self.state)
            self._stages.passed(at, before, queued.event, self.state, effects)
        except Exception:  # figures are for operators: no Call ends for them
            logger.exception("call %s: its stages were not told", before.id)

    def _acknowledge(self, queued: _Queued, effects: list[fx.Effect]) -> None:
        if queued.done is None or queued.done.done():
            return
        refusal = next((effect for effect in effects if isinstance(effect, fx.Refuse)), None)
        if refusal is None:
            queued.done.set_result(self.state)
        else:
            queued.done.set_exception(Problem(refusal.status, refusal.code, refusal.title))

    def note(self, text: str) -> None:
        self.timeline.append(TimelineEntry(self._clock(), text))

    async def _carry_out(self, effect: fx.Effect) -> None:
        match effect:
            case fx.JournalOpen():
                await self._journal.open(self.state)
            case fx.JournalAnswered(device_id):
                await self._journal.answered(self.state, device_id)
            case fx.JournalSettle(kind):
                await self._know_name()
                await self._journal.settle(self.state, kind)
            case fx.AskName():
                self._naming = self._ask_name(self)
            case fx.SetTimer(name, seconds):
                self._set_timer(name, seconds)
            case fx.StopTimer(name):
                self._stop_timer(name)
            case fx.StopTimers():
                self._stop_timers()
            case fx.Note(text):
                logger.info("call %s: %s", self.state.id, text)
                self.note(text)
            case fx.Refuse() | fx.Done():
                pass  # the ack and the loop have seen them
            case fx.Publish() | fx.RingOffer() | fx.RingRenew() | fx.RingStop() | fx.TellDevice():
                self._tell(effect)
            case _:
                if not self._tell_line(effect):
                    self._tell_media(effect)

    async def _know_name(self) -> None:
        """A Call that fails at once would leave its name behind, in the journal and on its card:
        both are final, and what comes later finds no Call."""
        naming = self._naming
        if naming is None:
            return
        if self.state.name is None:
            await asyncio.wait([naming], timeout=NAME_WAIT)
        if naming.done() and not naming.cancelled() and (name := naming.result()) is not None:
            self.state = replace(self.state, name=name)

    def _tell(
        self, effect: fx.Publish | fx.RingOffer | fx.RingRenew | fx.RingStop | fx.TellDevice
    ) -> None:
        call_id = self.state.id
        match effect:
            case fx.Publish(event):
                self._events.to_user(self.user, event, {"call": self.json})
            case fx.RingOffer(device_id, auto_answer):
                lease = round(self.state.limits.lease * 1000)
                after = None if auto_answer is None else round(auto_answer * 1000)
                payload = {"call": self.json, "lease_ms": lease, "auto_answer_ms": after}
                self._send(device_id, "ring.offer", payload)
            case fx.RingRenew(device_id):
                self._send(device_id, "ring.renew", {"call_id": call_id})
            case fx.RingStop(device_id, reason, by):
                self._send(device_id, "ring.stop", {"call_id": call_id, "reason": reason, "by": by})
            case fx.TellDevice(device_id, event, payload):
                self._send(device_id, event, {"call_id": call_id, **dict(payload)})

    def _send(self, device_id: str, event: str, payload: Mapping[str, Any]) -> None:
        self._events.to_device(self.user, device_id, event, payload)

    def _tell_line(self, effect: fx.Effect) -> bool:
        match effect:
            case fx.LineInvite(sdp):
                self._invite(sdp)
            case fx.LineRing(sdp):
                self.line.ring(sdp)
            case fx.LineAccept(sdp):
                self.line.accept(sdp)
            case fx.LineReject(status, warning):
                self.line.reject(status, warning)
            case fx.LineHangUp(text):
                self.line.hang_up(text)
            case fx.LineOffer(sdp):
                self.line.offer(sdp)
            case fx.LineRefer(referral):
                partner = None if referral.to_call is None else self._line_of(referral.to_call)
                self.line.refer(referral, partner)
            case fx.LineWithdraw():
                self.line.withdraw_offer()
            case fx.LineAnswerOffer(sdp):
                self.line.answer_offer(sdp)
            case fx.LineRefuseOffer(status):
                self.line.refuse_offer(status)
            case _:
                return False
        return True

    def _invite(self, sdp: str) -> None:
        state = self.state
        number, feature = state.number.canonical, ""
        if state.fetch is not None:
            number, feature = state.fetch.number, state.fetch.kind
        self.line.invite(number, sdp, feature=feature, hides_number=state.hides_number)

    def _tell_media(self, effect: fx.Effect) -> None:
        match effect:
            case fx.OfferLine(fresh, held):
                self.media.offer_line(fresh, held)
            case fx.AnswerLine(sdp, held_here):
                self.media.answer_line(sdp, held_here)
            case fx.PassLine(passes):
                self.media.pass_line(passes)
            case fx.MuteLine(muted):
                self.media.mute(muted)
            case fx.ApplyLine(sdp):
                self.media.apply_line(sdp)
            case fx.AcceptLeg(leg, sdp):
                self.media.accept_leg(leg, sdp)
            case fx.Attach(leg):
                self.media.attach(leg)
            case fx.DropLeg(leg):
                self.media.drop(leg)
            case fx.Play(side, tone, seconds):
                self.media.play(side, tone, seconds)
            case fx.StopPlaying(side):
                self.media.stop(side)
            case fx.PlayDigits(digits):
                self.media.digits(digits)
            case fx.CloseMedia():
                self.media.close()
            case _:
                raise AssertionError(f"no way to carry out {effect!r}")

    # -- timers ----------------------------------------------------------------------------------
    def _set_timer(self, name: TimerName, seconds: float) -> None:
        self._stop_timer(name)
        loop = asyncio.get_running_loop()
        self._timers[name] = loop.call_later(max(0.0, seconds), self._fire, name)

    def _fire(self, name: TimerName) -> None:
        self._timers.pop(name, None)
        self.post(TimerFired(name))

    def _stop_timer(self, name: TimerName) -> None:
        handle = self._timers.pop(name, None)
        if handle is not None:
            handle.cancel()

    def _stop_timers(self) -> None:
        for handle in self._timers.values():
            handle.cancel()
        self._timers.clear()
