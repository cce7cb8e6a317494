"""C1 to C5: a call goes to another device, to the desk phone, to the alternative number, and back.

It is one call all the way: one id, one journal entry, and the far end hears whoever has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device, Refused

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    await stack.control_works()
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


async def talking(parts: Parts) -> tuple[Device, Device, str]:
    """Anna talks on her PC (900 Hz) to Berta's desk phone (500 Hz); her mobile is 600 Hz."""
    pc, mobile = await parts.device(hertz=900), await parts.device(hertz=600)
    far = parts.phone("102")
    far.say("tone:500")
    far.answer_after(0)
    call_id = await pc.dial("102")
    await pc.phase(call_id, "connected")
    await pc.hears(call_id, 500)
    await mobile.until(lambda: call_id in mobile.calls, "the call is shown")
    return pc, mobile, call_id


async def is_on(device: Device, call_id: str, on: str, at: str | None) -> dict[str, Any]:
    """The call is where it should be, and nothing is on its way any more."""

    def there() -> dict[str, Any] | None:
        call = device.calls[call_id]
        here = (call["on"], call["device_id"], call["moving"]) == (on, at, None)
        return call if here else None

    call: dict[str, Any] = await device.until(there, f"the call is on {on} {at}")
    assert call["phase"] == "connected"
    return call


async def far_hears(parts: Parts, device: Device, hertz: int, number: str = "102") -> None:
    heard = parts.phone(number).active.heard
    await device.until(lambda: heard.tone(hertz, 0.3).heard, f"{number} hears {hertz} Hz")


async def one_entry(device: Device, call_id: str, before: int) -> None:
    assert (await device.entry(call_id))["kind"] == "answered"
    assert len(await device.journal()) == before + 1


# -- between devices -------------------------------------------------------------------------------
async def test_a_device_pulls_the_call_and_moves_it_back(parts: Parts) -> None:
    pc, mobile, call_id = await talking(parts)
    entries = len(await pc.journal())
    seen = pc.calls[call_id]
    assert {"to": mobile.id, "name": "headless"} in seen["moves"]
    dialogs = [call.dialog.call_id for call in parts.edge.ua.calls]

    await mobile.do("pull", call_id=call_id)
    await is_on(mobile, call_id, "device", mobile.id)
    await far_hears(parts, pc, 600)
    await mobile.hears(call_id, 500)
    await is_on(pc, call_id, "device", mobile.id)

    await mobile.do("move", call_id=call_id, to=pc.id)
    await is_on(pc, call_id, "device", pc.id)
    await far_hears(parts, pc, 900)
    await pc.hears(call_id, 500)

    assert [call.dialog.call_id for call in parts.edge.ua.calls] == dialogs
    await pc.hang_up(call_id)
    await pc.phase(call_id, "ended")
    await one_entry(pc, call_id, entries)


async def test_a_held_call_is_held_on_the_other_device_too(parts: Parts) -> None:
    pc, mobile, call_id = await talking(parts)
    await pc.do("hold", call_id=call_id)
    await mobile.until(lambda: mobile.calls[call_id]["hold"] == "local", "held")
    await mobile.do("pull", call_id=call_id)
    call = await is_on(mobile, call_id, "device", mobile.id)
    assert call["hold"] == "local"
    await mobile.do("retrieve", call_id=call_id)
    await mobile.hears(call_id, 500)
    await far_hears(parts, pc, 600)


async def test_of_two_devices_that_pull_at_once_one_gets_the_call(parts: Parts) -> None:
    pc, mobile, call_id = await talking(parts)
    tablet = await parts.device(hertz=800)
    results = await asyncio.gather(
        *(device.do("pull", call_id=call_id) for device in (mobile, tablet)),
        return_exceptions=True,
    )
    (lost,) = [result for result in results if isinstance(result, Refused)]
    assert lost.code == "moving"
    winner = mobile if isinstance(results[1], Refused) else tablet
    await is_on(pc, call_id, "device", winner.id)
    await far_hears(parts, pc, 600 if winner is mobile else 800)


async def test_a_device_without_sound_does_not_get_the_call(parts: Parts) -> None:
    pc, mobile, call_id = await talking(parts)
    mobile.repairs = False  # it brings no sound when it is asked to
    await pc.do("move", call_id=call_id, to=mobile.id)
    notice = await pc.event("notice", code="move_failed")
    assert notice["words"] == "The other device did not take the call."
    await is_on(pc, call_id, "device", pc.id)
    await far_hears(parts, pc, 900)


# -- from the desk phone ---------------------------------------------------------------------------
async def at_the_desk(parts: Parts, *, incoming: bool = False) -> tuple[Device, str]:
    """Anna speaks on her desk phone (400 Hz) with Berta's (500 Hz); her PC is 900 Hz."""
    anna = await parts.device(hertz=900)
    desk, far = parts.phone("101"), parts.phone("102")
    desk.say("tone:400")
    far.say("tone:500")
    if incoming:
        desk.answer_after(None)
        await far.dial("101")
        await parts.rings("101")
        desk.answer()
    else:
        far.answer_after(0)
        await desk.dial("102")
    calls = anna.calls

    def found() -> str | None:
        on_desk = [c for c in calls.values() if c["on"] == "desk_phone"]
        there = on_desk and on_desk[0]["phase"] == "connected" and "pull" in on_desk[0]["actions"]
        return on_desk[0]["id"] if there else None

    call_id: str = await anna.until(found, "the desk phone's call")
    return anna, call_id


