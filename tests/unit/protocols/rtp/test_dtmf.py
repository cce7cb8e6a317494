"""RFC 4733: digits are counted once and sent with their own timetable."""

from __future__ import annotations

import random

import pytest

from protocols.rtp.dtmf import (
    DIGITS,
    DtmfReceiver,
    ReceivedDigit,
    TelephoneEvent,
    event_packets,
)
from protocols.rtp.errors import RtpError


def feed(receiver: DtmfReceiver, packets, ssrc: int = 1, timestamp: int = 0) -> list[ReceivedDigit]:
    return [d for p in packets for d in receiver.receive(ssrc, timestamp, p.payload)]


def test_a_digit_as_sent_is_one_digit_with_its_length() -> None:
    packets = list(event_packets("5", clock=8000, duration_ms=100))
    assert [p.at_ms for p in packets] == [0, 20, 40, 60, 80, 100, 120]
    assert [p.marker for p in packets] == [True] + [False] * 6
    events = [TelephoneEvent.parse(p.payload) for p in packets]
    assert [e.duration for e in events] == [160, 320, 480, 640, 800, 800, 800]
    assert [e.end for e in events] == [False] * 4 + [True] * 3
    assert feed(DtmfReceiver(8000), packets) == [ReceivedDigit("5", 100, end_only=False)]


def test_two_equal_digits_are_two() -> None:
    receiver = DtmfReceiver(8000)
    packets = list(event_packets("9", clock=8000, duration_ms=60))
    digits = feed(receiver, packets, timestamp=0) + feed(receiver, packets, timestamp=960)
    assert [d.digit for d in digits] == ["9", "9"]


def test_ends_only_and_ends_lost() -> None:
    packets = list(event_packets("#", clock=48000, duration_ms=100))
    (only,) = feed(DtmfReceiver(48000), packets[-3:])
    assert (only.digit, only.duration_ms, only.end_only) == ("#", 100, True)
    receiver = DtmfReceiver(48000)
    assert feed(receiver, packets[:-3]) == []
    (late,) = feed(receiver, list(event_packets("1", clock=48000, duration_ms=40))[:1], timestamp=9)
    assert (late.digit, late.duration_ms) == ("#", 80)
    assert feed(receiver, packets[-1:]) == []  # the end of the old digit, very late


def test_every_digit_under_loss_duplication_and_reordering() -> None:
    chance = random.Random(3)
    receiver = DtmfReceiver(8000)
    sent = [chance.choice(DIGITS) for _ in range(500)]
    heard = []
    for number, digit in enumerate(sent):
        packets = [
            p for p in event_packets(digit, clock=8000, duration_ms=80) if chance.random() > 0.05
        ]
        packets += [p for p in packets if chance.random() < 0.1]
        if number % 3 == 0:
            chance.shuffle(packets)
        heard += feed(receiver, packets, timestamp=number * 1600)
    heard += receiver.flush()
    assert [d.digit for d in heard] == sent


def test_what_is_no_digit() -> None:
    receiver = DtmfReceiver(8000)
    assert receiver.receive(1, 0, TelephoneEvent(16, True, 10, 800).to_bytes()) == []  # flash
    assert receiver.receive(1, 0, b"\x01") == []
    with pytest.raises(RtpError):
        TelephoneEvent.parse(b"abc")
    with pytest.raises(ValueError, match="not a DTMF digit"):
        list(event_packets("E", clock=8000, duration_ms=100))
    with pytest.raises(ValueError, match="not a DTMF digit"):
        list(event_packets("12", clock=8000, duration_ms=100))
