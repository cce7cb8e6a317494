"""A Call in a simulated world: line, media engine, devices and timers that behave as real ones do.

The world applies every effect and only then lets something new happen, in any order Hypothesis can
think of. Whatever happens, at the end nobody rings, nothing is left open, and the journal has one
settled entry.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import LineStage, Stage
from gateway.calls.states import EndReason, Phase
from gateway.calls.step import step
from tests.support.call_script import NOW, incoming, outgoing

DEVICES = ("d1", "d2", "d3")
device = st.sampled_from(DEVICES)


class World:
    """What effects leave behind outside the model."""

    def __init__(self) -> None:
        self.timers: set[ev.TimerName] = set()
        self.ringing: set[str] = set()
        self.legs: set[str] = set()
        self.attached: str | None = None
        self.media_open = False
        self.media_closed = False
        self.line = "idle"  # idle calling ringing confirmed over
        self.line_jobs: list[bool | None] = []  # each with the hold that its description says
        self.offer_out = False  # an offer of ours is with the line, or waits for its time there
        self.offer_holds: bool | None = None
        self.described: bool | None = None
        self.far_asks = False  # an offer of the far side waits for our answer
        self.far_held = False  # what the far side has agreed to
        self.passes = True  # sound passes the line
        self.journal: list[str] = []
        self.signals_before_journal = False
        self.done = 0

    def apply(self, effect: fx.Effect) -> None:
        match effect:
            case fx.SetTimer(name):
                self.timers.add(name)
            case fx.StopTimer(name):
                self.timers.discard(name)
            case fx.StopTimers():
                self.timers.clear()
            case fx.RingOffer(device_id):
                self.ringing.add(device_id)
            case fx.RingStop(device_id):
                self.ringing.discard(device_id)
            case fx.JournalOpen():
                self.journal.append("open")
            case fx.JournalAnswered():
                self.journal.append("answered")
            case fx.JournalSettle(kind):
                self.journal.append(f"settle {kind}")
            case fx.Done():
                self.done += 1
            case _:
                self._line(effect)
                self._media(effect)

    def _line(self, effect: fx.Effect) -> None:
        match effect:
            case fx.LineInvite():
                assert self.line == "idle", "one INVITE"
                assert "open" in self.journal
                self.line = "calling"
            case fx.LineRing():
                assert self.line in ("calling", "over")
            case fx.LineAccept():
                assert self.line == "calling", "accepted once, and only while it is open"
                assert "answered" in self.journal
                self.line = "confirmed"
            case fx.LineReject():
                assert self.line == "calling"
                self.line = "over"
            case fx.LineHangUp():
                assert self.line in ("idle", "calling", "confirmed")
                self.line = "over"
            case fx.LineAnswerOffer() | fx.LineRefuseOffer():
                assert self.line in ("confirmed", "calling")
                self.far_asks = False
            case fx.LineOffer():
                assert self.line == "confirmed"
                assert not self.offer_out, "one offer at a time (RFC 3264 4)"
                self.offer_out, self.offer_holds = True, self.described
            case fx.LineWithdraw():
                self.offer_out = False

    def _media(self, effect: fx.Effect) -> None:
        match effect:
            case fx.OfferLine(fresh, held):
                assert not self.media_closed
                self.media_open = True
                if fresh:
                    self.legs.clear()
                    self.attached = None
                self.passes = self.passes if held is None and not fresh else not held
                self.line_jobs.append(held)
            case fx.AnswerLine():
                assert not self.media_closed
                self.media_open = True
                self.line_jobs.append(None)
            case fx.PassLine(passes):
                self.passes = passes
            case fx.AcceptLeg(leg):
                assert not self.media_closed
                self.legs.add(leg)
            case fx.Attach(leg):
                assert leg in self.legs, "only an accepted leg is bridged"
                self.attached = leg
            case fx.DropLeg(leg):
                self.legs.discard(leg)
                if self.attached == leg:
                    self.attached = None
            case fx.CloseMedia():
                self.media_closed = True
                self.legs.clear()
                self.attached = None


class CallInItsWorld(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.now = NOW
        self.generation = 0

    def happen(self, event: ev.Event) -> None:
        self.now += 0.1
        self.state, effects = step(self.state, event, self.now)
        for effect in effects:
            self.world.apply(effect)

    @initialize(out=st.booleans(), watched=st.booleans(), online=st.sets(device, max_size=3))
    def begin(self, out: bool, watched: bool, online: set[str]) -> None:
        self.state = outgoing() if out else incoming(watched=watched)
        self.online = set(online)
        if not out:
            self.world.line = "calling"
        self.happen(ev.Started(tuple(sorted(online))))

    # -- devices -----------------------------------------------------------------------------------
    @rule(who=device)
    def answer(self, who: str) -> None:
        self.happen(ev.Answer(who))

    @rule(who=device)
    def decline(self, who: str) -> None:
        self.happen(ev.Decline(who))

    @rule(who=device)
    def silence(self, who: str) -> None:
        if who in self.world.ringing and self.state.winner != who:
            self.world.ringing.discard(who)
        self.happen(ev.Silence(who))

    @rule(who=device)
    def hang_up(self, who: str) -> None:
        self.happen(ev.HangUp(who))

    @rule(who=device, held=st.booleans())
    def hold(self, who: str, held: bool) -> None:
        self.happen(ev.SetHold(who, held))

    @rule(who=device, again=st.booleans())
    def offer(self, who: str, again: bool) -> None:
        if not again or self.generation == 0:
            self.generation += 1
        self.happen(ev.MediaOffered(who, "v=0", self.generation, f"{who} {self.generation}"))

    @rule(who=device)
    def close_media(self, who: str) -> None:
        self.happen(ev.MediaClosed(who))

    @rule(who=device)
    def comes(self, who: str) -> None:
        self.online.add(who)
        self.happen(ev.DeviceOnline(who))

    @rule(who=device)
    def goes(self, who: str) -> None:
        self.online.discard(who)
        self.world.ringing.discard(who)  # nobody renews it: the lease runs out
        self.happen(ev.DeviceOffline(who))

    # -- media -------------------------------------------------------------------------------------
    @precondition(lambda self: self.world.line_jobs)
    @rule(works=st.sampled_from([True, True, True, False]))
    def line_described(self, works: bool) -> None:
        self.world.described = self.world.line_jobs.pop(0)
        self.happen(ev.LineDescribed("v=0 ours") if works else ev.LineRefused("no port"))

    @precondition(lambda self: self.world.legs)
    @rule(data=st.data())
    def leg_event(self, data: st.DataObject) -> None:
        leg = data.draw(st.sampled_from(sorted(self.world.legs)))
        event = data.draw(
            st.sampled_from(
                [
                    ev.LegDescribed(leg, "v=0 answer"),
                    ev.LegConnected(leg),
                    ev.LegConnected(leg),
                    ev.LegHeard(leg),
                    ev.LegLost(leg, "closed"),
                    ev.LegRefused(leg, "bad"),
                    *(ev.LegQuiet(leg, s) for s in (0.0, 0.5, 3.0, 5.0)),
                ]
            )
        )
        self.happen(event)

    @precondition(lambda self: self.world.media_open and not self.world.media_closed)
    @rule(event=st.sampled_from([ev.LineHeard(), ev.LineQuiet(5.0), ev.EngineGone("killed")]))
    def engine_event(self, event: ev.Event) -> None:
        if isinstance(event, ev.EngineGone):
            self.world.line_jobs.clear()
        self.happen(event)

    # -- line --------------------------------------------------------------------------------------
    @precondition(lambda self: self.state.direction == "out" and self.world.line == "calling")
    @rule(
        event=st.sampled_from(
            [ev.LineRinging(), ev.LineEarlyMedia("v=0"), ev.LineEarlyMedia("v=0", True)]
        )
    )
    def progress(self, event: ev.Event) -> None:
        self.happen(event)

    @precondition(lambda self: self.state.direction == "out" and self.world.line == "calling")
    @rule()
    def answered(self) -> None:
        self.world.line = "confirmed"
        self.happen(ev.LineAnswered("v=0 theirs"))

    @precondition(lambda self: self.state.direction == "out" and self.world.line == "calling")
    @rule(status=st.sampled_from([404, 408, 480, 486, 500, 503, 603]))
    def refused(self, status: int) -> None:
        self.world.line = "over"
        self.happen(ev.LineFailed(status))

    @precondition(lambda self: self.world.line == "confirmed")
    @rule(how=st.sampled_from([ev.LineEnd.BYE, ev.LineEnd.LOST]))
    def far_end_ends(self, how: ev.LineEnd) -> None:
        self.world.line = "over"
        self.happen(ev.LineEnded(how))

    @precondition(lambda self: self.state.direction == "in" and self.world.line == "calling")
    @rule(elsewhere=st.booleans())
    def caller_gives_up(self, elsewhere: bool) -> None:
        self.world.line = "over"
        self.happen(ev.LineEnded(ev.LineEnd.CANCEL, elsewhere))

    @precondition(lambda self: self.world.line == "confirmed" and not self.world.far_asks)
    @rule(held=st.booleans())
    def far_end_offers(self, held: bool) -> None:
        """With an offer of ours out it comes through only after glare, while ours waits."""
        self.world.far_asks = True
        self.happen(ev.LineOffered("v=0 new", held))

    @precondition(lambda self: self.world.offer_out and not self.world.far_asks)
    @precondition(lambda self: self.world.line == "confirmed")
    @rule(agrees=st.sampled_from([True, True, False]))
    def far_end_answers_our_offer(self, agrees: bool) -> None:
        self.world.offer_out = False
        if agrees and self.world.offer_holds is not None:
            self.world.far_held = self.world.offer_holds
        self.happen(ev.LineOfferDone(agrees, "v=0 theirs" if agrees else None))

    @rule(by=st.sampled_from([None, "Carla"]))
    def other_view(self, by: str | None) -> None:
        if self.state.direction == "in":
            self.happen(ev.AnsweredElsewhere(by))

    # -- time --------------------------------------------------------------------------------------
    @precondition(lambda self: self.world.timers)
    @rule(data=st.data())
    def time_passes(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.world.timers)))
        self.world.timers.discard(name)
        self.happen(ev.TimerFired(name))

    # -- what always holds -------------------------------------------------------------------------
    @invariant()
    def journal_is_written_once_in_order(self) -> None:
        if not hasattr(self, "state"):
            return
        journal = self.world.journal
        assert journal[0] == "open"
        assert journal.count("open") == 1
        assert journal.count("answered") <= 1
        assert sum(entry.startswith("settle") for entry in journal) <= 1

    @invariant()
    def a_ring_that_is_over_rings_nowhere(self) -> None:
        if hasattr(self, "state") and self.state.phase is not Phase.RINGING_IN:
            assert self.world.ringing == set()

    @invariant()
    def model_and_world_agree_on_legs(self) -> None:
        if not hasattr(self, "state") or self.state.stage is Stage.OVER:
            return
        assert {leg.name for leg in self.state.legs} == self.world.legs
        if self.state.leg is not None:
            assert self.world.attached == self.state.leg

    @invariant()
    def an_ended_call_let_go_of_the_line(self) -> None:
        if hasattr(self, "state") and self.state.phase is Phase.ENDED:
            assert self.world.line in ("over", "idle")

    @invariant()
    def a_live_call_can_always_end_by_itself(self) -> None:
        """Somebody or something is left that moves it: the far side, a job, or a timer."""
        if not hasattr(self, "state") or self.state.stage is Stage.OVER:
            return
        moved_by = self.world.timers or self.world.line_jobs or self.world.attached
        assert moved_by or self.world.line in ("calling", "confirmed"), self.state

    @invariant()
    def no_hold_is_stuck(self) -> None:
        """Once nothing is on its way, the wish is fulfilled or dropped, and all sides agree."""
        if not hasattr(self, "state") or self.state.phase is not Phase.CONNECTED:
            return
        world = self.world
        if world.line_jobs or world.offer_out or world.far_asks:
            return
        assert self.state.want_hold is None
        assert self.state.line is LineStage.AGREED
        assert self.state.held_here == world.far_held
        assert world.passes == (not world.far_held)

    @invariant()
    def whom_the_user_holds_hears_nothing_of_ours(self) -> None:
        if hasattr(self, "state") and self.state.phase is Phase.CONNECTED and self.state.held:
            assert not self.world.passes
            assert not self.state.comfort

    @invariant()
    def over_means_nothing_is_left(self) -> None:
        if not hasattr(self, "state") or self.state.stage is not Stage.OVER:
            return
        assert self.world.timers == set()
        assert self.world.legs == set()
        assert self.world.media_closed
        assert self.world.done == 1
        assert self.world.journal[-1].startswith("settle")
        assert self.state.reason in EndReason

    def teardown(self) -> None:
        """However it stands: a shutdown ends it in order."""
        if not hasattr(self, "state"):
            return
        if self.state.stage is not Stage.OVER:
            self.happen(ev.ShutDown())
        self.over_means_nothing_is_left()
        self.journal_is_written_once_in_order()
        assert self.state.stage is Stage.OVER


TestCallInItsWorld = CallInItsWorld.TestCase
TestCallInItsWorld.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
