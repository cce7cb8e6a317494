"""Automatic callback: the PBX rings who booked, then the one waited for, with real SIP and RTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from emulator.plan.model import Extension, Kind
from tests.support.pbx_rig import Device, DeviceCall, PbxRig, pbx_rig

PLAN = (
    Extension(number="101", name="Anna", mailbox=False, virtual_desk=False),
    Extension(number="102", name="Berta", mailbox=False, virtual_desk=False),
    Extension(number="715", name="Tone", kind=Kind.TONE),
)


@pytest.fixture(params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param, ring_seconds=20) as rig:
        yield rig


async def code(device: Device, dialled: str) -> None:
    """A code that is carried out: a tone, then the PBX hangs up."""
    call = await device.dial(dialled)
    await call.seen("answer")
    assert (await call.seen("end"))[1] == "bye"


async def busy_when_called(rig: PbxRig, desk: Device, caller: Device) -> DeviceCall:
    """101 is in a call, and busy to 102."""
    rig.pbx.features.of("101").call_waiting = False
    first = await desk.dial("715")
    await first.seen("answer")
    call = await caller.dial("101")
    assert (await call.seen("failure"))[1] == 486
    return first


async def test_who_found_somebody_busy_is_rung_when_both_are_free(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101", frequency=500), await rig.device("5102", frequency=700)
    first = await busy_when_called(rig, desk, caller)
    await code(caller, "*58")  # the one it could not reach last
    assert rig.pbx.callback.of("102") == ["101"] and caller.incoming.empty()
    first.hang_up()
    rung = await caller.incoming.get()
    assert rung.call.invite.from_.display == "Anna"
    rung.answer()
    wanted = await desk.incoming.get()
    assert wanted.call.invite.from_.display == "Berta"
    wanted.answer()
    await rung.ear.tone(500)
    await wanted.ear.tone(700)
    assert rig.pbx.callback.of("102") == []
    wanted.hang_up()
    assert (await rung.seen("end"))[1] == "bye"
    await rig.nothing_left()


async def test_who_was_away_is_called_after_a_call_of_his_own(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("5102")
    call = await caller.dial("101")
    unanswered = await desk.incoming.get()
    call.hang_up()
    await unanswered.seen("end")
    await code(caller, "*58101")
    await desk.prepare()
    own = await desk.dial("715")
    await own.seen("answer")
    assert caller.incoming.empty(), "not while it is in a call"
    own.hang_up()
    rung = await caller.incoming.get()
    rung.answer()
    (await desk.incoming.get()).call.reject(486)
    assert (await rung.seen("end"))[1] == "bye", "nobody is there to talk to"
    await rig.nothing_left()


async def test_a_device_that_comes_back_is_a_sign_too(rig: PbxRig) -> None:
    caller = await rig.device("5102")
    call = await caller.dial("101")
    assert (await call.seen("failure"))[1] == 480
    await code(caller, "*58")
    desk = await rig.device("5101")
    rung = await caller.incoming.get()
    rung.answer()
    (await desk.incoming.get()).answer()
    await rung.seen("offer")
    rung.hang_up()
    await rig.nothing_left()


async def test_a_callback_that_was_cancelled_and_one_that_nobody_answers(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("5102")
    first = await busy_when_called(rig, desk, caller)
    await code(caller, "*58")
    await code(caller, "%2358")
    refused = await caller.dial("%2358")
    assert (await refused.seen("failure"))[1] == 403, "there is none any more"
    await code(caller, "*58101")
    first.hang_up()
    rung = await caller.incoming.get()
    rig.pbx.placing.ring_time_over(next(iter(rig.pbx.calls.values())))
    assert (await rung.seen("end"))[1] == "cancel"
    assert rig.pbx.callback.of("102") == [] and desk.incoming.empty()
    await rig.nothing_left()


async def test_a_restart_forgets_what_was_booked(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("5102")
    await busy_when_called(rig, desk, caller)
    await code(caller, "*58")
    rig.pbx.restart()
    assert rig.pbx.callback.of("102") == []
    await rig.nothing_left()


async def test_what_cannot_be_waited_for(rig: PbxRig) -> None:
    caller = await rig.device("5102")
    for dialled in ("*58", "*58102", "*58715", "*58999"):
        call = await caller.dial(dialled)
        assert (await call.seen("failure"))[1] == 403
    await rig.nothing_left()
