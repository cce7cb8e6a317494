"""Another phone of the user: work calls go there as the PBX says, and calls begin from there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from connector.csta import guard
from emulator.switch.features import When
from tests.scenario.test_two_calls import desk
from tests.support.call_stack import ANNA, BERTA, Parts, call_stack
from tests.support.device_client import Device, Refused

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "CHANGES", 1000)  # tests change their mind faster than people
        async with call_stack(folder, profile=request.param, csta=True) as parts:
            await parts.control_works()
            yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def anna(stack: Parts) -> AsyncIterator[Device]:
    for number in ("101", "102", "103"):
        stack.phone(number).answer_after(None)
    device = await stack.device(ANNA)
    yield device
    await device.rest("PUT", "/alternative-number", json={"number": None})
    await stack.sign_off()
    await stack.nothing_left()


async def put(device: Device, number: str | None, receive: str) -> dict[str, Any]:
    view: dict[str, Any] = await device.rest(
        "PUT", "/alternative-number", json={"number": number, "receive": receive}
    )
    return view


async def test_nothing_is_set_at_first(anna: Device) -> None:
    view = await anna.rest("GET", "/alternative-number")
    assert view["number"] is None and view["receive"] == "never" and not view["may_dial"]
    assert view["modes"] == ["never", "no_answer", "always"]
    with pytest.raises(Refused) as refusal:
        await anna.do("dial", to="102", **{"from": "alternative"})
    assert refusal.value.code == "no_alternative_number"


async def test_all_calls_go_there_at_once(stack: Parts, anna: Device) -> None:
    view = await put(anna, "103", "always")
    assert view["receive"] == "always" and view["number"]["canonical"] == "103"
    await stack.phone("102").dial("101")
    await stack.rings("103")
    assert stack.phone("101").state == "idle" and anna.calls == {}
    stack.phone("102").hang_up()

    view = await put(anna, "103", "never")
    assert view["receive"] == "never" and view["number"]["canonical"] == "103"
    await stack.phone("102").dial("101")
    await stack.rings("101")
    stack.phone("102").hang_up()


async def test_calls_that_nobody_answers_go_there(stack: Parts, anna: Device) -> None:
    assert (await put(anna, "103", "no_answer"))["receive"] == "no_answer"
    await stack.phone("102").dial("101")
    await stack.rings("101")
    call_id = await anna.ringing()
    (call,) = stack.pbx.calls.values()
    stack.pbx.placing.ring_time_over(call)
    await stack.rings("103")
    stack.phone("103").answer()
    await anna.until(lambda: stack.phone("102").state == "connected", "it is answered there")
    stack.phone("102").hang_up()
    entry = await anna.entry(call_id)
    assert (entry["kind"], entry["forwarded_to"]) == ("forwarded", "103")


async def test_what_is_switched_off_at_the_pbx_is_off(stack: Parts, anna: Device) -> None:
    await put(anna, "103", "always")
    stack.pbx.features.set_forwarding("101", When.IMMEDIATE, None)
    await anna.event("forwarding.changed")
    assert (await anna.rest("GET", "/alternative-number"))["receive"] == "never"


async def test_a_call_begins_there_with_the_work_number(stack: Parts, anna: Device) -> None:
    await put(anna, "103", "no_answer")
    desk(stack, "103", 700)
    stack.phone("103").answer_after(None)
    berta = await stack.device(BERTA)
    await anna.until(
        lambda: any("dial_alternative" in p["offers"] for _, p in anna.events if "offers" in p),
        "it is offered",
    )
    assert (await anna.do("dial", to="102", **{"from": "alternative"})).get("call") is None
    await stack.rings("103")
    assert stack.phone("102").state == "idle"
    stack.phone("103").answer()
    call_id = await berta.ringing()
    assert berta.calls[call_id]["remote"]["number"]["canonical"] == "101"
    await berta.answer(call_id)
    await berta.phase(call_id, "connected")
    await berta.hears(call_id, 700)
    assert set(berta.calls) == {call_id} and anna.calls == {}
    await berta.hang_up(call_id)
    await anna.until(lambda: stack.phone("103").state == "idle", "the end")


async def test_wrong_numbers_are_refused(anna: Device) -> None:
    for number, code in (("101", "forward_to_self"), ("112", "forward_to_emergency")):
        with pytest.raises(Refused, match=code):
            await put(anna, number, "always")
    with pytest.raises(Refused, match="number_missing"):
        await put(anna, None, "always")
    assert (await anna.rest("GET", "/alternative-number"))["number"] is None
