"""Offer/answer through INVITE, 1xx, PRACK, ACK, UPDATE and re-INVITE, with glare and rollback."""

from __future__ import annotations

import pytest

from protocols.sip.message import Response
from protocols.sip.session import Phase, Settings, events
from tests.support.session_bench import Bench, ringing, sdp, talking

PLAIN = Settings(allow=("INVITE", "ACK", "CANCEL", "BYE"), supported=(), session_expires=None)


def agreed(bench: Bench) -> tuple[bytes | None, bytes | None, bytes | None, bytes | None]:
    """(local, remote) of a and of b."""
    a, b = bench.a.s.current, bench.b.s.current
    assert a is not None and b is not None
    assert a.oa.stable and b.oa.stable
    return a.oa.local, a.oa.remote, b.oa.local, b.oa.remote


# -- the six patterns of RFC 6337 section 2.2 ----------------------------------------------------


def test_offer_in_invite_answer_in_200() -> None:
    bench = talking()
    assert agreed(bench) == (sdp(1), sdp(1, "b"), sdp(1, "b"), sdp(1))


def test_offer_in_200_answer_in_ack() -> None:
    bench = ringing(offer=None)
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.run()
    assert bench.a.phase is Phase.UNACKED
    assert "a>ACK" not in bench.log  # no ACK before our answer is known
    assert bench.a.heard(events.Answered)[0].sdp == sdp(1, "b")
    bench.a.do(events.Acknowledge(sdp(1)))
    bench.run()
    assert agreed(bench) == (sdp(1), sdp(1, "b"), sdp(1, "b"), sdp(1))
    assert bench.b.kinds()[-1] == "Established"


def test_ack_without_the_answer_ends_the_call() -> None:
    bench = ringing(offer=None)
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.run()
    ack = bench.a.s.current.dialog.ack(1)  # type: ignore[union-attr]
    bench.b.do(events.GotAck(ack))
    assert bench.b.heard(events.Ended)[0].cause == "failure"
    assert bench.wire[-1].name == "BYE"


def test_offer_in_invite_answer_in_reliable_1xx() -> None:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.b.do(events.Accept())
    assert bench.b.phase is Phase.HELD  # RFC 3262 section 3
    assert "b>200 INVITE" not in bench.log
    bench.run()
    assert bench.log == [
        "a>INVITE", "b>183 INVITE", "a>PRACK", "b>200 PRACK", "b>200 INVITE", "a>ACK",
    ]  # fmt: skip
    assert agreed(bench) == (sdp(1), sdp(1, "b"), sdp(1, "b"), sdp(1))


def test_offer_in_reliable_1xx_answer_in_prack() -> None:
    bench = Bench(offer=None)
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.run()
    assert "a>PRACK" not in bench.log
    bench.a.do(events.Acknowledge(sdp(1)))
    bench.run()
    assert agreed(bench) == (sdp(1), sdp(1, "b"), sdp(1, "b"), sdp(1))
    bench.b.do(events.Accept())
    bench.run()
    assert bench.a.phase is Phase.CONFIRMED
    assert bench.a.heard(events.Answered)[0].sdp is None


def test_offer_in_prack_answer_in_200_prack() -> None:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.deliver_named("183 INVITE")
    prack = bench.wire.pop().message
    assert prack is not None
    prack.body = sdp(2)
    prack.headers.add("Content-Type", "application/sdp")
    bench.b._take_request(prack)  # type: ignore[arg-type]
    assert bench.b.heard(events.Offered)[0].sdp == sdp(2)
    bench.b.do(events.Accept())
    assert bench.b.phase is Phase.HELD
    bench.b.do(events.Answer(sdp(2, "b")))
    assert bench.log[-2:] == ["b>200 PRACK", "b>200 INVITE"]
    assert bench.b.s.current.oa.remote == sdp(2)  # type: ignore[union-attr]


def test_update_in_the_early_dialog() -> None:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.run()
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.run()
    assert bench.log[-1] == "b>UPDATE"
    assert bench.a.heard(events.Offered)[0].sdp == sdp(2, "b")
    bench.a.do(events.Answer(sdp(2)))
    bench.run()
    assert bench.b.heard(events.OfferResult)[-1].sdp == sdp(2)
    bench.b.do(events.Accept())
    bench.run()
    assert agreed(bench) == (sdp(2), sdp(2, "b"), sdp(2, "b"), sdp(2))


# -- unreliable 1xx ------------------------------------------------------------------------------


def test_description_in_unreliable_183_is_only_a_foretaste() -> None:
    bench = Bench(b=PLAIN)
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.run()
    assert bench.a.heard(events.Progress)[0].sdp == sdp(1, "b")
    assert not bench.a.s.current.oa.stable  # type: ignore[union-attr]
    bench.b.do(events.Accept(sdp(2, "b")))
    bench.run()
    assert agreed(bench) == (sdp(1), sdp(2, "b"), sdp(2, "b"), sdp(1))


