"""The hot path: what happens to one packet between its two sockets.

Order of work on a packet, all in the slot it arrived in: find the leg by source, decrypt, count,
look the payload type up, rewrite the header, encrypt for the other leg, queue or send.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from media.worker import mmsg
from media.worker.addresses import SOCKADDR_SIZE, Address, from_sockaddr
from media.worker.mux import Key, MuxSocket
from media.worker.payload import BY_TABLE, LAW_TABLES, plain_header
from media.worker.port import DROP, EVENT, REGENERATE, MediaPort
from media.worker.srtp import IN_PLACE, SlotPointers, raw_protect, raw_unprotect

SLOT = mmsg.SLOT_SIZE
_read = struct.Struct("!BBHII").unpack_from  # two octets of flags, sequence, timestamp, ssrc
_write = struct.Struct("!BHII").pack_into  # marker and payload type, sequence, timestamp, ssrc
_DONTWAIT = getattr(socket, "MSG_DONTWAIT", 0)
_HEADER = 12
MIN_RTCP = 8  # a receiver report without blocks
_TRANSIENT = (errno.ECONNREFUSED, errno.EAGAIN, errno.ENETUNREACH, errno.EHOSTUNREACH)


class ConnectedLeg(Protocol):
    """A leg's own socket that the kernel filters for one peer."""

    port: MediaPort
    recv_into: Callable[[memoryview], int]

    def other(self, i: int, length: int, now: float) -> None:
        """A datagram that is not RTP."""


