"""RFC 3550 5.1 and RFC 5761: reading and writing one packet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.rtp.errors import RtpError
from protocols.rtp.packet import RtpPacket, is_rtcp, payload_start

packets = st.builds(
    RtpPacket,
    payload_type=st.integers(0, 127),
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.integers(0, 0xFFFFFFFF),
    payload=st.binary(max_size=200),
    marker=st.booleans(),
    csrc=st.lists(st.integers(0, 0xFFFFFFFF), max_size=15).map(tuple),
    extension=st.none()
    | st.tuples(
        st.integers(0, 0xFFFF),
        st.integers(0, 8).flatmap(lambda n: st.binary(min_size=4 * n, max_size=4 * n)),
    ),
)


@given(packets)
def test_a_packet_survives_its_bytes(packet: RtpPacket) -> None:
    assert RtpPacket.parse(packet.to_bytes()) == packet


@given(st.binary(max_size=80))
def test_rubbish_is_a_packet_or_an_error(data: bytes) -> None:
    try:
        RtpPacket.parse(data)
    except RtpError:
        pass


def test_padding_is_taken_off_and_a_lie_about_it_refused() -> None:
    plain = RtpPacket(8, 1, 2, 3, b"abc").to_bytes()
    padded = bytes([plain[0] | 0x20]) + plain[1:] + b"\0\0\3"
    assert RtpPacket.parse(padded).payload == b"abc"
    with pytest.raises(RtpError):
        RtpPacket.parse(padded[:-1] + b"\xff")
    with pytest.raises(RtpError):
        RtpPacket.parse(padded[:-1] + b"\0")


def test_where_the_payload_begins() -> None:
    packet = RtpPacket(0, 1, 2, 3, b"xyz", csrc=(1, 2), extension=(0xBEDE, b"12345678")).to_bytes()
    start = payload_start(packet, len(packet))
    assert start is not None and packet[start:] == b"xyz"
    assert payload_start(packet, 20) is None


def test_rtcp_on_a_shared_port_is_told_apart() -> None:
    assert [is_rtcp(n) for n in (8, 136, 191, 192, 200, 223, 224)] == [
        False, False, False, True, True, True, False,
    ]  # fmt: skip
