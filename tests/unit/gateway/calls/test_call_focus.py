"""Who speaks: the orders of the focus machine, one situation at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.calls import focus as fc
from gateway.calls.states import EndReason, Phase

DIAL = fc.Goal(fc.GoalKind.DIAL, "b", "d1")
ANSWER = fc.Goal(fc.GoalKind.ANSWER, "b", "d1")
SWAP = fc.Goal(fc.GoalKind.RETRIEVE, "b", "d1")
TALKS = fc.Facts("a", Phase.CONNECTED, answering=True, device_id="d1")
HELD = replace(TALKS, held=True, wanted=True)
RINGS = fc.Facts("b", Phase.RINGING_IN, answering=True)


class User:
    def __init__(self, *calls: fc.Facts) -> None:
        self.focus = fc.Focus()
        for facts in calls:
            self.told(facts)

    def told(self, facts: fc.Facts) -> list[fc.Order]:
        return self._step(fc.Told(facts))

    def wants(self, goal: fc.Goal) -> list[fc.Order]:
        return self._step(fc.Wanted(goal))

    def late(self) -> list[fc.Order]:
        return self._step(fc.Late())

    def _step(self, event: fc.Event) -> list[fc.Order]:
        self.focus, orders = fc.step(self.focus, event)
        return [order for order in orders if not isinstance(order, fc.Accompany)]


@pytest.mark.parametrize("goal", [DIAL, ANSWER])
def test_the_other_is_held_and_the_phone_system_agrees_first(goal: fc.Goal) -> None:
    user = User(TALKS)
    assert user.wants(goal) == [fc.Hold("a", "d1", True), fc.Wait(fc.PATIENCE)]
    assert user.told(replace(TALKS, wanted=True)) == []
    assert fc.GoOn(goal) in user.told(HELD)


@pytest.mark.parametrize("goal", [DIAL, ANSWER])
def test_a_refused_hold_gives_the_goal_up(goal: fc.Goal) -> None:
    user = User(TALKS)
    user.wants(goal)
    assert user.told(TALKS) == [], "it has not heard of the wish yet"
    user.told(replace(TALKS, wanted=True))
    assert user.told(TALKS) == [fc.Wait(0), fc.GiveUp(goal)]
    assert user.focus.switch is None


def test_a_hold_that_takes_too_long_is_taken_back() -> None:
    user = User(TALKS)
    user.wants(DIAL)
    user.told(replace(TALKS, wanted=True))
    assert user.late() == [fc.Wait(0), fc.GiveUp(DIAL), fc.Hold("a", "d1", False)]


def test_nobody_speaks_so_nothing_waits() -> None:
    user = User(HELD)
    assert fc.GoOn(DIAL) in user.wants(DIAL)


def test_a_call_that_ends_need_not_be_held() -> None:
    user = User(TALKS)
    user.wants(DIAL)
    ended = replace(TALKS, phase=Phase.ENDED, reason=EndReason.HUNG_UP)
    assert fc.GoOn(DIAL) in user.told(ended)


def test_a_caller_who_gives_up_brings_the_other_call_back() -> None:
    user = User(TALKS, RINGS)
    user.wants(ANSWER)
    user.told(HELD)
    gone = replace(RINGS, phase=Phase.ENDED, reason=EndReason.CANCELLED)
    assert fc.Hold("a", "d1", False) in user.told(gone)


def test_a_swap_that_fails_half_way_is_undone() -> None:
    other = replace(HELD, id="b")
    user = User(TALKS, other)
    user.wants(SWAP)
    user.told(HELD)
    user.told(replace(other, wanted=False))
    assert fc.Hold("a", "d1", False) in user.told(other)


def test_one_change_at_a_time() -> None:
    user = User(TALKS)
    user.wants(DIAL)
    assert user.focus.busy_for(replace(SWAP, call_id="c"))
    assert not user.focus.busy_for(DIAL)
    assert user.wants(DIAL) == []


def test_who_is_answered_last_speaks() -> None:
    user = User(TALKS)
    newest = replace(TALKS, id="b")
    assert user.told(newest) == [fc.Hold("a", "d1", True)]


@pytest.mark.parametrize(
    ("reason", "back"),
    [(EndReason.BUSY, True), (EndReason.HUNG_UP, True), (EndReason.TRANSFERRED, False)],
)
def test_a_consultation_that_ends_returns_to_the_caller(reason: EndReason, back: bool) -> None:
    asks = replace(TALKS, id="b", consults="a")
    user = User(HELD, asks)
    orders = user.told(replace(asks, phase=Phase.ENDED, reason=reason))
    assert (fc.Hold("a", "d1", False) in orders) is back


def test_a_transfer_concerns_the_second_call() -> None:
    asks = replace(TALKS, id="b")
    refers = replace(HELD, refers="transfer", partner="b")
    user = User(HELD, asks)
    assert user.told(refers) == [fc.Promise("b", EndReason.TRANSFERRED)]
    assert user.told(HELD) == [fc.Promise("b", None)]
    user.told(refers)
    done = replace(HELD, phase=Phase.ENDED, reason=EndReason.TRANSFERRED)
    assert user.told(done) == [fc.TakeAlong("b", EndReason.TRANSFERRED)]


@pytest.mark.parametrize("speaks_elsewhere", [False, True])
def test_a_failed_blind_transfer_comes_back_unless_the_user_speaks(speaks_elsewhere: bool) -> None:
    refers = replace(HELD, refers="transfer", back=True)
    user = User(refers)
    if speaks_elsewhere:
        user.told(replace(TALKS, id="b"))
    orders = user.told(HELD)
    assert (fc.Hold("a", "d1", False) in orders) is not speaks_elsewhere


def test_swap_and_merge_are_offered_for_two() -> None:
    user = User(HELD, replace(TALKS, id="b"))
    assert user.focus.company == (fc.Accompany("a", True, True), fc.Accompany("b", True, True))
    user.told(replace(TALKS, id="c"))
    assert not any(told.merge for told in user.focus.company)