def test_success_without_description_takes_the_foretaste() -> None:
    bench = Bench(b=PLAIN)
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.run()
    bench.b.do(events.Accept(sdp(1, "b")))
    ok = bench.wire[-1].message
    assert ok is not None
    ok.body = b""
    bench.run()
    assert bench.a.phase is Phase.CONFIRMED
    assert bench.a.heard(events.Answered)[0].sdp == sdp(1, "b")


def test_success_without_any_answer_fails() -> None:
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    ok = bench.wire[-1].message
    assert ok is not None
    ok.body = b""
    bench.run()
    assert bench.a.kinds()[-2:] == ["Failed", "Ended"]
    assert bench.log[-3:] == ["a>ACK", "a>BYE", "b>200 BYE"]


# -- PRACK ---------------------------------------------------------------------------------------


def test_reliable_1xx_is_repeated_without_cap_and_given_up() -> None:
    # RFC 3262 section 3: T1, 2*T1, ... and after 64*T1 a 5xx
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.wire.clear()
    times: list[float] = []

    def lose(packet) -> bool:  # type: ignore[no-untyped-def]
        times.append(bench.now)
        return packet.name == "183 INVITE"

    bench.advance(32, lossy=lose)
    assert times == [0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 32.0]
    assert bench.b.heard(events.Ended)[0].cause == "no_prack"
    assert bench.a.heard(events.Failed)[0].status == 504


def test_reliable_1xx_come_one_at_a_time() -> None:
    bench = Bench(headers=(("Require", "100rel"),))
    bench.run()
    bench.b.do(events.Ring(180))
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    assert bench.log == ["a>INVITE", "b>180 INVITE"]
    bench.run()
    assert bench.log.count("a>PRACK") == 2
    assert [p.response.rseq for p in bench.a.heard(events.Progress)] == [1, 2]


def test_a_copy_of_a_reliable_1xx_is_not_acknowledged_twice() -> None:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.b.do(events.Fired(events.Timer.RESEND_1XX))
    bench.run()
    assert bench.log.count("a>PRACK") == 1
    assert len(bench.a.heard(events.Progress)) == 1


def test_prack_goes_to_the_contact_of_the_early_dialog() -> None:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.deliver()
    prack = bench.wire[-1].message
    assert prack is not None
    assert prack.uri == "sip:b@b.test"  # type: ignore[union-attr]
    assert prack.headers.get("RAck") == "1 1 INVITE"


def test_prack_of_nothing_gets_481() -> None:
    bench = ringing()
    _, prack = bench.a.s.forks[0].dialog.request("PRACK", [("RAck", "9 1 INVITE")])
    prack.headers.prepend("Via", "SIP/2.0/TCP a.test;branch=z9hG4bK90")
    bench.b._take_request(prack)
    assert bench.log[-1] == "b>481 PRACK"


def test_ringing_without_description_does_not_hold_the_answer_back() -> None:
    bench = Bench(headers=(("Require", "100rel"),))
    bench.run()
    bench.b.do(events.Ring(180))
    bench.b.do(events.Accept(sdp(1, "b")))
    assert bench.log[-1] == "b>200 INVITE"
    bench.run()
    assert bench.a.phase is bench.b.phase is Phase.CONFIRMED
    assert "b>200 PRACK" in bench.log


# -- re-INVITE -----------------------------------------------------------------------------------


def test_reinvite_changes_the_session() -> None:
    bench = talking()
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.run()
    bench.a.do(events.Answer(sdp(2)))
    bench.run()
    assert agreed(bench) == (sdp(2), sdp(2, "b"), sdp(2, "b"), sdp(2))
    assert bench.log == ["b>INVITE", "a>200 INVITE", "b>ACK"]


def test_refused_reinvite_rolls_back() -> None:
    bench = talking()
    before = agreed(bench)
    bench.a.do(events.Offer(sdp(2)))
    bench.run()
    bench.b.do(events.Refuse(488))
    bench.run()
    assert agreed(bench) == before
    assert bench.a.heard(events.OfferResult) == [events.OfferResult(488, None)]


def test_offerless_reinvite() -> None:
    bench = talking()
    bench.a.do(events.Offer(None))
    bench.run()
    assert bench.b.heard(events.Offered)[0].sdp is None
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.run()
    assert bench.a.heard(events.OfferResult) == [events.OfferResult(200, sdp(2, "b"))]
    assert "a>ACK" not in bench.log
    bench.a.do(events.Acknowledge(sdp(2)))
    bench.run()
    assert bench.b.heard(events.OfferResult) == [events.OfferResult(200, sdp(2))]
    assert agreed(bench) == (sdp(2), sdp(2, "b"), sdp(2, "b"), sdp(2))


