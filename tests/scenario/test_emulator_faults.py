"""The PBX on a bad day: each switch shows on the wire, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from emulator.faults import FaultSettings
from media.audio import tones
from media.endpoint import PcmSource, Silence
from media.endpoint.inband import InbandDigits
from tests.support.pbx_rig import PbxRig, pbx_rig


@pytest.fixture
async def rig() -> AsyncIterator[PbxRig]:
    async with pbx_rig() as rig:
        yield rig


def switch(rig: PbxRig, **settings: Any) -> None:
    rig.pbx.faults.now = FaultSettings(**settings)


async def test_every_call_is_refused(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, refuse_with=503)
    call = await line.dial("715")
    assert (await call.seen("failure"))[1] == 503
    await rig.nothing_left()


async def test_a_deaf_pbx_answers_nothing_until_the_caller_gives_up(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, deaf=True)
    call = await line.dial("715")
    await rig.until_true(lambda: len(rig.pbx.agent.calls) == 1, "the INVITE came")
    assert call.events == []
    call.hang_up()
    assert (await call.seen("end"))[1] == "local"
    await rig.nothing_left()


async def test_an_answer_without_ringing_and_a_late_one(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, skip_ringing=True)
    call = await line.dial("715")
    await call.seen("answer")
    assert [e[0] for e in call.events if e[0] == "progress"] == []
    call.hang_up()
    switch(rig, answer_delay=0.4)
    started = asyncio.get_running_loop().time()
    call = await line.dial("715")
    await call.seen("answer")
    assert asyncio.get_running_loop().time() - started >= 0.4
    call.hang_up()
    await rig.nothing_left()


async def test_a_call_that_ends_without_bye(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, no_bye=True)
    call = await line.dial("102")
    await rig.phone_is("102", "ringing")
    rig.pbx.phones["102"].answer()
    await call.seen("established" if call.call.direction == "in" else "answer")
    rig.pbx.phones["102"].hang_up()
    await rig.nothing_left()
    assert "end" not in [e[0] for e in call.events]
    call.hang_up()  # the device's BYE meets nobody: 481, and that is the end of it
    assert (await call.seen("end"))[1] == "local"


async def test_a_mute_pbx_sends_no_audio(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, mute=True)
    call = await line.dial("715")
    await call.seen("answer")
    end = rig.pbx.phones["715"].end
    await rig.until_heard(rig.pbx.phones["715"], lambda: end.heard.total > 8000)
    assert call.ear.total == 0
    switch(rig)
    await call.ear.tone(440)
    call.hang_up()
    await rig.nothing_left()


async def test_keys_survive_five_percent_loss(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, rtp_loss=0.05)
    call = await line.dial("102")
    call.media.source = Silence()
    got: list[str] = []
    call.media.on_digit = lambda digit: got.append(digit.digit)
    await rig.phone_is("102", "ringing")
    desk = rig.pbx.phones["102"]
    desk.answer()
    await call.seen("answer")
    await rig.phone_is("102", "connected")
    wanted = "0123456789*#" * 3
    desk.keys(wanted, duration_ms=60, gap_ms=40)
    await call.ear.until(lambda: len(got) >= len(wanted), "all keys", within=15)
    assert "".join(got) == wanted
    call.hang_up()
    await rig.nothing_left()


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
async def test_a_restart_forgets_calls_and_registrations(rig: PbxRig, transport: str) -> None:
    line = await rig.device("6101", transport=transport)
    call = await line.dial("715")
    await call.seen("answer")
    rig.pbx.restart()
    assert rig.pbx.registrations.bindings("6101") == []
    await rig.nothing_left()
    assert "end" not in [e[0] for e in call.events]
    call.hang_up()
    await call.seen("end")


async def test_dropped_links_are_seen_by_both_sides(rig: PbxRig) -> None:
    line = await rig.device("6101", transport="TCP")
    assert rig.pbx.registrations.bindings("6101")
    closed = asyncio.Event()
    line.agent.on_flow_closed = lambda flow, reason: closed.set()
    before = rig.pbx.registrations.bindings("6101")[0].flow_id
    rig.pbx.drop_links()
    assert rig.pbx.registrations.bindings("6101") == []
    async with asyncio.timeout(5):
        await closed.wait()
    # the device comes back over a new connection by itself
    await rig.until(lambda: bool(rig.pbx.registrations.bindings("6101")), "registered again", 10)
    assert rig.pbx.registrations.bindings("6101")[0].flow_id != before


async def test_without_telephone_events_keys_are_tones_both_ways(rig: PbxRig) -> None:
    line = await rig.device("6101")
    switch(rig, no_telephone_event=True)
    call = await line.dial("102")
    await rig.phone_is("102", "ringing")
    desk = rig.pbx.phones["102"]
    desk.say("silence")
    desk.answer()
    await call.seen("answer")
    assert not call.media.send_digits("1")  # nothing was agreed
    got: list[str] = []
    call.media.sinks.append(InbandDigits(got.append))
    await rig.phone_is("102", "connected")
    desk.keys("147*")
    await call.ear.until(lambda: len(got) == 4, "four keys")
    assert "".join(got) == "147*"
    call.media.source = PcmSource(b"".join(tones.dtmf(key) + bytes(1600) for key in "258#"))
    await rig.until(lambda: "".join(desk.end.digits) == "258#", "four keys at the desk")
    call.hang_up()
    await rig.nothing_left()
