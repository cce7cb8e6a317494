"""What call control asks of Calls on desk phones, where there is a link to tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from gateway.calls.desk_phone import DeskPhone
from gateway.calls.model import CallState
from gateway.calls.pickup import Pickup, Ringing
from gateway.calls.view import Call
from gateway.ports import Actor, CommandResult, Line, UserKey


class DeskDoor(Protocol):
    """See :mod:`gateway.calls.desk_commands`."""

    def knows(self, user: UserKey, call_id: str) -> bool: ...

    def watches(self, line: Line) -> bool: ...

    def calls_of(self, user: UserKey) -> list[Call]: ...

    def phone_of(self, user: UserKey) -> DeskPhone | None: ...

    def pickups_of(self, user: UserKey) -> list[Pickup]: ...

    def pickup(self, user: UserKey, pickup_id: str) -> Ringing | None: ...

    async def drop(self, user: UserKey, state: CallState, body: Mapping[str, Any]) -> None: ...

    async def dial(self, actor: Actor, body: Mapping[str, Any]) -> CommandResult: ...

    async def dial_from_alternative(
        self, actor: Actor, body: Mapping[str, Any]
    ) -> CommandResult: ...

    async def execute(
        self, actor: Actor, verb: str, call_id: str, body: Mapping[str, Any]
    ) -> CommandResult: ...