def test_glare_is_resolved_by_different_waits() -> None:
    # RFC 3261 14.1: the owner of the Call-ID waits 2.1 to 4 s, the other 0 to 2 s
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.run()
    assert bench.log.count("a>491 INVITE") == bench.log.count("b>491 INVITE") == 1
    wait_a = bench.a.timers[events.Timer.RETRY_OFFER] - bench.now
    wait_b = bench.b.timers[events.Timer.RETRY_OFFER] - bench.now
    assert 2.1 <= wait_a <= 4.0 and round(wait_a * 100) == pytest.approx(wait_a * 100)
    assert 0.0 <= wait_b <= 2.0
    assert not bench.a.heard(events.OfferResult)
    bench.advance(2.05)
    bench.a.do(events.Answer(sdp(3)))
    bench.run()
    assert bench.b.heard(events.OfferResult) == [events.OfferResult(200, sdp(3))]
    bench.advance(2)
    bench.b.do(events.Answer(sdp(3, "b")))
    bench.run()
    assert bench.a.heard(events.OfferResult) == [events.OfferResult(200, sdp(3, "b"))]
    assert agreed(bench) == (sdp(2), sdp(3, "b"), sdp(3, "b"), sdp(2))


def test_an_offer_withdrawn_after_glare_never_leaves() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.run()
    bench.advance(2.05)
    bench.a.do(events.Withdraw())
    assert events.Timer.RETRY_OFFER not in bench.a.timers
    bench.a.do(events.Answer(sdp(3)))
    bench.run()
    bench.advance(5)
    assert not bench.a.heard(events.OfferResult)
    assert agreed(bench) == (sdp(3), sdp(2, "b"), sdp(2, "b"), sdp(3))


def test_an_offer_that_has_left_cannot_be_withdrawn() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.a.do(events.Withdraw())
    bench.run()
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.run()
    assert bench.a.heard(events.OfferResult) == [events.OfferResult(200, sdp(2, "b"))]


def test_second_invite_before_the_final_response_gets_500() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.run()
    fork = bench.a.s.current
    assert fork is not None
    _, second = fork.dialog.request("INVITE", body=sdp(3))
    second.headers.prepend("Via", "SIP/2.0/TCP a.test;branch=z9hG4bK90")
    bench.b._take_request(second)
    refusal = bench.wire[-1].message
    assert isinstance(refusal, Response)
    assert refusal.status == 500
    assert 0 <= int(refusal.headers.get("Retry-After") or "") <= 10


def test_retry_after_of_a_500_is_obeyed() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    reinvite = bench.wire.pop().message
    busy = Response.for_request(reinvite, 500)  # type: ignore[arg-type]
    busy.headers.add("Retry-After", "7")
    bench.a.do(events.GotResponse(1, busy))
    assert bench.a.timers[events.Timer.RETRY_OFFER] == 7.0
    bench.advance(7)
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.run()
    assert bench.a.heard(events.OfferResult)[0].status == 200


def test_offers_wait_for_their_turn() -> None:
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.b.do(events.Offer(sdp(2, "b")))  # the ACK is not here yet
    assert "b>INVITE" not in bench.log
    bench.run()
    assert bench.log[-2:] == ["a>ACK", "b>INVITE"]
    bench.a.do(events.Offer(sdp(2)))  # theirs is open
    bench.run()
    assert "a>INVITE" not in bench.log[1:]
    bench.a.do(events.Answer(sdp(3)))
    bench.run()
    assert bench.log[-1] == "a>INVITE"


def test_reinvite_that_overtakes_the_ack_counts_as_ack() -> None:
    # RFC 5407 section 3.1.4
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.deliver_named("200 INVITE")
    bench.a.do(events.Offer(sdp(2)))
    bench.deliver_named("INVITE")
    assert bench.b.kinds()[-2:] == ["Established", "Offered"]
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.run()
    assert agreed(bench) == (sdp(2), sdp(2, "b"), sdp(2, "b"), sdp(2))


def test_update_while_an_offer_is_open() -> None:
    # RFC 3311 section 5.2: 491 when ours is open, 500 when theirs is
    bench = talking()
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.wire.clear()
    dialog = bench.a.s.current.dialog  # type: ignore[union-attr]
    dialog, update = dialog.request("UPDATE", body=sdp(2))
    update.headers.prepend("Via", "SIP/2.0/TCP a.test;branch=z9hG4bK90")
    bench.b._take_request(update)
    assert bench.log[-1] == "b>491 UPDATE"

    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    bench.run()
    dialog = bench.a.s.current.dialog  # type: ignore[union-attr]
    _, update = dialog.request("UPDATE", body=sdp(3))
    update.headers.prepend("Via", "SIP/2.0/TCP a.test;branch=z9hG4bK90")
    bench.b._take_request(update)
    refusal = bench.wire[-1].message
    assert bench.log[-1] == "b>500 UPDATE"
    assert refusal is not None and refusal.headers.get("Retry-After") is not None


