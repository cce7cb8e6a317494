"""Conferences with real SIP and RTP: each hears all the others and not itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from emulator.plan.model import Extension
from emulator.switch.model import CallEvent, Event
from media.audio import measure
from tests.support.pbx_rig import Device, DeviceCall, PbxRig, pbx_rig

NUMBERS = [str(101 + n) for n in range(10)]
PLAN = tuple(Extension(number=number, name=f"User {number}", mailbox=False) for number in NUMBERS)


@pytest.fixture(params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param) as rig:
        yield rig


def frequency(number: str) -> int:
    return 400 + 300 * NUMBERS.index(number)


async def phone(rig: PbxRig, number: str) -> Device:
    """Not loud: ten of them together must not be clipped."""
    return await rig.device(f"5{number}", frequency=frequency(number), level_db=-35)


async def call_and_hold(owner: Device, guest: Device, number: str) -> tuple[DeviceCall, DeviceCall]:
    call = await owner.dial(number)
    ringing = await guest.incoming.get()
    ringing.answer()
    await call.seen("answer")
    call.hold()
    await call.seen("offer result")
    return call, ringing


def hears(call: DeviceCall, hertz: int) -> bool:
    """A tone among others: well above what lies between them."""
    pcm = call.ear.pcm(0.5)
    beside = measure.share(pcm, hertz + 150)
    return len(pcm) >= 8000 and measure.share(pcm, hertz) > 20 * beside + 0.01


async def all_hear_all(parties: dict[str, DeviceCall]) -> None:
    for number, call in parties.items():
        others = [frequency(other) for other in parties if other != number]
        await call.ear.until(
            lambda call=call, others=others, number=number: (
                not call.ear.total % 1600
                and all(hears(call, hertz) for hertz in others)
                and not hears(call, frequency(number))
            ),
            f"all others at {number}",
        )


async def test_two_held_calls_become_a_conference_and_a_party_leaves(rig: PbxRig) -> None:
    told: list[Event] = []
    rig.pbx.watchers.append(lambda what, event: told.append(event) if what == "switch" else None)
    owner, berta, carla = [await phone(rig, number) for number in NUMBERS[:3]]
    first, one = await call_and_hold(owner, berta, "102")
    second, two = await call_and_hold(owner, carla, "103")
    room = await owner.dial("*3")
    for held in (first, second):
        assert (await held.seen("end"))[1] == "bye"
    await all_hear_all({"101": room, "102": one, "103": two})
    (event,) = [e for e in told if isinstance(e, CallEvent) and e.what.value == "conferenced"]
    assert set(event.parties) == {"5101", "5102", "5103"}
    one.hang_up()
    await all_hear_all({"101": room, "103": two})
    two.hang_up()
    assert (await room.seen("end"))[1] == "bye"
    await rig.nothing_left()


async def test_without_a_held_call_there_is_no_conference(rig: PbxRig) -> None:
    owner = await phone(rig, "101")
    call = await owner.dial("*3")
    assert (await call.seen("failure"))[1] == 403
    await rig.nothing_left()


async def test_a_conference_grows_to_ten() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        devices = [await phone(rig, number) for number in NUMBERS]
        owner, guests = devices[0], devices[1:]
        parties: dict[str, DeviceCall] = {}
        for number, guest in zip(NUMBERS[1:], guests, strict=True):
            _, parties[number] = await call_and_hold(owner, guest, number)
        room = await owner.dial("*3")
        await room.seen("answer")
        await all_hear_all({"101": room, **parties})
        room.hang_up()
        await all_hear_all(parties)
        for call in parties.values():
            call.hang_up()
        await rig.nothing_left()


async def test_a_third_guest_is_added_later() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        owner, berta, carla = [await phone(rig, number) for number in NUMBERS[:3]]
        _, one = await call_and_hold(owner, berta, "102")
        room = await owner.dial("*3")
        await all_hear_all({"101": room, "102": one})
        room.hold()
        await room.seen("offer result")
        _, two = await call_and_hold(owner, carla, "103")
        again = await owner.dial("*3")
        await room.seen("end")
        await all_hear_all({"101": again, "102": one, "103": two})
        for call in (one, two):
            call.hang_up()
        await again.seen("end")
        await rig.nothing_left()