class Forwarder:
    def __init__(self, batch: mmsg.Batch, slots: SlotPointers, *, batched: bool) -> None:
        self.batched = batched and mmsg.available()
        self._batch = batch
        self.data = batch.data
        self._view = batch.view
        self._slots = slots
        self.slot_views = [batch.view[i * SLOT : (i + 1) * SLOT - 160] for i in range(mmsg.SLOTS)]
        self._cells = slots.length_cells
        self._lengths = slots.lengths
        self._pointers = slots.pointers
        self._out: mmsg.Outgoing = mmsg.Outgoing(batch, mmsg.V4_NAME)
        self._pending = 0  # packets queued for sendmmsg, all on one socket
        self._pending_fd = -1
        self.behind = False  # read more than one packet per socket and round
        self._next = 0  # first slot that holds no queued packet

    # -- reading ------------------------------------------------------------------------------

    def read_leg(self, leg: ConnectedLeg, now: float) -> int:
        """One packet, for that is what a paced sender has left since the last round; asking for
        more costs a system call that finds nothing."""
        i = self._next
        if i >= mmsg.SLOTS:
            self.flush()
            i = 0
        try:
            length = leg.recv_into(self.slot_views[i])
        except OSError:
            return 0
        if 127 < self.data[i * SLOT] < 192:  # an empty one is dropped there
            self.packet(leg.port, i, length, now)
        else:
            leg.other(i, length, now)
        return 1

    def drain_mux(self, mux: MuxSocket, now: float) -> int:
        """Read everything the shared socket has."""
        if not self.batched:
            return self._drain_plain(mux, now)
        self.flush()
        batch, total = self._batch, 0
        data, names, v4 = self.data, batch.v4_keys, mux.v4
        received, lookup, packet = batch.received, mux.table.get, self.packet
        if not v4:
            batch.reset_names(mmsg.SLOTS)
        while True:
            count = batch.receive(mux.fd, _DONTWAIT)
            if count <= 0:
                return total
            for i in range(count):
                if 127 < data[i * SLOT] < 192:
                    key: Key = names[4 * i] if v4 else self._name(i)[:24]
                    port = lookup(key)
                    if port is None:
                        mux.unverified_drops += 1
                        continue
                    packet(port, i, received[i].msg_len, now, key)
                else:
                    self._control(mux, i, received[i].msg_len)
            self.flush()
            total += count
            if count < mmsg.SLOTS:
                return total

    def _drain_plain(self, mux: MuxSocket, now: float) -> int:
        """The portable loop: one datagram per system call."""
        total = 0
        while total < mmsg.SLOTS:
            i = self.free_slot()
            try:
                length, address = mux.sock.recvfrom_into(self.slot_views[i])
            except (BlockingIOError, ConnectionError):
                break
            total += 1
            self.mux_datagram(mux, i, length, (address[0], address[1]), now)
        return total

    def mux_datagram(
        self, mux: MuxSocket, i: int, length: int, address: Address, now: float
    ) -> None:
        first = self.data[i * SLOT] if length else 255
        key = mux.key(address)
        if 127 < first < 192:
            port = mux.table.get(key)
            if port is None:
                mux.unverified_drops += 1
            else:
                self.packet(port, i, length, now, key)
            return
        self._split_control(mux, first, bytes(self._view[i * SLOT : i * SLOT + length]), address)

    def _name(self, i: int) -> bytes:
        at = i * mmsg.NAME_SIZE
        return bytes(self._batch.name_view[at : at + SOCKADDR_SIZE])

    def _control(self, mux: MuxSocket, i: int, length: int) -> None:
        data = self.slot_bytes(i, length)
        # An empty datagram leaves the slot's old octets in place.
        first = data[0] if data else 255
        self._split_control(mux, first, data, from_sockaddr(self._name(i)))

    @staticmethod
    def _split_control(mux: MuxSocket, first: int, data: bytes, address: Address) -> None:
        """RFC 7983 7: 0..3 STUN, 20..63 DTLS. DTLS only from a verified address."""
        if first < 4:
            mux.on_stun(mux, data, address)
        elif 19 < first < 64 and mux.key(address) in mux.table:
            mux.on_dtls(mux, data, address)
        else:
            mux.unverified_drops += 1

    def free_slot(self) -> int:
        """A slot to read one datagram into that does not overwrite a queued packet."""
        if self._next >= mmsg.SLOTS:
            self.flush()
        return self._next

    def first_octet(self, i: int) -> int:
        return self.data[i * SLOT]

    def slot_bytes(self, i: int, length: int) -> bytes:
        return bytes(self._view[i * SLOT : i * SLOT + length])

    # -- one packet ---------------------------------------------------------------------------
    # Written out flat on purpose: at 40,000 packets a second every call and attribute counts.

    def packet(self, port: MediaPort, i: int, length: int, now: float, key: Key = 0) -> None:
        """One RTP or RTCP packet from a source that belongs to ``port``."""
        data, at = self.data, i * SLOT
        first, second, seq, timestamp, ssrc = _read(data, at)
        if length < _HEADER or port.packets_in >= port.quota or not port.live or 191 < second < 224:
            self._no_audio(port, i, length, second)
            return
        if ssrc != port.ssrc and ssrc not in port.sources and not port.room_for_source():
            return
        if port.secure:
            length = self._unprotect(port, i, length)
            if length < _HEADER:
                return
        port.packets_in += 1
        port.bytes_in += length
        port.heard = now
        if ssrc != port.ssrc:
            port.new_source(ssrc, seq)
        elif (seq - port.max_seq) & 0xFFFF == 1:
            if not seq:
                port.cycles += 1
            port.max_seq = seq
        elif not port.late_or_gap(seq):
            return
        if key != port.key and port.mux is not None and seq == port.max_seq:
            # Authentic, verified address, newest packet: the peer moved, follow it.
            port.move_to(key)
        # RFC 3550 A.8, in units of the RTP clock; floats, for they cost a third of integers here.
        clock = port.clock
        transit = now * clock - timestamp
        change = transit - port.last_transit
        port.last_transit = transit
        if change < 0.0:
            change = -change
        if change < clock:
            port.jitter += (change - port.jitter) * 0.0625
        action = port.actions[second]
        if first != 0x80 or not 0 <= action < 256:
            action, length = self._special(port, action, i, length)
            if action < 0:
                return
        sink = port.sink
        if sink is None or not sink.live:
            return
        out = sink.out
        if out.feeder is not port or out.in_ssrc != ssrc:
            out.follow(port, ssrc, seq, timestamp, now)
            port.took_over()
        if out.mark:
            out.mark = False
            action |= 0x80
        seq = (seq + out.seq_offset) & 0xFFFF
        timestamp = (timestamp + out.ts_offset) & 0xFFFFFFFF
        _write(data, at + 1, action, seq, timestamp, out.ssrc)
        out.packets += 1
        out.octets += length - _HEADER
        if (seq - out.last_seq) & 0xFFFF < 0x8000:
            out.last_seq = seq
            out.last_ts = timestamp
            out.last_time = now
        self.send(sink, i, length)

    def _no_audio(self, port: MediaPort, i: int, length: int, second: int) -> None:
        """RTCP, or a packet that nobody may send now."""
        if 191 < second < 224 and length >= MIN_RTCP:
            port.plain_rtcp(self.slot_bytes(i, length))
        else:
            port.dropped += 1

    def _unprotect(self, port: MediaPort, i: int, length: int) -> int:
        srtp = port.srtp
        if srtp is None:
            port.dropped += 1
            return 0
        if not IN_PLACE:
            length = srtp.unprotect(self._slots, i, length)
        else:
            lengths = self._lengths
            lengths[i] = length
            failed = raw_unprotect(srtp.rx, self._pointers[i], self._cells[i])
            length = 0 if failed else lengths[i]
        if length < _HEADER:
            port.auth_failures += 1
            port.quota -= 1  # rubbish uses up the leg's share as well
        return length

    def _special(self, port: MediaPort, action: int, i: int, length: int) -> tuple[int, int]:
        """Everything that is not a bare packet of a codec both sides share."""
        at = i * SLOT
        if self.data[at] != 0x80:
            length = plain_header(self.data, at, length)
            if not length:
                port.dropped += 1
                return DROP, 0
        if action < 0:
            return DROP, 0
        if action & (EVENT | REGENERATE):
            payload = bytes(self._view[at + _HEADER : at + length])
            *_, timestamp, ssrc = _read(self.data, at)
            for digit in port.dtmf.receive(ssrc, timestamp, payload):
                if port.on_digit is not None:
                    port.on_digit(digit, bool(action & REGENERATE))
            if action & REGENERATE:
                return DROP, 0
        elif action & BY_TABLE:
            table = LAW_TABLES[action & BY_TABLE]
            body = slice(at + _HEADER, at + length)
            self.data[body] = self.data[body].translate(table)
        return action & 0xFF, length

    # -- sending ------------------------------------------------------------------------------

    def send(self, port: MediaPort, i: int, length: int) -> None:
        """Send slot ``i`` to ``port``'s peer: at once on its own socket, batched on a mux."""
        if port.secure:
            srtp = port.srtp
            if srtp is None:
                return
            if IN_PLACE:
                lengths = self._lengths
                lengths[i] = length
                failed = raw_protect(srtp.tx, self._pointers[i], self._cells[i])
                length = 0 if failed else lengths[i]
            else:
                length = srtp.protect(self._slots, i, length)
            if not length:  # libsrtp refused, most likely a number that was used before
                port.dropped += 1
                return
        fast_send = port.fast_send
        if fast_send is not None:
            at = i * SLOT
            try:
                fast_send(self._view[at : at + length])
            except OSError as error:
                if error.errno not in _TRANSIENT:
                    port.dropped += 1
            return
        mux = port.mux
        if mux is None or port.address is None:
            return
        if not self.batched:
            mux.send(self._view[i * SLOT : i * SLOT + length], port.address)
            return
        j = self._pending
        if self._pending_fd != mux.fd or j >= mmsg.SLOTS:
            if j:
                self._flush_keeping_slots()
                j = 0
            self._pending_fd = mux.fd
            self._out = mux.outgoing
        self._pending = j + 1
        if i >= self._next:
            self._next = i + 1
        self._out.put(j, i, length, port.name_at)

    def flush(self) -> None:
        """Hand the queued packets to the kernel; all slots are free again."""
        if self._pending:
            self._flush_keeping_slots()
        self._next = 0

    def _flush_keeping_slots(self) -> None:
        total, self._pending = self._pending, 0
        done = self._out.send(self._pending_fd, total)
        if done < total:
            # A full socket buffer or one refused destination: skip the packet in question.
            self._resend(max(done, 0), total)

    def _resend(self, start: int, total: int) -> None:
        for j in range(start + 1, total):
            self._out.send_one(self._pending_fd, j)

    def send_made(self, port: MediaPort, packet: bytes) -> None:
        """Send a packet made by the worker itself through the same path."""
        if not port.live:
            return
        i = self.free_slot()
        self.slot_views[i][: len(packet)] = packet
        self.send(port, i, len(packet))

    def send_rtcp(self, port: MediaPort, packet: bytes) -> None:
        data: bytes | None = packet
        if not port.live:
            return
        if port.secure:
            data = port.srtp.protect_rtcp(packet) if port.srtp is not None else None
        if data is None:
            return
        if port.mux is not None and port.address is not None:
            port.mux.send(data, port.address)
        elif port.rtcp_address is not None:
            sock = port.rtcp_sock or port.sock
            if sock is not None:
                try:
                    sock.sendto(data, port.rtcp_address)
                except OSError:
                    pass  # a report is lost, the next one is seconds away
