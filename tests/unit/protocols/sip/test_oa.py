"""Offer/answer state (RFC 3264, RFC 6337): every slot in every state."""

from __future__ import annotations

import itertools

import pytest

from protocols.sip.message import Request
from protocols.sip.oa import (
    PATTERNS,
    OaState,
    OfferAnswer,
    OfferAnswerError,
    Slot,
    refuse_all,
    session_description,
)

OFFER, ANSWER = b"offer", b"answer"


@pytest.mark.parametrize(("offer", "answer"), list(itertools.product(Slot, Slot)))
def test_offer_and_answer_slots_from_both_sides(offer: Slot, answer: Slot) -> None:
    allowed = offer in PATTERNS and answer in PATTERNS[offer]
    for mine in (True, False):
        try:
            state = OfferAnswer()
            state = state.send(offer, OFFER) if mine else state.receive(offer, OFFER)
            assert state.state is (OaState.LOCAL_OFFER if mine else OaState.REMOTE_OFFER)
            state = state.receive(answer, ANSWER) if mine else state.send(answer, ANSWER)
        except OfferAnswerError:
            assert not allowed
        else:
            assert allowed
            assert state.stable
            pair = (state.local, state.remote)
            assert pair == ((OFFER, ANSWER) if mine else (ANSWER, OFFER))


@pytest.mark.parametrize("slot", PATTERNS)
def test_no_second_offer_while_one_is_open(slot: Slot) -> None:
    # RFC 3264 section 4; what comes in an open exchange is its answer or an error
    mine = OfferAnswer().send(slot, OFFER)
    with pytest.raises(OfferAnswerError):
        mine.send(slot, b"second")
    theirs = OfferAnswer().receive(slot, OFFER)
    with pytest.raises(OfferAnswerError):
        theirs.receive(slot, b"second")


def test_rollback_returns_to_what_was_agreed() -> None:
    agreed = OfferAnswer(local=b"1", remote=b"2")
    assert agreed.send(Slot.UPDATE, b"3").rollback() == agreed
    assert agreed.receive(Slot.INVITE, b"3").rollback() == agreed


def test_foretaste_counts_only_while_our_offer_is_open() -> None:
    early = OfferAnswer().send(Slot.INVITE, OFFER).foretell(ANSWER)
    assert early.shown_remote == ANSWER
    assert early.remote is None
    assert OfferAnswer(local=b"1", remote=b"2").foretell(b"x").shown_remote == b"2"


def test_round_trip_through_a_dict() -> None:
    for state in (OfferAnswer(), OfferAnswer().send(Slot.INVITE, b"\xff").foretell(b"x")):
        assert OfferAnswer.from_dict(state.to_dict()) == state


def test_description_inside_multipart() -> None:
    body = (
        b"--b1\r\nContent-Type: application/isup\r\n\r\nxx\r\n"
        b"--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1--\r\n"
    )
    request = Request("INVITE", "sip:x", [("Content-Type", 'multipart/mixed;boundary="b1"')], body)
    assert session_description(request) == b"v=0\r\n"
    other = Request("INVITE", "sip:x", [("Content-Type", "text/plain")], b"hello")
    assert session_description(other) is None


def test_refusing_every_stream() -> None:
    offer = (
        b"v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 8 0\r\nm=video 4002 RTP/AVP 96\r\n"
    )
    answer = refuse_all(offer)
    assert b"m=audio 0 RTP/AVP 8 0\r\nm=video 0 RTP/AVP 96\r\n" in answer
    assert b"1.2.3.4" not in answer
