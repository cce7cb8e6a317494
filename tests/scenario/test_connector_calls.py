"""Calls through a real connector between a scripted gateway and a scripted PBX."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.sip import bridge
from connector.uplink import uplink
from media.engine import DigitEvent, Side
from protocols.aio.listener import RequestContext
from protocols.sip.headers import Reason
from tests.support.connector_rig import FakeGateway, FakePbx, Recorder, rig
from tests.support.fake_media import sdp

ELSEWHERE = (
    ("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),
    ("Reason", 'Q.850;cause=26;text="Non-selected user clearing"'),
)


async def test_call_down_rings_is_answered_and_ends(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        call = r.gateway.call("710", user, headers=(("Session-ID", "a" * 32),))
        phone, phone_seen = await r.pbx.next_call()
        invite = phone.invite
        assert invite.request_uri.user == "710"
        assert str(invite.from_.uri) == "sip:6101@pbx.test"
        assert invite.headers.get("Session-ID") == "a" * 32
        phone.ring(180)
        _, early = await user.wait("progress 180")
        assert early is None
        phone.accept(sdp(7100).encode())
        response, answer = await user.wait("answer")
        assert answer is not None and b"m=audio" in answer
        assert "offhook.invalid" in str(response.contact.uri)
        await phone_seen.wait("established")
        session = r.engine.sessions[0]
        assert session.attached == "link"
        assert session.remote["line"] == [sdp(7100)]
        call.hang_up()
        await phone_seen.wait("end bye")
        await user.wait("end local")


async def test_call_up_rings_is_answered_and_the_caller_hangs_up(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        caller = Recorder()
        call = r.pbx.call("6101", caller)
        incoming, seen = await r.gateway.next_call()
        invite = incoming.invite
        assert invite.uri == "sip:line-101@offhook.invalid"
        assert invite.from_.display == "Otto"
        assert invite.from_.user == "710"
        assert invite.headers.get("Session-ID")
        incoming.ring(180, sdp=sdp(9100).encode())
        _, early = await caller.wait("progress 180")
        assert early is None  # the link's early SDP is no early media for the caller
        incoming.accept(sdp(9100).encode())
        _, answer = await caller.wait("answer")
        assert b"m=audio" in answer
        await seen.wait("established")
        call.hang_up(headers=(("Reason", "Q.850;cause=16"),))
        bye = await seen.wait("end bye")
        assert Reason.parse(bye.headers.get("Reason")).cause == 16


async def test_cancel_crosses_with_both_reasons(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        caller = Recorder()
        call = r.pbx.call("6101", caller)
        incoming, seen = await r.gateway.next_call()
        incoming.ring(180)
        await caller.wait("progress 180")
        call.hang_up(headers=ELSEWHERE)
        cancel = await seen.wait("end cancel")
        assert cancel.headers.all("Reason") == [value for _, value in ELSEWHERE]


async def test_refusals_cross_in_both_directions(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("712", user)
        phone, _ = await r.pbx.next_call()
        phone.reject(486, headers=(("Reason", "Q.850;cause=17"),))
        response = await user.wait("failure 486")
        assert response.headers.get("Reason") == "Q.850;cause=17"

        caller = Recorder()
        r.pbx.call("6101", caller)
        incoming, _ = await r.gateway.next_call()
        incoming.reject(603)
        await caller.wait("failure 486")


async def test_unknown_and_unregistered_lines(tmp_path: Path) -> None:
    def two_lines(gateway, pbx) -> None:  # type: ignore[no-untyped-def]
        from tests.support.connector_rig import LINES

        gateway.lines = LINES

    async with rig(tmp_path, two_lines) as r:
        unknown, unregistered = Recorder(), Recorder()
        r.gateway.call("710", unknown, line="line-999")
        await unknown.wait("failure 404")
        r.gateway.call("710", unregistered, line="line-102")
        response = await unregistered.wait("failure 480")
        assert "line not registered" in response.headers.get("Warning")


async def test_hold_by_the_pbx_is_answered_here_and_told_up_the_link(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        call = r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await seen.wait("established")
        for direction, told in (("sendonly", b"a=sendonly"), ("sendrecv", b"a=sendrecv")):
            phone.offer(sdp(7100, direction=direction).encode())
            answer = await seen.wait("offer result 200")
            assert b"m=audio" in answer
            offer = await user.wait("offer")
            assert told in offer
            call.answer(sdp(9000).encode())
            session = r.engine.sessions[0]
            seen.events.clear()
            user.events.clear()
        phone.hang_up()
        await user.wait("end bye")
        assert session.remote["link"][-2:] == [sdp(9000)] * 2
        assert session.directions == [(Side.DEVICE, True, False), (Side.DEVICE, True, True)]


async def test_hold_by_a_reinvite_without_offer_is_told_up_the_link(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        call = r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await seen.wait("established")
        for direction, told in (("sendonly", b"a=sendonly"), ("sendrecv", b"a=sendrecv")):
            seen.events.clear()
            phone.offer(None)
            assert b"m=audio" in await seen.wait("offer result 200")
            phone.acknowledge(sdp(7100, direction=direction).encode())
            assert told in await user.wait("offer")
            user.events.clear()
            call.answer(sdp(9000).encode())
        phone.hang_up()
        await user.wait("end bye")
        session = r.engine.sessions[0]
        assert session.directions == [(Side.DEVICE, True, False), (Side.DEVICE, True, True)]


async def test_a_change_that_is_no_hold_stays_between_pbx_and_connector(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await seen.wait("established")
        phone.offer(sdp(7102).encode())
        await seen.wait("offer result 200")
        phone.hang_up()
        await user.wait("end bye")
        assert "offer" not in user.names


async def test_offerless_call_of_the_pbx(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        caller = Recorder()
        call = r.pbx.ua.invite(
            target=r.pbx.contact("6101"),
            from_="<sip:710@pbx.test>",
            sdp=None,
            listener=caller,
        )
        incoming, _ = await r.gateway.next_call()
        incoming.accept(sdp(9100).encode())
        _, offer = await caller.wait("answer")
        assert b"m=audio" in offer
        call.acknowledge(sdp(7300).encode())
        call.hang_up()
        _, seen = incoming, incoming.listener
        await seen.wait("end bye")
        assert r.engine.sessions[0].remote["line"] == [sdp(7300)]


async def test_digits_go_by_info_where_the_pbx_has_no_telephone_event(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())  # no telephone-event in it
        await user.wait("answer")
        await seen.wait("established")
        session = r.engine.sessions[0]
        session.listener(DigitEvent(Side.DEVICE, "link", "5", 100))
        info = await seen.wait("request INFO")
        assert info.request.content_type == "application/dtmf-relay"
        assert b"Signal=5" in info.request.body
        info.respond(200)

        relay = "application/dtmf-relay"
        good = await phone.request("INFO", content_type=relay, body=b"Signal=9\r\nDuration=90")
        odd = await phone.request("INFO", content_type="text/plain", body=b"hello")
        bad = await phone.request("INFO", content_type=relay, body=b"Signal=xx")
        assert [good.status, odd.status, bad.status] == [200, 415, 400]
        assert session.digits == [(Side.DEVICE, "9")]
        phone.hang_up()
        await user.wait("end bye")


async def test_digits_stay_in_the_media_where_both_sides_have_events(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        events = sdp(7100).replace("AVP 8", "AVP 8 101") + "a=rtpmap:101 telephone-event/8000\r\n"
        phone.accept(events.encode())
        await user.wait("answer")
        await seen.wait("established")
        r.engine.sessions[0].listener(DigitEvent(Side.DEVICE, "link", "5", 100))
        phone.hang_up()
        await user.wait("end bye")
        assert "request INFO" not in seen.names


async def test_other_requests_in_a_dialog_get_a_clear_answer(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await seen.wait("established")
        refer = await phone.request("REFER", headers=(("Refer-To", "<sip:711@pbx.test>"),))
        assert refer.status == 405
        assert "REFER" not in refer.headers.get("Allow")
        assert refer.headers.get("Allow") == phone.invite.headers.get("Allow")
        assert phone.invite.supported == {"100rel", "timer"}
        assert phone.state == "confirmed"
        phone.hang_up()
        await user.wait("end bye")


async def test_a_link_lost_while_it_rings_sends_the_caller_elsewhere(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        caller = Recorder()
        r.pbx.call("6101", caller)
        incoming, _ = await r.gateway.next_call()
        incoming.ring(180)
        await caller.wait("progress 180")
        for flow in list(r.gateway.flows.values()):
            flow.close("the link is cut")
        await caller.wait("failure 480")


async def test_a_description_that_is_no_utf_8_costs_nothing(tmp_path: Path) -> None:
    latin = sdp(7000).replace("s=-", "s=B\xfcro").encode("latin-1")
    async with rig(tmp_path) as r:
        caller = Recorder()
        call = r.pbx.ua.invite(
            target=r.pbx.contact("6101"), from_="<sip:710@pbx.test>", sdp=latin, listener=caller
        )
        incoming, _ = await r.gateway.next_call()
        incoming.accept(sdp(9100).encode())
        await caller.wait("answer")
        call.offer(latin.replace(b"1 1 IN", b"1 2 IN"))
        await caller.wait("offer result 200")
        call.hang_up()
        await incoming.listener.wait("end bye")
        remote = r.engine.sessions[0].remote["line"]
        assert [text.encode("utf-8", "surrogateescape") for text in remote] == [
            latin,
            latin.replace(b"1 1 IN", b"1 2 IN"),
        ]


async def test_a_pbx_that_moved_may_call_from_where_it_took_the_registration(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as r:
        # its name led elsewhere when the connector started
        r.connector.pbx.addresses.known = frozenset({"192.0.2.1"})
        caller = Recorder()
        r.pbx.call("6101", caller)
        incoming, _ = await r.gateway.next_call()
        incoming.reject(486)
        await caller.wait("failure 486")
        for line in r.connector.pbx.lines.values():
            line.registration.registered_over = None
        refused = Recorder()
        r.pbx.call("6101", refused)
        await refused.wait("failure 403")


async def test_a_call_that_rings_for_ever_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "RING_LIMIT", 0.3)
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, seen = await r.pbx.next_call()
        phone.ring(180)
        await user.wait("failure 408")
        await seen.wait("end cancel")


async def test_an_answered_call_has_no_ring_limit(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, _ = await r.pbx.next_call()
        phone.ring(180)
        await user.wait("progress 180")
        (call,) = r.connector.exchange.calls.values()
        assert call._ring_limit is not None
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        assert call._ring_limit is None
        phone.hang_up()
        await user.wait("end bye")


async def test_a_status_the_gateway_refused_is_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uplink, "TELL_AGAIN", 0.01)
    refused: list[bytes] = []

    def refuse_at_first(gateway: FakeGateway, _: FakePbx) -> None:
        def notified(ctx: RequestContext) -> None:
            if ctx.request.headers.get("Event") == "offhook-status":
                refused.append(ctx.request.body)
            if len(refused) < 30:
                ctx.respond(503)
            else:
                gateway._notify(ctx)
            gateway.on_change()

        gateway.ua.handle("NOTIFY", notified)

    async with rig(tmp_path, before_start=refuse_at_first) as r:
        await r.until(lambda: bool(r.gateway.statuses))
        assert r.gateway.statuses[0] == refused[29]
