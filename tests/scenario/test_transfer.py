"""Transfer, conference and park: the PBX carries them out, the gateway says how it went, and on
every leg is heard who should be and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenario.test_two_calls import both_hear, desk, is_held, talking
from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device
from tests.support.hearing import is_music, tones_of

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


#: What Anna and the desk phones of Berta and Carla say.
ANNA, BERTA, CARLA = 900, 500, 700


def last_heard(parts: Parts, anna: Device, where: str) -> bytes:
    """The last 0.6 s at a desk phone, or in a call of Anna's device."""
    if where in anna.peers:
        return bytes(anna.peers[where].heard[-9600:])
    end = parts.phone(where).active
    return bytes(end.heard.pcm(0.6)) if end is not None else b""


async def hears(parts: Parts, anna: Device, where: str, *tones: int) -> None:
    """These, and none of the others."""
    await anna.until(
        lambda: tones_of(last_heard(parts, anna, where), (ANNA, BERTA, CARLA)) == set(tones),
        f"{where} hears {tones} Hz",
    )


async def hears_music(parts: Parts, anna: Device, where: str) -> None:
    await anna.until(lambda: is_music(last_heard(parts, anna, where)), f"{where} hears music")


async def test_a_blind_transfer(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    await hears(parts, anna, "102", ANNA)
    reply = await anna.do("transfer", call_id=call_id, to="103")
    assert reply["call"]["transfer"]["to"]["number"]["canonical"] == "103"
    assert reply["call"]["actions"] == ["hang_up", "mute"]
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "transferred"
    await hears(parts, anna, "102", CARLA)
    await hears(parts, anna, "103", BERTA)
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
    await hears_music(parts, anna, "102")
    if not still_rings:
        await hears(parts, anna, second, CARLA)
        await hears(parts, anna, "103", ANNA)
    await anna.do("transfer", call_id=first, **{"with": second})
    if still_rings:
        await anna.phase(second, "ended")
        parts.phone("103").answer()
    for call_id in (first, second):
        ended = await anna.phase(call_id, "ended")
        assert ended["reason"] == "transferred"
    await hears(parts, anna, "102", CARLA)
    await hears(parts, anna, "103", BERTA)


async def test_two_calls_become_a_conference(parts: Parts) -> None:
    anna, first = await talking(parts)
    second = (await anna.do("consult", call_id=first, to="103"))["call"]["id"]
    await anna.bring_sound(second)
    await anna.phase(second, "connected")
    await anna.until(lambda: "merge" in anna.calls[second]["actions"], "merge is offered")
    await hears_music(parts, anna, "102")
    await anna.do("merge", call_id=second, **{"with": first})
    ended = await anna.phase(first, "ended")
    assert ended["reason"] == "merged"
    await anna.until(
        lambda: anna.calls[second]["kind"] == "conference" and anna.calls[second]["hold"] == "none",
        "a conference",
    )
    numbers = [p["number"]["canonical"] for p in anna.calls[second]["participants"]]
    assert sorted(numbers) == ["102", "103"]

    await hears(parts, anna, second, BERTA, CARLA)
    await hears(parts, anna, "102", ANNA, CARLA)
    await hears(parts, anna, "103", ANNA, BERTA)
    parts.phone("103").hang_up()
    await hears(parts, anna, second, BERTA)
    await hears(parts, anna, "102", ANNA)
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
