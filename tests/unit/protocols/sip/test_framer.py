"""Streams: messages, pings, faults, however the bytes are cut."""

from __future__ import annotations

import pytest

from protocols.sip.framer import FramingFault, Ping, Pong, StreamFramer
from protocols.sip.limits import Limits
from protocols.sip.message import Request

HEAD = (
    b"OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
    b"To: <sip:b@h>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n"
)
BODY = b"\r\n\r\nbinary\0\r\n\r\n"
MESSAGE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
EMPTY = HEAD + b"l: 0\r\n\r\n"


def kinds(framer: StreamFramer, data: bytes, step: int) -> list[str]:
    out: list[str] = []
    for start in range(0, len(data), step):
        for frame in framer.feed(data[start : start + step]):
            out.append(type(frame).__name__)
    return out


@pytest.mark.parametrize("step", [1, 2, 3, 5, 17, 10_000])
def test_messages_come_whole_however_they_are_cut(step: int) -> None:
    framer = StreamFramer()
    got = [kind for kind in kinds(framer, MESSAGE + EMPTY + MESSAGE, step) if kind == "Request"]
    assert got == ["Request"] * 3
    assert not framer.pending
    assert not framer.dead


def test_the_body_is_exact() -> None:
    (message,) = StreamFramer().feed(MESSAGE)
    assert isinstance(message, Request)
    assert message.body == BODY


def test_ping_and_pong() -> None:
    framer = StreamFramer()
    assert framer.feed(b"\r\n\r\n") == [Ping()]
    assert framer.feed(b"\r\n") == [Pong()]
    assert framer.feed(b"\r\n") == [Ping()]  # the other half came late
    assert framer.feed(b"\r") == []
    assert framer.feed(b"\n") == [Pong()]
    assert [type(f) for f in framer.feed(EMPTY + b"\r\n\r\n\r\n")] == [Request, Ping, Pong]


def test_a_line_end_before_a_message_does_no_harm() -> None:
    assert [type(f) for f in StreamFramer().feed(b"\r\n" + EMPTY)] == [Pong, Request]


def test_missing_content_length_is_answered_and_fatal() -> None:
    framer = StreamFramer()
    (fault,) = framer.feed(HEAD + b"\r\n" + b"more")
    assert isinstance(fault, FramingFault)
    assert (fault.status, fault.fatal) == (400, True)
    assert fault.partial is not None
    assert framer.dead
    assert framer.feed(EMPTY) == []


def test_a_bad_message_of_known_length_is_skipped() -> None:
    framer = StreamFramer()
    bad = EMPTY.replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE").replace(b"l: 0", b"l: 5")
    frames = framer.feed(bad + b"12345" + EMPTY)
    assert isinstance(frames[0], FramingFault)
    assert (frames[0].status, frames[0].fatal) == (400, False)
    assert isinstance(frames[1], Request)
    assert not framer.pending


@pytest.mark.parametrize(
    "data",
    [b"\rX", b"\r\n\rX", b"x" * 700, HEAD + b"l: 11\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\n"],
)
def test_fatal_faults(data: bytes) -> None:
    framer = StreamFramer(Limits(header_bytes=600, body=10))
    frames = framer.feed(data)
    assert isinstance(frames[-1], FramingFault)
    assert frames[-1].fatal
    assert framer.dead


def test_pending_tells_the_idle_limit() -> None:
    framer = StreamFramer()
    assert not framer.pending
    framer.feed(MESSAGE[:30])
    assert framer.pending
    framer.feed(MESSAGE[30:-1])
    assert framer.pending
    framer.feed(MESSAGE[-1:])
    assert not framer.pending
