"""Frames: whole however the bytes are cut, refused when the boundary is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.csta.errors import LocalError
from protocols.csta.framing import Frame, FramingFault, StreamFramer, encode_frame
from protocols.csta.limits import Limits

ONE = encode_frame(1, b"<A/>")
EMPTY = encode_frame(9999, b"")


def fed(data: bytes, step: int, limits: Limits | None = None) -> list[Frame | FramingFault]:
    framer = StreamFramer(limits or Limits())
    out: list[Frame | FramingFault] = []
    for start in range(0, len(data), step):
        out += framer.feed(data[start : start + step])
    assert framer.pending is False
    return out


@pytest.mark.parametrize("step", [1, 2, 3, 7, 8, 9, 10_000])
def test_frames_come_whole_however_they_are_cut(step: int) -> None:
    assert fed(ONE + EMPTY + ONE, step) == [Frame(1, b"<A/>"), Frame(9999, b""), Frame(1, b"<A/>")]


@pytest.mark.parametrize(
    ("payload", "head"), [(995, b"\x00\x00\x03\xeb9999"), (1083, b"\x00\x00\x04\x439999")]
)
def test_the_length_counts_the_header(payload: int, head: bytes) -> None:
    """Messages captured from an OpenScape Voice were 1003 and 1091 bytes, header included."""
    assert encode_frame(9999, b"x" * payload)[:8] == head


def test_the_length_counts_bytes_not_characters() -> None:
    assert encode_frame(3, "Jürgen Größe".encode())[2:4] == (8 + 12 + 3).to_bytes(2, "big")


def test_the_largest_frame_and_one_more() -> None:
    largest = encode_frame(5, b"x" * (65535 - 8))
    assert fed(largest, 4096) == [Frame(5, b"x" * (65535 - 8))]
    with pytest.raises(LocalError):
        encode_frame(5, b"x" * (65536 - 8))


@pytest.mark.parametrize("invoke_id", [-1, 10_000])
def test_an_invoke_id_of_more_than_four_digits_is_not_written(invoke_id: int) -> None:
    with pytest.raises(LocalError):
        encode_frame(invoke_id, b"")


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x00\x080001",  # indicator
        b"\x00\x00\x00\x070001",  # shorter than itself
        b"\x00\x00\x00\x00" + b"0001",
        b"\x00\x00\x00\x08+001",
        b"\x00\x00\x00\x08 001",
        b"\x00\x00\x00\x08\xb2\xb2\xb2\xb2",
        b"GET / HTTP/1.1\r\n",
        b"<?xml version='1.0'?>",
    ],
)
def test_a_lost_boundary_ends_the_reading(data: bytes) -> None:
    framer = StreamFramer()
    *before, fault = framer.feed(ONE + data)
    assert before == [Frame(1, b"<A/>")]
    assert isinstance(fault, FramingFault)
    assert framer.dead
    assert framer.feed(ONE) == []
    assert not framer.pending


def test_a_limit_below_the_format_holds() -> None:
    (fault,) = fed(encode_frame(1, b"x" * 93), 1000, Limits(frame=100))
    assert fault == FramingFault("frame too long")


def test_pending_tells_the_idle_limit() -> None:
    framer = StreamFramer()
    assert not framer.pending
    framer.feed(ONE[:3])
    assert framer.pending
    framer.feed(ONE[3:])
    assert not framer.pending


@given(st.lists(st.tuples(st.integers(0, 9999), st.binary(max_size=50)), max_size=8), st.data())
def test_what_is_written_is_read(frames: list[tuple[int, bytes]], data: st.DataObject) -> None:
    stream = b"".join(encode_frame(invoke_id, payload) for invoke_id, payload in frames)
    framer, out = StreamFramer(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        out += framer.feed(stream[:cut])
        stream = stream[cut:]
    assert out == [Frame(*frame) for frame in frames]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_framer(data: bytes) -> None:
    framer = StreamFramer()
    for found in framer.feed(data):
        assert isinstance(found, Frame | FramingFault)
