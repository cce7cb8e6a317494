"""Transfers with real SIP and RTP: who hears whom before and after, and what the model told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from emulator.plan.model import Extension, Kind
from emulator.switch.model import CallEvent, Event
from media.audio import wav
from protocols.sip.event.refer import parse_sipfrag, refer_to
from protocols.sip.headers import Replaces
from tests.support.pbx_rig import DeviceCall, PbxRig, pbx_rig

PLAN = (
    Extension(number="101", name="Anna", mailbox=False),
    Extension(number="102", name="Berta", mailbox=False),
    Extension(number="103", name="Carla", mailbox=False),
    Extension(number="712", name="Busy", kind=Kind.BUSY),
    Extension(number="715", name="Tone", kind=Kind.TONE),
)


@pytest.fixture(params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param) as rig:
        yield rig


async def refer(call: DeviceCall, number: str, second: DeviceCall | None = None) -> int:
    """Ask for a transfer; gives the status of the REFER itself."""
    replaces = None
    if second is not None:
        dialog = second.call.dialog
        replaces = Replaces(second.call.call_id, dialog.remote_tag, dialog.local_tag)
    target = refer_to(call.device.uri(number), replaces)
    response = await call.call.request("REFER", [("Refer-To", target)])
    return response.status


async def outcome(call: DeviceCall) -> int:
    """The final status that the NOTIFYs of a REFER report."""
    async with asyncio.timeout(5):
        while True:
            for event in call.events:
                if event[0] == "request" and event[1].method == "NOTIFY":
                    status, _ = parse_sipfrag(event[1].body)
                    if status >= 200:
                        return status
            call._changed.clear()
            await call._changed.wait()


async def talk(rig: PbxRig) -> tuple[DeviceCall, DeviceCall]:
    """102 (620 Hz) has called 101 (500 Hz): (102's call, 101's call)."""
    desk, caller = await rig.device("5101", frequency=500), await rig.device("5102")
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    ringing.answer()
    await call.ear.tone(500)
    return call, ringing


async def test_a_blind_transfer(rig: PbxRig) -> None:
    told: list[Event] = []
    rig.pbx.watchers.append(lambda what, event: told.append(event) if what == "switch" else None)
    moved, by = await talk(rig)
    target = await rig.device("5103", frequency=700)
    by.hold()
    await by.seen("offer result")
    await moved.ear.sound(wav.prompt("music-on-hold"), "music")
    assert await refer(by, "103") == 202
    ringing = await target.incoming.get()
    invite = ringing.call.invite
    assert invite.from_.user == "102"
    assert invite.headers.get("Referred-By") == "<sip:101@pbx.offhook.test>"
    ringing.answer()
    assert await outcome(by) == 200
    assert (await by.seen("end"))[1] == "bye"
    await moved.ear.tone(700)
    await ringing.ear.tone(620)
    moved.hang_up()
    await ringing.seen("end")
    await rig.nothing_left()
    (event,) = [e for e in told if isinstance(e, CallEvent) and e.what.value == "transferred"]
    assert event.cause == "singleStepTransfer"
    assert event.states == {"5101": "null", "5102": "connected", "5103": "connected"}


async def test_a_blind_transfer_to_a_busy_number_leaves_the_call(rig: PbxRig) -> None:
    moved, by = await talk(rig)
    by.hold()
    await by.seen("offer result")
    assert await refer(by, "712") == 202
    assert await outcome(by) == 486
    by.hold(False)
    await by.seen("offer result")
    await moved.ear.tone(500)
    await by.ear.tone(620)
    moved.hang_up()
    await rig.nothing_left()


async def test_who_hung_up_after_a_blind_transfer_gets_the_call_back(rig: PbxRig) -> None:
    moved, by = await talk(rig)
    target = await rig.device("5103")
    assert await refer(by, "103") == 202
    ringing = await target.incoming.get()
    await by.device.prepare()
    by.hang_up()
    await moved.ear.sound(wav.prompt("music-on-hold"), "music")
    ringing.call.reject(486)
    recall = await by.device.incoming.get()
    recall.answer()
    await moved.ear.tone(500)
    await recall.ear.tone(620)
    recall.hang_up()
    assert (await moved.seen("end"))[1] == "bye"
    await rig.nothing_left()


async def test_a_transferred_caller_gives_up(rig: PbxRig) -> None:
    moved, by = await talk(rig)
    target = await rig.device("5103")
    assert await refer(by, "103") == 202
    ringing = await target.incoming.get()
    moved.hang_up()
    assert (await ringing.seen("end"))[1] == "cancel"
    assert (await by.seen("end"))[1] == "bye"
    await rig.nothing_left()


@pytest.mark.parametrize("ringing_still", [False, True])
async def test_an_attended_transfer(rig: PbxRig, ringing_still: bool) -> None:
    moved, by = await talk(rig)
    target = await rig.device("5103", frequency=700)
    by.hold()
    await by.seen("offer result")
    second = await by.device.dial("103")
    ringing = await target.incoming.get()
    if ringing_still:
        await second.seen("progress")
    else:
        ringing.answer()
        await second.ear.tone(700)
        second.hold()
        await second.seen("offer result")
    assert await refer(by, "103", second) == 202
    if ringing_still:
        await second.seen("failure")
        ringing.answer()
    assert await outcome(by) == 200
    await moved.ear.tone(700)
    await ringing.ear.tone(620)
    await by.seen("end")
    await second.seen("end")
    ringing.hang_up()
    await moved.seen("end")
    await rig.nothing_left()


async def test_a_transfer_of_foreign_or_unknown_calls_is_refused(rig: PbxRig) -> None:
    moved, by = await talk(rig)
    stranger = await rig.device("6103")
    foreign = await stranger.dial("715")
    await foreign.seen("answer")
    assert await refer(by, "103", foreign) == 481
    response = await by.call.request("REFER")
    assert response.status == 400
    moved.hang_up()
    foreign.hang_up()
    await rig.nothing_left()


async def test_another_device_of_the_user_takes_a_call_over(rig: PbxRig) -> None:
    moved, by = await talk(rig)
    line = await rig.device("6101", frequency=800)
    stranger = await rig.device("6103")
    dialog = by.call.dialog
    header = ("Replaces", str(Replaces(by.call.call_id, dialog.remote_tag, dialog.local_tag)))
    thief = await stranger.dial("102", headers=[header])
    assert (await thief.seen("failure"))[1] == 403
    call = await line.dial("102", headers=[header])
    await call.seen("answer")
    assert (await by.seen("end"))[1] == "bye"
    await moved.ear.tone(800)
    await call.ear.tone(620)
    moved.hang_up()
    await call.seen("end")
    await rig.nothing_left()
