"""Session timers (RFC 4028) between two session machines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.message import Request, Response
from protocols.sip.session import Phase, Settings, events
from protocols.sip.session.events import Timer
from tests.support.session_bench import Bench, Packet, sdp, talking

WISH = Settings(allow=("INVITE", "ACK", "CANCEL", "BYE", "UPDATE"), session_expires=1800, min_se=90)
NO_UPDATE = replace(WISH, allow=("INVITE", "ACK", "CANCEL", "BYE"))
NO_TIMER = replace(WISH, supported=("100rel",), session_expires=None)


def test_the_caller_refreshes_by_update_at_half_the_interval() -> None:
    bench = talking(a=WISH, b=WISH)
    assert bench.a.s.timer.refresher and not bench.b.s.timer.refresher
    assert bench.a.timers[Timer.REFRESH] == 900
    assert bench.b.timers == {Timer.EXPIRE: 1800 - 32}
    bench.advance(5000)
    assert bench.log == ["a>UPDATE", "b>200 UPDATE"] * 5
    assert bench.a.told == bench.b.told == []
    update = bench.b.requests[max(bench.b.requests)]
    assert update.session_expires is not None
    assert str(update.session_expires) == "1800;refresher=uac"


def test_without_update_the_refresh_is_a_reinvite_with_the_same_description() -> None:
    bench = talking(a=WISH, b=NO_UPDATE)
    bench.advance(900)
    offered = bench.b.heard(events.Offered)[0]
    assert offered.sdp == sdp(1)
    bench.b.do(events.Answer(sdp(1, "b")))
    bench.run()
    assert bench.log == ["a>INVITE", "b>200 INVITE", "a>ACK"]
    assert bench.a.told == []
    assert bench.a.timers[Timer.REFRESH] == 1800


def test_no_refresh_in_time_ends_the_call() -> None:
    bench = talking(a=WISH, b=WISH)
    bench.advance(1800, lossy=lambda packet: packet.name == "UPDATE")
    # both watch; here the caller's timer is the first of two that are due at the same moment
    causes = [party.heard(events.Ended)[0].cause for party in (bench.a, bench.b)]
    assert causes == ["expired", "bye"]
    assert [entry for entry in bench.log if "BYE" in entry] == ["a>BYE", "b>200 BYE"]


def test_a_peer_without_session_timers_is_left_alone() -> None:
    bench = talking(a=WISH, b=NO_TIMER)
    assert bench.a.timers == bench.b.timers == {}
    assert bench.a.s.timer.interval == 0


def test_the_callee_refreshes_for_a_caller_that_cannot() -> None:
    # RFC 4028 section 9, table 2: a proxy asked, the UAC knows no timer
    bench = Bench(a=NO_TIMER, b=WISH, headers=(("Session-Expires", "600"),))
    bench.run()
    bench.b.do(events.Accept(sdp(1, "b")))
    ok = bench.wire[-1].message
    assert isinstance(ok, Response)
    assert str(ok.session_expires) == "600;refresher=uas"
    assert "timer" not in ok.required
    bench.run()
    assert bench.b.timers[Timer.REFRESH] == 300


def test_too_small_an_interval_is_refused_and_raised() -> None:
    # sections 6, 7.3: 422 with Min-SE, the next INVITE asks for that much
    bench = Bench(a=replace(WISH, session_expires=120))
    invite = bench.wire.pop().message
    assert isinstance(invite, Request)
    refused = Response.for_request(invite, 422)
    refused.headers.add("Min-SE", "300")
    bench.a.do(events.GotResponse(0, refused))
    again = bench.wire[-1].message
    assert isinstance(again, Request)
    assert (again.cseq.number, str(again.session_expires)) == (2, "300")
    assert again.headers.get("Min-SE") == "300"
    assert bench.a.told == []
    # the same answer again leads nowhere
    refused = Response.for_request(again, 422)
    refused.headers.add("Min-SE", "300")
    bench.a.do(events.GotResponse(1, refused))
    assert bench.a.kinds() == ["Failed", "Ended"]


def test_roles_stay_through_a_reinvite_of_the_other_side() -> None:
    bench = talking(a=WISH, b=WISH)
    bench.b.do(events.Offer(sdp(2, "b")))
    reinvite = bench.wire[-1].message
    assert isinstance(reinvite, Request)
    # a (uac of the INVITE) refreshes; in b's request it is the uas
    assert str(reinvite.session_expires) == "1800;refresher=uas"
    bench.run()
    bench.a.do(events.Answer(sdp(2)))
    bench.run()
    assert bench.a.s.timer.refresher and not bench.b.s.timer.refresher


def test_a_failed_refresh_with_481_ends_the_call() -> None:
    bench = talking(a=WISH, b=WISH)

    def refuse(packet: Packet) -> bool:
        return packet.name == "UPDATE"

    bench.advance(900, lossy=refuse)
    key = bench.a.s.clients[0].key
    response = Response.for_request(bench.a.s.clients[0].request, 481)
    bench.a.do(events.GotResponse(key, response))
    assert bench.a.heard(events.Ended)[0].cause == "dialog_lost"


def test_update_refused_as_unknown_becomes_a_reinvite() -> None:
    bench = talking(a=WISH, b=WISH)
    bench.advance(900, lossy=lambda packet: packet.name == "UPDATE")
    client = bench.a.s.clients[0]
    bench.a.do(events.GotResponse(client.key, Response.for_request(client.request, 501)))
    reinvite = bench.wire[-1].message
    assert isinstance(reinvite, Request)
    assert (reinvite.method, reinvite.body) == ("INVITE", sdp(1))
    assert bench.a.phase is Phase.CONFIRMED


def test_timers_of_refresher_and_watcher_do_not_end_a_refreshed_call() -> None:
    bench = talking(a=WISH, b=WISH)
    bench.advance(10_000)
    assert bench.a.phase is bench.b.phase is Phase.CONFIRMED


@pytest.mark.parametrize(("status", "local"), [(503, True), (500, False), (403, False)])
def test_a_refresh_that_failed_is_tried_again_before_the_session_expires(
    status: int, local: bool
) -> None:
    bench = talking(a=WISH, b=WISH)
    failed = 0

    def fail_twice(packet: Packet) -> bool:
        nonlocal failed
        if packet.name != "UPDATE" or failed == 2:
            return False
        failed += 1
        assert isinstance(packet.message, Request)
        response = Response.for_request(packet.message, status)
        response.local = local
        bench.a.do(events.GotResponse(packet.key, response))
        return True

    bench.advance(930, lossy=fail_twice)
    assert bench.log == ["a>UPDATE"] * 3 + ["b>200 UPDATE"]
    bench.advance(1800)
    assert bench.a.phase is bench.b.phase is Phase.CONFIRMED
    assert bench.a.told == bench.b.told == []


def test_a_challenged_update_becomes_a_signed_reinvite() -> None:
    # UPDATEs are never signed (session/auth.py), INVITEs are
    bench = talking(a=WISH, b=WISH, credentials=DigestCredentials("a", "pw", "b.test"))

    def challenge(packet: Packet) -> bool:
        message = packet.message
        if not isinstance(message, Request) or packet.kind != "request":
            return False
        if packet.name not in ("UPDATE", "INVITE") or "Proxy-Authorization" in message.headers:
            return False
        response = Response.for_request(message, 407)
        response.headers.add("Proxy-Authenticate", 'Digest realm="b.test", nonce="n", qop="auth"')
        bench.a.do(events.GotResponse(packet.key, response))
        return True

    bench.a.do(events.Fired(Timer.REFRESH))
    while any(challenge(packet) and not bench.wire.remove(packet) for packet in list(bench.wire)):
        pass
    bench.run()
    assert bench.b.heard(events.Offered)[0].sdp == sdp(1)
    bench.b.do(events.Answer(sdp(1, "b")))
    bench.run()
    assert bench.log == ["a>UPDATE", "a>INVITE", "a>INVITE", "b>200 INVITE", "a>ACK"]
    assert bench.a.told == []
    assert bench.a.timers[Timer.REFRESH] == 900
