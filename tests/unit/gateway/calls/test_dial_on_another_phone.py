"""What the PBX is asked to dial on another phone of the user."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gateway.calls.desk_commands import DeskCommands
from gateway.ports import Actor, Line, Numbers, Problem, UserKey
from protocols.csta.message import Request
from protocols.csta.services.call_control import MakeCall
from tests.support.gateway_ports import ANNA, FakeLines, FakeNumbers


class Mobile:
    """Anna's alternative number."""

    async def alternative_number(self, user: UserKey) -> Numbers:
        return Numbers("0170", "+49170", "0170")


@pytest.mark.parametrize("origin", ["desk_phone", "alternative"])
async def test_a_number_that_would_be_shown_is_not_promised_to_be_hidden(origin: str) -> None:
    asked: list[Request] = []

    async def ask(line: Line, request: Request) -> Any:
        asked.append(request)

    desk: Any = SimpleNamespace(reachable=lambda *site: True, line_of=lambda line: None)
    commands = DeskCommands(desk, ask, FakeLines(), FakeNumbers(), Mobile())
    dial = commands.dial if origin == "desk_phone" else commands.dial_from_alternative
    anna = Actor(ANNA, "session", "d1")

    with pytest.raises(Problem, match="not_offered"):
        await dial(anna, {"to": "+498924", "hide_number": True})
    assert asked == []
    await dial(anna, {"to": "112", "hide_number": True})  # whoever helps sees the number anyhow
    await dial(anna, {"to": "+498924", "hide_number": False})
    called = [request for request in asked if isinstance(request, MakeCall)]
    assert [request.called_directory_number for request in called] == ["112", "+498924"]
