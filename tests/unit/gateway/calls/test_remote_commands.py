"""Commands of a program for a user: the device that is to speak is told so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.ports import Actor
from tests.support.gateway_ports import ANNA, soon
from tests.support.gateway_rig import Rig, gateway_rig

PROGRAM = Actor(ANNA, "key:k", "d1", remote=True)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


async def told(rig: Rig, count: int = 1) -> dict[str, Any]:
    await rig.sink.wait("media.renegotiate", "d1", count)
    return rig.sink.of("media.renegotiate", "d1")[-1]


async def test_a_device_is_asked_for_the_sound_of_a_call_that_a_program_dialled(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1", "d2")
    result = await rig.calls.execute(PROGRAM, "dial", {"to": "710"}, "1")
    assert result.call is not None and result.call["device_id"] == "d1"
    assert await told(rig) == {"call_id": result.call["id"], "fresh": True}
    # In this order, or the device would be asked about a call that it does not know.
    names = [event for _, event, _ in rig.sink.events]
    assert names.index("call.created") < names.index("media.renegotiate")
    assert rig.sink.of("media.renegotiate", "d2") == []
    await rig.media("d1", result.call["id"])
    await connector.next_call()


async def test_a_user_who_dials_is_not_asked(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    call = await rig.do("d1", "dial", to="710")
    await rig.media("d1", call["id"])
    await connector.next_call()
    assert rig.sink.of("media.renegotiate", "d1") == []


async def test_a_device_that_is_made_to_answer_keeps_its_path_and_opens_its_microphone(
    rig: Rig,
) -> None:
    connector = await rig.linked()
    rig.online("d1")
    _, far = connector.call(connector.flows[0])
    call = (await rig.sink.wait("ring.offer", "d1"))["call"]
    await rig.media("d1", call["id"])
    await rig.calls.execute(PROGRAM, "answer", {"call_id": call["id"]}, "1")
    assert await told(rig) == {"call_id": call["id"], "fresh": False}
    assert (await rig.sink.phase("connected"))["device_id"] == "d1"
    await soon(lambda: far.answer)


async def test_a_device_without_a_path_is_asked_for_a_new_one(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    connector.call(connector.flows[0])
    call = (await rig.sink.wait("ring.offer", "d1"))["call"]
    await rig.calls.execute(PROGRAM, "answer", {"call_id": call["id"]}, "1")
    assert await told(rig) == {"call_id": call["id"], "fresh": True}
    await rig.media("d1", call["id"])
    assert (await rig.sink.phase("connected"))["device_id"] == "d1"
