"""Cuts a byte stream into messages (RFC 3261 section 7.5, 18.3; keep-alives RFC 5626 3.5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.sip.errors import ParseError
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.message import Message, Request
from protocols.sip.parser import parse_head


@dataclass(frozen=True, slots=True)
class Ping:
    """CRLFCRLF between messages: answer with CRLF."""


@dataclass(frozen=True, slots=True)
class Pong:
    """A single CRLF between messages."""


@dataclass(frozen=True, slots=True)
class FramingFault:
    """The message cannot be used: answer `status` when `partial` is set.

    With `fatal` the boundary of the next message is lost: close the connection after the
    answer. Without it the bad message was skipped whole and reading goes on.
    """

    reason: str
    status: int | None
    partial: Request | None
    fatal: bool


Frame: TypeAlias = Message | Ping | Pong | FramingFault


class StreamFramer:
    """Feed bytes as they come; get whole messages out."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.dead = False
        self._buffer = bytearray()
        self._scanned = 0
        self._skip = 0  # body bytes of a refused message still to come
        self._message: Message | None = None  # head parsed, body incomplete
        self._length = 0
        self._half_ping = False

    @property
    def pending(self) -> bool:
        """True while a message has begun and is not complete: the idle limit applies."""
        return bool(self._buffer) or self._message is not None or self._skip > 0

    def feed(self, data: bytes) -> list[Frame]:
        """All frames completed by these bytes. After a fatal fault nothing comes any more."""
        frames: list[Frame] = []
        if self.dead:
            return frames
        self._buffer += data
        while self._step(frames):
            pass
        return frames

    def _step(self, frames: list[Frame]) -> bool:
        """Make one frame if the buffer allows; False when more bytes are needed."""
        buffer = self._buffer
        if self.dead or (not buffer and self._message is None):
            return False
        if self._skip:
            taken = min(self._skip, len(buffer))
            del buffer[:taken]
            self._skip -= taken
            return not self._skip
        if self._message is not None:
            return self._take_body(frames)
        if buffer[0] in b"\r\n":
            return self._take_crlf(frames)
        return self._take_head(frames)

    def _take_crlf(self, frames: list[Frame]) -> bool:
        """CRLFCRLF is a ping, CRLF alone a pong (RFC 5626 section 3.5.1).

        A ping whose halves arrive apart is told as pong, then ping: a pong nobody waits for
        means nothing, and a real pong must not wait for bytes that never come.
        """
        buffer = self._buffer
        if buffer[:4] == b"\r\n\r\n":
            del buffer[:4]
            self._half_ping = False
            frames.append(Ping())
            return True
        if buffer[:2] == b"\r\n":
            if buffer[2:] == b"\r":
                return False
            del buffer[:2]
            frames.append(Ping() if self._half_ping else Pong())
            self._half_ping = not self._half_ping
            return True
        if buffer == b"\r":
            return False
        self._fault(frames, ParseError("stray line end", None))
        return False

    def _take_head(self, frames: list[Frame]) -> bool:
        buffer = self._buffer
        end = buffer.find(b"\r\n\r\n", max(0, self._scanned - 3))
        if end < 0:
            self._scanned = len(buffer)
            if len(buffer) > self.limits.header_bytes:
                self._fault(frames, ParseError("header section too large", None))
            return False
        self._scanned = 0
        self._half_ping = False
        head = bytes(buffer[:end])
        del buffer[: end + 4]
        try:
            message, length = parse_head(head, self.limits)
        except ParseError as error:
            if error.body_length is None or error.body_length > self.limits.body:
                self._fault(frames, error)
                return False
            frames.append(FramingFault(error.reason, error.status, error.partial, fatal=False))
            self._skip = error.body_length
            return True
        if length is None:
            # 18.3: on a stream Content-Length is the only thing that ends a message
            partial = message if isinstance(message, Request) else None
            self._fault(frames, ParseError("Content-Length is required", 400, partial))
            return False
        if length > self.limits.body:
            partial = message if isinstance(message, Request) else None
            self._fault(frames, ParseError("body too large", 413, partial))
            return False
        self._message, self._length = message, length
        return True

    def _take_body(self, frames: list[Frame]) -> bool:
        message = self._message
        if message is None or len(self._buffer) < self._length:
            return False
        message.body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        self._message = None
        frames.append(message)
        return True

    def _fault(self, frames: list[Frame], error: ParseError) -> None:
        frames.append(FramingFault(error.reason, error.status, error.partial, fatal=True))
        self.dead = True
        self._buffer.clear()
