"""The console's desk phones: second call, swap, transfer, conference and settings by API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from emulator.phones.phone import VirtualPhone
from media.audio import measure
from tests.support.pbx_rig import PbxRig, pbx_rig


class Desk:
    def __init__(self, rig: PbxRig, http: aiohttp.ClientSession) -> None:
        self.rig = rig
        self._http = http
        self._url = rig.emulator.addresses["console"]

    def phone(self, number: str) -> VirtualPhone:
        return self.rig.pbx.phones[number]

    async def press(self, phone: str, key: str, /, status: int = 200, **body: Any) -> Any:
        url = f"{self._url}/api/phones/{phone}/{key}"
        async with self._http.post(url, json=body) as reply:
            assert reply.status == status, await reply.text()
            return await reply.json()

    async def answer(self, number: str) -> None:
        await self.rig.phone_is(number, "ringing")
        await self.press(number, "answer")
        await self.rig.phone_is(number, "connected")

    async def hears(self, number: str, *hertz: int) -> None:
        end = self.phone(number).end
        end.heard.clear()
        await self.rig.until_heard(
            self.phone(number),
            lambda: (
                end.heard.seconds >= 0.5
                and all(measure.share(end.heard.pcm(0.5), tone) > 0.2 for tone in hertz)
            ),
        )


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with pbx_rig(console={"port": 0}) as rig, aiohttp.ClientSession() as http:
        desk = Desk(rig, http)
        for number, tone in (("101", 500), ("102", 700), ("103", 900)):
            await desk.press(number, "say", what=f"tone:{tone}")
        await desk.press("101", "dial", number="102")
        await desk.answer("102")
        yield desk


async def consult(desk: Desk) -> None:
    await desk.press("101", "consult", number="103")
    await desk.answer("103")
    await desk.rig.phone_is("101", "connected")


async def test_consult_swap_and_attended_transfer(desk: Desk) -> None:
    await consult(desk)
    await desk.hears("101", 900)
    row = await desk.press("101", "swap")
    assert row["held"] == 1
    await desk.hears("101", 700)
    await desk.press("101", "transfer")
    await desk.rig.phone_is("101", "idle")
    await desk.hears("102", 900)
    await desk.hears("103", 700)
    await desk.press("103", "hangup")
    await desk.rig.phone_is("102", "idle")
    await desk.rig.nothing_left()


async def test_the_second_party_hangs_up_and_the_first_call_is_there(desk: Desk) -> None:
    await consult(desk)
    await desk.press("103", "hangup")
    await desk.rig.phone_is("101", "holding")
    await desk.press("101", "hold", on=False)
    await desk.hears("101", 700)
    await desk.press("101", "hangup")
    await desk.rig.nothing_left()


async def test_blind_transfer(desk: Desk) -> None:
    await desk.press("101", "transfer", number="103")
    await desk.answer("103")
    await desk.rig.phone_is("101", "idle")
    await desk.hears("102", 900)
    await desk.press("102", "hangup")
    await desk.rig.nothing_left()


async def test_conference(desk: Desk) -> None:
    await consult(desk)
    await desk.press("101", "conference")
    await desk.hears("102", 500, 900)
    await desk.hears("103", 500, 700)
    await desk.hears("101", 700, 900)
    for number in ("102", "103"):
        await desk.press(number, "hangup")
    await desk.rig.phone_is("101", "idle")
    await desk.rig.nothing_left()


async def test_a_second_call_knocks_is_answered_and_a_third_finds_it_busy(desk: Desk) -> None:
    await desk.press("103", "dial", number="101")
    await desk.rig.until(lambda: desk.phone("101").waiting is not None, "103 knocks at 101")
    row = await desk.press("101", "say", what="tone:500")
    assert row["waiting"]["number"] == "103" and row["state"] == "connected"
    third = await desk.rig.device("6102")
    refused = await third.dial("101")
    assert (await refused.seen("failure"))[1] == 486
    await desk.press("101", "answer")
    await desk.hears("103", 500)
    await desk.press("101", "hangup")
    await desk.rig.phone_is("101", "holding")
    await desk.press("101", "hangup")
    await desk.rig.nothing_left()


async def test_a_call_that_knocks_is_refused_and_busy_on_busy_lets_none_knock(desk: Desk) -> None:
    await desk.press("103", "dial", number="101")
    await desk.rig.until(lambda: desk.phone("101").waiting is not None, "103 knocks at 101")
    await desk.press("101", "reject")
    await desk.rig.phone_is("103", "idle")
    assert desk.phone("103").last_status == 486
    await desk.press("101", "ring", call_waiting=False)
    await desk.press("103", "dial", number="101")
    await desk.rig.phone_is("103", "idle")
    assert desk.phone("103").last_status == 486 and desk.phone("101").waiting is None
    await desk.press("101", "hangup")
    await desk.rig.nothing_left()


async def test_settings_and_keys_that_do_nothing(desk: Desk) -> None:
    row = await desk.press("103", "dnd", on=True)
    assert row["settings"]["do_not_disturb"]
    row = await desk.press("103", "forward", to="102", when="forwardBusy")
    assert row["settings"]["forwardings"] == [{"when": "forwardBusy", "origin": "any", "to": "102"}]
    await desk.press("103", "forward", status=409, to="999")
    await desk.press("103", "forward", status=409, to="103")
    row = await desk.press("103", "ring", target="desk", call_waiting=False)
    assert (row["settings"]["target"], row["settings"]["call_waiting"]) == ("desk", False)
    for key in ("transfer", "swap"):
        await desk.press("101", key, status=409)
    await desk.press("101", "hangup")
    await desk.rig.nothing_left()
