"""The RTP packet (RFC 3550 5.1) as a value. The forwarder rewrites bytes in place instead."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from protocols.rtp.errors import RtpError

_FIXED = struct.Struct("!BBHII")
HEADER_SIZE = 12


@dataclass(frozen=True, slots=True)
class RtpPacket:
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes = b""
    marker: bool = False
    csrc: tuple[int, ...] = ()
    extension: tuple[int, bytes] | None = None

    @classmethod
    def parse(cls, data: bytes) -> RtpPacket:
        """Read one packet; raises :class:`RtpError` on anything that is not RTP version 2."""
        if len(data) < HEADER_SIZE:
            raise RtpError("shorter than the fixed header")
        first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
        if first >> 6 != 2:
            raise RtpError("not version 2")
        start, csrc_count = payload_start(data, len(data)), first & 0x0F
        if start is None:
            raise RtpError("header is longer than the packet")
        end = len(data)
        if first & 0x20:  # RFC 3550 5.1: the last octet counts the padding, itself included
            padding = data[-1]
            if padding == 0 or padding > end - start:
                raise RtpError("padding is longer than the payload")
            end -= padding
        csrc = struct.unpack_from(f"!{csrc_count}I", data, HEADER_SIZE)
        extension = None
        if first & 0x10:
            at = HEADER_SIZE + 4 * csrc_count
            profile, words = struct.unpack_from("!HH", data, at)
            extension = (profile, data[at + 4 : at + 4 + 4 * words])
        return cls(
            payload_type=second & 0x7F,
            sequence=sequence,
            timestamp=timestamp,
            ssrc=ssrc,
            payload=data[start:end],
            marker=bool(second & 0x80),
            csrc=csrc,
            extension=extension,
        )

    def to_bytes(self) -> bytes:
        first = 0x80 | len(self.csrc)
        tail = struct.pack(f"!{len(self.csrc)}I", *self.csrc)
        if self.extension is not None:
            profile, body = self.extension
            if len(body) % 4:
                raise RtpError("a header extension is a multiple of four octets")
            first |= 0x10
            tail += struct.pack("!HH", profile, len(body) // 4) + body
        second = self.payload_type | (0x80 if self.marker else 0)
        head = _FIXED.pack(first, second, self.sequence, self.timestamp, self.ssrc)
        return head + tail + self.payload


def payload_start(data: bytes | bytearray | memoryview, length: int, at: int = 0) -> int | None:
    """Offset of the payload from the start of the packet, or None when the header overruns it."""
    first = data[at]
    start = HEADER_SIZE + 4 * (first & 0x0F)
    if first & 0x10:
        if length < start + 4:
            return None
        start += 4 + 4 * ((data[at + start + 2] << 8) | data[at + start + 3])
    return start if start <= length else None


def is_rtcp(second_octet: int) -> bool:
    """RFC 5761 4: packet types 192..223 in the second octet are RTCP on a shared port."""
    return 192 <= second_octet <= 223
