"""The media thread's half of a leg: keys, addresses, counters and where its packets go.

Owned by the media thread. The control thread changes it only through jobs it posts there; single
reads of counters for statistics are fine (one attribute, never torn).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from media.worker.addresses import Address, sockaddr
from media.worker.mmsg import Name
from media.worker.outgoing import OutgoingStream
from media.worker.srtp import SrtpContext
from protocols.rtp.dtmf import DtmfReceiver
from protocols.rtp.sequence import MAX_DROPOUT, MAX_MISORDER

# What to do with a packet, looked up by its second octet (marker and payload type). A plain
# number 0..255 is that octet towards the sink; anything else takes the slower branch.
DROP = -1
EVENT = 0x100  # telephone-event: report digits, then forward with the low octet
TO_PCMU = 0x200  # recode by table
TO_PCMA = 0x400
REGENERATE = 0x800  # telephone-event that the worker sends anew with its own timing
MUTE_PCMU = 0x1000  # the packet goes on, with silence in it
MUTE_PCMA = 0x2000
NOTHING = [DROP] * 256

PortCallback = Callable[..., None]


class MediaPort:
    __slots__ = (
        "actions",
        "address",
        "auth_failures",
        "bad_seq",
        "base_seq",
        "bytes_in",
        "clock",
        "cycles",
        "dropped",
        "dtmf",
        "fast_send",
        "first_pending",
        "heard",
        "jitter",
        "key",
        "last_transit",
        "live",
        "max_seq",
        "max_sources",
        "missing",
        "mux",
        "name",
        "name_at",
        "name_kept",
        "on_digit",
        "on_first",
        "on_rtcp",
        "on_source",
        "out",
        "owner",
        "packets_in",
        "pending_dtls",
        "quota",
        "received_before",
        "rtcp_address",
        "rtcp_sock",
        "secure",
        "sink",
        "sock",
        "sources",
        "srtp",
        "ssrc",
        "verified",
    )

    def __init__(self, name: str, *, secure: bool) -> None:
        self.name = name
        self.secure = secure
        self.owner: Any = None  # the control thread's leg
        self.pending_dtls = 0
        self.live = False  # False until the fingerprint matched: nothing passes either way
        self.srtp: SrtpContext | None = None
        self.sink: MediaPort | None = None
        self.actions: list[int] = NOTHING
        self.out = OutgoingStream()
        self.clock = 8000
        self.dtmf = DtmfReceiver(8000)
        # Where to send: through a shared socket (mux) or the leg's own.
        self.mux: Any = None
        self.sock: socket.socket | None = None
        self.rtcp_sock: socket.socket | None = None
        self.fast_send: Callable[[memoryview], int] | None = None
        self.address: Address | None = None
        self.rtcp_address: Address | None = None
        self.key: int | bytes = 0
        self.verified: dict[int | bytes, Address] = {}  # addresses that passed STUN, by key
        self.name_kept: Name | None = None
        self.name_at = 0  # where ``address`` stands in memory, for sendmmsg
        # Reception, RFC 3550 A.1, A.3, A.8.
        self.ssrc = -1
        self.sources: set[int] = set()
        self.max_sources = 16
        self.base_seq = 0
        self.max_seq = 0
        self.cycles = 0
        self.bad_seq = -1
        self.missing: set[int] = set()  # skipped since this stream took over; each may come once
        self.received_before = 0
        self.packets_in = 0
        self.bytes_in = 0
        self.dropped = 0
        self.auth_failures = 0
        self.heard = 0.0
        self.jitter = 0.0
        self.last_transit = 0.0
        self.quota = 300  # packets_in may grow up to here; the control thread moves it on
        # Calls back into the control thread.
        self.first_pending = True
        self.on_first: PortCallback | None = None
        self.on_digit: PortCallback | None = None
        self.on_rtcp: PortCallback | None = None
        self.on_source: PortCallback | None = None

    def room_for_source(self) -> bool:
        """May one more SSRC appear? Each costs libsrtp a stream for the life of the leg."""
        if len(self.sources) < self.max_sources:
            return True
        self.dropped += 1
        return False

    def aim(self, address: Address) -> None:
        """Send to ``address`` through the mux from now on."""
        self.address = self.rtcp_address = address
        self.key = self.mux.key(address)
        self.name_kept = Name(sockaddr(address))
        self.name_at = self.name_kept.at

    def move_to(self, key: int | bytes) -> None:
        """The peer's newest authentic packet came from another verified address (mux only)."""
        address = self.verified.get(key)
        if address is not None:
            self.aim(address)
            if self.on_source is not None:
                self.on_source(address)

    def new_source(self, ssrc: int, seq: int) -> None:
        """An authentic packet of another SSRC than the last one."""
        self.sources.add(ssrc)
        self.start_source(ssrc, seq)
        if self.first_pending:
            self.first_pending = False
            if self.on_first is not None:
                self.on_first()

    def start_source(self, ssrc: int, seq: int) -> None:
        """Packets of a new SSRC, or of one that restarted: count from here (RFC 3550 A.1)."""
        self.ssrc = ssrc
        self.base_seq = seq
        self.max_seq = seq
        self.cycles = 0
        self.bad_seq = -1
        self.missing.clear()
        self.received_before = self.packets_in - 1  # this packet is counted already
        self.jitter = 0.0
        self.last_transit = 0.0

    def late_or_gap(self, seq: int) -> bool:
        """A sequence number that is not the next one (A.1). False: do not forward it."""
        delta = (seq - self.max_seq) & 0xFFFF
        if delta == 0:
            return False  # a duplicate
        if delta < MAX_DROPOUT:
            if seq < self.max_seq:
                self.cycles += 1
            self.max_seq = seq
            self._miss(min(delta, MAX_MISORDER) - 1)
            return True
        if delta > 0x10000 - MAX_MISORDER:
            # Late. A copy of what came already, or older than the take-over of the sink, would be
            # sent under a number that is used up: with SRTP the same nonce twice (RFC 3711 9.1).
            if seq not in self.missing:
                return False
            self.missing.remove(seq)
            return True
        if seq == self.bad_seq:  # two in a row: the source restarted
            self.start_source(self.ssrc, seq)
            self.out_of_step()
            return True
        self.bad_seq = (seq + 1) & 0xFFFF
        return False

    def _miss(self, count: int) -> None:
        """Remember the ``count`` numbers before the newest; forget those that are too old."""
        newest = self.max_seq
        kept = {s for s in self.missing if (newest - s) & 0xFFFF < MAX_MISORDER}
        kept.update((newest - back) & 0xFFFF for back in range(1, count + 1))
        self.missing = kept

    def took_over(self) -> None:
        """A sink's stream goes on with our packets: those before have no number there."""
        self.missing.clear()

    def plain_rtcp(self, data: bytes) -> None:
        """RTCP from a port of its own; decrypted here when the leg has keys."""
        if not self.live or self.packets_in >= self.quota:
            self.dropped += 1
            return
        self.quota -= 1  # rubbish uses up the leg's share as well
        plain: bytes | None = data
        if self.secure:
            plain = self.srtp.unprotect_rtcp(data) if self.srtp is not None else None
        if plain is None:
            self.auth_failures += 1
        elif self.on_rtcp is not None:
            self.on_rtcp(plain)

    def out_of_step(self) -> None:
        """Make the sink's stream re-base on the next packet from here."""
        if self.sink is not None and self.sink.out.feeder is self:
            self.sink.out.feeder = None

    @property
    def expected(self) -> int:
        if self.ssrc < 0:
            return 0
        return (self.cycles << 16) + self.max_seq - self.base_seq + 1

    @property
    def received(self) -> int:
        return self.packets_in - self.received_before
