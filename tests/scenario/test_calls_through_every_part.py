"""Calls between a headless device and the emulated PBX: gateway, connector and media all real."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.call_stack import ANNA, PATIENCE, Parts, call_stack

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    """One running system for all calls of this file: what one leaves behind, the next would see."""
    async with call_stack(tmp_path_factory.mktemp("stack")) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


async def phone_rings(parts: Parts, number: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while parts.phone(number).state != "ringing":  # noqa: ASYNC110 - the phone has no event
            await asyncio.sleep(0.01)


# -- outgoing --------------------------------------------------------------------------------------
async def test_dial_the_tone_and_hear_it(parts: Parts) -> None:
    anna = await parts.device()
    call_id = await anna.dial("715")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 440)
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")
    entry = await anna.entry(call_id)
    assert (entry["kind"], entry["direction"]) == ("answered", "out")
    for stage in ("invite", "progress", "audio"):
        labels = {"stage": stage}
        registry = parts.gateway.metrics.registry
        assert registry.get_sample_value("offhook_call_setup_seconds_count", labels) == 1.0
    await parts.nothing_left()


async def test_echo_brings_the_own_sound_back(parts: Parts) -> None:
    anna = await parts.device(hertz=700)
    call_id = await anna.dial("711")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 700)
    await anna.hang_up(call_id)
    await parts.nothing_left()


async def test_a_desk_phone_is_called_and_both_hear_each_other(parts: Parts) -> None:
    anna = await parts.device(hertz=900)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "ringing_out")
    # The name follows the INVITE, perhaps also the ringing.
    await anna.until(lambda: anna.calls[call_id]["remote"]["name"] == "Berta Schulz", "her name")
    await phone_rings(parts, "102")
    desk = parts.phone("102")
    desk.say("tone:500")
    desk.answer()
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 500)
    await anna.until(lambda: desk.active.heard.tone(900).heard, "the desk phone hears 900 Hz")
    started = time.monotonic()
    desk.hang_up()
    ended = await anna.phase(call_id, "ended")
    assert time.monotonic() - started < 1.0
    assert ended["reason"] == "hung_up"
    await parts.nothing_left()


@pytest.mark.parametrize(
    ("number", "reason", "kind"),
    [
        ("712", "busy", "busy"),
        ("714", "unreachable", "failed"),
        ("999", "unreachable", "failed"),
    ],
)
async def test_a_call_that_fails_says_why(
    parts: Parts, number: str, reason: str, kind: str
) -> None:
    anna = await parts.device()
    call_id = await anna.dial(number)
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == reason
    assert ended["words"]
    entry = await anna.entry(call_id)
    assert (entry["kind"], entry["reason"]) == (kind, reason)
    await anna.hears(call_id, 425, seconds=0.2)  # busy or reorder tone of the gateway
    await anna.do("media.close", call_id=call_id)
    await parts.nothing_left()


async def test_a_phone_that_nobody_answers_rings_back_until_the_user_gives_up(
    parts: Parts,
) -> None:
    anna = await parts.device()
    call_id = await anna.dial("713")
    await anna.phase(call_id, "ringing_out")
    await anna.hears(call_id, 425)  # ring-back
    await anna.hang_up(call_id)
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "cancelled"
    assert (await anna.entry(call_id))["kind"] == "cancelled"
    await parts.nothing_left()


# -- incoming --------------------------------------------------------------------------------------
async def test_a_desk_phone_calls_and_both_hear_each_other(parts: Parts) -> None:
    anna = await parts.device(hertz=800)
    berta = parts.phone("102")
    berta.say("tone:600")
    await berta.dial("101")
    call_id = await anna.ringing()
    ring = anna.calls[call_id]
    assert ring["remote"]["name"] == "Berta Schulz"
    assert ring["remote"]["number"]["canonical"] == "102"
    await anna.answer(call_id)
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 600)
    await anna.until(lambda: berta.active.heard.tone(800).heard, "the desk phone hears 800 Hz")
    started = time.monotonic()
    await anna.hang_up(call_id)
    await anna.until(lambda: berta.active is None, "the desk phone is told")
    assert time.monotonic() - started < 1.0
    entry = await anna.entry(call_id)
    assert (entry["kind"], entry["device_id"]) == ("answered", anna.id)
    await parts.nothing_left()


async def test_declined(parts: Parts) -> None:
    anna = await parts.device()
    await parts.phone("102").dial("101")
    call_id = await anna.ringing()
    await anna.do("decline", call_id=call_id)
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "declined"
    assert (await anna.entry(call_id))["kind"] == "declined"
    # The desk phone of the same extension rings on: a decline stops our devices only.
    assert parts.phone("101").state == "ringing"
    parts.phone("102").hang_up()
    await parts.nothing_left()


async def test_the_caller_gives_up(parts: Parts) -> None:
    anna = await parts.device()
    berta = parts.phone("102")
    await berta.dial("101")
    call_id = await anna.ringing()
    berta.hang_up()
    stop = await anna.event("ring.stop", call_id=call_id)
    assert stop["reason"] == "cancelled"
    assert (await anna.entry(call_id))["kind"] == "missed"
    await parts.nothing_left()


async def test_the_desk_phone_answers_and_nobody_missed_anything(parts: Parts) -> None:
    anna = await parts.device()
    await parts.phone("102").dial("101")
    call_id = await anna.ringing()
    parts.phone("101").answer()
    stop = await anna.event("ring.stop", call_id=call_id)
    assert stop["reason"] == "answered_elsewhere"
    entry = await anna.entry(call_id)
    assert (entry["kind"], entry["unread"]) == ("answered", False)
    parts.phone("102").hang_up()
    await parts.nothing_left()


async def test_two_devices_ring_and_one_answers(parts: Parts) -> None:
    first = await parts.device(ANNA, hertz=700)
    second = await parts.device(ANNA, hertz=900)
    berta = parts.phone("102")
    berta.say("tone:600")
    await berta.dial("101")
    call_id = await first.ringing()
    await second.ringing()
    await second.answer(call_id)
    stop = await first.event("ring.stop", call_id=call_id)
    assert (stop["reason"], stop["by"]) == ("answered_elsewhere", second.id)
    await second.hears(call_id, 600)
    await second.until(lambda: berta.active.heard.tone(900).heard, "900 Hz at the desk phone")
    berta.hang_up()
    await second.phase(call_id, "ended")
    await parts.nothing_left()


async def test_nobody_signed_in_leaves_a_missed_call(parts: Parts) -> None:
    early = await parts.device()
    known = {entry["id"] for entry in await early.journal()}
    await early.aclose()
    berta = parts.phone("102")
    handled = parts.calls.book.handled
    await berta.dial("101")
    await phone_rings(parts, "101")  # the PBX goes on to the desk phone
    await early.until(lambda: parts.calls.book.handled > handled, "the gateway has said no")
    anna = await parts.device()
    (entry,) = [entry for entry in await anna.journal() if entry["id"] not in known]
    assert (entry["kind"], entry["unread"]) == ("missed", True)
    berta.hang_up()


async def test_fifty_calls_that_nobody_took_are_listed_once_and_in_order(parts: Parts) -> None:
    early = await parts.device()
    known = {entry["id"] for entry in await early.journal()}
    await early.aclose()
    callers = ("102", "103")
    for number in range(50):
        caller, handled = parts.phone(callers[number % 2]), parts.calls.book.handled
        await caller.dial("101")
        async with asyncio.timeout(10):
            while parts.calls.book.handled == handled:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        caller.hang_up()
    late = await parts.device()
    page = await late.rest("GET", "/journal?limit=100&show=missed")
    missed = [entry for entry in page["items"] if entry["id"] not in known]
    assert [entry["number"]["canonical"] for entry in missed] == ["103", "102"] * 25
    assert len({entry["call_id"] for entry in missed}) == 50
    await parts.nothing_left()


# -- staying in the call ---------------------------------------------------------------------------
async def test_reload_takes_the_running_call_back(parts: Parts) -> None:
    before = await parts.device(hertz=700)
    call_id = await before.dial("715")
    await before.phase(call_id, "connected")
    await before.hears(call_id, 440)
    await before.lose_socket()
    await before.close_sound()
    after = await parts.device(hertz=900, device_id=before.id)
    assert after.calls[call_id]["phase"] == "connected"
    await after.bring_sound(call_id)
    await after.hears(call_id, 440)
    assert after.calls[call_id]["device_id"] == before.id
    await after.hang_up(call_id)
    await after.phase(call_id, "ended")
    await parts.nothing_left()


async def test_another_device_takes_the_call_over(parts: Parts) -> None:
    first = await parts.device(hertz=700)
    second = await parts.device(hertz=900)
    desk = parts.phone("102")
    call_id = await first.dial("102")
    await phone_rings(parts, "102")
    desk.say("tone:500")
    desk.answer()
    await first.phase(call_id, "connected")
    await first.until(lambda: desk.active.heard.tone(700).heard, "700 Hz")
    await second.until(lambda: call_id in second.calls, "the other device sees the call")
    await second.bring_sound(call_id, take=True)
    await second.hears(call_id, 500)
    await second.until(lambda: second.calls[call_id]["device_id"] == second.id, "it has moved")
    await second.until(lambda: desk.active.heard.tone(900).heard, "900 Hz")
    await second.hang_up(call_id)
    await parts.nothing_left()


async def test_digits_by_command_arrive_once_and_in_order(parts: Parts) -> None:
    """The dtmf verb: for clients without a keypad of their own, and machines."""
    anna = await parts.device()
    call_id = await anna.dial("102")
    desk = parts.phone("102")
    await phone_rings(parts, "102")
    desk.answer()
    await anna.phase(call_id, "connected")
    await anna.until(lambda: desk.active.heard.tone(1000).heard, "sound at the desk phone")
    await anna.do("dtmf", call_id=call_id, digits="120*#9")
    await anna.until(lambda: len(desk.active.digits) >= 6, "six digits")
    assert "".join(desk.active.digits) == "120*#9"
    await anna.hang_up(call_id)
