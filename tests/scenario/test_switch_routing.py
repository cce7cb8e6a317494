"""Do-not-disturb, forwarding, second calls and hunt groups with real SIP and RTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from emulator.plan.model import Extension, Kind
from emulator.switch.features import Ringing, Target, When
from emulator.switch.model import CallEvent, Event, Setting, SettingEvent, What
from tests.support.pbx_rig import PbxRig, pbx_rig

PLAN = (
    Extension(number="101", name="Anna", mailbox=False, more_devices=("7101",)),
    Extension(number="102", name="Berta", mailbox=False),
    Extension(number="103", name="Carla", mailbox=False),
    Extension(number="350", name="Sales", kind=Kind.GROUP, members=("101", "102")),
    Extension(
        number="351", name="All", kind=Kind.GROUP, members=("101", "102"), ringing="parallel"
    ),
    Extension(number="715", name="Tone", kind=Kind.TONE),
)


@pytest.fixture(params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param, hunt_seconds=0.3) as rig:
        yield rig


def diversions(rig: PbxRig) -> list[tuple[str, str, str | None]]:
    """Who was passed over from now on, why and for whom."""
    told: list[tuple[str, str, str | None]] = []

    def watch(_: str, event: object) -> None:
        if isinstance(event, CallEvent) and event.what is What.DIVERTED:
            told.append((event.connection.device, event.cause, event.to))

    rig.pbx.watchers.append(watch)
    return told


async def test_do_not_disturb_by_code(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("6103")
    code = await desk.dial("*97")
    await code.ear.tone(425)
    assert (await code.seen("end"))[1] == "bye"
    assert rig.pbx.features.of("101").do_not_disturb
    call = await caller.dial("101")
    assert (await call.seen("failure"))[1] == 486
    code = await desk.dial("%2397")
    await code.seen("end")
    call = await caller.dial("101")
    await desk.incoming.get()
    call.hang_up()
    await rig.nothing_left()


async def test_a_code_that_makes_no_sense_is_refused(rig: PbxRig) -> None:
    desk = await rig.device("5101")
    for code in ("*11999", "*11101", "*85999"):
        call = await desk.dial(code)
        assert (await call.seen("failure"))[1] == 403
    await rig.nothing_left()


async def test_immediate_forwarding_tells_who_forwarded(rig: PbxRig) -> None:
    desk, caller = await rig.device("5102", frequency=500), await rig.device("6103")
    rig.pbx.features.set_forwarding("101", When.IMMEDIATE, "102")
    diverted = diversions(rig)
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    diversion = ringing.call.invite.headers.get("Diversion")
    assert diversion == "<sip:101@pbx.offhook.test>;reason=unconditional"
    assert diverted == [("5101", "callForwardImmediate", "102")]
    ringing.answer()
    await call.ear.tone(500)
    await ringing.ear.tone(620)
    call.hang_up()
    await rig.nothing_left()


async def test_forwarding_when_busy(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("6103")
    rig.pbx.features.set_forwarding("101", When.BUSY, "715")
    diverted = diversions(rig)
    call = await caller.dial("101")
    (await desk.incoming.get()).call.reject(486)
    await call.ear.tone(440)
    assert diverted == [("5101", "callForwardBusy", "715")]
    call.hang_up()
    await rig.nothing_left()


async def test_forwarding_when_nobody_answers(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("6103")
    rig.pbx.features.set_forwarding("101", When.NO_ANSWER, "715")
    diverted = diversions(rig)
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    rig.pbx.placing.ring_time_over(next(iter(rig.pbx.calls.values())))
    assert (await ringing.seen("end"))[1] == "cancel"
    await call.ear.tone(440)
    assert diverted == [("5101", "callForwardNoAnswer", "715")]
    call.hang_up()
    await rig.nothing_left()


async def test_a_chain_of_diversions_ends_at_the_alternative_number(rig: PbxRig) -> None:
    caller = await rig.device("6103")
    rig.pbx.features.set_forwarding("101", When.IMMEDIATE, "102")
    berta = rig.pbx.features.of("102")
    berta.alternative, berta.target = "715", Target.ALTERNATIVE
    diverted = diversions(rig)
    call = await caller.dial("101")
    await call.ear.tone(440)
    assert diverted == [("5101", "callForwardImmediate", "102"), ("5102", "redirected", "715")]
    call.hang_up()
    await rig.nothing_left()


async def test_busy_on_busy_and_call_waiting(rig: PbxRig) -> None:
    line, caller = await rig.device("6101"), await rig.device("6103")
    first = await line.dial("715")
    await first.seen("answer")
    second = await caller.dial("101")
    waiting = await line.incoming.get()
    second.hang_up()
    await waiting.seen("end")
    rig.pbx.features.of("101").call_waiting = False
    third = await caller.dial("101")
    assert (await third.seen("failure"))[1] == 486
    first.hang_up()
    await rig.nothing_left()


async def test_a_hunt_group_rings_one_after_the_other(rig: PbxRig) -> None:
    one, two = await rig.device("5101"), await rig.device("5102", frequency=500)
    caller = await rig.device("6103")
    call = await caller.dial("350")
    first = await one.incoming.get()
    second = await two.incoming.get()  # after the hunt time
    assert (await first.seen("end"))[1] == "cancel"
    second.answer()
    await call.ear.tone(500)
    call.hang_up()
    await rig.nothing_left()


async def test_a_group_that_rings_all_at_once_and_who_logged_out(rig: PbxRig) -> None:
    one, two = await rig.device("5101"), await rig.device("5102", frequency=500)
    caller = await rig.device("6103")
    call = await caller.dial("351")
    first, second = await one.incoming.get(), await two.incoming.get()
    second.answer()
    assert (await first.seen("end"))[1] == "cancel"
    await call.ear.tone(500)
    call.hang_up()
    await rig.nothing_left()
    for device in (one, two):
        code = await device.dial("%2385")
        await code.seen("end")
    call = await caller.dial("351")
    assert (await call.seen("failure"))[1] == 480
    await rig.nothing_left()


async def test_serial_ringing_desk_phone_first(rig: PbxRig) -> None:
    desk, line = await rig.device("5101"), await rig.device("6101", frequency=500)
    caller = await rig.device("6103")
    rig.pbx.features.of("101").ringing = Ringing.SERIAL
    call = await caller.dial("101")
    first = await desk.incoming.get()
    second = await line.incoming.get()
    assert (await first.seen("end"))[1] == "cancel"
    second.answer()
    await call.ear.tone(500)
    call.hang_up()
    await rig.nothing_left()


async def test_further_devices_ring_with_the_desk_phone_and_share_its_being_busy(
    rig: PbxRig,
) -> None:
    more, line = await rig.device("7101", frequency=500), await rig.device("6101")
    caller = await rig.device("6103")
    rig.pbx.features.of("101").target = Target.DESK
    rig.pbx.features.of("101").call_waiting = False
    call = await caller.dial("101")
    (await more.incoming.get()).answer()
    await call.ear.tone(500)
    assert line.incoming.empty()
    second = await caller.dial("101")
    assert (await second.seen("failure"))[1] == 486, "one number, one being busy"
    call.hang_up()
    await rig.nothing_left()


async def test_logging_in_and_out_of_groups_is_told(rig: PbxRig) -> None:
    told: list[Event] = []
    rig.pbx.watchers.append(lambda what, event: told.append(event) if what == "switch" else None)
    features = rig.pbx.features
    for member in (False, False, True):
        features.set_group("102", "350", member)
    features.set_group("102", "351", False)
    features.reset("102")
    assert [(e.what, e.device, e.to) for e in told if isinstance(e, SettingEvent)] == [
        (Setting.AGENT_LOGGED_OFF, "102", "350"),
        (Setting.AGENT_LOGGED_ON, "102", "350"),
        (Setting.AGENT_LOGGED_OFF, "102", "351"),
        (Setting.AGENT_LOGGED_ON, "102", "351"),
    ]


async def test_an_auxiliary_line_cannot_be_dialled(rig: PbxRig) -> None:
    line, caller = await rig.device("6101"), await rig.device("6103")
    call = await caller.dial("6101")
    if rig.pbx.config.profile == "os4000":
        assert (await call.seen("failure"))[1] == 404
    else:
        await line.incoming.get()
        call.hang_up()
    await rig.nothing_left()


async def test_a_desk_phone_comes_and_goes(rig: PbxRig) -> None:
    told: list[Event] = []
    rig.pbx.watchers.append(lambda what, event: told.append(event) if what == "switch" else None)
    await rig.device("5101")
    rig.pbx.restart()
    assert [(e.what, e.device) for e in told if isinstance(e, SettingEvent)] == [
        (Setting.BACK_IN_SERVICE, "5101"),
        (Setting.OUT_OF_SERVICE, "5101"),
    ]


async def test_the_model_tells_what_happened_in_the_standards_order(rig: PbxRig) -> None:
    told: list[Event] = []
    rig.pbx.watchers.append(lambda what, event: told.append(event) if what == "switch" else None)
    desk, caller = await rig.device("5101"), await rig.device("6103")
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    ringing.answer()
    await call.seen("answer")
    ringing.hold()
    await ringing.seen("offer result")
    ringing.hold(False)
    await ringing.seen("offer result")
    call.hang_up()
    await rig.nothing_left()
    seen = [
        (event.what.value, event.states["5101"].value)
        for event in told
        if isinstance(event, CallEvent) and "5101" in event.states
    ]
    assert seen[:5] == [
        ("delivered", "alerting"),
        ("established", "connected"),
        ("held", "hold"),
        ("retrieved", "connected"),
        ("connectionCleared", "connected"),
    ]
