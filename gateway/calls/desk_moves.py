"""Calls between the desk phone and our line: what the PBX is asked, and what its word changes.

The PBX moves an answered call between the devices of one number by a single step transfer
(ECMA-269 section 17.1.26): the other device rings in the same call, and until it has answered the
call stays where it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway.calls.csta import DESK, LINE, DeskCall
from gateway.calls.desk import DeskPhones
from gateway.calls.model import CallState
from gateway.calls.movement import not_there
from gateway.calls.parties import Move, Place
from gateway.ports import Line, UserKey
from protocols.csta.device_names import DeviceName
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Request, Response
from protocols.csta.services.call_control import SingleStepTransferCall

Ask = Callable[[Line, Request], Awaitable[Response]]


class DeskMoves:
    """Implements :class:`gateway.calls.movement.DeskSide`."""

    def __init__(self, phones: DeskPhones, ask: Ask) -> None:
        self._phones = phones
        self._ask = ask

    def find(self, user: UserKey, call_id: str) -> DeskCall | None:
        return self._phones.find(user, call_id)

    def on_its_way(self, user: UserKey, call_id: str, move: Move | None) -> None:
        self._phones.on_its_way(user, call_id, move)

    def is_another(self, line: Line, call_id: str, session_id: str) -> bool:
        return self._phones.is_another(line, call_id, session_id)

    def let_go(self, state: CallState) -> None:
        self._phones.let_go(state)

    def look_again(self, user: UserKey, places: tuple[Place, ...]) -> None:
        self._phones.look_again(user, places)

    async def give_to_line(self, line: Line, desk: DeskCall) -> None:
        await self._transfer(line, desk.connection, _own(line, LINE))

    async def give_to_number(self, line: Line, desk: DeskCall, number: str) -> None:
        await self._transfer(line, desk.connection, number)

    async def give_to_desk(self, line: Line, state: CallState) -> None:
        user = UserKey(state.tenant_id, state.user_id)
        call_id = self._phones.csta_call(user, state.session_id)
        if call_id is None:
            raise not_there()
        await self._transfer(line, ConnectionId(call_id, _own(line, LINE)), _own(line, DESK))

    async def _transfer(self, line: Line, connection: ConnectionId, to: str) -> None:
        await self._ask(line, SingleStepTransferCall(active_call=connection, transferred_to=to))


def _own(line: Line, role: str) -> str:
    """One of the line's own devices, as the link names them (connector-link.md)."""
    return str(DeviceName(line.number, role))
