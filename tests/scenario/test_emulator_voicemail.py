"""Voicemail of the emulated PBX: left by keys or by hanging up, told by lamp, heard by menu."""

from __future__ import annotations

import asyncio
from pathlib import Path

from emulator.plan.model import Extension, Kind
from media.audio import wav
from media.endpoint import PcmSource, Silence
from protocols.aio.subscription import SubscriptionClient
from protocols.sip.message import Request
from tests.support.pbx_rig import Device, DeviceCall, PbxRig, pbx_rig

PLAN = (
    Extension(number="101", name="Anna König"),
    Extension(number="102", name="Berta Schulz", virtual_desk=False),
    Extension(number="103", name="Carla Lang", mailbox=False, virtual_desk=False),
    Extension(number="199", name="Voicemail", kind=Kind.VOICEMAIL),
)


async def leave_message(caller: Device, number: str, *, end: str) -> DeviceCall:
    """Speak for a while after the tone; end with ``#`` or by hanging up."""
    call = await caller.dial(number)
    call.media.source = Silence()
    await call.seen("answer")
    await call.ear.sound(wav.prompt("voicemail-greeting"), "the greeting")
    call.media.send_digits("#")
    await call.ear.tone_of_the_tape()
    call.media.source = PcmSource(wav.prompt("speaker"))
    call.ear.clear()
    await call.ear.until(lambda: call.ear.seconds > 2.5, "two seconds")
    if end == "#":
        call.media.send_digits("#")
        await call.ear.sound(wav.prompt("voicemail-thanks"), "thanks")
    call.hang_up()
    return call


def counts(rig: PbxRig, number: str) -> tuple[int, int]:
    box = rig.pbx.voicemail.boxes[number]
    return len(box.new), len(box.old)


async def lamp(device: Device) -> tuple[str, str]:
    """The next NOTIFY of a device: waiting or not, and its counts."""
    async with asyncio.timeout(5):
        request = await device.notified.get()
    assert request.headers.get("Event") == "message-summary"
    assert request.headers.get("Content-Type") == "application/simple-message-summary"
    fields = dict(line.split(": ", 1) for line in request.body.decode().splitlines() if line)
    return fields["Messages-Waiting"], fields["Voice-Message"].split()[0]


async def test_nobody_is_there_so_the_mailbox_answers_and_the_menu_plays_it_back() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        caller, owner = await rig.device("6101"), await rig.device("6102")
        assert await lamp(owner) == ("no", "0/0")
        call = await caller.dial("102")
        (await owner.incoming.get()).call.reject(480)
        assert (await call.seen("answer"))[1].headers.get("P-Asserted-Identity") is not None
        call.hang_up()
        await rig.nothing_left()
        await owner.prepare()

        task = asyncio.create_task(leave_message(caller, "102", end="#"))
        (await owner.incoming.get()).call.reject(480)
        await task
        await rig.until(lambda: counts(rig, "102") == (1, 0), "one new message")
        assert await lamp(owner) == ("yes", "1/0")

        menu = await owner.dial("199")
        menu.media.source = Silence()
        await menu.ear.sound(wav.prompt("voicemail-one-new"), "one new message")
        menu.media.send_digits("1")
        await menu.ear.sound(wav.prompt("speaker"), "the message")
        menu.media.send_digits("#")  # skips the rest and is no choice
        assert await lamp(owner) == ("no", "0/1")
        await menu.ear.sound(wav.prompt("voicemail-unknown-key"), "that the key does nothing")
        menu.media.send_digits("1")
        await menu.ear.sound(wav.prompt("speaker"), "the message again")
        menu.media.send_digits("13")  # skip, then delete
        assert await lamp(owner) == ("no", "0/0")
        await menu.ear.sound(wav.prompt("voicemail-no-more"), "no more messages")
        assert (await menu.seen("end"))[1] == "bye"
        await rig.nothing_left()


