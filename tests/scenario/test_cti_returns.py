"""A PBX on its worst days. One that loses its power in mid-call, or its CSTA link: 5 s after it is
back everything is shown as it is, and nobody is busy with a call that is no more. One that sends
rubbish: nothing is felt of it. One that has no outside line left: it is said in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from emulator.faults import FaultSettings
from tests.support.call_stack import BERTA, Parts, call_stack
from tests.support.device_client import Device

pytestmark = pytest.mark.asyncio(loop_scope="module")

WITHIN = 5.0
WAYS = [("business", False), ("voice", False), ("os4000", False), ("business", True)]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=WAYS, ids=["business", "voice", "os4000", "notify"]
)
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    profile, by_notify = request.param
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=profile, csta=True, by_notify=by_notify) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    await stack.control_works()
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


def desk_call(device: Device) -> dict[str, Any] | None:
    calls = [c for c in device.calls.values() if c["on"] == "desk_phone" and c["phase"] != "ended"]
    assert len(calls) <= 1
    return calls[0] if calls else None


async def talking_at_the_desk(parts: Parts, anna: Device) -> dict[str, Any]:
    parts.phone("103").answer_after(0)
    await parts.phone("101").dial("103")

    def talks() -> dict[str, Any] | None:
        call = desk_call(anna)
        return call if call is not None and call["phase"] == "connected" else None

    found: dict[str, Any] = await anna.until(talks, "the desk phone talks")
    return found


async def test_after_a_power_cut_nobody_is_stuck(parts: Parts) -> None:
    anna, berta = await parts.device(), await parts.device(BERTA)
    at_desk = await talking_at_the_desk(parts, anna)
    in_app = await berta.dial("711")
    await berta.phase(in_app, "connected")

    parts.pbx.restart()
    await parts.stop_pbx()
    await anna.until(lambda: anna.calls[at_desk["id"]]["actions"] == [], "nothing is offered")
    await parts.start_pbx()

    async with asyncio.timeout(WITHIN):
        await anna.until(lambda: anna.calls[at_desk["id"]]["phase"] == "ended", "the desk call")
        await berta.until(lambda: berta.calls[in_app]["phase"] == "ended", "the app's call")
        await parts.control_works()
        for user in ("6101", "6102"):
            await parts.line_registered(user)
    parts.phone("711").answer_after(0)
    again = await berta.dial("711")
    await berta.phase(again, "connected")
    await berta.hang_up(again)


async def test_a_call_outlives_a_csta_link_that_breaks(parts: Parts) -> None:
    anna = await parts.device()
    call = await talking_at_the_desk(parts, anna)

    parts.cut_csta()
    await anna.until(lambda: anna.calls[call["id"]]["actions"] == [], "nothing is offered")
    async with asyncio.timeout(WITHIN):
        await anna.until(lambda: "hang_up" in anna.calls[call["id"]]["actions"], "it is back")

    await anna.do("hold", call_id=call["id"])
    await anna.until(lambda: anna.calls[call["id"]]["hold"] == "local", "hold")
    parts.phone("103").hang_up()
    await anna.until(lambda: anna.calls[call["id"]]["phase"] == "ended", "the end")
    assert [c["id"] for c in anna.calls.values()] == [call["id"]]


async def send_malformed(parts: Parts) -> dict[str, int]:
    """As the console's button does."""
    url = f"http://127.0.0.1:{parts.pbx_config.console.port}/api/faults/malformed"
    async with aiohttp.ClientSession() as http, http.post(url, json={}) as reply:
        assert reply.status == 200
        told: dict[str, int] = json.loads(await reply.text())
    return told


async def test_malformed_messages_harm_no_call(parts: Parts) -> None:
    anna, berta = await parts.device(), await parts.device(BERTA)
    at_desk = await talking_at_the_desk(parts, anna)
    in_app = await berta.dial("711")
    await berta.phase(in_app, "connected")

    sent = await send_malformed(parts)
    assert sent["links"] == 1 and sent["flows"] >= 3

    await anna.do("hold", call_id=at_desk["id"])
    await anna.until(lambda: anna.calls[at_desk["id"]]["hold"] == "local", "hold at the desk")
    await berta.do("hold", call_id=in_app)
    await berta.until(lambda: berta.calls[in_app]["hold"] == "local", "hold in the app")
    await berta.hang_up(in_app)
    await anna.do("hang_up", call_id=at_desk["id"])
    await anna.until(lambda: anna.calls[at_desk["id"]]["phase"] == "ended", "the end")
    await parts.control_works()


async def test_full_trunks_are_told_in_words(parts: Parts) -> None:
    anna = await parts.device()
    parts.pbx.faults.now = FaultSettings(trunks_full=True)
    try:
        call_id = await anna.dial("+4989700100200")
        await anna.phase(call_id, "ended")
        inside = await anna.dial("711")  # who is in the house can be called all the same
        await anna.phase(inside, "connected")
        await anna.hang_up(inside)
    finally:
        parts.pbx.faults.now = FaultSettings()
    ended = anna.calls[call_id]
    assert ended["reason"] == "unreachable"
    assert ended["words"] == "All outside lines of your phone system are in use."


async def test_events_in_the_wrong_order_and_late_answers_end_in_the_truth(parts: Parts) -> None:
    anna = await parts.device()
    before = len(await anna.journal())
    parts.pbx.faults.now = FaultSettings(csta_reorder=True, csta_delay=0.4)
    try:
        await parts.phone("102").dial("101")
        ringing = (await anna.event("ring.offer"))["call"]["id"]
        parts.phone("101").answer()

        def talks() -> bool:
            call = desk_call(anna)
            return call is not None and (call["id"], call["phase"]) == (ringing, "connected")

        await anna.until(talks, "the same call, at the desk")
        await anna.do("hold", call_id=ringing)
        await anna.until(lambda: anna.calls[ringing]["hold"] == "local", "hold")
        await anna.do("hang_up", call_id=ringing)
        await anna.until(lambda: anna.calls[ringing]["phase"] == "ended", "the end")
    finally:
        parts.pbx.faults.now = FaultSettings()
    assert set(anna.calls) == {ringing}
    assert (await anna.entry(ringing))["kind"] == "answered"
    assert len(await anna.journal()) == before + 1
