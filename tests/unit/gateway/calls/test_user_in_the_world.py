"""Several Calls of one user in simulated worlds: one speaks at a time, and nothing is ever stuck.

Each Call is the real model in a world of its own; the focus machine hears of their steps, and what
it orders is delivered later, in any order between the Calls, as it is by their owners' queues.
"""

from __future__ import annotations

from collections import deque

import pytest
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
from gateway.calls import focus as fc
from gateway.calls.model import CallState
from gateway.calls.parties import Number, Party, Referral
from gateway.calls.states import Phase
from gateway.calls.step import step
from tests.support.call_script import NOW, incoming, outgoing
from tests.unit.gateway.calls.test_call_in_its_world import World

FEATURES = ("transfer", "merge", "park")
SLOTS = ("c1", "c2", "c3")
slot = st.sampled_from(SLOTS)


class Line(World):
    """A world in which the phone system may be asked by REFER."""

    def __init__(self, call_id: str) -> None:
        super().__init__()
        self.call_id = call_id
        self.queue: deque[ev.Event] = deque()
        self.refer: Referral | None = None

    def apply(self, effect: fx.Effect) -> None:
        if isinstance(effect, fx.LineRefer):
            assert self.line == "confirmed"
            assert self.refer is None, "one at a time"
            assert self.far_held, "held before it is given away"
            self.refer = effect.referral
        super().apply(effect)

    @property
    def busy(self) -> bool:
        return bool(self.queue or self.line_jobs or self.offer_out or self.far_asks or self.refer)


