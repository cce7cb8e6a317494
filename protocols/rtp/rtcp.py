"""RTCP (RFC 3550 6): sender and receiver reports, source description, goodbye; compound packets.

Reduced-size packets (RFC 5506) are accepted, unknown types are skipped.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from protocols.rtp.errors import RtpError

SR, RR, SDES, BYE = 200, 201, 202, 203
_CNAME = 1
_BLOCK = struct.Struct("!IIIIII")
_NTP_UNIX = 2208988800  # seconds from 1900 to 1970
MAX_PACKETS = 32


def ntp_time(seconds: float) -> int:
    """A 64 bit NTP timestamp. Any steady clock will do: receivers only compare (RFC 3550 4)."""
    return int((seconds + _NTP_UNIX) * 4294967296) & 0xFFFFFFFFFFFFFFFF


def compact_ntp(ntp: int) -> int:
    """The middle 32 bits, as LSR carries them (6.4.1)."""
    return (ntp >> 16) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class ReportBlock:
    ssrc: int
    fraction_lost: int  # 0..255
    cumulative_lost: int  # signed 24 bit
    highest_sequence: int
    jitter: int
    last_sr: int = 0
    delay: int = 0  # since that SR, in 1/65536 s

    @classmethod
    def parse(cls, data: bytes, at: int) -> ReportBlock:
        ssrc, loss, highest, jitter, last_sr, delay = _BLOCK.unpack_from(data, at)
        lost = loss & 0xFFFFFF
        if lost & 0x800000:
            lost -= 0x1000000
        return cls(ssrc, loss >> 24, lost, highest, jitter, last_sr, delay)

    def to_bytes(self) -> bytes:
        loss = (self.fraction_lost << 24) | (self.cumulative_lost & 0xFFFFFF)
        return _BLOCK.pack(
            self.ssrc, loss, self.highest_sequence, self.jitter, self.last_sr, self.delay
        )


@dataclass(frozen=True, slots=True)
class SenderReport:
    ssrc: int
    ntp: int
    rtp_timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()

    def to_bytes(self) -> bytes:
        body = struct.pack(
            "!IQIII", self.ssrc, self.ntp, self.rtp_timestamp, self.packets, self.octets
        )
        return _packet(SR, len(self.blocks), body + _join(self.blocks))


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()

    def to_bytes(self) -> bytes:
        return _packet(RR, len(self.blocks), struct.pack("!I", self.ssrc) + _join(self.blocks))


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """One chunk with a CNAME, the only mandatory item (6.5.1)."""

    ssrc: int
    cname: str

    def to_bytes(self) -> bytes:
        name = self.cname.encode()[:255]
        chunk = struct.pack("!IBB", self.ssrc, _CNAME, len(name)) + name + b"\0"
        return _packet(SDES, 1, chunk + bytes(-len(chunk) % 4))


@dataclass(frozen=True, slots=True)
class Goodbye:
    sources: tuple[int, ...]

    def to_bytes(self) -> bytes:
        count = len(self.sources)
        return _packet(BYE, count, struct.pack(f"!{count}I", *self.sources))


RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye


def parse_compound(data: bytes) -> list[RtcpPacket]:
    """All packets of a datagram that we know, in order; :class:`RtpError` on broken framing."""
    packets: list[RtcpPacket] = []
    at = 0
    while at < len(data):
        if len(data) - at < 4:
            raise RtpError("trailing octets")
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            raise RtpError("bad version or length")
        body = data[at + 4 : end]
        try:
            packet = _parse_one(kind, first & 0x1F, body)
        except (struct.error, IndexError) as error:
            raise RtpError("report shorter than its count says") from error
        if packet is not None:
            packets.append(packet)
        if len(packets) > MAX_PACKETS:
            raise RtpError("too many packets in one datagram")
        at = end
    return packets


def _parse_one(kind: int, count: int, body: bytes) -> RtcpPacket | None:
    if kind == SR:
        ssrc, ntp, timestamp, packets, octets = struct.unpack_from("!IQIII", body)
        return SenderReport(ssrc, ntp, timestamp, packets, octets, _blocks(body, 24, count))
    if kind == RR:
        (ssrc,) = struct.unpack_from("!I", body)
        return ReceiverReport(ssrc, _blocks(body, 4, count))
    if kind == SDES and count:
        return _description(body)
    if kind == BYE:
        return Goodbye(struct.unpack_from(f"!{count}I", body))
    return None


def _blocks(body: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    return tuple(ReportBlock.parse(body, at + i * _BLOCK.size) for i in range(count))


def _description(body: bytes) -> SourceDescription | None:
    """The first chunk's CNAME."""
    (ssrc,) = struct.unpack_from("!I", body)
    at = 4
    while at < len(body) and body[at]:
        kind, size = body[at], body[at + 1]
        if kind == _CNAME:
            return SourceDescription(ssrc, body[at + 2 : at + 2 + size].decode("utf-8", "replace"))
        at += 2 + size
    return None


def _join(blocks: tuple[ReportBlock, ...]) -> bytes:
    return b"".join(block.to_bytes() for block in blocks)


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body
