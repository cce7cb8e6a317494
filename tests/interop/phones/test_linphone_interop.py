"""linphone 5.1 as a desk phone: PRACK, UPDATE, GRUU, SDES; another stack that is not ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from protocols.aio.tls import server_context
from protocols.sdp.values import Direction
from tests.support.phones.linphone import Linphone
from tests.support.phones.pbx import OUR_TONE, PASSWORDS, OwnPbx, own_pbx, talk
from tests.support.pki import TestCa

PHONE_TONE = 660


class Desk(NamedTuple):
    pbx: OwnPbx
    phone: Linphone
    encrypted: bool


@pytest.fixture(params=["UDP", "TLS"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """A registered phone; over TLS with SDES-SRTP."""
    secure = request.param == "TLS"
    ca = TestCa(tmp_path)
    # its TLS library knows no IP addresses in certificates and compares them as DNS names
    names = ca.issue("pbx", addresses=["127.0.0.1"], dns=["127.0.0.1"])
    server = server_context(*names) if secure else None
    async with (
        own_pbx(request.param, server) as pbx,
        Linphone(
            tmp_path,
            user="5101",
            password=PASSWORDS["5101"],
            server=pbx.server,
            transport=request.param.lower(),
            media_encryption="srtp" if secure else "none",
            ca_file=ca.ca_file if secure else None,
            says=PHONE_TONE,
        ) as phone,
    ):
        await phone.registered()
        await pbx.registered("5101")
        yield Desk(pbx, phone, secure)
        assert pbx.ua.calls == []


async def test_early_media_with_prack_and_update(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        await desk.phone.dial("777")
        call = await desk.pbx.calls.call()
        assert "100rel" in call.invite.supported
        assert call.remote_sdp is not None
        call.ring(183, sdp=ours.rtp.answer(call.remote_sdp))
        await desk.phone.ringing()
        await desk.phone.hears(OUR_TONE)
        call.offer(ours.rtp.offer())  # an UPDATE: the dialog is early
        _, status, answer = await desk.pbx.calls.seen("offer result")
        assert status == 200
        ours.rtp.accept(answer)
        call.accept()
        await desk.phone.connected()
        await ours.hears(PHONE_TONE)
        assert {"PRACK", "UPDATE"} <= set(desk.pbx.seen)
        call.hang_up()
        await desk.phone.ended()
        await desk.pbx.ua.idle()


async def test_phone_is_called_and_hangs_up(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.incoming()
        await desk.phone.accept()
        ours.rtp.accept((await caller.seen("answer"))[2])
        await ours.hears(PHONE_TONE)
        await desk.phone.hears(OUR_TONE)
        await desk.phone.digits("17#")
        await ours.pressed("17#")
        await desk.phone.hang_up()
        assert (await caller.seen("end"))[1] == "bye"
        assert call.state == "terminated"


async def test_phone_holds_and_resumes(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        await desk.phone.dial("777")
        call = await desk.pbx.calls.call()
        assert call.remote_sdp is not None
        call.accept(ours.rtp.answer(call.remote_sdp))
        await desk.phone.connected()
        await desk.pbx.calls.seen("established")
        await desk.phone.hold()
        held = (await desk.pbx.calls.seen("offer"))[1]
        assert b"a=sendonly" in held or b"a=inactive" in held
        call.answer(ours.rtp.answer(held))
        await desk.phone.paused()
        await desk.phone.resume()
        resumed = (await desk.pbx.calls.seen("offer", 2))[1]
        assert b"a=sendonly" not in resumed and b"a=inactive" not in resumed
        call.answer(ours.rtp.answer(resumed))
        await desk.phone.connected()
        await ours.hears(PHONE_TONE)
        call.hang_up()
        await desk.phone.ended()
        await desk.pbx.ua.idle()


async def test_we_hold_and_retrieve(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.incoming()
        await desk.phone.accept()
        ours.rtp.accept((await caller.seen("answer"))[2])
        await desk.phone.connected()
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
        await desk.phone.ended()
        await desk.pbx.ua.idle()


async def test_cancel_decline_and_busy(desk: Desk) -> None:
    async with talk(desk.encrypted) as ours:
        call, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.incoming()
        await caller.seen("progress")
        call.hang_up()
        await desk.phone.ended()
        _, caller = await desk.pbx.dial("5101", ours.rtp.offer())
        await desk.phone.incoming()
        await desk.phone.hang_up()
        assert (await caller.seen("failure"))[1] in (486, 603)
    await desk.phone.dial("777")
    (await desk.pbx.calls.call()).reject(486)
    await desk.phone.ended()
    await desk.pbx.ua.idle()


async def test_wrong_password_is_refused(tmp_path: Path) -> None:
    async with (
        own_pbx("UDP") as pbx,
        Linphone(tmp_path, user="5102", password="guess", server=pbx.server),
    ):
        await pbx.until(lambda: any(r.reason == "wrong" for r in pbx.refusals))
        assert pbx.binding("5102") is None
