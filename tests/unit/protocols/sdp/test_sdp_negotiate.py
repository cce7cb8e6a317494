"""Offer and answer for RTP audio, each test named by the situation."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.sdp import Direction, SdpError, SessionDescription
from protocols.sdp.crypto import make_lines
from protocols.sdp.negotiate import (
    AudioSession,
    LocalAudio,
    NoCommonMedia,
    Srtp,
    answer_direction,
    is_held,
    versioned,
)

A = LocalAudio("192.0.2.1", 4000)
B = LocalAudio("192.0.2.2", 5000, codecs=("PCMU", "PCMA"))


def counted(length: int) -> bytes:
    return bytes(range(length))


def offer_text(*lines: str) -> SessionDescription:
    head = ["v=0", "o=x 1 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0"]
    return SessionDescription.parse("\r\n".join([*head, *lines, ""]))


def test_both_ends_agree() -> None:
    a, b = AudioSession(A, 1), AudioSession(B, 2)
    answer = b.answer(a.offer())
    a.accept(answer)
    for end, other in ((a, b), (b, a)):
        found = end.negotiated
        assert found is not None
        assert (found.codec.name, found.send_pt, found.receive_pt) == ("PCMA", 8, 8)
        assert (found.send_event_pt, found.event_clock) == (101, 8000)
        assert (found.remote_address, found.remote_port) == (other.local.address, other.local.port)
        assert found.direction is Direction.SENDRECV


def test_own_preference_wins_when_asked_for() -> None:
    b = AudioSession(replace(B, prefer_own=True), 2)
    b.answer(AudioSession(A, 1).offer())
    assert b.negotiated is not None and b.negotiated.codec.name == "PCMU"


def test_payload_types_of_the_offer_are_kept_in_the_answer() -> None:
    """RFC 3264 6.1, and a telephone-event with another clock than the codec is left out."""
    offer = offer_text(
        "m=audio 6000 RTP/AVP 96 97 98",
        "a=rtpmap:96 telephone-event/48000",
        "a=rtpmap:97 pcma/8000",
        "a=rtpmap:98 telephone-event/8000",
    )
    b = AudioSession(B, 2)
    answer = b.answer(offer).media[0]
    assert answer.formats == ["97", "98"]
    assert b.negotiated is not None and b.negotiated.send_event_pt == 98


def test_payload_types_may_differ_per_direction() -> None:
    a = AudioSession(A, 1)
    a.offer()
    found = a.accept(
        offer_text(
            "m=audio 6000 RTP/AVP 96 97",
            "a=rtpmap:96 telephone-event/8000",
            "a=rtpmap:97 PCMU/8000",
        )
    )
    assert (found.send_pt, found.receive_pt) == (97, 0)
    assert (found.send_event_pt, found.receive_event_pt) == (96, 101)


def test_no_event_when_only_another_clock_is_offered() -> None:
    b = AudioSession(B, 2)
    b.answer(offer_text("m=audio 6000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/48000"))
    assert b.negotiated is not None and b.negotiated.send_event_pt is None


@pytest.mark.parametrize("offered", list(Direction))
@pytest.mark.parametrize("wanted", list(Direction))
def test_direction_algebra(offered: Direction, wanted: Direction) -> None:
    """RFC 3264 6.1: nothing flows that one side does not want."""
    answer = answer_direction(offered, wanted)
    assert answer.sends == (offered.receives and wanted.sends)
    assert answer.receives == (offered.sends and wanted.receives)


@pytest.mark.parametrize(
    ("lines", "answered"),
    [
        (["m=audio 6000 RTP/AVP 8", "a=sendonly"], "recvonly"),
        (["m=audio 6000 RTP/AVP 8", "a=inactive"], "inactive"),
        (["m=audio 6000 RTP/AVP 8", "c=IN IP4 0.0.0.0"], "recvonly"),
        (["m=audio 6000 RTP/AVP 8", "c=IN IP4 0.0.0.0", "a=inactive"], "inactive"),
        (["m=audio 6000 RTP/AVP 8", "c=IN IP6 ::", "a=sendonly"], "recvonly"),
    ],
)
def test_hold_forms(lines: list[str], answered: str) -> None:
    offer = offer_text(*lines)
    assert is_held(offer)
    b = AudioSession(B, 2)
    assert b.answer(offer).media[0].direction == answered
    assert b.negotiated is not None and b.negotiated.remote_hold


def test_resume_by_one_side_of_a_double_hold_stays_one_way() -> None:
    a, b = AudioSession(A, 1), AudioSession(B, 2)
    a.accept(b.answer(a.offer()))
    a.local = replace(a.local, direction=Direction.SENDONLY)
    b.local = replace(b.local, direction=Direction.SENDONLY)
    a.accept(b.answer(a.offer()))
    assert a.negotiated is not None and a.negotiated.direction is Direction.INACTIVE
    a.local = replace(a.local, direction=Direction.SENDRECV)
    a.accept(b.answer(a.offer()))
    assert a.negotiated.direction is Direction.RECVONLY


def test_version_grows_by_one_only_on_change() -> None:
    a, b = AudioSession(A, 1), AudioSession(B, 2)
    a.accept(b.answer(a.offer()))
    first = b.described
    assert first is not None
    a.accept(b.answer(a.offer()))
    assert a.described is not None and a.described.origin.version == 1
    assert b.described is not None and b.described.to_str() == first.to_str()
    a.local = replace(a.local, direction=Direction.SENDONLY)
    a.accept(b.answer(a.offer()))
    assert (a.described.origin.version, b.described.origin.version) == (2, 2)


def test_a_refused_offer_leaves_the_session_as_it_was() -> None:
    a, b = AudioSession(A, 1), AudioSession(B, 2)
    a.accept(b.answer(a.offer()))
    before = (a.described, a.negotiated)
    a.local = replace(a.local, direction=Direction.INACTIVE)
    a.offer()
    a.rollback()
    assert (a.described, a.negotiated) == before and not a.offering


def test_sections_are_answered_in_place_and_never_removed() -> None:
    offer = offer_text(
        "m=video 7000 RTP/AVP 96",
        "a=rtpmap:96 H264/90000",
        "m=audio 6000 RTP/AVP 8",
        "m=audio 6002 RTP/AVP 8",
        "m=image 6004 udptl t38",
    )
    b = AudioSession(B, 2)
    answer = b.answer(offer)
    ports = [(m.kind, m.port) for m in answer.media]
    assert ports == [("video", 0), ("audio", 5000), ("audio", 0), ("image", 0)]
    again = b.offer()
    assert [m.kind for m in again.media] == ["video", "audio", "audio", "image"]
    assert [m.port for m in again.media] == [0, 5000, 0, 0]


@pytest.mark.parametrize(
    "line",
    [
        "m=audio 6000 RTP/AVP 18",
        "m=audio 0 RTP/AVP 8",
        "m=audio 6000 RTP/SAVP 8",
        "m=audio 6000 UDP/TLS/RTP/SAVPF 8",
        "m=video 6000 RTP/AVP 96",
    ],
)
def test_nothing_in_common(line: str) -> None:
    b = AudioSession(B, 2)
    with pytest.raises(NoCommonMedia):
        b.answer(offer_text(line))
    assert b.described is None


def test_sdes_required() -> None:
    a = AudioSession(replace(A, srtp=Srtp.REQUIRED, crypto=make_lines(counted)), 1, counted)
    b = AudioSession(replace(B, srtp=Srtp.OPTIONAL), 2, lambda n: b"\7" * n)
    offer = a.offer()
    assert offer.media[0].proto == "RTP/SAVP"
    a.accept(b.answer(offer))
    assert a.negotiated is not None and b.negotiated is not None
    assert a.negotiated.local_crypto is not None and b.negotiated.remote_crypto is not None
    assert a.negotiated.local_crypto.key == b.negotiated.remote_crypto.key == counted(30)
    assert a.negotiated.remote_crypto is not None
    assert a.negotiated.remote_crypto.key == b"\7" * 30
    before = b.described
    b.random = lambda n: rb"\8" * n
    a.accept(b.answer(a.offer()))
    assert b.described is not None and before is not None
    assert b.described.to_str() == before.to_str()  # a refresh keeps our key


def test_opportunistic_srtp_falls_back_to_plain() -> None:
    local = replace(A, srtp=Srtp.OPTIONAL, crypto=make_lines(counted))
    for peer, secure in ((Srtp.OPTIONAL, True), (Srtp.OFF, False)):
        a = AudioSession(local, 1, counted)
        b = AudioSession(replace(B, srtp=peer), 2, counted)
        assert a.offer().media[0].proto == "RTP/AVP"
        found = a.accept(b.answer(a.offer()))
        assert (found.local_crypto is not None) is secure


def test_plain_offer_to_an_end_that_requires_srtp() -> None:
    with pytest.raises(NoCommonMedia):
        AudioSession(replace(B, srtp=Srtp.REQUIRED), 2, counted).answer(AudioSession(A, 1).offer())


def test_answers_that_are_none() -> None:
    a = AudioSession(A, 1)
    with pytest.raises(SdpError):
        a.accept(offer_text("m=audio 6000 RTP/AVP 8"))
    a.offer()
    with pytest.raises(SdpError):
        a.accept(offer_text("m=audio 6000 RTP/AVP 8", "m=audio 0 RTP/AVP 8"))
    with pytest.raises(NoCommonMedia):
        a.accept(offer_text("m=audio 0 RTP/AVP 8"))
    with pytest.raises(NoCommonMedia):
        a.accept(offer_text("m=audio 6000 RTP/AVP 9"))


def test_versioned_leaves_a_first_description_alone() -> None:
    first = AudioSession(A, 1).offer()
    assert versioned(first, None) is first


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(Direction)), max_size=8))
def test_any_history_keeps_both_ends_consistent(rounds: list[tuple[bool, Direction]]) -> None:
    a, b = AudioSession(A, 1), AudioSession(B, 2)
    a.accept(b.answer(a.offer()))
    for by_a, wanted in rounds:
        one, two = (a, b) if by_a else (b, a)
        one.local = replace(one.local, direction=wanted)
        one.accept(two.answer(one.offer()))
        assert one.negotiated is not None and two.negotiated is not None
        assert one.negotiated.direction is two.negotiated.direction.reversed
        assert one.described is not None and len(one.described.media) == 1


@pytest.mark.parametrize("host", ["phone.example.test", "224.2.1.1/127", "1.2.3", ""])
def test_only_unicast_addresses_are_sent_to(host: str) -> None:
    """A name in c= would make media code ask a name server for every packet."""
    b = AudioSession(B, 2)
    with pytest.raises(SdpError):
        b.answer(offer_text("m=audio 6000 RTP/AVP 8", f"c=IN IP4 {host}"))
    assert b.described is None
