"""Anna's desk phone (101) is a real baresip or linphone, watched and commanded over CSTA.

A PBX can end, hand over, move and park a call of a plain SIP phone and send digits into it. To lift
its handset, to hold for it or to dial at it is its own business: nothing of that is offered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.device_client import Device, Refused
from tests.support.phones.desk import PHONE_HZ, Desk, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

BERTA_HZ, CARLA_HZ = 500, 700
OFFERED = {"hang_up", "transfer", "pull", "move", "dtmf"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["baresip", "linphone"])
async def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    folder = tmp_path_factory.mktemp("stack")
    async with open_desk(request.param, folder, "101") as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="module")
async def desk(opened: Desk) -> AsyncIterator[Desk]:
    async with opened.for_one_test({"102": BERTA_HZ, "103": CARLA_HZ}):
        yield opened


async def with_(device: Device, number: str, **wanted: Any) -> dict[str, Any]:
    """The desk phone's call with this number, as soon as it is as wanted."""

    def found() -> dict[str, Any] | None:
        for call in device.calls.values():
            ours = call["on"] == "desk_phone" and call["phase"] != "ended"
            fits = all(call[key] == value for key, value in wanted.items())
            if ours and fits and call["remote"]["number"]["canonical"] == number:
                return call
        return None

    call: dict[str, Any] = await device.until(found, f"a call with {number}: {wanted}")
    return call


async def over(device: Device, call: dict[str, Any], reason: str) -> None:
    assert (await device.phase(call["id"], "ended"))["reason"] == reason


async def talking(desk: Desk) -> tuple[Device, dict[str, Any]]:
    """Berta is dialled on the phone's own keypad."""
    anna = await desk.parts.device()
    await desk.phone.dial("102")
    call = await with_(anna, "102", phase="connected")
    await desk.phone.hears(BERTA_HZ)
    return anna, call


async def test_only_what_the_pbx_can_do_at_it_is_offered(desk: Desk) -> None:
    anna, call = await talking(desk)
    await anna.until(lambda: set(anna.calls[call["id"]]["actions"]) == OFFERED, "the actions")
    for verb in ("hold", "consult"):
        with pytest.raises(Refused) as refusal:
            await anna.do(verb, call_id=call["id"], to="103")
        assert refusal.value.code == "not_offered"
    with pytest.raises(Refused) as refusal:
        await anna.do("dial", to="103", **{"from": "desk_phone"})
    assert refusal.value.code == "pbx_refused"
    await anna.do("dtmf", call_id=call["id"], digits="42#")
    await anna.until(
        lambda: "".join(desk.parts.phone("102").active.digits) == "42#", "the digits arrived"
    )
    await anna.do("hang_up", call_id=call["id"])
    await over(anna, call, "hung_up")
    await desk.phone.ended()
    assert (await anna.entry(call["id"]))["kind"] == "answered"


async def test_what_is_answered_at_the_phone_is_its_call(desk: Desk) -> None:
    anna = await desk.parts.device()
    await desk.parts.phone("102").dial("101")
    ringing = await anna.ringing()
    await desk.phone.incoming()
    await desk.phone.accept()
    call = await with_(anna, "102", phase="connected")
    assert call["id"] == ringing
    desk.parts.phone("102").hang_up()
    await over(anna, call, "hung_up")
    assert (await anna.entry(ringing))["kind"] == "answered"


async def test_what_the_app_answers_stops_ringing_at_the_phone(desk: Desk) -> None:
    anna = await desk.parts.device()
    await desk.parts.phone("102").dial("101")
    call_id = await anna.ringing()
    await desk.phone.incoming()
    await anna.answer(call_id)
    await anna.phase(call_id, "connected")
    await desk.phone.ended()
    assert anna.calls[call_id]["on"] == "device"


async def test_held_at_the_phone_is_shown(desk: Desk) -> None:
    anna, call = await talking(desk)
    await desk.phone.hold()
    held = await with_(anna, "102", hold="local")
    assert held["id"] == call["id"] and "retrieve" not in held["actions"]
    await desk.phone.resume()
    await with_(anna, "102", hold="none")
    await desk.hears(anna, "102", PHONE_HZ)


async def test_the_app_hands_its_call_over(desk: Desk) -> None:
    anna, call = await talking(desk)
    await anna.do("transfer", call_id=call["id"], to="103")
    await over(anna, call, "transferred")
    await desk.phone.ended()
    await desk.hears(anna, "102", CARLA_HZ)
    await desk.hears(anna, "103", BERTA_HZ)
    desk.parts.phone("102").hang_up()


async def test_the_app_brings_its_two_calls_together(desk: Desk) -> None:
    anna, berta = await talking(desk)
    await desk.phone.hold()
    await with_(anna, "102", hold="local")
    await desk.phone.dial("103")
    carla = await with_(anna, "103", phase="connected", hold="none")
    await anna.until(lambda: "transfer" in anna.calls[carla["id"]]["actions"], "it is offered")
    await anna.do("transfer", call_id=carla["id"], **{"with": berta["id"]})
    await over(anna, berta, "transferred")
    await over(anna, carla, "transferred")
    await desk.hears(anna, "102", CARLA_HZ)
    await desk.hears(anna, "103", BERTA_HZ)
    desk.parts.phone("102").hang_up()


async def test_the_phone_s_own_transfer_is_shown(desk: Desk) -> None:
    anna, call = await talking(desk)
    await desk.phone.transfer("103")
    await over(anna, call, "transferred")
    await desk.hears(anna, "102", CARLA_HZ)
    desk.parts.phone("102").hang_up()