@pytest.mark.parametrize("incoming", [False, True])
async def test_a_call_is_pulled_from_the_desk_phone_and_pushed_back(
    parts: Parts, incoming: bool
) -> None:
    anna, call_id = await at_the_desk(parts, incoming=incoming)
    entries = len(await anna.journal())
    began, before = anna.calls[call_id]["answered_at"], len(anna.events)

    reply = await anna.do("pull", call_id=call_id)
    assert reply["call"]["moving"] == {"to": anna.id, "by": anna.id}
    call = await is_on(anna, call_id, "device", anna.id)
    assert call["answered_at"] == began
    assert call["direction"] == ("in" if incoming else "out")
    await far_hears(parts, anna, 900)
    await anna.hears(call_id, 500)
    assert parts.phone("101").active is None
    since = {name for name, _ in anna.events[before:]}
    assert since.isdisjoint({"ring.offer", "call.ended", "call.created"})

    await anna.until(
        lambda: {"to": "desk_phone", "name": None} in anna.calls[call_id]["moves"],
        "the desk phone is offered",
    )
    await anna.do("move", call_id=call_id, to="desk_phone")
    await is_on(anna, call_id, "desk_phone", None)
    await far_hears(parts, anna, 400)

    await anna.until(lambda: "pull" in anna.calls[call_id]["actions"], "it may be pulled again")
    await anna.do("pull", call_id=call_id)
    await is_on(anna, call_id, "device", anna.id)
    await far_hears(parts, anna, 900)
    parts.phone("102").hang_up()
    await anna.phase(call_id, "ended")
    assert anna.calls[call_id]["reason"] == "hung_up"
    assert list(anna.calls) == [call_id]
    await one_entry(anna, call_id, entries)


async def test_a_pull_without_sound_leaves_the_call_at_the_desk_phone(parts: Parts) -> None:
    anna, call_id = await at_the_desk(parts)
    anna.repairs = False
    await anna.do("pull", call_id=call_id)
    await anna.event("notice", code="pull_failed")
    await is_on(anna, call_id, "desk_phone", None)
    await far_hears(parts, anna, 400)
    await anna.until(lambda: "hold" in anna.calls[call_id]["actions"], "all is as before")
    await anna.do("hang_up", call_id=call_id)
    await anna.phase(call_id, "ended")


async def test_a_far_end_that_hangs_up_during_a_pull_ends_the_call(parts: Parts) -> None:
    anna, call_id = await at_the_desk(parts)
    anna.repairs = False
    await anna.do("pull", call_id=call_id)
    parts.phone("102").hang_up()
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "hung_up"
    assert (await anna.entry(call_id))["kind"] == "answered"
    assert list(anna.calls) == [call_id]


# -- to the desk phone -----------------------------------------------------------------------------
async def pushable(device: Device, call_id: str) -> None:
    def offered() -> bool:
        return "desk_phone" in [place["to"] for place in device.calls[call_id]["moves"]]

    await device.until(offered, "the desk phone is offered")


async def test_a_far_end_that_hangs_up_during_a_push_ends_the_call(parts: Parts) -> None:
    pc, _, call_id = await talking(parts)
    await pushable(pc, call_id)
    await pc.do("move", call_id=call_id, to="desk_phone")
    parts.phone("102").hang_up()
    ended = await pc.phase(call_id, "ended")
    assert ended["reason"] == "hung_up"
    await pc.until(lambda: parts.phone("101").active is None, "the desk phone is free")


async def test_a_desk_phone_in_another_call_does_not_take_it(parts: Parts) -> None:
    pc, _, call_id = await talking(parts)
    await pushable(pc, call_id)
    parts.phone("101").lift()
    await pc.do("move", call_id=call_id, to="desk_phone")
    notice = await pc.event("notice", code="move_failed")
    assert notice["words"] == "Your desk phone did not take the call."
    await is_on(pc, call_id, "device", pc.id)
    await far_hears(parts, pc, 900)
    parts.phone("101").hang_up()


# -- to the alternative number ---------------------------------------------------------------------
async def with_alternative(parts: Parts, number: str) -> tuple[Device, str]:
    """Anna's alternative number is Carla's desk phone (700 Hz), or nobody's."""
    carla = parts.phone("103")
    carla.say("tone:700")
    carla.answer_after(0)
    first = await parts.device(hertz=900)
    await first.rest("PUT", "/alternative-number", json={"number": number, "receive": "never"})
    pc, _, call_id = await talking(parts)

    def offered() -> bool:
        return "alternative" in [place["to"] for place in pc.calls[call_id]["moves"]]

    await pc.until(offered, "the alternative number is offered")
    return pc, call_id


async def test_a_call_goes_to_the_alternative_number(parts: Parts) -> None:
    pc, call_id = await with_alternative(parts, "103")
    entries = len(await pc.journal())
    reply = await pc.do("move", call_id=call_id, to="alternative")
    assert reply["call"]["moving"] == {"to": "alternative", "by": pc.id}
    ended = await pc.phase(call_id, "ended")
    assert ended["reason"] == "transferred"
    await far_hears(parts, pc, 700)
    await far_hears(parts, pc, 500, "103")
    await one_entry(pc, call_id, entries)


async def test_an_alternative_number_that_is_busy_leaves_the_call_here(parts: Parts) -> None:
    pc, call_id = await with_alternative(parts, "712")
    await pc.do("move", call_id=call_id, to="alternative")
    notice = await pc.event("notice", code="move_failed")
    assert notice["words"] == "The call was not moved. The number is busy."
    await pc.until(lambda: pc.calls[call_id]["hold"] == "none", "taken back")
    await is_on(pc, call_id, "device", pc.id)
    await far_hears(parts, pc, 900)
