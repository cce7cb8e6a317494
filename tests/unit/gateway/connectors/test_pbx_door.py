"""Before the link to connectors exists nothing is offered; afterwards the door is not noticed."""

from __future__ import annotations

import pytest

from gateway.connectors.pbx_door import PbxDoor
from gateway.pbx_ports import PbxCapabilities
from gateway.ports import Problem, UserKey

USER = UserKey("t", "u")


class _Pbx:
    on = False

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        return PbxCapabilities(reachable=True, do_not_disturb=True)

    async def get_do_not_disturb(self, user: UserKey) -> bool:
        return self.on

    async def set_do_not_disturb(self, user: UserKey, on: bool) -> None:
        self.on = on

    async def get_forwarding(self, user: UserKey) -> list[object]:
        return []

    async def set_forwarding(self, *args: object, **more: object) -> None: ...


async def test_a_closed_door_offers_nothing_and_says_so() -> None:
    door = PbxDoor()

    assert await door.capabilities(USER) == PbxCapabilities()
    with pytest.raises(Problem) as refusal:
        await door.set_do_not_disturb(USER, True)
    assert (refusal.value.status, refusal.value.code) == (409, "not_offered")


async def test_an_open_door_leads_to_the_pbx() -> None:
    door, pbx = PbxDoor(), _Pbx()

    door.open(pbx)  # type: ignore[arg-type]

    await door.set_do_not_disturb(USER, True)
    assert pbx.on
    assert await door.get_do_not_disturb(USER)
    assert (await door.capabilities(USER)).reachable