class UserInTheWorld(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.made = 0
        self.states: dict[str, CallState] = {}
        self.lines: dict[str, Line] = {}
        self.focus = fc.Focus()
        self.waiting = False  # a hold has a time limit
        self.excused = False  # the phone system would not hold what it had to

    # -- the owners' part --------------------------------------------------------------------------
    def happen(self, name: str, event: ev.Event) -> None:
        self.now += 0.1
        before = self.states[name]
        self.states[name], effects = step(before, event, self.now)
        for effect in effects:
            self.lines[name].apply(effect)
        self.think(fc.Told(fc.facts_of(self.states[name])))
        if self.states[name].over:
            del self.states[name], self.lines[name]

    def think(self, event: fc.Event) -> None:
        self.focus, orders = fc.step(self.focus, event)
        for order in orders:
            self.carry_out(order)

    def carry_out(self, order: fc.Order) -> None:
        match order:
            case fc.Hold(call_id, device, held):
                self.post(call_id, ev.SetHold(device or "d1", held))
            case fc.GoOn(goal):
                self.go_on(goal)
            case fc.GiveUp(goal):
                self.post(goal.call_id, ev.Abandoned("not held"))
            case fc.Accompany(call_id, swap, merge):
                self.post(call_id, ev.Accompanied(swap, merge))
            case fc.Promise(call_id, reason):
                self.post(call_id, ev.LeavesAs(reason))
            case fc.TakeAlong(call_id, reason):
                self.post(call_id, ev.HandedOver(reason))
            case fc.Wait(seconds):
                self.waiting = seconds > 0

    def go_on(self, goal: fc.Goal) -> None:
        match goal.kind:
            case fc.GoalKind.DIAL | fc.GoalKind.ANSWER:
                self.post(goal.call_id, ev.Proceed())
            case fc.GoalKind.RETRIEVE:
                self.post(goal.call_id, ev.SetHold("d1", False))
            case fc.GoalKind.MERGE:
                others = [s for s in self.states.values() if s.id != goal.call_id and s.held_here]
                if len(others) == 1:
                    number = Number("1", "1", "1")
                    gains = (Party("a", number), Party("b", number))
                    referral = Referral("merge", number, None, others[0].id, gains)
                    self.post(goal.call_id, ev.Refer("d1", referral))

    def post(self, call_id: str, event: ev.Event) -> None:
        name = self.named(call_id)
        if name is not None:
            self.lines[name].queue.append(event)

    def named(self, call_id: str) -> str | None:
        return next((name for name, state in self.states.items() if state.id == call_id), None)

    def command(self, name: str, event: ev.Event) -> None:
        """Behind what waits for this Call already."""
        if name in self.lines:
            self.lines[name].queue.append(event)
        while name in self.lines and self.lines[name].queue:
            self.happen(name, self.lines[name].queue.popleft())

    def want(self, goal: fc.Goal) -> None:
        if not self.focus.busy_for(goal):
            self.think(fc.Wanted(goal))

    @initialize(pair=st.booleans())
    def two_talk_already(self, pair: bool) -> None:
        if not pair:
            return
        for name in ("c1", "c2"):
            self.begin(name, True, True)
            for known in ("c1", "c2") * 2:
                for _ in range(4):
                    self.deliver(known)
                    self.once(known, True)

    # -- the user ----------------------------------------------------------------------------------
    @rule(name=slot, out=st.booleans(), consults=st.booleans())
    def begin(self, name: str, out: bool, consults: bool) -> None:
        if name in self.states:
            return
        goal = fc.Goal(fc.GoalKind.DIAL, f"{name}.{self.made}", "d1")
        if out and self.focus.busy_for(goal):
            return
        self.made += 1
        waits = out and bool(self.focus.speaking())
        talking = [f.id for f in self.focus.calls if f.phase is Phase.CONNECTED]
        about = talking[-1] if out and consults and talking else None
        make = outgoing if out else incoming
        self.states[name] = make(
            id=goal.call_id, features=FEATURES, waits=waits, consults=about, watched=False
        )
        self.lines[name] = Line(goal.call_id)
        if not out:
            self.lines[name].line = "calling"
        self.happen(name, ev.Started(("d1",)))
        if waits:
            self.want(goal)
        if out:
            self.command(name, ev.MediaOffered("d1", "v=0", 1, f"{name} f"))
            self.move_on(name, 4, True)

    @precondition(lambda self: self.states)
    @rule(name=slot)
    def answer(self, name: str) -> None:
        state = self.states.get(name)
        if state is None or state.phase is not Phase.RINGING_IN:
            return
        goal = fc.Goal(fc.GoalKind.ANSWER, state.id, "d1")
        waits = bool(self.focus.speaking(but=state.id))
        if waits and self.focus.busy_for(goal):
            return
        self.command(name, ev.MediaOffered("d1", "v=0", 1, f"{name} f"))
        self.move_on(name, 2, True)
        self.command(name, ev.Answer("d1", waits))
        if name in self.states and self.states[name].waits:
            self.want(goal)

    @precondition(lambda self: len(self.states) > 1)
    @rule(name=slot)
    def retrieve_or_swap(self, name: str) -> None:
        state = self.states.get(name)
        if state is None or state.phase is not Phase.CONNECTED or state.referral is not None:
            return
        if not state.held or not self.focus.speaking(but=state.id):
            self.command(name, ev.SetHold("d1", False))
        else:
            self.want(fc.Goal(fc.GoalKind.RETRIEVE, state.id, "d1"))

    @precondition(lambda self: len(self.states) > 1)
    @rule(name=slot)
    def merge(self, name: str) -> None:
        state = self.states.get(name)
        if state is not None and state.may_merge and state.referral is None:
            self.want(fc.Goal(fc.GoalKind.MERGE, state.id, "d1"))

    @precondition(lambda self: self.states)
    @rule(name=slot, other=slot, kind=st.sampled_from(["transfer", "attended", "park"]))
    def give_away(self, name: str, other: str, kind: str) -> None:
        if name not in self.states or (kind == "attended" and other not in self.states):
            return
        partner = None
        if kind == "attended":
            second = self.states[other]
            if other == name or second.phase is not Phase.CONNECTED or second.referral:
                return
            partner = second.id
        number = Number("7", "7", "7")
        referral = Referral("park" if kind == "park" else "transfer", number, None, partner)
        self.command(name, ev.Refer("d1", referral))

    @precondition(lambda self: self.states)
    @rule(name=slot, hang_up=st.integers(0, 7))
    def hang_up_or_hold(self, name: str, hang_up: int) -> None:
        event = ev.HangUp("d1") if not hang_up else ev.SetHold("d1", True)
        if name in self.states:
            self.command(name, event)

    # -- the rest of the world ---------------------------------------------------------------------
    @precondition(lambda self: any(line.queue for line in self.lines.values()))
    @rule(name=slot)
    def deliver(self, name: str) -> None:
        if name in self.lines and self.lines[name].queue:
            self.happen(name, self.lines[name].queue.popleft())

    @precondition(lambda self: self.states)
    @rule(name=slot, times=st.integers(1, 4), works=st.sampled_from([True, True, True, False]))
    def move_on(self, name: str, times: int, works: bool) -> None:
        for _ in range(times):
            self.once(name, works)

    def once(self, name: str, works: bool) -> None:
        """Whatever this Call waits for from outside."""
        line = self.lines.get(name)
        if line is None:
            return
        state = self.states[name]
        if line.line_jobs:
            line.described = line.line_jobs.pop(0)
            self.happen(name, ev.LineDescribed("v=0 ours"))
        elif line.legs and state.leg is None:
            leg = sorted(line.legs)[0]
            self.happen(name, ev.LegConnected(leg))
            if name in self.states:
                self.happen(name, ev.LegHeard(leg))
        elif line.offer_out:
            line.offer_out = False
            if works and line.offer_holds is not None:
                line.far_held = line.offer_holds
            if not works:
                self.excused = True
            self.happen(name, ev.LineOfferDone(works, "v=0 theirs" if works else None))
        elif line.refer is not None:
            line.refer = None
            self.happen(name, ev.LineReferred(200 if works else 486, over=True))
        elif state.direction == "out" and line.line == "calling":
            line.line = "confirmed" if works else "over"
            self.happen(name, ev.LineAnswered("v=0") if works else ev.LineFailed(486))

    @precondition(lambda self: self.states)
    @rule(name=slot, chance=st.integers(0, 5))
    def far_end_ends(self, name: str, chance: int) -> None:
        line = self.lines.get(name)
        if line is None or chance or line.line not in ("calling", "confirmed"):
            return
        if line.line == "calling" and self.states[name].direction == "out":
            return
        how = ev.LineEnd.BYE if line.line == "confirmed" else ev.LineEnd.CANCEL
        line.line = "over"
        self.happen(name, ev.LineEnded(how))

    @precondition(lambda self: self.waiting)
    @rule(chance=st.integers(0, 4))
    def late(self, chance: int) -> None:
        if chance:
            return
        self.waiting = False
        self.excused = True
        self.think(fc.Late())

    # -- what always holds -------------------------------------------------------------------------
    def quiet(self) -> bool:
        return not any(line.busy for line in self.lines.values())

    @invariant()
    def one_speaks(self) -> None:
        speak = [s for s in self.states.values() if s.phase is Phase.CONNECTED and not s.held_here]
        if self.quiet() and self.focus.switch is None and not self.excused:
            assert len(speak) <= 1, [state.id for state in speak]

    @invariant()
    def the_focus_knows_the_calls_that_live(self) -> None:
        live = {s.id for s in self.states.values() if s.phase is not Phase.ENDED}
        assert {facts.id for facts in self.focus.calls} == live

    @invariant()
    def nothing_waits_in_vain(self) -> None:
        waiting = [state.id for state in self.states.values() if state.waits]
        goal = None if self.focus.switch is None else self.focus.switch.goal
        if not any(line.queue for line in self.lines.values()):
            assert waiting in ([], [goal.call_id if goal else None])
        if goal is not None and not self.focus.switch.going:
            assert self.waiting, "a hold that is waited for has its time"

    @invariant()
    def who_is_given_away_is_held(self) -> None:
        for state in self.states.values():
            if state.referral is not None and state.referral.sent:
                assert state.held_here

    @invariant()
    def one_journal_entry_each(self) -> None:
        for line in self.lines.values():
            assert line.journal.count("open") == 1
            assert sum(entry.startswith("settle") for entry in line.journal) <= 1

    def teardown(self) -> None:
        for name in list(self.states):
            line = self.lines[name]
            self.happen(name, ev.ShutDown())
            assert name not in self.states
            assert sum(entry.startswith("settle") for entry in line.journal) == 1
        assert self.focus.calls == ()


TestUserInTheWorld = UserInTheWorld.TestCase
TestUserInTheWorld.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.long
@pytest.mark.timeout(600)
class TestUserInTheWorldForLong(UserInTheWorld.TestCase):
    settings = settings(max_examples=500, stateful_step_count=60, deadline=None)
