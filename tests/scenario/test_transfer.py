"""Transfer, conference and park: the PBX carries them out, the gateway says how it went."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from media.audio import measure
from tests.scenario.test_two_calls import both_hear, desk, is_held, talking
from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    async with call_stack(tmp_path_factory.mktemp("stack"), profile=request.param) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


async def desk_hears(parts: Parts, anna: Device, number: str, hertz: int) -> None:
    heard = parts.phone(number).active.heard
    await anna.until(lambda: heard.tone(hertz, 0.5).heard, f"{number} hears {hertz} Hz")


async def test_a_blind_transfer(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    reply = await anna.do("transfer", call_id=call_id, to="103")
    assert reply["call"]["transfer"]["to"]["number"]["canonical"] == "103"
    assert reply["call"]["actions"] == ["hang_up", "mute"]
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "transferred"
    await desk_hears(parts, anna, "102", 700)
    await desk_hears(parts, anna, "103", 500)
    assert (await anna.entry(call_id))["kind"] == "answered"


async def test_a_blind_transfer_to_a_busy_number_brings_the_caller_back(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    await anna.do("transfer", call_id=call_id, to="712")
    notice = await anna.event("notice", code="transfer_failed")
    assert notice["reason"] == "busy"
    assert notice["words"] == "The call was not transferred. The number is busy."
    await is_held(anna, call_id, "none")
    await anna.until(lambda: anna.calls[call_id]["transfer"] is None, "no transfer any more")
    await both_hear(parts, anna, call_id, "102", 500)


@pytest.mark.parametrize("still_rings", [False, True])
async def test_an_attended_transfer(parts: Parts, still_rings: bool) -> None:
    anna, first = await talking(parts)
    if still_rings:
        parts.phone("103").answer_after(None)
    second = (await anna.do("consult", call_id=first, to="103"))["call"]["id"]
    await anna.bring_sound(second)
    await anna.phase(second, "ringing_out" if still_rings else "connected")
    if not still_rings:
        await anna.hears(second, 700)
    await anna.do("transfer", call_id=first, **{"with": second})
    if still_rings:
        await anna.phase(second, "ended")
        parts.phone("103").answer()
    for call_id in (first, second):
        ended = await anna.phase(call_id, "ended")
        assert ended["reason"] == "transferred"
    await desk_hears(parts, anna, "102", 700)
    await desk_hears(parts, anna, "103", 500)


async def test_two_calls_become_a_conference(parts: Parts) -> None:
    anna, first = await talking(parts)
    second = (await anna.do("consult", call_id=first, to="103"))["call"]["id"]
    await anna.bring_sound(second)
    await anna.phase(second, "connected")
    await anna.until(lambda: "merge" in anna.calls[second]["actions"], "merge is offered")
    await anna.do("merge", call_id=second, **{"with": first})
    ended = await anna.phase(first, "ended")
    assert ended["reason"] == "merged"
    await anna.until(
        lambda: anna.calls[second]["kind"] == "conference" and anna.calls[second]["hold"] == "none",
        "a conference",
    )
    numbers = [p["number"]["canonical"] for p in anna.calls[second]["participants"]]
    assert sorted(numbers) == ["102", "103"]

    def share(number: str, hertz: int) -> float:
        pcm = parts.phone(number).active.heard.pcm(0.5)
        return float(measure.share(pcm, hertz))

    for number, others in (("102", (700, 900)), ("103", (500, 900))):
        await anna.until(
            lambda number=number, others=others: all(share(number, hz) > 0.1 for hz in others),
            f"{number} hears all others",
        )
    parts.phone("103").hang_up()
    await anna.hears(second, 500)
    await desk_hears(parts, anna, "102", 900)
    parts.phone("102").hang_up()
    await anna.phase(second, "ended")
    for call_id in (first, second):
        assert (await anna.entry(call_id))["kind"] == "answered"


async def test_park_and_fetch(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    await anna.do("park", call_id=call_id, slot="42")
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "transferred"
    back = await anna.dial("#5642")
    await anna.phase(back, "connected")
    await both_hear(parts, anna, back, "102", 500)


async def test_a_park_place_that_is_taken(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    await anna.do("park", call_id=call_id, slot="7")
    await anna.phase(call_id, "ended")
    desk(parts, "103", 700)
    second = await anna.dial("103")
    await anna.phase(second, "connected")
    await anna.do("park", call_id=second, slot="7")
    await anna.event("notice", code="park_refused")
    await is_held(anna, second, "none")
    await both_hear(parts, anna, second, "103", 700)
