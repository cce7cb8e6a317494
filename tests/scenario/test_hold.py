"""B6: the user holds. The PBX plays its music, both sides may hold, and a hold outlives what calls
outlive: the loss of a device, a reload, a move to another one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from media.audio import measure, wav
from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device

pytestmark = pytest.mark.asyncio(loop_scope="module")

MUSIC = wav.prompt("music-on-hold")


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


async def talking(parts: Parts) -> tuple[Device, str]:
    """Anna (900 Hz) talks to Berta's desk phone (500 Hz)."""
    anna = await parts.device(hertz=900)
    desk = parts.phone("102")
    desk.say("tone:500")
    desk.answer_after(0)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "connected")
    await both_hear(parts, anna, call_id)
    return anna, call_id


async def both_hear(parts: Parts, anna: Device, call_id: str) -> None:
    await anna.hears(call_id, 500)
    desk = parts.phone("102").active
    await anna.until(lambda: desk.heard.tone(900, 0.5).heard, "the desk phone hears 900 Hz")


async def is_held(anna: Device, call_id: str, by: str) -> None:
    await anna.until(lambda: anna.calls[call_id]["hold"] == by, f"hold {by}")


def held_at_the_pbx(parts: Parts) -> int:
    """How many of the two ends hold, as the PBX has it."""
    (call,) = parts.pbx.calls.values()
    return sum(call.holding.holds(end) for end in call.ends)


async def desk_hears_music(parts: Parts, anna: Device) -> None:
    heard = parts.phone("102").active.heard

    def music() -> bool:
        return bool(measure.correlation(MUSIC, heard.pcm(0.6)) > 0.8)

    await anna.until(music, "the desk phone hears the music")


async def test_hold_brings_music_and_retrieve_brings_both_back(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    reply = await anna.do("hold", call_id=call_id)
    assert "retrieve" in reply["call"]["actions"]
    await is_held(anna, call_id, "local")
    await desk_hears_music(parts, anna)
    assert not parts.phone("102").active.heard.tone(900, 0.3).heard
    await anna.do("retrieve", call_id=call_id)
    await is_held(anna, call_id, "none")
    await both_hear(parts, anna, call_id)
    await anna.hang_up(call_id)
    assert (await anna.entry(call_id))["kind"] == "answered"


@pytest.mark.parametrize("first", ["anna", "desk"])
async def test_both_hold_and_take_back(parts: Parts, first: str) -> None:
    anna, call_id = await talking(parts)
    desk = parts.phone("102")
    if first == "anna":
        await anna.do("hold", call_id=call_id)
        await is_held(anna, call_id, "local")
        desk.hold(True)
        await anna.until(lambda: held_at_the_pbx(parts) == 2, "the desk phone holds, too")
    else:
        desk.hold(True)
        await is_held(anna, call_id, "remote")
        await anna.do("hold", call_id=call_id)
        await is_held(anna, call_id, "both")
    await anna.do("retrieve", call_id=call_id)
    await is_held(anna, call_id, "remote")
    desk.hold(False)
    await is_held(anna, call_id, "none")
    await both_hear(parts, anna, call_id)


async def test_both_press_hold_at_the_same_moment(parts: Parts) -> None:
    """Glare (RFC 3261 14.1): the offers cross somewhere, and in the end both hold."""
    anna, call_id = await talking(parts)
    desk = parts.phone("102")
    desk.hold(True)
    await anna.do("hold", call_id=call_id)
    await anna.until(lambda: held_at_the_pbx(parts) == 2, "both hold")
    await anna.do("retrieve", call_id=call_id)
    desk.hold(False)
    await is_held(anna, call_id, "none")
    await both_hear(parts, anna, call_id)


async def test_hold_and_retrieve_in_one_breath(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    for verb in ("hold", "retrieve", "hold", "retrieve"):
        await anna.do(verb, call_id=call_id)
    await anna.until(
        lambda: "hold" in anna.calls[call_id]["actions"] and anna.calls[call_id]["hold"] == "none",
        "talking",
    )
    await both_hear(parts, anna, call_id)


async def test_an_incoming_call_is_held(parts: Parts) -> None:
    anna = await parts.device(hertz=900)
    desk = parts.phone("102")
    desk.say("tone:500")
    await desk.dial("101")
    call_id = await anna.ringing()
    await anna.answer(call_id)
    await anna.phase(call_id, "connected")
    await both_hear(parts, anna, call_id)
    await anna.do("hold", call_id=call_id)
    await is_held(anna, call_id, "local")
    await desk_hears_music(parts, anna)
    await anna.do("retrieve", call_id=call_id)
    await is_held(anna, call_id, "none")
    await both_hear(parts, anna, call_id)


async def test_a_hold_outlives_a_reload_and_a_move(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    await anna.do("hold", call_id=call_id)
    await is_held(anna, call_id, "local")
    await anna.bring_sound(call_id)  # a reload
    await desk_hears_music(parts, anna)
    other = await parts.device(hertz=1300)
    await other.until(lambda: call_id in other.calls, "the other device knows the call")
    assert other.calls[call_id]["hold"] == "local"
    await other.bring_sound(call_id, take=True)
    await other.until(lambda: other.calls[call_id]["device_id"] == other.id, "moved")
    assert other.calls[call_id]["hold"] == "local"
    await other.do("retrieve", call_id=call_id)
    await is_held(other, call_id, "none")
    await other.hears(call_id, 500)
    desk = parts.phone("102").active
    await other.until(lambda: desk.heard.tone(1300, 0.5).heard, "the desk phone hears 1300 Hz")


async def test_the_held_party_hangs_up(parts: Parts) -> None:
    anna, call_id = await talking(parts)
    await anna.do("hold", call_id=call_id)
    await is_held(anna, call_id, "local")
    parts.phone("102").hang_up()
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "hung_up"
    assert (await anna.entry(call_id))["kind"] == "answered"
