"""Pickup and park with real SIP and RTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from emulator.plan.model import Extension
from emulator.switch.model import CallEvent, Event
from media.audio import wav
from tests.support.pbx_rig import PbxRig, pbx_rig

PLAN = (
    Extension(number="101", name="Anna", mailbox=False, pickup_group="1"),
    Extension(number="102", name="Berta", mailbox=False),
    Extension(number="103", name="Carla", mailbox=False, pickup_group="1"),
)


@pytest.fixture(params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param) as rig:
        yield rig


@pytest.mark.parametrize("code", ["*57", "*59101"])
async def test_a_colleague_picks_a_call_up(rig: PbxRig, code: str) -> None:
    told: list[Event] = []
    rig.pbx.watchers.append(lambda what, event: told.append(event) if what == "switch" else None)
    desk, caller = await rig.device("5101"), await rig.device("5102")
    colleague = await rig.device("6103", frequency=700)
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    picked = await colleague.dial(code)
    response = (await picked.seen("answer"))[1]
    assert response.headers.get("P-Asserted-Identity") == '"Berta" <sip:102@pbx.offhook.test>'
    _, cause, cancel = await ringing.seen("end")
    assert cause == "cancel" and "cause=200" in cancel.headers.get("Reason")
    await call.ear.tone(700)
    await picked.ear.tone(620)
    picked.hang_up()
    await call.seen("end")
    await rig.nothing_left()
    seen = [
        f"{e.what}/{e.states['5101']}/{e.cause}"
        for e in told
        if isinstance(e, CallEvent) and "5101" in e.states
    ]
    assert seen == ["delivered/alerting/newCall", "diverted/null/callPickup"]


async def test_only_the_own_group_and_only_what_rings(rig: PbxRig) -> None:
    desk, stranger = await rig.device("5103"), await rig.device("6102")
    nothing = await stranger.dial("*59103")
    assert (await nothing.seen("failure"))[1] == 403
    call = await (await rig.device("6101")).dial("103")
    ringing = await desk.incoming.get()
    foreign = await stranger.dial("*57")
    assert (await foreign.seen("failure"))[1] == 403
    call.hang_up()
    await ringing.seen("end")
    await rig.nothing_left()


@pytest.mark.parametrize("by", ["refer", "code"])
async def test_a_call_is_parked_and_fetched_by_another(rig: PbxRig, by: str) -> None:
    desk, caller = await rig.device("5101", frequency=500), await rig.device("5102")
    other = await rig.device("6103", frequency=700)
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    ringing.answer()
    await call.ear.tone(500)
    if by == "refer":
        target = f"<{desk.uri('*561')}>"
        assert (await ringing.call.request("REFER", [("Refer-To", target)])).status == 202
    else:
        ringing.hold()
        await ringing.seen("offer result")
        code = await desk.dial("*561")
        await code.ear.tone(425)
        await code.seen("end")
    assert (await ringing.seen("end"))[1] == "bye"
    await call.ear.sound(wav.prompt("music-on-hold"), "music")
    wrong = await other.dial("%23562")
    assert (await wrong.seen("failure"))[1] == 403
    fetched = await other.dial("%23561")
    await call.ear.tone(700)
    await fetched.ear.tone(620)
    call.hang_up()
    await fetched.seen("end")
    await rig.nothing_left()


async def test_a_parked_caller_hangs_up_and_the_place_is_free(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("5102")
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    ringing.answer()
    await call.seen("answer")
    target = f"<{desk.uri('*561')}>"
    await ringing.call.request("REFER", [("Refer-To", target)])
    await ringing.seen("end")
    call.hang_up()
    await rig.nothing_left()
    late = await desk.dial("%23561")
    assert (await late.seen("failure"))[1] == 403
    await rig.nothing_left()
