"""baresip asks for the message lamp, and transfers a call: RFC 6665, 3842, 3515 from outside."""

from __future__ import annotations

import asyncio
from pathlib import Path

from protocols.aio.listener import RequestContext
from protocols.aio.subscription import NotifierService
from protocols.sip.event.mwi import CONTENT_TYPE, MessageSummary
from protocols.sip.event.notifier import Package
from protocols.sip.event.refer import ReferReport, ReferRequest
from tests.support.phones.baresip import Baresip
from tests.support.phones.pbx import PASSWORDS, own_pbx, talk


async def test_the_message_lamp(tmp_path: Path) -> None:
    async with own_pbx("UDP") as pbx:
        new = 0
        service = NotifierService(
            pbx.ua,
            Package("message-summary", CONTENT_TYPE),
            resource_of=lambda request: request.to.user,
            body_of=lambda _: MessageSummary(new > 0, new=new, old=1).to_bytes(),
        )
        asked = asyncio.Event()

        def serve(ctx: RequestContext) -> None:
            service.serve(ctx)
            asked.set()

        pbx.ua.handle("SUBSCRIBE", serve)
        async with Baresip(
            tmp_path, user="5101", password=PASSWORDS["5101"], server=pbx.server, mailbox=True
        ) as phone:
            await phone.registered()
            async with asyncio.timeout(15):
                await asked.wait()
            await phone.said("Messages-Waiting: no")
            new = 3
            service.changed("5101")
            await phone.said("Voice-Message: 3/1")
            assert service.subscribers("5101") == 1


async def test_a_transfer_is_taken_apart_and_reported(tmp_path: Path) -> None:
    async with (
        own_pbx("UDP") as pbx,
        Baresip(tmp_path, user="5101", password=PASSWORDS["5101"], server=pbx.server) as phone,
        talk() as ours,
    ):
        await phone.registered()
        await phone.dial("777")
        call = await pbx.calls.call()
        assert call.remote_sdp is not None
        call.accept(ours.rtp.answer(call.remote_sdp))
        await pbx.calls.seen("established")
        await phone.command("transfer", f"sip:888@{pbx.server}")
        ctx = (await pbx.calls.seen("request"))[1]
        assert ctx.request.method == "REFER"
        refer = ReferRequest.parse(ctx.request)
        assert str(refer.uri) == f"sip:888@{pbx.server}"
        report = ReferReport.of(refer)
        for status in (100, 180, 200):
            report, message = report.report(status)
            assert message is not None
            headers, body = message
            kind = dict(headers)["Content-Type"]
            plain = [(n, v) for n, v in headers if n != "Content-Type"]
            response = await call.request("NOTIFY", plain, kind, body)
            assert response.status == 200
        assert report.over
        # it hangs up by itself when it hears that the transfer worked
        assert (await pbx.calls.seen("end"))[1] == "bye"
