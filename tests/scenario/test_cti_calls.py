"""Calls of the desk phone in every client: shown, commanded, and joined to the line's own calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from connector.uplink.backoff import Backoff
from tests.support.call_stack import BERTA, Parts, call_stack
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


async def desk_call(device: Device, **wanted: Any) -> dict[str, Any]:
    """The one call on the desk phone, as soon as it is as wanted."""

    def found() -> dict[str, Any] | None:
        on_desk = [
            c for c in device.calls.values() if c["on"] == "desk_phone" and c["phase"] != "ended"
        ]
        assert len(on_desk) <= 1, on_desk
        fits = on_desk and all(on_desk[0][key] == value for key, value in wanted.items())
        return on_desk[0] if fits else None

    call: dict[str, Any] = await device.until(found, f"a desk phone's call with {wanted}")
    return call


async def over(device: Device, call_id: str, reason: str) -> None:
    await device.until(lambda: device.calls[call_id]["phase"] == "ended", "the end")
    assert device.calls[call_id]["reason"] == reason


async def test_a_call_dialled_on_the_desk_phone_is_shown_and_commanded(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(0)
    await parts.phone("101").dial("102")

    call = await desk_call(anna, phase="connected")
    assert call["direction"] == "out"
    assert (call["media"], call["device_id"]) == ("none", None)
    assert call["remote"]["number"]["canonical"] == "102"
    assert {"hang_up", "hold"} <= set(call["actions"])
    assert {"mute", "retrieve", "answer"}.isdisjoint(call["actions"])

    await anna.do("hold", call_id=call["id"])
    held = await desk_call(anna, hold="local")
    assert "retrieve" in held["actions"] and "hold" not in held["actions"]
    await anna.do("retrieve", call_id=call["id"])
    await desk_call(anna, hold="none")

    await anna.do("hang_up", call_id=call["id"])
    await over(anna, call["id"], "hung_up")
    entry = await anna.entry(call["id"])
    assert (entry["kind"], entry["direction"]) == ("answered", "out")


async def test_dial_from_the_desk_phone(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(0)

    await anna.do("dial", to="102", **{"from": "desk_phone"})

    call = await desk_call(anna, phase="connected")
    assert parts.phone("101").active is not None  # it is the phone that speaks
    await anna.do("hang_up", call_id=call["id"])
    await over(anna, call["id"], "hung_up")


async def test_a_ringing_call_becomes_the_desk_phone_s_when_it_answers(parts: Parts) -> None:
    anna = await parts.device()
    await parts.phone("102").dial("101")
    await anna.event("ring.offer")
    (ringing,) = [c for c in anna.calls.values() if c["phase"] == "ringing_in"]
    assert ringing["on"] == "device"

    parts.phone("101").answer()

    call = await desk_call(anna, phase="connected")
    assert call["id"] == ringing["id"]  # it does not end and start anew
    assert [name for name, _ in anna.events].count("call.ended") == 0
    stop = await anna.event("ring.stop")
    assert stop["reason"] == "answered_elsewhere"

    parts.phone("102").hang_up()
    await over(anna, call["id"], "hung_up")
    entry = await anna.entry(call["id"])
    assert entry["kind"] == "answered"  # not missed


async def test_an_answered_call_of_our_device_is_shown_once(parts: Parts) -> None:
    anna = await parts.device()
    await parts.phone("102").dial("101")
    ring = await anna.event("ring.offer")
    call_id = ring["call"]["id"]

    await anna.do("answer", call_id=call_id)
    await anna.phase(call_id, "connected")

    assert [c["id"] for c in anna.calls.values() if c["phase"] != "ended"] == [call_id]
    assert anna.calls[call_id]["on"] == "device"
    await anna.hang_up(call_id)
    assert len(await anna.journal()) >= 1
    assert (await anna.entry(call_id))["kind"] == "answered"


async def test_the_ring_at_the_desk_is_answered_from_the_browser_of_another_kind(
    parts: Parts,
) -> None:
    """Berta's line is not registered by any device of hers: only her desk phone's call is seen."""
    berta = await parts.device(BERTA)
    parts.phone("101").answer_after(None)
    await parts.phone("102").dial("713")

    call = await desk_call(berta, phase="ringing_out")
    assert call["actions"][:1] == ["hang_up"]
    with pytest.raises(Refused) as refusal:
        await berta.do("hold", call_id=call["id"])
    assert refusal.value.code == "not_offered"
    await berta.do("hang_up", call_id=call["id"])
    await over(berta, call["id"], "cancelled")


async def test_busy_is_told_as_busy(parts: Parts) -> None:
    anna = await parts.device()
    await anna.do("dial", to="712", **{"from": "desk_phone"})

    call = await anna.until(
        lambda: next((c for c in anna.calls.values() if c["reason"] == "busy"), None), "busy"
    )
    assert (await anna.entry(call["id"]))["kind"] == "busy"


async def test_the_desk_phone_s_call_survives_a_cut_csta_link(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(0)
    await parts.phone("101").dial("102")
    call = await desk_call(anna, phase="connected")

    parts.cut_csta()
    await anna.until(lambda: anna.calls[call["id"]]["actions"] == [], "nothing is offered")
    await desk_call(anna, phase="connected")
    await anna.until(lambda: "hold" in anna.calls[call["id"]]["actions"], "it is back")

    parts.phone("102").hang_up()
    await over(anna, call["id"], "hung_up")
    assert len([c for c in anna.calls.values() if c["on"] == "desk_phone"]) == 1


async def test_the_desk_phone_s_call_survives_the_loss_of_the_cloud_link(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(0)
    await parts.phone("101").dial("102")
    call = await desk_call(anna, phase="connected")

    for flow in parts.link_flows():
        flow.close("cut by the test")
    await anna.until(lambda: anna.calls[call["id"]]["actions"] == [], "nothing is offered")
    await anna.until(lambda: "hold" in anna.calls[call["id"]]["actions"], "it is back")

    await anna.do("hang_up", call_id=call["id"])
    await over(anna, call["id"], "hung_up")
    assert (await anna.entry(call["id"]))["kind"] == "answered"


async def test_a_restart_of_the_pbx_ends_what_it_ended(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(0)
    await parts.phone("101").dial("102")
    call = await desk_call(anna, phase="connected")

    parts.pbx.restart()

    await over(anna, call["id"], "hung_up")
    await parts.control_works()
    await parts.line_registered("6101")  # not when the binding would have run out


async def test_with_nobody_signed_in_the_desk_phone_s_answer_is_no_missed_call(
    parts: Parts,
) -> None:
    await parts.phone("102").dial("101")
    await parts.rings("101")
    parts.phone("101").answer()
    anna = await parts.device()
    call = await desk_call(anna, phase="connected")
    before = len(await anna.journal())
    parts.phone("102").hang_up()
    await over(anna, call["id"], "hung_up")

    assert (await anna.entry(call["id"]))["kind"] == "answered"
    assert len(await anna.journal()) == before + 1  # and none that says missed


async def test_with_nobody_signed_in_what_the_desk_phone_misses_is_missed_once(
    parts: Parts,
) -> None:
    await parts.phone("102").dial("101")
    await parts.rings("101")
    anna = await parts.device()
    call = await desk_call(anna, phase="ringing_in")
    before = len(await anna.journal())
    parts.phone("102").hang_up()
    await over(anna, call["id"], "cancelled")

    assert (await anna.entry(call["id"]))["kind"] == "missed"
    assert len(await anna.journal()) == before + 1


async def test_the_desk_phone_s_ring_is_shown_though_its_news_came_before_the_call(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connector brings the sound up before it sends the INVITE, and the gateway looks the
    caller up before there is a Call: CSTA may be faster than both."""
    arrivals = parts.calls._entrance._arrivals
    of, told = arrivals.of, asyncio.Event()

    async def slow(*args: Any) -> Any:
        await told.wait()
        return await of(*args)

    monkeypatch.setattr(arrivals, "of", slow)
    await parts.phone("102").dial("101")
    await parts.news_joined("101")
    told.set()
    await parts.rings_alone("5101")

    anna = await parts.device()
    await desk_call(anna, phase="ringing_in")
    parts.phone("102").hang_up()


