"""A client that is no browser, by the public API alone: it calls, is called, and shows presence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.call_stack import ANNA, BERTA, PASSWORD, Parts, call_stack
from tests.support.mobile_client import MobileClient, Refused

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


@pytest_asyncio.fixture(loop_scope="module")
async def anna(parts: Parts) -> AsyncIterator[MobileClient]:
    async with MobileClient(parts.url, hertz=900) as client:
        await client.sign_in(ANNA, PASSWORD)
        yield client


async def desk_hears(parts: Parts, anna: MobileClient, number: str, hertz: int) -> None:
    heard = parts.phone(number).active.heard
    await anna.until(lambda: heard.tone(hertz, 0.5).heard, f"{number} hears {hertz} Hz")


async def test_it_calls_a_desk_phone_and_both_hear_each_other(
    parts: Parts, anna: MobileClient
) -> None:
    desk = parts.phone("102")
    desk.say("tone:500")
    desk.answer_after(0)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 500)
    await desk_hears(parts, anna, "102", 900)
    await anna.do("dtmf", call_id=call_id, digits="12*#")
    await anna.until(lambda: "".join(desk.active.digits) == "12*#", "the keys arrive in order")
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")


async def test_it_is_called_and_answers(parts: Parts, anna: MobileClient) -> None:
    desk = parts.phone("102")
    desk.say("tone:500")
    await desk.dial("101")
    call_id = await anna.rings()
    assert anna.calls[call_id]["remote"]["name"] == "Berta Schulz"
    await anna.answer(call_id)
    await anna.phase(call_id, "connected")
    assert anna.rings_now == []
    await anna.hears(call_id, 500)
    await desk_hears(parts, anna, "102", 900)
    desk.hang_up()
    assert (await anna.phase(call_id, "ended"))["reason"] == "hung_up"


async def test_presence_set_on_it_is_seen_by_others_and_theirs_by_it(
    parts: Parts, anna: MobileClient
) -> None:
    async with MobileClient(parts.url, kind="ios") as berta:
        await berta.sign_in(BERTA, PASSWORD)
        async with MobileClient(parts.url) as second:
            await second.sign_in(ANNA, PASSWORD)
            await berta.watch(anna.user_id)
            await anna.watch(berta.user_id)
            await anna.set_presence(status={"value": "away"}, note={"text": "Back at three"})
            seen = await berta.until(lambda: berta.sees(anna.user_id, "away"), "Berta sees it")
            assert seen["note"] == "Back at three"
            await second.until(lambda: second.presence["state"] == "away", "her other device")
            await berta.set_presence(do_not_disturb={"on": True})
            await anna.until(lambda: anna.sees(berta.user_id, "do_not_disturb"), "and back")
            await second.set_presence(status={"value": "available"}, note={"text": ""})
            await berta.until(
                lambda: berta.sees(anna.user_id, "available"), "set on the other device"
            )
            await anna.until(lambda: anna.presence["state"] == "available", "and seen by the first")
            await berta.set_presence(do_not_disturb={"on": False})


async def test_on_another_network_link_and_sound_are_made_anew_and_the_call_goes_on(
    parts: Parts, anna: MobileClient
) -> None:
    desk = parts.phone("102")
    desk.say("tone:500")
    desk.answer_after(0)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 500)
    before = anna.peers[call_id]
    await anna.session.refresh()
    await anna.network_changed()
    assert anna.calls[call_id]["phase"] == "connected"
    await anna.until(lambda: before.pc.connectionState == "closed", "the new path is up")
    assert anna.peers[call_id] is not before
    await anna.hears(call_id, 500)
    await desk_hears(parts, anna, "102", 900)
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")


async def test_after_signing_out_nothing_is_taken(parts: Parts) -> None:
    async with MobileClient(parts.url) as client:
        await client.sign_in(ANNA, PASSWORD)
        await client.session.sign_out()
        await client.until(lambda: not client.link.online.is_set(), "its socket is closed")
        with pytest.raises(Refused) as refused:
            await client.session.request("GET", "/me")
        assert refused.value.status == 401
