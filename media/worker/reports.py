"""RTCP of one leg: our sender and receiver reports, and what the peer's say (RFC 3550 6)."""

from __future__ import annotations

import random

from media.engine import LegState
from media.worker.leg import Leg
from media.worker.port import MediaPort
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
from protocols.rtp.sequence import LossInterval, cumulative_lost

INTERVAL_S = 2.5  # RFC 3550 6.2 with the reduced minimum allowed to few participants
FIRST_S = 0.5


class Reports:
    def __init__(self, leg: Leg) -> None:
        self.leg = leg
        self.rtt_ms: float | None = None
        self.remote_lost_fraction: float | None = None
        self.goodbye = False
        self._due: float | None = None
        self._loss = LossInterval()
        self._last_sr: tuple[int, float] | None = None  # compact NTP of the peer's SR, our time

    def tick(self, now: float) -> None:
        if self.leg.state is not LegState.CONNECTED:
            return
        if self._due is None:
            self._due = now + FIRST_S * random.uniform(0.5, 1.5)
        if now < self._due:
            return
        # RFC 3550 6.3.1: half to one and a half times, so that legs do not fall into step.
        self._due = now + INTERVAL_S * random.uniform(0.5, 1.5)
        self.leg.on_port(lambda port: self._send(port, now))

    def receive(self, data: bytes, now: float) -> None:
        try:
            packets = parse_compound(data)
        except RtpError:
            self.leg.port.dropped += 1
            return
        for packet in packets:
            if isinstance(packet, SenderReport):
                self._last_sr = (compact_ntp(packet.ntp), now)
            if isinstance(packet, SenderReport | ReceiverReport):
                for block in packet.blocks:
                    if block.ssrc == self.leg.port.out.ssrc:
                        self._block(block, now)
            elif isinstance(packet, Goodbye):
                self.goodbye = True

    def _block(self, block: ReportBlock, now: float) -> None:
        self.remote_lost_fraction = block.fraction_lost / 256
        if block.last_sr:
            # RFC 3550 6.4.1: now minus LSR minus DLSR, all in 1/65536 s.
            elapsed = (compact_ntp(ntp_time(now)) - block.last_sr - block.delay) & 0xFFFFFFFF
            if elapsed < 60 << 16:
                self.rtt_ms = round(elapsed * 1000 / 65536, 2)

    def _send(self, port: MediaPort, now: float) -> None:
        """On the media thread: counters and SRTCP belong there."""
        blocks = (self._own_block(port, now),) if port.ssrc >= 0 else ()
        out = port.out
        head: SenderReport | ReceiverReport
        if out.packets:
            rtp_now = (out.last_ts + round((now - out.last_time) * out.clock)) & 0xFFFFFFFF
            head = SenderReport(
                out.ssrc, ntp_time(now), rtp_now, out.packets, out.octets & 0xFFFFFFFF, blocks
            )
        else:
            head = ReceiverReport(out.ssrc, blocks)
        name = SourceDescription(out.ssrc, self.leg.cname)
        packet = head.to_bytes() + name.to_bytes()
        self.leg.host.plane.forwarder.send_rtcp(port, packet)

    def _own_block(self, port: MediaPort, now: float) -> ReportBlock:
        expected, received = port.expected, port.received
        last_sr, delay = 0, 0
        if self._last_sr is not None:
            last_sr, at = self._last_sr
            delay = round((now - at) * 65536)
        return ReportBlock(
            ssrc=port.ssrc,
            fraction_lost=min(255, int(self._loss.fraction(expected, received) * 256)),
            cumulative_lost=cumulative_lost(expected, received),
            highest_sequence=((port.cycles << 16) | port.max_seq) & 0xFFFFFFFF,
            jitter=int(port.jitter),
            last_sr=last_sr,
            delay=delay,
        )
