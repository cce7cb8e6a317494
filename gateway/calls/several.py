"""Several Calls of one user: carries out what :mod:`gateway.calls.focus` orders."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from gateway.calls import focus as fc
from gateway.calls.book import CallBook
from gateway.calls.commands import problem
from gateway.calls.events import (
    Abandoned,
    Accompanied,
    Event,
    HandedOver,
    LeavesAs,
    Proceed,
    Refer,
    SetHold,
)
from gateway.calls.model import CallState
from gateway.calls.parties import Party, Referral
from gateway.calls.states import Phase
from gateway.calls.words import WORDS_NOT_HELD
from gateway.ports import Problem, UserKey

logger = logging.getLogger(__name__)


class Several:
    """One focus per user with Calls; nobody waits for anything here."""

    def __init__(self, book: CallBook) -> None:
        self._book = book
        self._focus: dict[UserKey, fc.Focus] = {}
        self._timers: dict[UserKey, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._focus)

    def of(self, user: UserKey) -> fc.Focus:
        return self._focus.get(user, fc.Focus())

    # -- commands ----------------------------------------------------------------------------------
    def check(self, user: UserKey, goal: fc.Goal) -> None:
        """One change of Calls at a time; raises :class:`Problem`."""
        if self.of(user).busy_for(goal):
            raise problem(409, "switching", "Your calls are just changing. Try again in a moment.")
        mine = None if goal.kind is fc.GoalKind.MERGE else goal.call_id
        if any(facts.pushed for facts in self.of(user).speaking(but=mine)):
            raise problem(409, "moving", "Your other call is on its way to the desk phone.")

    def others_speak(self, user: UserKey, call_id: str) -> bool:
        return bool(self.of(user).speaking(but=call_id))

    def want(self, user: UserKey, goal: fc.Goal) -> None:
        self.check(user, goal)
        self._step(user, fc.Wanted(goal))

    def swap_target(self, user: UserKey, call_id: str) -> str:
        """The held Call that a swap brings back, whichever of the two it names."""
        focus = self.of(user)
        named = focus.find(call_id)
        held = focus.held()
        if named is not None and named in held and focus.speaking():
            return named.id
        if named is not None and named.speaks and len(held) == 1:
            return held[0].id
        raise not_now()

    # -- what becomes of the Calls -----------------------------------------------------------------
    def told(self, state: CallState) -> None:
        """A Call has taken a step."""
        self._step(UserKey(state.tenant_id, state.user_id), fc.Told(fc.facts_of(state)))

    def forget(self, state: CallState) -> None:
        """Nothing is left of the Call, however it ended."""
        gone = replace(fc.facts_of(state), phase=Phase.ENDED)
        self._step(UserKey(state.tenant_id, state.user_id), fc.Told(gone))

    def _step(self, user: UserKey, event: fc.Event) -> None:
        before = self.of(user)
        after, orders = fc.step(before, event)
        if after.calls or after.switch is not None:
            self._focus[user] = after
        else:
            self._focus.pop(user, None)
            self._stop_timer(user)
        for order in orders:
            self._carry_out(user, order)

    def _carry_out(self, user: UserKey, order: fc.Order) -> None:
        match order:
            case fc.Hold(call_id, device_id, held):
                self._post(user, call_id, SetHold(device_id, held))
            case fc.GoOn(goal):
                self._go_on(user, goal)
            case fc.GiveUp(goal):
                self._post(user, goal.call_id, Abandoned(WORDS_NOT_HELD))
            case fc.Accompany(call_id, swap, merge):
                self._post(user, call_id, Accompanied(swap, merge))
            case fc.Promise(call_id, reason):
                self._post(user, call_id, LeavesAs(reason))
            case fc.TakeAlong(call_id, reason):
                self._post(user, call_id, HandedOver(reason))
            case fc.Wait(seconds):
                self._set_timer(user, seconds)

    def _go_on(self, user: UserKey, goal: fc.Goal) -> None:
        match goal.kind:
            case fc.GoalKind.DIAL | fc.GoalKind.ANSWER:
                self._post(user, goal.call_id, Proceed())
            case fc.GoalKind.RETRIEVE:
                self._post(user, goal.call_id, SetHold(goal.device_id, False))
            case fc.GoalKind.MERGE:
                self._merge(user, goal)

    def _merge(self, user: UserKey, goal: fc.Goal) -> None:
        mine = self._book.find(user, goal.call_id)
        live = [s for s in self._book.live_of(user) if s.id != goal.call_id and s.held_here]
        if mine is None or len(live) != 1:
            return
        other = live[0]
        gains = parties_of(mine.state) if not mine.state.participants else ()
        gains = (*gains, *parties_of(other))
        referral = Referral("merge", other.number, other.name, other.id, gains)
        mine.post(Refer(goal.device_id, referral))

    def _post(self, user: UserKey, call_id: str, event: Event) -> None:
        owner = self._book.find(user, call_id)
        if owner is not None:
            owner.post(event)

    # -- time --------------------------------------------------------------------------------------
    def _set_timer(self, user: UserKey, seconds: float) -> None:
        self._stop_timer(user)
        if seconds > 0:
            loop = asyncio.get_running_loop()
            self._timers[user] = loop.call_later(seconds, self._late, user)

    def _stop_timer(self, user: UserKey) -> None:
        timer = self._timers.pop(user, None)
        if timer is not None:
            timer.cancel()

    def _late(self, user: UserKey) -> None:
        self._timers.pop(user, None)
        self._step(user, fc.Late())


def parties_of(state: CallState) -> tuple[Party, ...]:
    """Whom the user speaks to in this Call."""
    return state.participants or (Party(state.id, state.number, state.name),)


def not_now() -> Problem:
    return problem(409, "not_now", "That is not possible at this point of the call.")