async def test_hanging_up_keeps_the_message_and_a_restart_too(tmp_path: Path) -> None:
    async with pbx_rig(extensions=PLAN, state_dir=tmp_path) as rig:
        caller = await rig.device("6102")
        desk = rig.pbx.phones["101"]
        task = asyncio.create_task(leave_message(caller, "101", end="hang up"))
        await rig.phone_is("101", "ringing")
        rig.pbx.placing.ring_time_over(next(iter(rig.pbx.calls.values())))  # the ring time is over
        await task
        await rig.until(lambda: desk.message_lamp, "the lamp is lit")
        assert desk.state == "idle"
        (message,) = rig.pbx.voicemail.boxes["101"].messages
        assert (message.from_number, message.from_name) == ("102", "Berta Schulz")
        await rig.nothing_left()
    async with pbx_rig(extensions=PLAN, state_dir=tmp_path) as rig:
        assert rig.pbx.phones["101"].message_lamp
        assert counts(rig, "101") == (1, 0)
        assert len(rig.pbx.voicemail.boxes["101"].audio(1)) > 16000


async def test_saying_nothing_leaves_nothing() -> None:
    async with pbx_rig(extensions=PLAN, voicemail={"silence_seconds": 0.6}) as rig:
        caller = await rig.device("6101")
        call = await caller.dial("102")
        call.media.source = Silence()
        await call.seen("answer")
        call.media.send_digits("#")
        await call.ear.sound(wav.prompt("voicemail-too-short"), "nothing was recorded")
        assert (await call.seen("end"))[1] == "bye"
        assert counts(rig, "102") == (0, 0)
        await rig.nothing_left()


async def test_without_a_mailbox_the_caller_hears_that_nobody_is_there() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        caller = await rig.device("6101")
        call = await caller.dial("103")
        assert (await call.seen("failure"))[1] == 480
        await rig.nothing_left()


async def test_keys_in_sip_info_drive_the_menu() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        owner = await rig.device("6102")
        rig.pbx.voicemail.boxes["102"].add(wav.prompt("speaker"), "101", "Anna König", 0.0)
        menu = await owner.dial("199")
        menu.media.source = Silence()
        await menu.ear.sound(wav.prompt("voicemail-one-new"), "one new message")
        assert menu.call is not None
        relay = "application/dtmf-relay"
        reply = await menu.call.request("INFO", (), relay, b"Signal=1\r\nDuration=160\r\n")
        assert reply.status == 200
        await menu.ear.sound(wav.prompt("speaker"), "the message")
        reply = await menu.call.request("INFO", (), "application/x-unknown", b"?")
        assert reply.status == 415
        menu.hang_up()
        await rig.nothing_left()


async def test_an_empty_box_says_so_and_hangs_up() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        owner = await rig.device("6102")
        menu = await owner.dial("199")
        await menu.ear.sound(wav.prompt("voicemail-no-new"), "no new messages")
        assert (await menu.seen("end", within=10))[1] == "bye"
        await rig.nothing_left()


async def test_who_has_no_box_is_turned_away() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        stranger = await rig.device("6103")
        call = await stranger.dial("199")
        assert (await call.seen("failure"))[1] == 403
        await rig.nothing_left()


async def test_a_device_subscribes_to_its_lamp_and_to_no_other() -> None:
    async with pbx_rig(extensions=PLAN) as rig:
        owner = await rig.device("6102")
        assert await lamp(owner) == ("no", "0/0")  # unsolicited, as it registered
        seen: asyncio.Queue[Request] = asyncio.Queue()
        ended: asyncio.Queue[object] = asyncio.Queue()

        def watch(user: str) -> SubscriptionClient:
            client = SubscriptionClient(
                owner.agent,
                target=owner.uri(user),
                from_="sip:6102@pbx.offhook.test",
                event="message-summary",
                accept="application/simple-message-summary",
                credentials=owner.credentials,
                on_notify=seen.put_nowait,
                on_end=ended.put_nowait,
            )
            client.start()
            return client

        async with asyncio.timeout(10):
            client = watch("6102")
            assert b"Voice-Message: 0/0" in (await seen.get()).body
            rig.pbx.voicemail.boxes["102"].add(wav.prompt("speaker"), "101", "Anna König", 0.0)
            assert b"Messages-Waiting: yes" in (await seen.get()).body
            assert owner.notified.empty()  # a subscriber is not told twice
            client.stop()
            last = await seen.get()
            assert (last.headers.get("Subscription-State") or "").startswith("terminated")
            await ended.get()
            watch("6101")  # somebody else's box
            await ended.get()
        assert seen.empty()
        await rig.nothing_left()
