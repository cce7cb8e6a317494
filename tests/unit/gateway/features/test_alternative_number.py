"""What is kept here of the other phone, and what the PBX does, when the PBX refuses or is away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.connectors.pbx_door import PbxDoor
from gateway.pbx_ports import Forwarding, ForwardingKind, PbxCapabilities
from gateway.ports import Numbers, Problem, UserKey
from tests.support.gateway_platform import Bench

OLD, NEW = "+498912345", "+498954321"


class Pbx(PbxDoor):
    """Forwards at once and on no answer. ``says_no``: what it raises when it is asked that."""

    def __init__(self) -> None:
        super().__init__()
        self.to: dict[ForwardingKind, str] = {}
        self.says_no: dict[str, Problem] = {}

    def _ask(self, what: str) -> None:
        if what in self.says_no:
            raise self.says_no[what]

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        reachable = "get" not in self.says_no
        return PbxCapabilities(reachable, forwarding=("immediate", "no_answer") * reachable)

    async def get_forwarding(self, user: UserKey) -> Sequence[Forwarding]:
        self._ask("get")
        return [
            Forwarding(kind, True, Numbers(number, number, number))
            for kind, number in self.to.items()
        ]

    async def set_forwarding(
        self, user: UserKey, kind: ForwardingKind, *, active: bool, to: Numbers | None = None
    ) -> None:
        self._ask("on" if active else "off")
        if to is not None:
            self.to[kind] = to.canonical
        else:
            self.to.pop(kind)


class User:
    def __init__(self, bench: Bench, token: str) -> None:
        self._bench, self._token = bench, token

    async def put(self, number: str | None, receive: str = "never") -> tuple[int, Any]:
        body = {"number": number, "receive": receive}
        status, view, _ = await self._bench.call(
            "PUT", "/alternative-number", self._token, json=body
        )
        return status, view.get("code")

    async def number(self) -> str | None:
        _, view, _ = await self._bench.call("GET", "/alternative-number", self._token)
        return None if view["number"] is None else str(view["number"]["canonical"])


@pytest.fixture
def pbx(bench: Bench) -> Pbx:
    control = Pbx()
    bench.gateway.features.pbx.open(control)
    return control


@pytest.fixture
async def anna(bench: Bench, pbx: Pbx) -> User:
    user = User(bench, (await bench.login())["access_token"])
    assert await user.put(OLD, "always") == (200, None)
    assert pbx.to == {"immediate": OLD}
    return user


@pytest.mark.parametrize("receive", ["always", "no_answer"])
@pytest.mark.parametrize("refused", ["on", "off"])
async def test_calls_go_where_they_went_when_the_change_is_refused(
    anna: User, pbx: Pbx, receive: str, refused: str
) -> None:
    pbx.says_no = {refused: Problem(502, "pbx_refused", "no")}
    status, code = await anna.put(NEW, receive)
    if (receive, refused) == ("always", "off"):  # the one kind has another target: nothing is off
        assert (status, pbx.to) == (200, {"immediate": NEW})
        return
    assert (status, code) == (502, "pbx_refused")
    assert pbx.to["immediate"] == OLD and await anna.number() == OLD
    pbx.says_no = {}
    assert await anna.put(NEW, receive) == (200, None)
    assert pbx.to == {"immediate" if receive == "always" else "no_answer": NEW}


async def test_a_number_is_not_forgotten_while_the_pbx_is_away(anna: User, pbx: Pbx) -> None:
    pbx.says_no = {"get": Problem(503, "pbx_unreachable", "away")}
    for number in (None, NEW):
        assert await anna.put(number) == (503, "pbx_unreachable")
    assert await anna.number() == OLD
    pbx.says_no = {}
    assert await anna.put(None) == (200, None)
    assert (pbx.to, await anna.number()) == ({}, None)


async def test_without_a_control_side_a_number_may_go(anna: User, pbx: Pbx) -> None:
    pbx.says_no = {"get": Problem(409, "not_offered", "no such link")}
    assert await anna.put(None) == (200, None)
    assert await anna.number() is None
