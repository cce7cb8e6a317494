"""The NG protocol's coding and what is asked of rtpengine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.engine import LegKind, LegProfile
from media.rtpengine import bencode, flags
from media.rtpengine.query import figures_of

values = st.recursive(
    st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_bencoding_round_trip(value: object) -> None:
    assert bencode.decode(bencode.encode(value)) == value


@given(st.binary(max_size=60))
def test_rubbish_is_an_error_not_a_crash(data: bytes) -> None:
    try:
        bencode.decode(data)
    except bencode.BencodeError:
        pass


@pytest.mark.parametrize(
    "data", [b"", b"i1", b"l", b"d1:ae", b"5:abc", b"-3:abc", b"i1ei2e", b"l" * 99]
)
def test_broken(data: bytes) -> None:
    with pytest.raises(bencode.BencodeError):
        bencode.decode(data)


def test_flags_by_kind() -> None:
    assert flags.towards(LegKind.WEBRTC_LITE)["ICE"] == "force"
    assert flags.towards(LegKind.RTP)["transport-protocol"] == "RTP/AVP"
    assert flags.towards(LegKind.SDES)["transport-protocol"] == "RTP/SAVP"
    assert "strict-source" in flags.towards(LegKind.RTP)["flags"]


def test_a_stand_in_is_silent_and_an_offer_turns_into_an_answer() -> None:
    text = flags.stand_in(LegProfile(LegKind.RTP))
    assert flags.port_and_address(text) == ("0.0.0.0", 9)
    offer = text + "a=setup:actpass\r\n"
    assert "a=setup:active" in flags.as_answer(offer, text + "a=setup:passive\r\n")
    assert "a=setup:passive" in flags.as_answer(offer, text + "a=setup:active\r\n")
    assert flags.as_answer(text, text) == text


def test_browser_lines_do_not_reach_the_pbx() -> None:
    dirty = flags.stand_in(LegProfile(LegKind.RTP)).replace(
        "t=0 0\r\n", "t=0 0\r\na=msid-semantic:WMS *\r\n"
    )
    dirty += "a=mid:0\r\na=msid:x y\r\na=ssrc:1 cname:z\r\n"
    dirty += "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
    clean = flags.cleaned(dirty, webrtc=False)
    assert not any(word in clean for word in ("msid", "a=mid", "a=ssrc", "candidate"))
    assert "candidate" in flags.cleaned(dirty, webrtc=True)


def test_figures_tolerate_any_shape() -> None:
    reply = {
        "tags": {
            "line": {"medias": [{"codec": "PCMA", "streams": [
                {"flags": ["RTP"], "stats": {"packets": 7, "bytes": 70, "errors": 1}},
                {"flags": ["RTCP"], "stats": {"packets": 99}},
            ]}]},
            "device": {"medias": [{"streams": [
                {"flags": ["RTP"], "stats": {"packets": 5, "bytes": 50}},
            ]}]},
        }
    }  # fmt: skip
    line = figures_of(reply, "line")
    assert (line.packets_in, line.bytes_in, line.errors, line.packets_out) == (7, 70, 1, 5)
    assert line.codec == "PCMA"
    assert figures_of({}, "line").packets_in == 0
    assert figures_of({"tags": {"line": "odd"}}, "line").packets_in == 0
