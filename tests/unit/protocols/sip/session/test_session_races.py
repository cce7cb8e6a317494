"""CANCEL, BYE, ACK and INVITE crossing on the wire (RFC 3261 9, 13, 14, 15; RFC 5407)."""

from __future__ import annotations

import pytest

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.message import Request, Response
from protocols.sip.session import Phase, events
from tests.support.session_bench import Bench, ringing, sdp, talking


def over(bench: Bench) -> None:
    """Nothing is left on either side, and each owner heard exactly one end."""
    bench.run()
    for party in (bench.a, bench.b):
        if party.session is None:
            continue
        assert party.phase is Phase.ENDED
        assert party.disposed
        assert party.timers == {}
        assert party.kinds().count("Ended") == 1
        assert party.kinds()[-1] == "Ended"


def test_cancel_waits_for_the_first_provisional() -> None:
    # RFC 3261 9.1: no CANCEL before a 1xx
    bench = Bench()
    bench.a.do(events.HangUp())
    assert [p.name for p in bench.wire] == ["INVITE"]
    bench.deliver()
    bench.b.do(events.Ring())
    over(bench)
    assert bench.log == ["a>INVITE", "b>180 INVITE", "a>CANCEL", "b>487 INVITE"]


def test_cancel_crosses_a_success_ack_and_bye() -> None:
    # 9.1, 15: the 200 was on its way: acknowledge it, then hang up
    bench = ringing()
    bench.a.do(events.HangUp())
    bench.b.do(events.Accept(sdp(1, "b")))
    over(bench)
    assert bench.log[-4:] == ["b>200 INVITE", "a>ACK", "a>BYE", "b>200 BYE"]
    assert bench.a.heard(events.Answered) == []
    assert bench.a.heard(events.Ended)[0].cause == "local"
    assert bench.b.heard(events.Ended)[0].cause == "bye"


def test_cancel_crosses_a_refusal() -> None:
    bench = ringing()
    bench.a.do(events.HangUp())
    bench.b.do(events.Reject(486))
    over(bench)
    assert bench.a.heard(events.Failed) == []
    assert bench.b.heard(events.Ended)[0].cause == "rejected"


def test_cancel_crosses_a_success_with_an_offer() -> None:
    # 13.2.2.4: the ACK must carry an answer even though nobody wants the session
    bench = ringing(offer=None)
    bench.a.do(events.HangUp())
    bench.b.do(events.Accept(sdp(1, "b") + b"m=audio 4000 RTP/AVP 8\r\n"))
    bench.deliver_named("CANCEL")
    bench.deliver_named("200 INVITE")
    ack = next(p for p in bench.wire if p.name == "ACK").message
    assert ack is not None and b"m=audio 0 RTP/AVP 8" in ack.body
    over(bench)


def test_forked_call_late_answers_are_acknowledged_and_ended() -> None:
    # 13.2.2.4: each fork is its own dialog; the second 2xx gets ACK and BYE
    bench = Bench()
    invite = bench.wire.pop().message
    assert invite is not None

    def response(status: int, tag: str, body: bytes = b"") -> Response:
        made = Response.for_request(invite, status, to_tag=tag)  # type: ignore[arg-type]
        made.headers.remove("Via")
        made.headers.add("Contact", f"<sip:{tag}@forks.test>")
        made.body = body
        if body:
            made.headers.add("Content-Type", "application/sdp")
        return made

    for tag in ("x", "y", "z"):
        bench.a.do(events.GotResponse(0, response(180, tag)))
    assert [f.dialog.remote_tag for f in bench.a.s.forks] == ["x", "y", "z"]
    bench.a.do(events.GotResponse(0, response(200, "y", sdp(1, "y"))))
    assert bench.a.phase is Phase.CONFIRMED
    bench.wire.clear()
    bench.a.do(events.GotResponse(0, response(200, "z", sdp(1, "z"))))
    names = [(p.name, p.message.uri) for p in bench.wire if p.message is not None]  # type: ignore[union-attr]
    assert names == [("ACK", "sip:z@forks.test"), ("BYE", "sip:z@forks.test")]
    assert bench.a.phase is Phase.CONFIRMED
    bench.wire.clear()
    # a copy of either 2xx gets the same ACK again, and no second BYE
    bench.a.do(events.GotResponse(0, response(200, "z", sdp(1, "z"))))
    bench.a.do(events.GotResponse(0, response(200, "y", sdp(1, "y"))))
    assert [p.name for p in bench.wire] == ["ACK", "ACK"]
    assert bench.a.kinds().count("Answered") == 1


