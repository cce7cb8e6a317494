"""CSTA XML on a byte stream without SOAP, the form of ECMA-323's informative TCP annex.

```
 0       2        4            8
 +-------+--------+------------+---------------
 | 00 00 | length | invoke id  | XML, UTF-8
 +-------+--------+------------+---------------
```
The length is big-endian and counts the header's own 8 bytes; the invoke id is four ASCII digits.
Requests take 0000 to 9998, a response repeats its request's id, what nobody asked for has 9999.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeAlias

from protocols.csta.errors import LocalError
from protocols.csta.limits import DEFAULT_LIMITS, Limits

HEADER_SIZE = 8
#: The largest length that two bytes can say. Some readers take the four first bytes as one
#: number, which is the same below 64 KiB; so nothing longer is ever written.
MAX_FRAME = 0xFFFF
#: Events, and requests of the switching function that it sends on its own.
UNSOLICITED = 9999
MAX_REQUEST_ID = 9998

_HEADER = struct.Struct("!HH4s")


@dataclass(frozen=True, slots=True)
class Frame:
    invoke_id: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class FramingFault:
    """The boundary of the next message is lost: close the connection."""

    reason: str


class StreamFramer:
    """Feed bytes as they come; get whole frames out."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.dead = False
        self._buffer = bytearray()

    @property
    def pending(self) -> bool:
        """True while a frame has begun and is not complete: an idle limit applies."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[FrameOrFault]:
        """All frames completed by these bytes. After a fault nothing comes any more."""
        found: list[FrameOrFault] = []
        if self.dead:
            return found
        self._buffer += data
        taken = 0
        view = memoryview(self._buffer)
        try:
            while len(view) - taken >= HEADER_SIZE:
                indicator, length, digits = _HEADER.unpack_from(view, taken)
                reason = self._refusal(indicator, length, digits)
                if reason is not None:
                    self.dead = True
                    found.append(FramingFault(reason))
                    break
                if len(view) - taken < length:
                    break
                payload = bytes(view[taken + HEADER_SIZE : taken + length])
                found.append(Frame(int(digits), payload))
                taken += length
        finally:
            view.release()
        if self.dead:
            self._buffer.clear()
        else:
            del self._buffer[:taken]
        return found

    def _refusal(self, indicator: int, length: int, digits: bytes) -> str | None:
        if indicator != 0:
            return "format indicator is not 0"
        if length < HEADER_SIZE:
            return "length shorter than the header"
        if length > self.limits.frame:
            return "frame too long"
        # bytes.isdigit() is ASCII only; "+123" and " 123" would pass int()
        return None if digits.isdigit() else "invoke id is not four digits"


FrameOrFault: TypeAlias = Frame | FramingFault


def encode_frame(invoke_id: int, payload: bytes) -> bytes:
    """One frame. The length counts bytes, never characters: names may hold umlauts."""
    if not 0 <= invoke_id <= UNSOLICITED:
        raise LocalError(f"invoke id {invoke_id} out of range")
    length = HEADER_SIZE + len(payload)
    if length > MAX_FRAME:
        raise LocalError(f"message of {len(payload)} bytes does not fit a frame")
    return _HEADER.pack(0, length, b"%04d" % invoke_id) + payload
