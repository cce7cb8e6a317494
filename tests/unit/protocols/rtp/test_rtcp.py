"""RFC 3550 6: compound packets both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.rtp.errors import RtpError
from protocols.rtp.rtcp import (
    Goodbye,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceDescription,
    compact_ntp,
    ntp_time,
    parse_compound,
)

u32 = st.integers(0, 0xFFFFFFFF)
blocks = st.lists(
    st.builds(
        ReportBlock, u32, st.integers(0, 255), st.integers(-0x800000, 0x7FFFFF), u32, u32, u32, u32
    ),
    max_size=4,
).map(tuple)
reports = st.builds(
    SenderReport, u32, st.integers(0, 2**64 - 1), u32, u32, u32, blocks
) | st.builds(ReceiverReport, u32, blocks)


@given(st.lists(reports, max_size=3), st.text(alphabet="abc@.0", min_size=1, max_size=40))
def test_a_compound_packet_survives_its_bytes(parts: list, cname: str) -> None:
    all_parts = [*parts, SourceDescription(7, cname), Goodbye((1, 2))]
    data = b"".join(p.to_bytes() for p in all_parts)
    assert len(data) % 4 == 0
    assert parse_compound(data) == all_parts


@given(st.binary(max_size=120))
def test_rubbish_gives_packets_or_an_error(data: bytes) -> None:
    try:
        parse_compound(data)
    except RtpError:
        pass


def test_unknown_types_are_skipped_and_lies_refused() -> None:
    feedback = bytes.fromhex("81ce0002") + bytes(8)  # PSFB, RFC 4585
    report = ReceiverReport(5).to_bytes()
    assert parse_compound(feedback + report) == [ReceiverReport(5)]
    with pytest.raises(RtpError):
        parse_compound(bytes.fromhex("85c90001") + bytes(4))  # five blocks, none there
    with pytest.raises(RtpError):
        parse_compound(report[:-1])


def test_round_trip_time_from_compact_ntp() -> None:
    sent, delay, now = ntp_time(1000.0), 0.25, ntp_time(1000.4)
    elapsed = (compact_ntp(now) - compact_ntp(sent) - round(delay * 65536)) & 0xFFFFFFFF
    assert abs(elapsed / 65536 - 0.15) < 0.001