def test_update_refreshes_the_target() -> None:
    bench = talking()
    dialog = bench.a.s.current.dialog  # type: ignore[union-attr]
    _, update = dialog.request("UPDATE", [("Contact", "<sip:a@elsewhere.test>")])
    update.headers.prepend("Via", "SIP/2.0/TCP a.test;branch=z9hG4bK90")
    bench.b._take_request(update)
    bench.b.do(events.HangUp())
    assert bench.wire[-1].message.uri == "sip:a@elsewhere.test"  # type: ignore[union-attr]


def test_reinvite_may_ask_for_reliable_early_answers() -> None:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    reinvite = bench.wire.pop().message
    early = Response.for_request(reinvite, 183)  # type: ignore[arg-type]
    early.headers.extend(
        [("Require", "100rel"), ("RSeq", "5"), ("Content-Type", "application/sdp")]
    )
    early.body = sdp(2, "b")
    bench.a.do(events.GotResponse(1, early))
    assert bench.wire[-1].name == "PRACK"
    assert bench.wire[-1].message.headers.get("RAck") == "5 2 INVITE"  # type: ignore[union-attr]
    refused = Response.for_request(reinvite, 488)  # type: ignore[arg-type]
    bench.a.do(events.GotResponse(1, refused))
    # RFC 6141 section 3: what was settled and acknowledged meanwhile stays
    assert bench.a.s.current.oa.local == sdp(2)  # type: ignore[union-attr]


# -- an UPDATE that is open when something else happens --------------------------------------------


def early_media() -> Bench:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.run()
    return bench


def test_the_callee_answers_the_call_while_its_update_is_open() -> None:
    bench = early_media()
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.b.do(events.Accept(sdp(9, "b")))
    bench.run()
    assert bench.a.phase is bench.b.phase is Phase.CONFIRMED
    assert bench.a.heard(events.Answered)[0].sdp is None
    bench.a.do(events.Answer(sdp(2)))
    bench.run()
    assert agreed(bench) == (sdp(2), sdp(2, "b"), sdp(2, "b"), sdp(2))


def test_the_call_is_answered_while_the_callers_update_is_open() -> None:
    bench = early_media()
    bench.a.do(events.Offer(sdp(2)))
    bench.deliver_named("UPDATE")
    bench.b.do(events.Accept())
    assert bench.b.phase is Phase.HELD  # its answer comes first
    bench.b.do(events.Answer(sdp(2, "b")))
    bench.run()
    assert agreed(bench) == (sdp(2), sdp(2, "b"), sdp(2, "b"), sdp(2))
    assert bench.a.phase is Phase.CONFIRMED


def test_ringing_again_while_an_update_is_open() -> None:
    bench = early_media()
    bench.b.do(events.Offer(sdp(2, "b")))
    bench.b.do(events.Ring(183, sdp=sdp(9, "b")))
    bench.b.do(events.Ring(180))
    bench.run()
    assert bench.a.heard(events.Progress)[-1].response.status == 180
    bench.a.do(events.Answer(sdp(2)))
    bench.run()
    assert agreed(bench)[0] == sdp(2)


def test_ringing_twice_with_an_offer_sends_it_once() -> None:
    bench = Bench(offer=None)
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.b.do(events.Ring(183, sdp=sdp(2, "b")))
    bench.run()
    bench.a.do(events.Acknowledge(sdp(1)))
    bench.run()
    assert agreed(bench) == (sdp(1), sdp(1, "b"), sdp(1, "b"), sdp(1))


def test_an_update_of_a_fork_that_lost_is_not_waited_for() -> None:
    bench = early_media()
    bench.a.do(events.Offer(sdp(2)))
    update = bench.wire.pop().message
    ok = Response.for_request(bench.a.s.invite, 200, to_tag="other")
    ok.headers.add("Contact", "<sip:other@forks.test>")
    ok.body = sdp(1, "c")
    bench.a.do(events.GotResponse(0, ok))
    assert bench.a.phase is Phase.CONFIRMED
    client = bench.a.s.clients[-1]
    bench.a.do(events.GotResponse(client.key, Response.for_request(update, 200)))  # type: ignore[arg-type]
    assert bench.a.s.clients == ()
    assert bench.a.heard(events.OfferResult) == [events.OfferResult(487, None)]
