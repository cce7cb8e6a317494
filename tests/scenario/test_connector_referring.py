"""REFER through a real connector: what the PBX is asked, what it may refuse, what order is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from protocols.aio.call import Call
from protocols.sip.event.refer import ReferReport, ReferRequest, parse_sipfrag, refer_to
from protocols.sip.headers import Replaces
from protocols.sip.message import Response
from tests.support.connector_rig import DOMAIN, SITE, Recorder, Rig, rig
from tests.support.fake_media import sdp


def address(user: str, more: str = ";user=phone") -> str:
    return f"sip:{user}@{SITE}.{DOMAIN}{more}"


async def talking(r: Rig, number: str = "710") -> tuple[Call, Recorder, Call, Recorder]:
    user = Recorder()
    link = r.gateway.call(number, user)
    phone, seen = await r.pbx.next_call()
    phone.accept(sdp(7100).encode())
    await user.wait("answer")
    await seen.wait("established")
    return link, user, phone, seen


def asks_in_background(link: Call, to: str) -> asyncio.Future[Response]:
    return link.transmit("REFER", [("Refer-To", to)])


async def asks(link: Call, to: str) -> int:
    return (await link.request("REFER", [("Refer-To", to)])).status


async def tell(phone: Call, report: ReferReport, status: int) -> ReferReport:
    report, told = report.report(status)
    assert told is not None
    headers = [header for header in told[0] if header[0] != "Content-Type"]
    response = await phone.request("NOTIFY", headers, dict(told[0])["Content-Type"], told[1])
    assert response.status == 200
    return report


def outcomes(user: Recorder) -> list[int]:
    """What the gateway was told, in order."""
    notified = [ctx for name, ctx in user.events if name == "request NOTIFY"]
    return [parse_sipfrag(ctx.request.body)[0] for ctx in notified]


async def told(user: Recorder, *statuses: int) -> None:
    async with asyncio.timeout(5):
        while outcomes(user) != list(statuses):
            user._changed.clear()
            await user._changed.wait()


async def test_the_features_are_told_with_the_call(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        _, user, phone, _ = await talking(r)
        response, _ = await user.wait("answer")
        assert response.headers.get("Offhook-Features") == "transfer, merge, park"
        phone.hang_up()
        await user.wait("end bye")


async def test_a_transfer_is_asked_of_the_pbx_and_its_outcome_comes_before_the_bye(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, seen = await talking(r)
        asked = asks_in_background(link, refer_to(address("103")))
        ctx = await seen.wait("request REFER")
        refer = ReferRequest.parse(ctx.request)
        assert refer.uri.user_text == "103"
        assert refer.replaces is None
        ctx.respond(202)
        assert (await asked).status == 202
        report = await tell(phone, ReferReport.of(refer), 100)
        await tell(phone, report, 200)
        phone.hang_up()
        await user.wait("end bye")
        assert outcomes(user) == [100, 200]
        assert user.names.index("end bye") > user.names.index("request NOTIFY")


async def test_replaces_names_the_other_dialog_as_the_pbx_knows_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, _, phone, seen = await talking(r)
        second, user, other, _ = await talking(r, "711")
        named = Replaces(second.call_id, second.dialog.remote_tag, second.dialog.local_tag)
        asked = asks_in_background(link, refer_to(address("711"), named))
        ctx = await seen.wait("request REFER")
        theirs = other.dialog
        assert ReferRequest.parse(ctx.request).replaces == Replaces(
            other.call_id, theirs.local_tag, theirs.remote_tag
        )
        ctx.respond(603)
        assert (await asked).status == 486, "no 6xx crosses"
        for call in (phone, other):
            call.hang_up()
        await user.wait("end bye")


async def test_what_makes_no_sense_is_refused_and_the_call_goes_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, seen = await talking(r)
        stranger = Replaces("nobody", "a", "b")
        own = Replaces(link.call_id, link.dialog.remote_tag, link.dialog.local_tag)
        for to, status in (
            (refer_to(address("103"), stranger), 481),
            (refer_to(address("103"), own), 481),
            (refer_to(address("x", ";feature=park")), 501),
            (refer_to(address("103", ";feature=fly")), 501),
            (refer_to(address("conference", ";feature=merge")), 501),
        ):
            assert await asks(link, to) == status, to
        assert (await link.request("REFER")).status == 400
        assert "request REFER" not in seen.names
        phone.hang_up()
        await user.wait("end bye")


async def test_a_conference_that_is_refused_leaves_both_calls(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, _ = await talking(r)
        second, _, other, _ = await talking(r, "711")
        dialog = second.dialog
        join = f"{second.call_id}%3Bto-tag%3D{dialog.remote_tag}%3Bfrom-tag%3D{dialog.local_tag}"
        to = f"<{address('conference', ';feature=merge')}?Join={join}>"
        assert await asks(link, to) == 202
        code, _ = await r.pbx.next_call()
        assert code.invite.request_uri.user_text == "*3"
        code.reject(403)
        await told(user, 100, 403)
        assert (phone.state, other.state) == ("confirmed", "confirmed")
        for call in (phone, other):
            call.hang_up()
        await user.wait("end bye")


async def test_a_conference_takes_the_place_of_the_line(tmp_path: Path) -> None:
    """Also where the PBX ends the old dialog before it answers the new one."""
    async with rig(tmp_path) as r:
        link, user, phone, _ = await talking(r)
        second, gone, other, _ = await talking(r, "711")
        dialog = second.dialog
        join = f"{second.call_id}%3Bto-tag%3D{dialog.remote_tag}%3Bfrom-tag%3D{dialog.local_tag}"
        assert await asks(link, f"<{address('conference', ';feature=merge')}?Join={join}>") == 202
        room, seen = await r.pbx.next_call()
        phone.hang_up()
        other.hang_up()
        await gone.wait("end bye")
        room.accept(sdp(7200).encode())
        await seen.wait("established")
        await told(user, 100, 200)
        assert link.state == "confirmed"
        link.hang_up()
        await seen.wait("end bye")
