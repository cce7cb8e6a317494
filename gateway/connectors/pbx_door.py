"""The door through which features reach the PBX: closed until the call side has been built.

Features are made before the link to connectors exists, and hold this. Closed, it says honestly
that nothing is offered.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.pbx_ports import Forwarding, ForwardingKind, HuntGroup, PbxCapabilities, PbxControl
from gateway.ports import Numbers, Problem, UserKey


class PbxDoor:
    """Implements :class:`gateway.pbx_ports.PbxControl` by whatever it was opened to."""

    def __init__(self) -> None:
        self._control: PbxControl | None = None

    def open(self, control: PbxControl) -> None:
        self._control = control

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        if self._control is None:
            return PbxCapabilities()
        return await self._control.capabilities(user)

    async def get_do_not_disturb(self, user: UserKey) -> bool:
        return await self._open_door.get_do_not_disturb(user)

    async def set_do_not_disturb(self, user: UserKey, on: bool) -> None:
        await self._open_door.set_do_not_disturb(user, on)

    async def get_forwarding(self, user: UserKey) -> Sequence[Forwarding]:
        return await self._open_door.get_forwarding(user)

    async def set_forwarding(
        self, user: UserKey, kind: ForwardingKind, *, active: bool, to: Numbers | None = None
    ) -> None:
        await self._open_door.set_forwarding(user, kind, active=active, to=to)

    async def hunt_groups(self, user: UserKey) -> Sequence[HuntGroup]:
        return await self._open_door.hunt_groups(user)

    async def set_hunt_group(self, user: UserKey, number: str, logged_in: bool) -> None:
        await self._open_door.set_hunt_group(user, number, logged_in)

    async def get_preferred_device(self, user: UserKey) -> Numbers | None:
        return await self._open_door.get_preferred_device(user)

    async def set_preferred_device(self, user: UserKey, to: Numbers | None) -> None:
        await self._open_door.set_preferred_device(user, to)

    @property
    def _open_door(self) -> PbxControl:
        if self._control is None:
            raise Problem(409, "not_offered", "The telephone system cannot be asked for this here.")
        return self._control