async def test_what_the_desk_phone_missed_while_the_cloud_link_was_down_is_in_the_journal(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await parts.device()
    before = [entry["id"] for entry in await anna.journal()]
    monkeypatch.setattr(Backoff, "delay", lambda self, rng: 2.0)
    for flow in parts.link_flows():
        flow.close("cut by the test")
    await anna.event("connector.changed")

    await parts.phone("102").dial("101")
    await parts.rings("101")
    parts.phone("102").hang_up()

    async with asyncio.timeout(10):
        while len(entries := await anna.journal()) == len(before):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    (entry,) = [entry for entry in entries if entry["id"] not in before]
    assert (entry["kind"], entry["number"]["canonical"]) == ("missed", "102")
    assert [c for c in anna.calls.values() if c["on"] == "desk_phone"] == []  # no ghost
    await parts.control_works()


GAP = 1.5


@pytest.mark.parametrize("answered", ["here", "at the desk"])
async def test_csta_comes_much_later_than_sip(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, answered: str
) -> None:
    """The other order, and both for every platform's notation: unit/connector/test_csta_join.py."""
    anna = await parts.device()
    before = len(await anna.journal())
    assert parts.connector is not None and parts.connector.control is not None
    client, loop = parts.connector.control.client, asyncio.get_running_loop()
    take = client._take
    monkeypatch.setattr(client, "_take", lambda news: loop.call_later(GAP, take, news))
    await parts.phone("102").dial("101")
    call_id = (await anna.event("ring.offer"))["call"]["id"]

    if answered == "here":
        await anna.do("answer", call_id=call_id)
        await anna.phase(call_id, "connected")
    else:
        parts.phone("101").answer()
        assert (await desk_call(anna, phase="connected"))["id"] == call_id
    await parts.joined()
    parts.phone("102").hang_up()
    await over(anna, call_id, "hung_up")

    assert (await anna.entry(call_id))["kind"] == "answered"
    assert set(anna.calls) == {call_id}
    assert len(await anna.journal()) == before + 1
