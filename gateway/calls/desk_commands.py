"""Commands for the desk phone: each is one CSTA service, asked of the PBX at once.

The PBX answers such a request in milliseconds, so its refusal is the refusal of the command; what
comes of it the news of the link tell.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.calls import csta
from gateway.calls.commands import dial_target, problem
from gateway.calls.csta import DeskCall
from gateway.calls.desk import DeskPhones
from gateway.calls.desk_phone import DeskPhone
from gateway.calls.dialling import for_another_phone
from gateway.calls.far_side import droppable
from gateway.calls.model import CallState
from gateway.calls.pickup import Pickup, Ringing
from gateway.calls.view import Call
from gateway.ports import (
    Actor,
    AlternativeNumbers,
    CommandResult,
    Line,
    LineDirectory,
    NoAlternativeNumbers,
    NumberNormaliser,
    Problem,
    SiteProfile,
    UserKey,
)
from protocols.csta.device_names import DeviceName
from protocols.csta.message import Request, Response
from protocols.csta.services.call_control import MakeCall
from protocols.csta.values import AutoOriginate

#: Asks the line's PBX; raises Problem 503 pbx_unreachable or 502 pbx_refused.
Ask = Callable[[Line, Request], Awaitable[Response]]

MAX_DIGITS = 64
_DIGITS = re.compile(r"[0-9A-Da-d*#]+")


class DeskCommands:
    """Beside the commands of :class:`gateway.calls.service.Calls`, for Calls that are not there."""

    def __init__(
        self,
        desk: DeskPhones,
        ask: Ask,
        lines: LineDirectory,
        numbers: NumberNormaliser,
        alternative: AlternativeNumbers | None = None,
    ) -> None:
        self._desk = desk
        self._ask = ask
        self._lines = lines
        self._numbers = numbers
        self._alternative = alternative or NoAlternativeNumbers()

    def knows(self, user: UserKey, call_id: str) -> bool:
        return self._desk.find(user, call_id) is not None

    def watches(self, line: Line) -> bool:
        """The PBX tells what becomes of this line's calls."""
        reachable = self._desk.reachable(line.tenant_id, line.site_id)
        return reachable and self._desk.line_of(line) is not None

    def calls_of(self, user: UserKey) -> list[Call]:
        return self._desk.calls_of(user)

    def phone_of(self, user: UserKey) -> DeskPhone | None:
        return self._desk.phone_of(user)

    def pickups_of(self, user: UserKey) -> list[Pickup]:
        return self._desk.pickups_of(user)

    def pickup(self, user: UserKey, pickup_id: str) -> Ringing | None:
        return self._desk.pickup(user, pickup_id)

    async def dial(self, actor: Actor, body: Mapping[str, Any]) -> CommandResult:
        """The Call itself is made by what the PBX then tells."""
        line, site = await self._home(actor.user)
        target = for_another_phone(body, site, self._numbers)
        if not self._desk.reachable(line.tenant_id, line.site_id):
            raise problem(409, "not_offered", "Your desk phone cannot be reached from here now.")
        known = self._desk.line_of(line)
        if known is not None and known.view.in_service is False:
            raise problem(409, "not_offered", "Your desk phone is not signed in at the PBX.")
        await self._ask(
            line,
            MakeCall(
                calling_device=line.number,
                called_directory_number=target,
                auto_originate=AutoOriginate.DO_NOT_PROMPT,
            ),
        )
        return CommandResult()

    async def dial_from_alternative(self, actor: Actor, body: Mapping[str, Any]) -> CommandResult:
        """The PBX rings the user's other phone first, and whoever is called sees the work number.
        What becomes of it the PBX does not tell: that phone is none of its own."""
        line, site = await self._home(actor.user)
        target = for_another_phone(body, site, self._numbers)
        own = await self._alternative.alternative_number(actor.user)
        if own is None:
            raise problem(409, "no_alternative_number", "You have set no alternative number.")
        if not self._desk.reachable(line.tenant_id, line.site_id):
            raise problem(409, "not_offered", "Your phone system cannot be asked for this now.")
        await self._ask(
            line,
            MakeCall(
                calling_device=str(DeviceName(own.canonical, "alternative")),
                called_directory_number=target,
                auto_originate=AutoOriginate.PROMPT,
            ),
        )
        return CommandResult()

    async def execute(
        self, actor: Actor, verb: str, call_id: str, body: Mapping[str, Any]
    ) -> CommandResult:
        desk = self._desk.find(actor.user, call_id)
        if desk is None:
            raise problem(404, "call_unknown", "There is no such call.")
        if verb == "silence":  # no device of ours rings for it
            return CommandResult(csta.desk_json(desk))
        if verb not in csta.actions(desk):
            raise problem(409, "not_offered", "The phone system does not offer this now.")
        line, site = await self._home(actor.user)
        if verb == "drop":
            await self._drop(line, desk.call_id, desk.state, body)
            return CommandResult(csta.desk_json(self._desk.find(actor.user, call_id) or desk))
        to = await self._target(verb, body, site)
        other = self._other(actor.user, desk, body)
        request = csta.request_for(verb, desk, other, to, self._digits(verb, body))
        if request is None:
            raise problem(409, "not_now", "That is not possible at this point of the call.")
        if verb == "decline":  # before it is asked: its end may be told before the answer
            self._desk.decline(actor.user, call_id, True)
        try:
            await self._ask(line, request)
        except Problem:
            if verb == "decline":
                self._desk.decline(actor.user, call_id, False)
            raise
        now = self._desk.find(actor.user, call_id)
        return CommandResult(csta.desk_json(now or desk))

    async def drop(self, user: UserKey, state: CallState, body: Mapping[str, Any]) -> None:
        """Of a conference that a device of ours is in: over SIP nobody can be let go."""
        call_id = self._desk.csta_call(user, state.session_id)
        if call_id is None or not droppable(state):
            raise problem(409, "not_offered", "The phone system does not offer this now.")
        line, _ = await self._home(user)
        await self._drop(line, call_id, state, body)

    async def _drop(
        self, line: Line, call_id: str, state: CallState, body: Mapping[str, Any]
    ) -> None:
        request = csta.dropping(call_id, state, body.get("participant"))
        if request is None:
            raise problem(404, "participant_unknown", "There is no such participant.")
        await self._ask(line, request)

    async def _home(self, user: UserKey) -> tuple[Line, SiteProfile]:
        home = await self._lines.home_line(user)
        if home is None:
            raise problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
        return home

    async def _target(self, verb: str, body: Mapping[str, Any], site: SiteProfile) -> str | None:
        if verb == "consult" or (verb == "transfer" and "to" in body):
            return self._numbers.normalise(dial_target(body), site).canonical
        return None

    def _other(self, user: UserKey, desk: DeskCall, body: Mapping[str, Any]) -> DeskCall | None:
        wanted = body.get("with")
        if wanted is None:
            return csta.other_of(desk, self._desk.of(user))
        found = self._desk.find(user, wanted) if isinstance(wanted, str) else None
        if found is None:
            raise problem(404, "call_unknown", "There is no such call on the desk phone.")
        return found

    def _digits(self, verb: str, body: Mapping[str, Any]) -> str:
        if verb != "dtmf":
            return ""
        digits = body.get("digits")
        if not isinstance(digits, str) or not _DIGITS.fullmatch(digits) or len(digits) > MAX_DIGITS:
            raise problem(422, "digits_invalid", "Digits are 0 to 9, *, # and A to D, at most 64.")
        return digits.upper()
