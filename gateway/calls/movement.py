"""``pull`` and ``move``: the user's Calls go to where the user wants to speak.

What there is to choose from is kept with each Call: the user's devices that are connected, and the
alternative number. Whether the desk phone takes it now, the phone system says of each Call.

From the desk phone a Call comes in two steps: the phone system is asked to give it to our line, and
calls that line; the INVITE is known by its number, and answered for the device that gets the Call
(:mod:`gateway.calls.pulling`).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from gateway.calls import pulling
from gateway.calls.arrivals import ANONYMOUS
from gateway.calls.book import CallBook
from gateway.calls.caller import Caller
from gateway.calls.commands import problem
from gateway.calls.csta import DeskCall, desk_json
from gateway.calls.events import LineCame, MoveFailed, MoveTo, Reachable, Refer, Started
from gateway.calls.model import CallState, Stage
from gateway.calls.owner import CallOwner
from gateway.calls.parties import ALTERNATIVE, DESK_PHONE, Move, Number, Place, Referral
from gateway.calls.sip import LineLeg
from gateway.calls.view import call_json
from gateway.ports import (
    Actor,
    AlternativeNumbers,
    CommandResult,
    DeviceRegistry,
    EventSink,
    Line,
    LineDirectory,
    NoAlternativeNumbers,
    NumberNormaliser,
    Problem,
    SiteProfile,
    UserKey,
)

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]
#: Seconds that a command waits for what the PBX says to it.
ANSWER = 1.0
#: Seconds in which the PBX may still call the line for a pull that was given up.
LATE = 30.0
#: Begins the owner of a Call whose line leg has no dialog yet.
Begin = Callable[[CallState, Line, SiteProfile], CallOwner]


T = TypeVar("T")


class Start(Protocol):
    def __call__(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]: ...


class DeskSide(Protocol):
    """What is asked of desk phones; see :mod:`gateway.calls.desk_moves`."""

    def find(self, user: UserKey, call_id: str) -> DeskCall | None: ...

    def on_its_way(self, user: UserKey, call_id: str, move: Move | None) -> None: ...

    def is_another(self, line: Line, call_id: str, session_id: str) -> bool: ...

    def let_go(self, state: CallState) -> None: ...

    def look_again(self, user: UserKey, places: tuple[Place, ...]) -> None: ...

    async def give_to_line(self, line: Line, desk: DeskCall) -> None: ...

    async def give_to_number(self, line: Line, desk: DeskCall, number: str) -> None: ...

    async def give_to_desk(self, line: Line, state: CallState) -> None: ...


@dataclass(slots=True)
class _Pull:
    owner: CallOwner
    line: Line
    came: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _GivenUp:
    user: UserKey
    line: tuple[str, str, str]
    number: str
    until: float


class Movement:
    """``desk`` and ``alternative`` are set where there is a link, and such a feature. ``start``
    runs what nobody waits for."""

    def __init__(
        self,
        *,
        book: CallBook,
        devices: DeviceRegistry,
        lines: LineDirectory,
        numbers: NumberNormaliser,
        events: EventSink,
        begin: Begin,
        start: Start,
    ) -> None:
        self._book = book
        self._devices = devices
        self._lines = lines
        self._numbers = numbers
        self._events = events
        self._begin = begin
        self._start = start
        self._pulls: dict[str, _Pull] = {}
        #: Pulls that ended before the PBX called the line.
        self._given_up: dict[str, _GivenUp] = {}
        self._numbers_of: dict[UserKey, Place] = {}
        self.desk: DeskSide | None = None
        self.alternative: AlternativeNumbers = NoAlternativeNumbers()

    # -- where to ----------------------------------------------------------------------------------
    def places_of(self, user: UserKey) -> tuple[Place, ...]:
        places = [Place(device, name) for device, name in self._devices.named(user)]
        if user in self._numbers_of:
            places.insert(0, self._numbers_of[user])
        return tuple(places)

    def places_of_new(self, user: UserKey) -> tuple[Place, ...]:
        """A new Call does not wait for the alternative number, which is read meanwhile."""
        self._start(self._read(user), "alternative number")
        return self.places_of(user)

    async def _read(self, user: UserKey) -> None:
        try:
            number = await self.alternative.alternative_number(user)
        except Exception as error:
            logger.warning("no alternative number for a call: %s", error or type(error).__name__)
            return
        place = None if number is None else Place(ALTERNATIVE, number.display)
        if place == self._numbers_of.get(user):
            return
        if place is None:
            del self._numbers_of[user]
        else:
            self._numbers_of[user] = place
        self.look_again(user)

    def look_again(self, user: UserKey) -> None:
        """A device came or went."""
        if not self._devices.online(user):
            self._numbers_of.pop(user, None)
        places = self.places_of(user)
        for owner in self._book.of(user):
            owner.post(Reachable(places))
        if self.desk is not None:
            self.desk.look_again(user, places)

    # -- commands ----------------------------------------------------------------------------------
    async def execute(self, actor: Actor, verb: str, call_id: str, body: Body) -> CommandResult:
        to = actor.device_id if verb == "pull" else target_of(body)
        desk = None if self.desk is None else self.desk.find(actor.user, call_id)
        if desk is not None:
            return await self._from_desk(actor, call_id, verb, to)
        owner = self._book.find(actor.user, call_id)
        if owner is None:
            raise problem(404, "call_unknown", "There is no such call.")
        if to == ALTERNATIVE:
            number = await self._alternative(actor.user)
            referral = Referral("transfer", number, place=ALTERNATIVE)
            state = await owner.command(Refer(actor.device_id, referral))
            return CommandResult(call_json(state))
        home = await self._home(actor.user) if to == DESK_PHONE else None
        state = await owner.command(MoveTo(actor.device_id, to))
        if home is not None:
            await self._to_desk(home[0], owner)
        return CommandResult(call_json(state))

    async def _alternative(self, user: UserKey) -> Number:
        number = await self.alternative.alternative_number(user)
        if number is None:
            raise not_there()
        return Number(number.dialled, number.canonical, number.display)

    async def _to_desk(self, line: Line, owner: CallOwner) -> None:
        if self.desk is None:
            owner.post(MoveFailed(told=True))
            raise not_there()
        await self._ask(self.desk.give_to_desk(line, owner.state), owner)

    async def _ask(self, asking: Coroutine[Any, Any, None], owner: CallOwner) -> None:
        """What the PBX refuses at once is refused. Some answer only when the call has moved, and
        this client's sound must not wait for that: then events tell."""
        task = self._start(_outcome(asking), "move")
        await asyncio.wait([task], timeout=ANSWER)
        if not task.done():
            task.add_done_callback(lambda done: self._refused_late(done, owner))
        elif (refused := task.result()) is not None:
            owner.post(MoveFailed(told=True))
            raise refused

    def _refused_late(self, done: asyncio.Task[Exception | None], owner: CallOwner) -> None:
        if done.cancelled() or done.result() is not None:
            if owner.state.id in self._pulls:
                self._pulls[owner.state.id].refused = True
            owner.post(MoveFailed())

    # -- from the desk phone -----------------------------------------------------------------------
    async def _from_desk(self, actor: Actor, call_id: str, verb: str, to: str) -> CommandResult:
        assert self.desk is not None
        user = actor.user
        line, site = await self._home(user)
        number = await self._alternative(user) if to == ALTERNATIVE else None
        while (left := self._book.find(user, call_id)) and self._only_at_desk(user, call_id):
            await left.gone.wait()  # it was here a moment ago, and its sound is being put away
        # Of two who ask at once the first gets it: nothing is waited for until it is written down.
        desk = self._may_leave(actor, call_id, verb, to)
        if number is not None:
            await self.desk.give_to_number(line, desk, number.canonical)
            return CommandResult(desk_json(desk))
        move = Move(to, actor.device_id)
        self.desk.on_its_way(user, call_id, move)
        owner = self._begin(pulling.begun(desk.state, move), line, site)
        self._pulls[call_id] = _Pull(owner, line)
        self._given_up.pop(call_id, None)
        owner.post(Started())
        await self._ask(self.desk.give_to_line(line, desk), owner)
        now = self.desk.find(user, call_id)
        return CommandResult(owner.json if now is None else desk_json(now))

    def _only_at_desk(self, user: UserKey, call_id: str) -> bool:
        at_desk = self.desk is not None and self.desk.find(user, call_id) is not None
        return at_desk and call_id not in self._pulls

    def _may_leave(self, actor: Actor, call_id: str, verb: str, to: str) -> DeskCall:
        """The Call as the desk phone has it now; raises Problem."""
        desk = None if self.desk is None else self.desk.find(actor.user, call_id)
        if self._book.find(actor.user, call_id) is not None:
            raise problem(409, "moving", "The call is already on its way to another device.")
        if desk is None:
            raise problem(404, "call_unknown", "There is no such call.")
        json = desk_json(desk)
        if verb not in json["actions"]:
            raise problem(409, "not_offered", "The phone system does not offer this now.")
        if to != actor.device_id and all(place["to"] != to for place in json["moves"]):
            raise not_there()
        return desk

    def came(
        self, line: Line, site: SiteProfile, caller: Caller, leg: LineLeg, offer: bytes
    ) -> bool:
        """The PBX calls the line: whether it is for a Call that the desk phone gives away."""
        number = self._numbers.from_wire(caller.user, site).canonical if caller.user else ANONYMOUS
        for pull in self._pulls.values():
            state, called = pull.owner.state, _key(pull.line) == _key(line)
            if not called or pull.came or _called_by(state) != number or self.desk is None:
                continue
            if not self.desk.is_another(line, state.id, caller.session_id or ""):
                pull.came = True
                pull.owner.take_line(leg)
                sdp = offer.decode("utf-8", "replace")
                pull.owner.post(LineCame(sdp, caller.session_id or uuid.uuid4().hex))
                return True
        return self._comes_too_late(line, number, leg)

    def _comes_too_late(self, line: Line, number: str, leg: LineLeg) -> bool:
        """It would ring as a call of its own while the desk phone has it still."""
        now = asyncio.get_running_loop().time()
        for call_id, late in list(self._given_up.items()):
            at_desk = self.desk is not None and self.desk.find(late.user, call_id) is not None
            if now > late.until or not at_desk:
                del self._given_up[call_id]
            elif (late.line, late.number) == (_key(line), number):
                del self._given_up[call_id]
                leg.reject(480, "the call stays at the desk phone")
                return True
        return False

    def stepped(self, state: CallState) -> bool:
        """A Call has taken a step; False while it is none of the user's yet."""
        pull = self._pulls.get(state.id)
        if pull is None or self.desk is None:
            return True
        if state.stage is Stage.PULLING:
            return False
        del self._pulls[state.id]
        if state.stage is Stage.LIVE:
            self.desk.let_go(state)
            return True
        self._not_pulled(state, pull)
        return False

    def _not_pulled(self, state: CallState, pull: _Pull) -> None:
        """The desk phone has it still, unless it ended meanwhile."""
        user, move = UserKey(state.tenant_id, state.user_id), state.moving
        if self.desk is None or move is None or self.desk.find(user, state.id) is None:
            return
        if state.words is not None and not (pull.came or pull.refused):
            until = asyncio.get_running_loop().time() + LATE
            late = _GivenUp(user, _key(pull.line), _called_by(state), until)
            self._given_up[state.id] = late
        self.desk.on_its_way(user, state.id, None)
        if state.words is None:  # it was refused at once
            return
        code = "pull_failed" if move.to == move.by else "move_failed"
        notice = {"call_id": state.id, "code": code, "words": state.words}
        self._events.to_device(user, move.by, "notice", notice)

    async def _home(self, user: UserKey) -> tuple[Line, SiteProfile]:
        home = await self._lines.home_line(user)
        if home is None:
            raise problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
        return home


async def _outcome(asking: Coroutine[Any, Any, None]) -> Exception | None:
    """Why it failed: the Call must not stay on its way, whatever went wrong."""
    try:
        await asking
    except Problem as problem:
        return problem
    except Exception as error:
        logger.exception("a call was not moved")
        return error
    return None


def _key(line: Line) -> tuple[str, str, str]:
    return (line.tenant_id, line.site_id, line.line_id)


def _called_by(state: CallState) -> str:
    """Whose number the PBX shows when it calls the line for this Call."""
    return state.number.canonical or ANONYMOUS


def not_there() -> Problem:
    return problem(409, "not_offered", "The call cannot be moved there.")


def target_of(body: Body) -> str:
    to = body.get("to")
    if not isinstance(to, str) or not 0 < len(to) <= 64:
        raise problem(422, "place_invalid", "The command does not say where the call is to go.")
    return to