def test_cancelled_fork_set_ends_every_late_answer() -> None:
    bench = Bench()
    invite = bench.wire.pop().message
    for tag in ("x", "y"):
        ok = Response.for_request(invite, 180, to_tag=tag)  # type: ignore[arg-type]
        ok.headers.add("Contact", f"<sip:{tag}@forks.test>")
        bench.a.do(events.GotResponse(0, ok))
    bench.a.do(events.HangUp())
    bench.wire.clear()
    for tag in ("x", "y"):
        ok = Response.for_request(invite, 200, to_tag=tag)  # type: ignore[arg-type]
        ok.headers.add("Contact", f"<sip:{tag}@forks.test>")
        ok.body = sdp(1)
        bench.a.do(events.GotResponse(0, ok))
    assert [p.name for p in bench.wire] == ["ACK", "BYE", "ACK", "BYE"]
    assert bench.a.kinds().count("Ended") == 1


def test_a_fork_that_ended_is_forgotten() -> None:
    # RFC 6228
    bench = Bench()
    invite = bench.wire.pop().message
    for status in (180, 199):
        made = Response.for_request(invite, status, to_tag="x")  # type: ignore[arg-type]
        made.headers.add("Contact", "<sip:x@forks.test>")
        bench.a.do(events.GotResponse(0, made))
    assert bench.a.s.forks == ()


def test_callee_hangs_up_before_the_ack() -> None:
    # RFC 3261 section 15: no BYE before the ACK
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.b.do(events.HangUp((("Reason", "Q.850;cause=16"),)))
    assert "b>BYE" not in bench.log
    assert bench.b.heard(events.Ended)[0].cause == "local"
    over(bench)
    assert bench.log[-3:] == ["a>ACK", "b>BYE", "a>200 BYE"]
    assert bench.a.heard(events.Ended)[0].request.headers.get("Reason") == "Q.850;cause=16"


def test_both_sides_hang_up() -> None:
    bench = talking()
    bench.a.do(events.HangUp())
    bench.b.do(events.HangUp())
    over(bench)
    assert sorted(bench.log) == ["a>200 BYE", "a>BYE", "b>200 BYE", "b>BYE"]


def test_caller_hangs_up_before_its_ack_arrived() -> None:
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.deliver_named("200 INVITE")
    bench.a.do(events.HangUp())
    bench.deliver_named("BYE")  # overtakes the ACK
    over(bench)
    assert bench.b.heard(events.Established) == []


def test_success_is_repeated_until_the_ack() -> None:
    # 13.3.1.4: T1 doubling up to T2; every copy is acknowledged again
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.deliver_named("200 INVITE")
    bench.drop_named("ACK")
    bench.log.clear()
    bench.advance(0.5, lossy=lambda p: False)
    assert bench.log == ["b>200 INVITE", "a>ACK"]
    assert bench.b.phase is Phase.CONFIRMED
    assert bench.b.timers == {}


def test_no_ack_ends_the_call() -> None:
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    times = []
    bench.wire.clear()

    def lose(packet) -> bool:  # type: ignore[no-untyped-def]
        times.append((round(bench.now, 1), packet.name))
        return packet.name != "BYE"

    bench.advance(32, lossy=lose)
    ok = [t for t, name in times if name == "200 INVITE"]
    assert ok == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert bench.b.heard(events.Ended)[0].cause == "no_ack"
    assert bench.log.index("b>BYE") > bench.log.index("b>200 INVITE")
    assert bench.a.heard(events.Ended)[0].cause == "bye"


def test_bye_while_ringing_ends_the_invite() -> None:
    # 15.1.2: 487 to the INVITE that is still open
    bench = ringing()
    fork = bench.a.s.forks[0]
    _, bye = fork.dialog.request("BYE")
    bye.headers.prepend("Via", "SIP/2.0/TCP a.test;branch=z9hG4bK77")
    bench.b._take_request(bye)
    assert {"b>200 BYE", "b>487 INVITE"} <= set(bench.log)
    assert bench.b.heard(events.Ended)[0].cause == "bye"


def test_cancel_of_a_reinvite_leaves_the_session() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.deliver_named("INVITE")
    key = bench.b.s.server.key  # type: ignore[union-attr]
    bench.b.do(events.GotCancel(key, bench.b.requests[key]))
    bench.b.do(events.Answer(sdp(2, "b")))  # the owner did not know yet: no effect
    bench.run()
    assert bench.a.phase is bench.b.phase is Phase.CONFIRMED
    assert bench.b.s.current.oa.remote == sdp(1)  # type: ignore[union-attr]
    assert bench.a.heard(events.OfferResult)[0].status == 487


def test_bye_ends_an_open_reinvite_of_the_peer() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.deliver_named("INVITE")
    bench.a.do(events.HangUp())
    over(bench)
    assert "b>487 INVITE" in bench.log


def test_success_to_a_reinvite_after_our_bye_is_still_acknowledged() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.deliver_named("INVITE")
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.a.do(events.HangUp())
    bench.deliver_named("200 INVITE")
    assert bench.log.count("a>ACK") == 1
    bench.run()
    assert bench.a.kinds() == ["Ended"]


