"""Commands that concern more than one Call of a user, or a third party."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.calls.arrivals import Arrivals
from gateway.calls.book import CallBook
from gateway.calls.commands import call_id_of, dial_target, problem
from gateway.calls.events import Abandoned, Answer, Refer, SetHold
from gateway.calls.focus import Goal, GoalKind
from gateway.calls.owner import CallOwner
from gateway.calls.parties import Number, Referral
from gateway.calls.pickup import slot_of
from gateway.calls.several import Several, not_now
from gateway.calls.states import Phase
from gateway.calls.view import call_json
from gateway.calls.words import WORDS_NOT_HELD
from gateway.ports import Actor, CommandResult, LineDirectory, NumberNormaliser, Problem

#: The second Call of a transfer may still ring (RFC 5589 section 7.4).
_REACHED = (Phase.RINGING_OUT, Phase.EARLY, Phase.CONNECTED)

Body = Mapping[str, Any]
Dial = Callable[[Actor, Body, str], Awaitable[CommandResult]]


class Together:
    """``dial`` places the consultation: (actor, body, the Call it is about)."""

    def __init__(
        self,
        *,
        several: Several,
        book: CallBook,
        lines: LineDirectory,
        numbers: NumberNormaliser,
        arrivals: Arrivals,
        dial: Dial,
    ) -> None:
        self._several = several
        self._book = book
        self._lines = lines
        self._numbers = numbers
        self._arrivals = arrivals
        self._dial = dial
        self._verbs = {
            "answer": self._answer,
            "retrieve": self._retrieve,
            "swap": self._swap,
            "consult": self._consult,
            "transfer": self._transfer,
            "merge": self._merge,
            "park": self._park,
        }

    def takes(self, verb: str) -> bool:
        return verb in self._verbs

    async def execute(self, actor: Actor, verb: str, owner: CallOwner, body: Body) -> CommandResult:
        return await self._verbs[verb](actor, owner, body)

    async def _answer(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        goal = Goal(GoalKind.ANSWER, owner.state.id, actor.device_id)
        waits = self._several.others_speak(actor.user, goal.call_id)
        if waits:
            self._several.check(actor.user, goal)
        state = await owner.command(Answer(actor.device_id, waits))
        if state.waits:
            try:
                self._several.want(actor.user, goal)
            except Problem:
                owner.post(Abandoned(WORDS_NOT_HELD))
                raise
        return CommandResult(call_json(state))

    async def _retrieve(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        state = owner.state
        goal = Goal(GoalKind.RETRIEVE, state.id, actor.device_id)
        if not state.held or not self._several.others_speak(actor.user, state.id):
            return CommandResult(call_json(await owner.command(SetHold(actor.device_id, False))))
        if state.phase is not Phase.CONNECTED or state.referral is not None:
            raise not_now()
        self._several.want(actor.user, goal)
        return CommandResult(owner.json)

    async def _swap(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        target = self._several.swap_target(actor.user, owner.state.id)
        held = self._book.find(actor.user, target)
        if held is None:
            raise not_now()
        return await self._retrieve(actor, held, body)

    async def _consult(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        state = owner.state
        if state.phase is not Phase.CONNECTED or state.referral is not None:
            raise not_now()
        return await self._dial(actor, body, state.id)

    async def _transfer(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        self._offered(owner, "transfer")
        if "with" in body:
            other = self._other(actor, owner, body)
            if other.state.phase not in _REACHED:
                raise not_now()
            number, name, to_call = other.state.number, other.state.name, other.state.id
        else:
            number, name = await self._target(actor, body)
            to_call = None
        return await self._refer(actor, owner, Referral("transfer", number, name, to_call))

    async def _park(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        self._offered(owner, "park")
        slot = slot_of(body)
        return await self._refer(actor, owner, Referral("park", Number(slot, slot, slot)))

    async def _refer(self, actor: Actor, owner: CallOwner, referral: Referral) -> CommandResult:
        state = await owner.command(Refer(actor.device_id, referral))
        return CommandResult(call_json(state))

    async def _merge(self, actor: Actor, owner: CallOwner, body: Body) -> CommandResult:
        self._offered(owner, "merge")
        other = self._other(actor, owner, body)
        if not (owner.state.may_merge and other.state.may_merge):
            raise not_now()
        self._several.want(actor.user, Goal(GoalKind.MERGE, owner.state.id, actor.device_id))
        return CommandResult(owner.json)

    # -- what they need ----------------------------------------------------------------------------
    def _offered(self, owner: CallOwner, feature: str) -> None:
        if feature not in owner.state.features:
            raise problem(409, "not_offered", "This is not offered for this call.")
        if owner.state.phase is not Phase.CONNECTED or owner.state.referral is not None:
            raise not_now()

    def _other(self, actor: Actor, owner: CallOwner, body: Body) -> CallOwner:
        other = self._book.find(actor.user, call_id_of({"call_id": body.get("with")}))
        if other is None:
            raise problem(404, "call_unknown", "There is no such call.")
        same_line = other.state.line_id == owner.state.line_id
        if other is owner or not same_line or other.state.referral is not None:
            raise not_now()
        return other

    async def _target(self, actor: Actor, body: Body) -> tuple[Number, str | None]:
        typed = dial_target(body)
        home = await self._lines.home_line(actor.user)
        if home is None:
            raise problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
        numbers = self._numbers.normalise(typed, home[1])
        name = await self._arrivals.name_of(actor.user, numbers.canonical, 0.1)
        return Number(numbers.dialled, numbers.canonical, numbers.display), name
