"""Which of a user's Calls speaks: one at a time, the others are held or wait.

Pure: ``step(state, event) -> (state, orders)``. Each Call keeps its own owner; this machine hears
what becomes of them and orders what one Call cannot know. Whoever dials, answers or retrieves while
another Call speaks means: hold that one first. The phone system has to agree to the hold, then the
rest is done; if it refuses, the rest is not done and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from gateway.calls.model import CallState
from gateway.calls.states import EndReason, Phase

#: Seconds that a hold may take; glare alone costs up to 4 (RFC 3261 section 14.1).
PATIENCE = 8.0


class GoalKind(StrEnum):
    DIAL = "dial"
    ANSWER = "answer"
    RETRIEVE = "retrieve"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the user wants, and which device asked. A merge needs its own Call on hold as well."""

    kind: GoalKind
    call_id: str
    device_id: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What this machine has to know of a Call."""

    id: str
    phase: Phase
    held: bool = False  # the phone system agrees
    wanted: bool = False  # the user's wish; the same as ``held`` when nothing is under way
    answering: bool = False
    device_id: str = ""
    consults: str | None = None
    reason: EndReason | None = None
    #: A transfer, a merge or a park is under way: with which other Call, and whether to take the
    #: Call back if it fails.
    refers: str | None = None
    partner: str | None = None
    back: bool = False
    parties: int = 0
    #: It goes to the desk phone: the phone system holds it for nobody meanwhile.
    pushed: bool = False

    @property
    def speaks(self) -> bool:
        """Held counts when it is both: agreed, and no retrieve on its way."""
        return self.phase is Phase.CONNECTED and not (self.held and self.wanted)

    @property
    def stays_held(self) -> bool:
        return self.phase is Phase.CONNECTED and self.held and self.wanted

    @property
    def alive(self) -> bool:
        return self.phase is not Phase.ENDED


def facts_of(state: CallState) -> Facts:
    # An ended Call keeps what it was asked for, to tell who took over.
    referral = None if state.phase is Phase.ENDED else state.referral
    return Facts(
        id=state.id,
        phase=state.phase,
        held=state.held_here,
        wanted=state.held,
        answering=state.winner is not None or state.phase is Phase.CONNECTED,
        device_id=state.device_id or "",
        consults=state.consults,
        reason=state.reason,
        refers=None if referral is None else referral.kind,
        partner=None if referral is None else referral.to_call,
        back=referral is not None and referral.back,
        parties=len(state.participants),
        pushed=state.pushed,
    )


# -- events ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Told:
    facts: Facts


@dataclass(frozen=True, slots=True)
class Wanted:
    goal: Goal


@dataclass(frozen=True, slots=True)
class Late:
    """The time for a hold is over."""


Event: TypeAlias = Told | Wanted | Late


# -- orders ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hold:
    call_id: str
    device_id: str
    held: bool


@dataclass(frozen=True, slots=True)
class GoOn:
    goal: Goal


@dataclass(frozen=True, slots=True)
class GiveUp:
    goal: Goal


@dataclass(frozen=True, slots=True)
class Accompany:
    call_id: str
    swap: bool
    merge: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """What the Call is to be called if the phone system ends it now."""

    call_id: str
    reason: EndReason | None


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """The party of this Call went along with another one."""

    call_id: str
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Wait:
    """For so many seconds, then :class:`Late`; 0: no longer."""

    seconds: float


Order: TypeAlias = Hold | GoOn | GiveUp | Accompany | Promise | TakeAlong | Wait


# -- state -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Switch:
    """A goal under way. ``waits``: Calls whose hold is not agreed yet; ``asked`` of them know the
    wish. ``aside``: what was put on hold for the goal and comes back if it fails."""

    goal: Goal
    waits: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    going: bool = False
    asked_goal: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """The Calls of one user, the one that spoke last at the end."""

    calls: tuple[Facts, ...] = ()
    switch: Switch | None = None
    company: tuple[Accompany, ...] = ()

    def find(self, call_id: str | None) -> Facts | None:
        return next((facts for facts in self.calls if facts.id == call_id), None)

    def speaking(self, but: str | None = None) -> list[Facts]:
        return [facts for facts in self.calls if facts.speaks and facts.id != but]

    def held(self) -> list[Facts]:
        return [facts for facts in self.calls if facts.stays_held]

    def busy_for(self, goal: Goal) -> bool:
        """Another change of Calls is under way."""
        return self.switch is not None and (
            (self.switch.goal.kind, self.switch.goal.call_id) != (goal.kind, goal.call_id)
        )


Result: TypeAlias = tuple[Focus, list[Order]]


def _alone(call_id: str) -> Accompany:
    return Accompany(call_id, swap=False, merge=False)


def step(focus: Focus, event: Event) -> Result:
    match event:
        case Wanted(goal):
            focus, orders = _wanted(focus, goal)
        case Told(facts):
            focus, orders = _told(focus, facts)
        case Late():
            focus, orders = _late(focus)
    company = _company(focus)
    known = {told.call_id: told for told in focus.company}
    orders += [new for new in company if new != known.get(new.call_id, _alone(new.call_id))]
    return replace(focus, company=company), orders


# -- a goal ----------------------------------------------------------------------------------------
def _wanted(focus: Focus, goal: Goal) -> Result:
    if focus.switch is not None:
        return focus, []  # the same again: whoever asks for another one was refused before
    mine = None if goal.kind is GoalKind.MERGE else goal.call_id
    aside = focus.speaking(but=mine)
    waits = tuple(facts.id for facts in aside)
    asked = tuple(facts.id for facts in aside if facts.wanted)
    switch = Switch(goal, waits, asked, waits)
    orders: list[Order] = [
        Hold(facts.id, goal.device_id, True) for facts in aside if not facts.wanted
    ]
    focus = replace(focus, switch=switch)
    if not waits:
        return _go(focus, switch)
    return focus, [*orders, Wait(PATIENCE)]


def _go(focus: Focus, switch: Switch) -> Result:
    """Everything else is held."""
    if switch.goal.kind is GoalKind.DIAL:
        return replace(focus, switch=None), [Wait(0), GoOn(switch.goal)]
    focus = replace(focus, switch=replace(switch, waits=(), going=True))
    return focus, [Wait(PATIENCE), GoOn(switch.goal)]


def _late(focus: Focus) -> Result:
    if focus.switch is None:
        return focus, []
    unheard = focus.switch.goal.kind is GoalKind.MERGE and not focus.switch.asked_goal
    if focus.switch.going and not unheard:
        return replace(focus, switch=None), []
    return _fail(focus, focus.switch)


def _fail(focus: Focus, switch: Switch) -> Result:
    """What was put aside for the goal comes back: the last one, for one speaks at a time."""
    focus = replace(focus, switch=None)
    orders: list[Order] = [Wait(0)]
    if not switch.going:
        orders.append(GiveUp(switch.goal))
    return focus, [*orders, *_bring_back(focus, switch)]


def _bring_back(focus: Focus, switch: Switch) -> list[Order]:
    held = [found for i in switch.aside if (found := focus.find(i)) is not None and found.wanted]
    if not held or [f for f in focus.speaking() if not f.wanted]:
        return []
    return [Hold(held[-1].id, switch.goal.device_id, False)]


# -- what becomes of the Calls ---------------------------------------------------------------------
def _told(focus: Focus, facts: Facts) -> Result:
    before = focus.find(facts.id)
    if before == facts:
        return focus, []
    focus = replace(focus, calls=_arranged(focus.calls, before, facts))
    orders: list[Order] = []
    switch = focus.switch
    if switch is not None:
        focus, orders = _advance(focus, switch, before, facts)
    orders += _partner(before, facts)
    if facts.phase is Phase.CONNECTED and (before is None or before.phase is not Phase.CONNECTED):
        # It may have been answered while another one spoke: dialled first, or an emergency.
        others = [other for other in focus.speaking(but=facts.id) if not other.wanted]
        orders += [Hold(other.id, facts.device_id, True) for other in others]
    orders += _returns(focus, before, facts)
    return focus, orders


def _arranged(calls: tuple[Facts, ...], before: Facts | None, facts: Facts) -> tuple[Facts, ...]:
    if not facts.alive:
        return tuple(known for known in calls if known.id != facts.id)
    if before is not None and before.speaks == facts.speaks:
        return tuple(facts if known.id == facts.id else known for known in calls)
    return (*(known for known in calls if known.id != facts.id), facts)


def _advance(focus: Focus, switch: Switch, before: Facts | None, facts: Facts) -> Result:
    if facts.id == switch.goal.call_id and _is_lost(switch, facts):
        return _fail(focus, switch)
    if switch.going:
        if facts.id != switch.goal.call_id:
            return focus, []
        return _going(focus, switch, 0 if before is None else before.parties, facts)
    if facts.id not in switch.waits:
        return focus, []
    if not facts.alive or facts.stays_held:
        switch = replace(switch, waits=tuple(i for i in switch.waits if i != facts.id))
        if not switch.waits:
            return _go(focus, switch)
    elif facts.wanted:
        switch = replace(switch, asked=(*switch.asked, facts.id))
    elif facts.id in switch.asked:  # it knew, and is not held: refused
        return _fail(focus, switch)
    return replace(focus, switch=switch), []


def _is_lost(switch: Switch, facts: Facts) -> bool:
    """The Call that it is all about is gone, or is answered by nobody any more."""
    return not facts.alive or (
        switch.goal.kind is GoalKind.ANSWER
        and facts.phase is Phase.RINGING_IN
        and not facts.answering
    )


def _going(focus: Focus, switch: Switch, parties: int, facts: Facts) -> Result:
    match switch.goal.kind:
        case GoalKind.ANSWER if facts.phase is Phase.CONNECTED:
            return replace(focus, switch=None), [Wait(0)]
        case GoalKind.RETRIEVE if not facts.held:
            return replace(focus, switch=None), [Wait(0)]
        case GoalKind.RETRIEVE if facts.wanted and switch.asked_goal:
            return _fail(focus, switch)
        case GoalKind.RETRIEVE if not facts.wanted:
            return replace(focus, switch=replace(switch, asked_goal=True)), []
        case GoalKind.MERGE if facts.refers is not None:
            return replace(focus, switch=replace(switch, asked_goal=True)), [Wait(0)]
        case GoalKind.MERGE if switch.asked_goal:
            if facts.parties > parties:  # the conference is heard by who made it
                device = switch.goal.device_id
                return replace(focus, switch=None), [Wait(0), Hold(facts.id, device, False)]
            return _fail(focus, switch)
        case _:
            return focus, []


def _partner(before: Facts | None, facts: Facts) -> list[Order]:
    """A transfer or a merge concerns a second Call: what it is called when it ends."""
    was = None if before is None else before.partner
    if facts.partner is not None and was is None:
        merged = facts.refers == "merge"
        reason = EndReason.MERGED if merged else EndReason.TRANSFERRED
        return [Promise(facts.partner, reason)]
    if was is None or facts.partner is not None or before is None:
        return []
    if facts.reason is EndReason.TRANSFERRED:
        return [TakeAlong(was, EndReason.TRANSFERRED)]
    if facts.parties > before.parties:
        return [TakeAlong(was, EndReason.MERGED)]
    return [Promise(was, None)]


def _returns(focus: Focus, before: Facts | None, facts: Facts) -> list[Order]:
    """Who comes back by itself: the Call that was consulted about, and one that could not be
    transferred. Neither while the user speaks to somebody else."""
    if before is None or focus.switch is not None:
        return []
    if [other for other in focus.speaking(but=facts.id) if not other.wanted]:
        return []
    asked = focus.find(facts.consults)
    over = not facts.alive and facts.reason not in (EndReason.TRANSFERRED, EndReason.MERGED)
    if over and asked is not None and asked.wanted and asked.refers is None:
        return [Hold(asked.id, facts.device_id, False)]
    if before.refers in ("transfer", "park") and facts.refers is None and facts.alive:
        return [Hold(facts.id, facts.device_id, False)] if before.back and facts.wanted else []
    return []


def _company(focus: Focus) -> tuple[Accompany, ...]:
    """What each Call's others make possible."""
    talking = [facts for facts in focus.calls if facts.phase is Phase.CONNECTED]
    speaks = [facts for facts in talking if facts.speaks]
    held = [facts for facts in talking if facts.stays_held]
    free = focus.switch is None and not any(facts.refers for facts in talking)
    pair = len(talking) == 2 and len(held) >= 1 and free
    made = []
    for facts in focus.calls:
        swap = (facts in held and bool(speaks)) or (facts in speaks and len(held) == 1)
        made.append(Accompany(facts.id, swap and free, pair and facts in talking))
    return tuple(made)
