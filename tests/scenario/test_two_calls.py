"""Two calls of one user: the second one in and out, swap, and what happens when a hold fails."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device, Refused

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


def desk(parts: Parts, number: str, hertz: int) -> None:
    phone = parts.phone(number)
    phone.say(f"tone:{hertz}")
    phone.answer_after(0)


async def talking(parts: Parts) -> tuple[Device, str]:
    """Anna (900 Hz) talks to Berta's desk phone (500 Hz); Carla's is 700 Hz."""
    anna = await parts.device(hertz=900)
    desk(parts, "102", 500)
    desk(parts, "103", 700)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 500)
    return anna, call_id


async def is_held(anna: Device, call_id: str, by: str) -> None:
    await anna.until(lambda: anna.calls[call_id]["hold"] == by, f"hold {by} of {call_id}")


async def both_hear(parts: Parts, anna: Device, call_id: str, number: str, hertz: int) -> None:
    await anna.hears(call_id, hertz)
    heard = parts.phone(number).active.heard
    await anna.until(lambda: heard.tone(900, 0.5).heard, f"{number} hears 900 Hz")


async def test_a_second_call_out_holds_the_first_and_swap_changes_places(parts: Parts) -> None:
    anna, first = await talking(parts)
    second = await anna.dial("103")
    await anna.phase(second, "connected")
    await is_held(anna, first, "local")
    await both_hear(parts, anna, second, "103", 700)
    assert {"swap", "retrieve"} <= set(anna.calls[first]["actions"])
    await anna.do("swap", call_id=second)
    await is_held(anna, first, "none")
    assert anna.calls[second]["hold"] == "local"
    await both_hear(parts, anna, first, "102", 500)
    await anna.do("retrieve", call_id=second)
    await is_held(anna, second, "none")
    assert anna.calls[first]["hold"] == "local"
    await both_hear(parts, anna, second, "103", 700)
    await anna.hang_up(second)
    await anna.do("retrieve", call_id=first)
    await is_held(anna, first, "none")
    await anna.hang_up(first)
    for call_id in (first, second):
        assert (await anna.entry(call_id))["kind"] == "answered"


async def test_a_second_call_comes_in(parts: Parts) -> None:
    anna, first = await talking(parts)
    await parts.phone("103").dial("101")
    second = await anna.ringing()
    await anna.answer(second)
    await anna.phase(second, "connected")
    assert anna.calls[first]["hold"] == "local"
    await both_hear(parts, anna, second, "103", 700)
    parts.phone("103").hang_up()
    await anna.phase(second, "ended")
    assert anna.calls[first]["hold"] == "local", "its user says when to go on"
    await anna.do("retrieve", call_id=first)
    await is_held(anna, first, "none")
    await both_hear(parts, anna, first, "102", 500)


async def test_a_consultation_that_ends_brings_the_caller_back(parts: Parts) -> None:
    anna, first = await talking(parts)
    reply = await anna.do("consult", call_id=first, to="103")
    second = reply["call"]["id"]
    assert reply["call"]["consults"] == first
    await anna.bring_sound(second)
    await anna.phase(second, "connected")
    assert anna.calls[first]["hold"] == "local"
    parts.phone("103").hang_up()
    await anna.phase(second, "ended")
    await is_held(anna, first, "none")
    await both_hear(parts, anna, first, "102", 500)


async def test_what_needs_two_calls_is_refused_with_one(parts: Parts) -> None:
    anna, first = await talking(parts)
    for verb, body, code in (
        ("swap", {}, "not_now"),
        ("merge", {"with": first}, "not_now"),
        ("merge", {"with": "nobody"}, "call_unknown"),
        ("transfer", {"with": "nobody"}, "call_unknown"),
        ("transfer", {}, "number_missing"),
        ("park", {"slot": "x"}, "slot_invalid"),
        ("drop", {}, "not_offered"),
    ):
        with pytest.raises(Refused) as refused:
            await anna.do(verb, call_id=first, **body)
        assert refused.value.code == code, verb
    await anna.hears(first, 500)
