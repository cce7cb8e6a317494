"""baresip 1.0 as a desk phone at our user agent and registrar: a stack that is not ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from protocols.aio.tls import server_context
from protocols.sdp.model import Direction
from tests.support.phones.baresip import Baresip
from tests.support.phones.pbx import OUR_TONE, PASSWORDS, OwnPbx, own_pbx, talk
from tests.support.pki import TestCa

PHONE_TONE = 440


class Desk(NamedTuple):
    pbx: OwnPbx
    phone: Baresip
    encrypted: bool


@pytest.fixture(params=["UDP", "TCP", "TLS"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """A registered phone; over TLS it takes SDES-SRTP only."""
    secure = request.param == "TLS"
    ca = TestCa(tmp_path)
    server = server_context(*ca.issue("pbx", addresses=["127.0.0.1"])) if secure else None
    async with (
        own_pbx(request.param, server) as pbx,
        Baresip(
            tmp_path,
            user="5101",
            password=PASSWORDS["5101"],
            server=pbx.server,
            transport=request.param.lower(),
            media_encryption="srtp-mand" if secure else None,
            ca_file=ca.ca_file if secure else None,
            says=PHONE_TONE,
        ) as phone,
    ):
        await phone.registered()
        await pbx.registered("5101")
        yield Desk(pbx, phone, secure)
        assert pbx.ua.calls == []


async def test_phone_calls_and_both_hear(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        await desk.phone.dial("777")
        call = await desk.pbx.calls.call()
        call.ring()
        await desk.phone.event("CALL_RINGING")
        assert call.remote_sdp is not None
        call.accept(ours.rtp.answer(call.remote_sdp))
        await desk.phone.event("CALL_ESTABLISHED")
        await ours.hears(PHONE_TONE)
        await desk.phone.hears(OUR_TONE)
        await desk.phone.digits("42#")
        await ours.pressed("42#")
        call.hang_up()
        await desk.phone.event("CALL_CLOSED")
        await desk.pbx.ua.idle()


async def test_phone_is_called_and_hangs_up(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.event("CALL_INCOMING")
        assert (await caller.seen("progress"))[1] == 180
        await desk.phone.accept()
        answer = (await caller.seen("answer"))[2]
        ours.rtp.accept(answer)
        await ours.hears(PHONE_TONE)
        await desk.phone.hears(OUR_TONE)
        await desk.phone.hang_up()
        assert (await caller.seen("end"))[1] == "bye"
        assert call.state == "terminated"


async def test_we_cancel_while_it_rings(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.event("CALL_INCOMING")
        await caller.seen("progress")
        call.hang_up(headers=[("Reason", 'SIP;cause=200;text="Call completed elsewhere"')])
        await desk.phone.event("CALL_CLOSED")
        assert (await caller.seen("end"))[1] == "local"
        await desk.pbx.ua.idle()


async def test_phone_declines(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        _, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.event("CALL_INCOMING")
        await desk.phone.hang_up()
        assert (await caller.seen("failure"))[1] in (480, 486, 603)
        await desk.pbx.ua.idle()


async def test_phone_gives_up(desk: Desk) -> None:
    await desk.phone.dial("777")
    call = await desk.pbx.calls.call()
    call.ring()
    await desk.phone.event("CALL_RINGING")
    await desk.phone.hang_up()
    assert (await desk.pbx.calls.seen("end"))[1] == "cancel"
    await desk.pbx.ua.idle()


async def test_busy_reaches_the_phone(desk: Desk) -> None:
    await desk.phone.dial("777")
    (await desk.pbx.calls.call()).reject(486)
    closed = await desk.phone.event("CALL_CLOSED")
    assert "486" in closed["param"]
    await desk.pbx.ua.idle()


async def test_phone_holds_and_resumes(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        await desk.phone.dial("777")
        call = await desk.pbx.calls.call()
        assert call.remote_sdp is not None
        call.accept(ours.rtp.answer(call.remote_sdp))
        await desk.pbx.calls.seen("established")
        await desk.phone.hears(OUR_TONE)
        await desk.phone.hold()
        held = (await desk.pbx.calls.seen("offer"))[1]
        assert b"a=sendonly" in held or b"a=inactive" in held
        call.answer(ours.rtp.answer(held))
        await desk.phone.resume()
        resumed = (await desk.pbx.calls.seen("offer", 2))[1]
        assert b"a=sendrecv" in resumed
        call.answer(ours.rtp.answer(resumed))
        await ours.hears(PHONE_TONE)
        call.hang_up()
        await desk.phone.event("CALL_CLOSED")
        await desk.pbx.ua.idle()


async def test_we_hold_and_retrieve(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.event("CALL_INCOMING")
        await desk.phone.accept()
        ours.rtp.accept((await caller.seen("answer"))[2])
        call.offer(ours.rtp.offer(Direction.SENDONLY))
        _, status, answer = await caller.seen("offer result")
        assert status == 200
        assert b"a=recvonly" in answer or b"a=inactive" in answer
        ours.rtp.accept(answer)
        call.offer(ours.rtp.offer(Direction.SENDRECV))
        _, status, answer = await caller.seen("offer result", 2)
        assert status == 200
        ours.rtp.accept(answer)
        await ours.hears(PHONE_TONE)
        call.hang_up()
        await desk.phone.event("CALL_CLOSED")
        await desk.pbx.ua.idle()


async def test_delayed_offer_to_the_phone(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", None)
        await desk.phone.event("CALL_INCOMING")
        await desk.phone.accept()
        offer = (await caller.seen("answer"))[2]
        call.acknowledge(ours.rtp.answer(offer))
        await ours.hears(PHONE_TONE)
        call.hang_up()
        await desk.phone.event("CALL_CLOSED")
        await desk.pbx.ua.idle()


async def test_wrong_password_is_refused(tmp_path: Path) -> None:
    async with (
        own_pbx("UDP") as pbx,
        Baresip(tmp_path, user="5102", password="guess", server=pbx.server),
    ):
        await pbx.until(lambda: any(r.reason == "wrong" for r in pbx.refusals))
        assert pbx.binding("5102") is None