@pytest.mark.parametrize("status", [408, 481])
def test_reinvite_that_finds_no_dialog_ends_it(status: int) -> None:
    # RFC 3261 12.2.1.2
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    reinvite = bench.wire.pop().message
    bench.a.do(events.GotResponse(1, Response.for_request(reinvite, status)))  # type: ignore[arg-type]
    assert bench.a.kinds() == ["OfferResult", "Ended"]
    assert bench.a.heard(events.Ended)[0].cause == "dialog_lost"
    assert [p.name for p in bench.wire] == ["BYE"]


@pytest.mark.parametrize("method", ["BYE", "INFO", "UPDATE", "PRACK"])
def test_what_collects_digests_is_not_signed(method: str) -> None:
    # a callee that hangs a 407 on our BYE wants our hash (CVE-2021-41158)
    bench = talking(credentials=DigestCredentials("100", "secret", realm="x"))
    match method:
        case "BYE":
            bench.a.do(events.HangUp())
        case _:
            bench.a.do(events.Transmit(1, method))
    request = bench.wire.pop().message
    assert isinstance(request, Request) and request.method == method
    refused = Response.for_request(request, 407)
    refused.headers.add("Proxy-Authenticate", 'Digest realm="x", nonce="1"')
    bench.a.do(events.GotResponse(1, refused))
    assert bench.wire == []
    assert bench.a.disposed == (method == "BYE")


def test_a_challenged_reinvite_is_signed_with_the_next_cseq() -> None:
    bench = talking(credentials=DigestCredentials("100", "secret", realm="x"))
    bench.a.do(events.Offer(sdp(2)))
    request = bench.wire.pop().message
    assert isinstance(request, Request)
    refused = Response.for_request(request, 407)
    refused.headers.add("Proxy-Authenticate", 'Digest realm="x", nonce="1"')
    bench.a.do(events.GotResponse(1, refused))
    again = bench.wire[-1].message
    assert isinstance(again, Request)
    assert (again.cseq.number, again.body) == (request.cseq.number + 1, sdp(2))
    assert "Proxy-Authorization" in again.headers
    bench.run()
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.run()
    assert bench.a.heard(events.OfferResult) == [events.OfferResult(200, sdp(2, "b"))]


def test_a_challenged_refer_is_signed_and_its_answer_is_the_request_s() -> None:
    bench = talking(credentials=DigestCredentials("100", "secret", realm="x"))
    bench.a.do(events.Transmit(1, "REFER", (("Refer-To", "<sip:102@x>"),)))
    for nonce, answer in (("1", None), ("2", 407)):
        request = bench.wire.pop().message
        assert isinstance(request, Request) and request.headers.get("Refer-To") == "<sip:102@x>"
        refused = Response.for_request(request, 407)
        refused.headers.add("Proxy-Authenticate", f'Digest realm="x", nonce="{nonce}"')
        bench.a.do(events.GotResponse(bench.a.s.clients[-1].key, refused))
        replies = [reply.response.status for reply in bench.a.heard(events.Reply)]
        assert replies == ([] if answer is None else [answer])  # signed and refused: that is it


def test_lost_flow_ends_only_what_is_unanswered() -> None:
    bench = ringing()
    bench.b.do(events.FlowLost())
    assert bench.b.heard(events.Ended)[0].cause == "flow_lost"
    bench = talking()
    bench.a.do(events.FlowLost())
    bench.b.do(events.FlowLost())
    assert bench.a.told == bench.b.told == []


def test_requests_after_the_end_find_no_dialog() -> None:
    bench = talking()
    bench.a.do(events.Transmit(1, "INFO"))
    bench.b.do(events.HangUp())
    bench.deliver_named("INFO")
    bench.run()
    assert bench.log[-1] in ("a>200 BYE", "b>481 INFO")
    assert "b>481 INFO" in bench.log


def test_lower_cseq_is_out_of_order() -> None:
    # RFC 3261 12.2.2
    bench = talking()
    dialog = bench.a.s.current.dialog  # type: ignore[union-attr]
    later, _ = dialog.request("INFO")
    _, second = later.request("INFO")
    _, first = dialog.request("INFO")
    for number, request in enumerate((second, first)):
        request.headers.prepend("Via", f"SIP/2.0/TCP a.test;branch=z9hG4bK9{number}")
        bench.b._take_request(request)
    assert bench.log == ["b>200 INFO", "b>500 INFO"]


@pytest.mark.parametrize("ending", ["hang up", "failure", "bye"])
def test_an_open_update_is_answered_when_the_early_call_ends(ending: str) -> None:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.run()
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.run()
    assert bench.a.heard(events.Offered)
    match ending:
        case "hang up":
            bench.a.do(events.HangUp())
        case "failure":
            bench.b.do(events.Reject(486))
        case "bye":
            _, bye = bench.b.s.forks[0].dialog.request("BYE")
            bye.headers.prepend("Via", "SIP/2.0/TCP b.test;branch=z9hG4bK77")
            bench.a._take_request(bye)
    bench.run()
    assert "a>487 UPDATE" in bench.log
    assert all(bench.a.answered.values())
