"""The lossless model: whatever parses is written back byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.sdp import Direction, MediaDescription, Origin, RtpMap, SdpError, SessionDescription

SDES = (
    b"v=0\r\no=- 20518 3 IN IP4 192.0.2.10\r\ns=PBX \xe4\r\nc=IN IP4 192.0.2.10\r\nb=AS:100\r\n"
    b"t=0 0\r\nm=audio 49170 RTP/SAVP 8 0 9 101\r\n"
    b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^31|1:1"
    b"\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=x-unify:keep me\r\n"
)
T38 = (
    b"v=0\r\no=fax 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    b"m=audio 0 RTP/AVP 8\r\n"
    b"m=image 3000 udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:9600\r\n"
)
HOLD = (
    b"v=0\no=hipath 7 8 IN IP4 192.0.2.5\ns=-\nc=IN IP4 0.0.0.0\nt=0 0\n"
    b"a=inactive\nm=audio 16384 RTP/AVP 8 97\na=rtpmap:97 opus/48000/2\na=sendonly"
)
WEBRTC = (
    b"v=0\r\no=mozilla 4611731400430051336 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    b"a=group:BUNDLE 0\r\na=ice-lite\r\n"
    b"m=audio 9 UDP/TLS/RTP/SAVPF 111 8 110\r\nc=IN IP6 ::\r\na=mid:0\r\na=rtcp-mux\r\n"
    b"a=rtpmap:111 opus/48000/2\r\na=rtpmap:110 telephone-event/48000\r\n"
    b"a=candidate:1 1 UDP 2130706431 192.0.2.1 3478 typ host\r\n"
)


@pytest.mark.parametrize("body", [SDES, T38, HOLD, WEBRTC])
def test_round_trip_is_byte_exact(body: bytes) -> None:
    assert SessionDescription.parse(body).to_bytes() == body


def test_typed_views_of_an_sdes_body() -> None:
    sdp = SessionDescription.parse(SDES)
    audio = sdp.media[0]
    assert sdp.origin == Origin("-", 20518, 3, "192.0.2.10")
    assert (audio.kind, audio.port, audio.proto) == ("audio", 49170, "RTP/SAVP")
    assert audio.rtpmaps == {
        8: RtpMap("PCMA", 8000),
        0: RtpMap("PCMU", 8000),
        9: RtpMap("G722", 8000),
        101: RtpMap("telephone-event", 8000),
    }
    assert audio.fmtp(101) == "0-15"
    assert audio.ptime == 20
    assert audio.connection_address == "192.0.2.10"
    assert audio.direction is Direction.SENDRECV
    assert audio.attribute("crypto") is not None
    assert audio.attribute("x-unify") == "keep me"


def test_session_level_is_inherited_and_overridden() -> None:
    audio = SessionDescription.parse(HOLD).media[0]
    assert audio.direction is Direction.SENDONLY  # own, against inactive at session level
    assert audio.effective_connection is not None and audio.effective_connection.is_null
    lines = HOLD.replace(b"\na=sendonly", b"")
    assert SessionDescription.parse(lines).media[0].direction is Direction.INACTIVE
    webrtc = SessionDescription.parse(WEBRTC).media[0]
    assert webrtc.inherited("ice-lite") == "" and webrtc.attribute("ice-lite") is None


def test_editing_one_line_leaves_the_rest() -> None:
    sdp = SessionDescription.parse(SDES)
    sdp.media[0].port = 4000
    sdp.origin = sdp.origin.bumped()
    expected = SDES.replace(b"audio 49170", b"audio 4000").replace(b"20518 3", b"20518 4")
    assert sdp.to_bytes() == expected


def test_new_lines_go_where_the_grammar_wants_them() -> None:
    sdp = SessionDescription.parse(HOLD)
    sdp.set_line("b", "AS:64")
    sdp.media[0].set_line("c", "IN IP4 192.0.2.7")
    sdp.media[0].set_direction(Direction.RECVONLY)
    text = sdp.to_str()
    assert "c=IN IP4 0.0.0.0\nb=AS:64\nt=0 0" in text
    assert "97\nc=IN IP4 192.0.2.7\na=rtpmap:97 opus/48000/2\na=recvonly\n" in text
    assert SessionDescription.parse(text).to_str() == text


def test_set_attribute_leaves_exactly_one() -> None:
    media = MediaDescription.new("audio", 4000, "RTP/AVP", ["8"])
    media.add_attribute("crypto", "1 x inline:y")
    media.add_attribute("crypto", "2 x inline:z")
    media.set_attribute("crypto", "1 only inline:y")
    assert media.attributes("crypto") == ["1 only inline:y"]


def test_a_bad_rtpmap_costs_only_itself() -> None:
    body = HOLD.replace(b"97 opus/48000/2", b"97 opus").decode()
    assert list(SessionDescription.parse(body).media[0].rtpmaps) == [8]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\r\n",
        "o=- 1 1 IN IP4 192.0.2.1\r\n",
        "v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\n",
        "v=0\r\ns=-\r\n",
        "v=0\r\no=- 1 IN IP4 192.0.2.1\r\n",
        "v=0\r\no=- 1 ² IN IP4 192.0.2.1\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=audio 70000 RTP/AVP 8\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=audio x RTP/AVP 8\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=audio\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nc=IN IP9 x\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n\r\ns=-\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nnonsense\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n" + "a=x\r\n" * 2001,
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n" + "m=audio 1 RTP/AVP 8\r\n" * 65,
    ],
)
def test_what_is_no_description_is_refused(text: str) -> None:
    with pytest.raises(SdpError):
        SessionDescription.parse(text)


def test_values_cannot_smuggle_lines() -> None:
    sdp = SessionDescription.parse(SDES)
    with pytest.raises(SdpError):
        sdp.add_attribute("x", "1\r\nm=audio 1 RTP/AVP 8")
    with pytest.raises(SdpError):
        sdp.set_line("s", "a\nb")
    with pytest.raises(SdpError):
        sdp.add_attribute("x y", "1")


@given(st.one_of(st.text(max_size=200), st.sampled_from([SDES, T38, HOLD, WEBRTC])), st.data())
def test_nothing_but_sdp_error_escapes(body: str | bytes, data: st.DataObject) -> None:
    if isinstance(body, bytes):
        place = data.draw(st.integers(0, len(body)))
        body = body[:place] + data.draw(st.binary(max_size=6)) + body[place + 3 :]
    try:
        sdp = SessionDescription.parse(body)
    except SdpError:
        return
    assert sdp.to_bytes() == (body if isinstance(body, bytes) else body.encode())
    for media in sdp.media:
        _ = media.rtpmaps, media.direction, media.effective_connection, media.ptime
