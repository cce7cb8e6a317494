"""The emulated PBX with registered devices: who rings, who hears whom, what is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.audio import wav
from protocols.aio.tls import client_context
from protocols.sdp.negotiate import Srtp
from tests.support.pbx_rig import PbxRig, pbx_rig
from tests.support.pki import TestCa


@pytest.fixture
async def rig() -> AsyncIterator[PbxRig]:
    async with pbx_rig() as rig:
        yield rig


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
async def test_a_device_and_a_service_hear_each_other(rig: PbxRig, transport: str) -> None:
    line = await rig.device("6101", transport=transport)
    call = await line.dial("715")
    response = (await call.seen("answer"))[1]
    assert response.headers.get("P-Asserted-Identity") == '"Test tone" <sip:715@pbx.offhook.test>'
    await call.ear.tone(440)
    assert rig.pbx.phones["715"].end.heard.tone(620, 0.5).heard
    call.hang_up()
    await rig.nothing_left()


async def test_all_devices_of_a_user_ring_and_the_desk_phone_wins(rig: PbxRig) -> None:
    caller, line = await rig.device("6102"), await rig.device("6101", frequency=500)
    call = await caller.dial("101")
    ringing = await line.incoming.get()
    request = ringing.call.invite
    assert request.headers.get("P-Asserted-Identity") == '"Berta Schulz" <sip:102@pbx.offhook.test>'
    assert request.from_.display == "Berta Schulz" and request.from_.user == "102"
    await rig.phone_is("101", "ringing")
    rig.pbx.phones["101"].say("tone:500")
    rig.pbx.phones["101"].answer()
    _, cause, cancel = await ringing.seen("end")
    assert cause == "cancel"
    assert cancel.headers.get("Reason") == 'SIP;cause=200;text="Call completed elsewhere"'
    await call.ear.tone(500)
    tags = {e[2].to.tag for e in call.events if e[0] == "progress"}
    assert len(tags) == 1  # one early dialog, whatever rang
    rig.pbx.phones["101"].hang_up()
    assert (await call.seen("end"))[1] == "bye"
    await rig.nothing_left()


async def test_the_line_wins_and_the_desk_phone_stops(rig: PbxRig) -> None:
    line = await rig.device("6101")
    desk = rig.pbx.phones["102"]
    desk.say("tone:500")
    await desk.dial("101")
    ringing = await line.incoming.get()
    await rig.phone_is("101", "ringing")
    ringing.answer()
    await rig.phone_is("101", "idle")
    await ringing.ear.tone(500)
    assert desk.end.heard.tone(620, 0.5).heard
    assert desk.end.peer.number == "101"
    ringing.hang_up()
    await rig.phone_is("102", "idle")
    await rig.nothing_left()


async def test_one_decline_leaves_the_other_ringing_and_two_are_busy(rig: PbxRig) -> None:
    caller, line = await rig.device("6102"), await rig.device("6101")
    call = await caller.dial("101")
    ringing = await line.incoming.get()
    await rig.phone_is("101", "ringing")
    ringing.call.reject(486)
    await ringing.seen("end")
    assert rig.pbx.phones["101"].state == "ringing"
    rig.pbx.phones["101"].hang_up()
    assert (await call.seen("failure"))[1] == 486
    await rig.nothing_left()


@pytest.mark.parametrize(
    ("number", "status"), [("712", 486), ("714", 480), ("999", 404), ("710#", 404)]
)
async def test_calls_that_end_before_they_begin(rig: PbxRig, number: str, status: int) -> None:
    line = await rig.device("6101")
    call = await line.dial(number.replace("#", "%23"))
    assert (await call.seen("failure"))[1] == status
    assert (await call.seen("end"))[1] == "failure"
    await rig.nothing_left()


async def test_nobody_answers_and_the_caller_gives_up(rig: PbxRig) -> None:
    line = await rig.device("6101")
    call = await line.dial("713")
    assert (await call.seen("progress"))[1] == 180
    call.hang_up()
    assert (await call.seen("end"))[1] == "local"
    await rig.nothing_left()


async def test_an_announcement_is_heard_before_the_failure(rig: PbxRig) -> None:
    line = await rig.device("6101")
    call = await line.dial("716")
    assert (await call.seen("progress"))[1] == 183
    await call.ear.sound(wav.prompt("unknown-number"), "the announcement")
    assert (await call.seen("failure"))[1] == 404
    await rig.nothing_left()


async def test_the_echo_sends_back_what_it_hears(rig: PbxRig) -> None:
    line = await rig.device("6101")
    call = await line.dial("711")
    await call.seen("answer")
    await call.ear.tone(620)
    call.hang_up()
    await rig.nothing_left()


async def test_a_real_desk_phone_replaces_the_virtual_one(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("6102", frequency=500)
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    assert rig.pbx.phones["101"].state == "idle"
    ringing.answer()
    await call.ear.tone(620)
    await ringing.ear.tone(500)
    assert rig.pbx.media.open_ports == 0  # media is direct between plain phones
    call.hang_up()
    assert (await ringing.seen("end"))[1] == "bye"
    await rig.nothing_left()


async def test_hold_plays_music_to_the_held_party_and_resume_brings_it_back(rig: PbxRig) -> None:
    desk, caller = await rig.device("5101"), await rig.device("6102", frequency=500)
    call = await caller.dial("101")
    ringing = await desk.incoming.get()
    ringing.answer()
    await call.seen("answer")
    ringing.hold()
    assert (await ringing.seen("offer result"))[1] == 200
    await call.ear.sound(wav.prompt("music-on-hold"), "music")
    ringing.hold(False)
    assert (await ringing.seen("offer result"))[1] == 200
    await call.ear.tone(620)
    await ringing.ear.tone(500)
    ringing.hang_up()
    await call.seen("end")
    await rig.nothing_left()


async def test_who_does_not_register_or_does_not_know_the_password(rig: PbxRig) -> None:
    stranger = await rig.device("6101", register=False)
    call = await stranger.dial("715")
    assert (await call.seen("failure"))[1] == 403
    thief = await rig.device("6102", register=False, password="guessed")
    call = await thief.dial("715")
    assert (await call.seen("failure"))[1] == 407
    nobody = await rig.device("6999", register=False)
    call = await nobody.dial("715")
    assert (await call.seen("failure"))[1] == 407
    await rig.nothing_left()


async def test_a_device_cannot_speak_for_another(rig: PbxRig) -> None:
    line = await rig.device("6101")
    await rig.device("6102")
    line.user = "6102"  # From of somebody else, with the own credentials
    call = await line.dial("715")
    assert (await call.seen("failure"))[1] in (403, 407)


async def test_an_anonymous_caller_stays_anonymous(rig: PbxRig) -> None:
    caller, line = await rig.device("6102"), await rig.device("6101")
    call = await caller.dial("101", headers=[("Privacy", "id")])
    request = (await line.incoming.get()).call.invite
    assert "P-Asserted-Identity" not in request.headers
    assert str(request.from_.uri) == "sip:anonymous@anonymous.invalid"
    call.hang_up()
    await rig.nothing_left()


async def test_session_id_crosses_and_other_headers_stay(rig: PbxRig) -> None:
    caller, line = await rig.device("6102"), await rig.device("6101")
    wanted = "ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000"
    headers = [("Session-ID", wanted), ("X-Secret", "1"), ("P-Asserted-Identity", "<sip:1@x.test>")]
    call = await caller.dial("101", headers=headers)
    request = (await line.incoming.get()).call.invite
    assert request.headers.get("Session-ID") == wanted
    assert "X-Secret" not in request.headers
    assert request.headers.get("P-Asserted-Identity") == '"Berta Schulz" <sip:102@pbx.offhook.test>'
    call.hang_up()


async def test_an_srtp_line_talks_to_a_plain_phone_and_holds(tmp_path: Path) -> None:
    ca = TestCa(tmp_path)
    async with pbx_rig(tls=ca.issue("pbx", dns=["localhost"], addresses=["127.0.0.1"])) as rig:
        tls = client_context(ca.ca_file)
        line = await rig.device("6101", transport="TLS", tls=tls, srtp=Srtp.REQUIRED)
        desk = await rig.device("5102", frequency=500)
        for caller, callee, number in ((line, desk, "102"), (desk, line, "101")):
            await callee.prepare()
            call = await caller.dial(number)
            ringing = await callee.incoming.get()
            ringing.answer()
            await call.ear.tone(callee.frequency)
            await ringing.ear.tone(caller.frequency)
            call.hold()
            assert (await call.seen("offer result"))[1] == 200
            await ringing.ear.sound(wav.prompt("music-on-hold"), "music")
            call.hold(False)
            assert (await call.seen("offer result"))[1] == 200
            await ringing.ear.tone(caller.frequency)
            call.hang_up()
            await ringing.seen("end")
            await rig.nothing_left()


async def test_a_plain_phone_on_tls_is_asked_again_without_srtp(tmp_path: Path) -> None:
    ca = TestCa(tmp_path)
    async with pbx_rig(tls=ca.issue("pbx", dns=["localhost"], addresses=["127.0.0.1"])) as rig:
        phone = await rig.device("5101", transport="TLS", tls=client_context(ca.ca_file))
        desk = rig.pbx.phones["102"]
        desk.say("tone:500")
        await desk.dial("101")
        secured = await phone.incoming.get()
        assert b"RTP/SAVP" in secured.call.invite.body
        secured.call.reject(488)
        plain = await phone.incoming.get()
        assert b"RTP/AVP" in plain.call.invite.body
        plain.answer()
        await plain.ear.tone(500)
        plain.hang_up()
        await rig.phone_is("102", "idle")
        await rig.nothing_left()


async def test_twenty_calls_at_once_leave_nothing(rig: PbxRig) -> None:
    line = await rig.device("6101")
    calls = [await line.dial("713") for _ in range(20)]
    await asyncio.gather(*(call.seen("progress") for call in calls))
    assert len(rig.pbx.calls) == 20
    for call in calls:
        call.hang_up()
    await rig.nothing_left()


@pytest.mark.parametrize("secure", [False, True])
async def test_a_caller_without_an_offer_answers_in_its_ack(tmp_path: Path, secure: bool) -> None:
    ca = TestCa(tmp_path)
    certificate = ca.issue("pbx", dns=["localhost"], addresses=["127.0.0.1"])
    async with pbx_rig(tls=certificate) as rig:
        caller = await rig.device(
            "6102",
            transport="TLS" if secure else "UDP",
            tls=client_context(ca.ca_file) if secure else None,
            srtp=Srtp.REQUIRED if secure else Srtp.OFF,
        )
        call = await caller.dial("715", offer=False)
        await call.ear.tone(440)
        assert rig.pbx.phones["715"].end.heard.tone(620, 0.5).heard
        call.hang_up()
        desk = await rig.device("5101", frequency=500)
        call = await caller.dial("101", offer=False)
        ringing = await desk.incoming.get()
        ringing.call.accept(ringing.media.offer())
        await ringing.seen("established")
        ringing.media.accept(ringing.call.remote_sdp)
        await call.ear.tone(500)
        await ringing.ear.tone(620)
        call.hang_up()
        await ringing.seen("end")
        await rig.nothing_left()


async def test_descriptions_that_cannot_be_used_are_refused(rig: PbxRig) -> None:
    line = await rig.device("6101")
    for sdp in (
        b"rubbish",
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 evil.test\r\nt=0 0\r\n"
        b"m=audio 4000 RTP/AVP 8\r\n",
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        b"m=audio 4000 RTP/SAVP 8\r\na=crypto:1 x inline:?\r\n",
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        b"m=audio 4000 RTP/AVP 18\r\n",
    ):
        call = await line.dial("715", offer=sdp)
        assert (await call.seen("failure"))[1] == 488
    await rig.nothing_left()
