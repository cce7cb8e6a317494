"""The hot path: what happens to one packet between its two sockets.

Order of work on a packet, all in the slot it arrived in: find the leg by source, decrypt, count,
look the payload type up, rewrite the header, encrypt for the other leg, queue or send.
"""

from __future__ import annotations

import errno
import socket
import struct
from typing import Any

from media.worker import mmsg
from media.worker.addresses import SOCKADDR_SIZE, Address, from_sockaddr
from media.worker.mux import Key, MuxSocket
from media.worker.payload import LAW_TABLES, plain_header
from media.worker.port import DROP, EVENT, REGENERATE, TO_PCMA, TO_PCMU, MediaPort
from media.worker.srtp import SlotPointers

SLOT = mmsg.SLOT_SIZE
_read = struct.Struct("!HII").unpack_from  # sequence, timestamp, ssrc
_write = struct.Struct("!BHII").pack_into  # marker and payload type, sequence, timestamp, ssrc
_DONTWAIT = getattr(socket, "MSG_DONTWAIT", 0)
_HEADER = 12


class Forwarder:
    def __init__(self, batch: mmsg.Batch, slots: SlotPointers, *, batched: bool) -> None:
        self.batched = batched and mmsg.available()
        self._batch = batch
        self._data = batch.data
        self._view = batch.view
        self._slots = slots
        self._slot_views = [batch.view[i * SLOT : (i + 1) * SLOT - 160] for i in range(mmsg.SLOTS)]
        self._pending = 0  # packets queued for sendmmsg, all on one socket
        self._pending_fd = -1
        self._next = 0  # first slot that holds no queued packet

    # -- reading ------------------------------------------------------------------------------

    def drain_mux(self, mux: MuxSocket, now: float) -> int:
        """Read everything the shared socket has."""
        if not self.batched:
            return self._drain_plain(mux, now)
        self.flush()
        batch, total = self._batch, 0
        data, names, v4 = self._data, batch.v4_keys, mux.v4
        received, lookup, packet = batch.received, mux.table.get, self.packet
        if not v4:
            batch.reset_names(mmsg.SLOTS)
        while True:
            count = batch.receive(mux.fd, _DONTWAIT)
            if count <= 0:
                return total
            for i in range(count):
                first = data[i * SLOT]
                if 127 < first < 192:
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
                length, address = mux.sock.recvfrom_into(self._slot_views[i])
            except (BlockingIOError, ConnectionError):
                break
            total += 1
            self.mux_datagram(mux, i, length, (address[0], address[1]), now)
        return total

    def mux_datagram(
        self, mux: MuxSocket, i: int, length: int, address: Address, now: float
    ) -> None:
        first = self._data[i * SLOT] if length else 255
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
        address = from_sockaddr(self._name(i))
        start = i * SLOT
        self._split_control(
            mux, self._data[start], bytes(self._view[start : start + length]), address
        )

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

    def slot_view(self, i: int) -> memoryview:
        return self._slot_views[i]

    def first_octet(self, i: int) -> int:
        return self._data[i * SLOT]

    def slot_bytes(self, i: int, length: int) -> bytes:
        return bytes(self._view[i * SLOT : i * SLOT + length])

    # -- one packet ---------------------------------------------------------------------------

    def packet(self, port: MediaPort, i: int, length: int, now: float, key: Key = 0) -> bool:
        """One RTP or RTCP packet from a source that belongs to ``port``. True: authentic."""
        data, at = self._data, i * SLOT
        second = data[at + 1]
        if 191 < second < 224:
            return self._rtcp(port, i, length)
        if port.tokens <= 0 or not port.live or length < _HEADER:
            port.dropped += 1
            return False
        port.tokens -= 1
        seq, timestamp, ssrc = _read(data, at + 2)
        if ssrc != port.ssrc and ssrc not in port.sources and not port.tokens_for_source():
            return False
        if port.secure:
            srtp = port.srtp
            if srtp is None:
                port.dropped += 1
                return False
            length = srtp.unprotect(self._slots, i, length)
            if length < _HEADER:
                port.auth_failures += 1
                return False
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
            return True
        if key != port.key and port.mux is not None and seq == port.max_seq:
            # Authentic, verified address, newest packet: the peer moved, follow it.
            port.move_to(key)
        # RFC 3550 A.8, in units of the RTP clock.
        transit = (int(now * port.clock) - timestamp) & 0xFFFFFFFF
        change = transit - port.last_transit
        port.last_transit = transit
        if -port.clock < change < port.clock:
            port.jitter += ((change if change > 0 else -change) - port.jitter) / 16
        sink = port.sink
        action = port.actions[second]
        if action & ~0xFF or data[at] != 0x80:
            action, length = self._special(port, action, i, length)
        if action >= 0 and sink is not None and sink.live:
            self._forward(port, sink, action, i, length, (seq, timestamp, ssrc), now)
        return True

    def _forward(
        self,
        port: MediaPort,
        sink: MediaPort,
        second: int,
        i: int,
        length: int,
        head: tuple[int, int, int],
        now: float,
    ) -> None:
        seq, timestamp, ssrc = head
        out = sink.out
        if out.feeder is not port or out.in_ssrc != ssrc:
            out.follow(port, ssrc, seq, timestamp, now)
        if out.mark:
            out.mark = False
            second |= 0x80
        new_seq = (seq + out.seq_offset) & 0xFFFF
        new_timestamp = (timestamp + out.ts_offset) & 0xFFFFFFFF
        _write(self._data, i * SLOT + 1, second, new_seq, new_timestamp, out.ssrc)
        out.packets += 1
        out.octets += length - _HEADER
        if (new_seq - out.last_seq) & 0xFFFF < 0x8000:
            out.last_seq = new_seq
            out.last_ts = new_timestamp
            out.last_time = now
        self.send(sink, i, length)

    def _special(self, port: MediaPort, action: int, i: int, length: int) -> tuple[int, int]:
        """Everything that is not a bare packet of a codec both sides share."""
        at = i * SLOT
        if self._data[at] != 0x80:
            length = plain_header(self._data, at, length)
            if not length:
                port.dropped += 1
                return DROP, 0
        if action < 0:
            return DROP, 0
        if action & (EVENT | REGENERATE):
            payload = bytes(self._view[at + _HEADER : at + length])
            _, timestamp, ssrc = _read(self._data, at + 2)
            for digit in port.dtmf.receive(ssrc, timestamp, payload):
                if port.on_digit is not None:
                    port.on_digit(digit, bool(action & REGENERATE))
            if action & REGENERATE:
                return DROP, 0
        elif action & (TO_PCMA | TO_PCMU):
            table = LAW_TABLES[action & (TO_PCMA | TO_PCMU)]
            body = slice(at + _HEADER, at + length)
            self._data[body] = self._data[body].translate(table)
        return action & 0xFF, length

    def _rtcp(self, port: MediaPort, i: int, length: int) -> bool:
        port.plain_rtcp(self.slot_bytes(i, length))
        return True

    # -- sending ------------------------------------------------------------------------------

    def send(self, port: MediaPort, i: int, length: int) -> None:
        """Send slot ``i`` to ``port``'s peer: at once on its own socket, batched on a mux."""
        if not port.live:
            return
        if port.secure:
            srtp = port.srtp
            if srtp is None:
                return
            length = srtp.protect(self._slots, i, length)
            if not length:
                return
        if port.fast_send is not None:
            at = i * SLOT
            try:
                port.fast_send(self._view[at : at + length])
            except OSError as error:
                if error.errno not in (errno.ECONNREFUSED, errno.EAGAIN, errno.ENETUNREACH):
                    port.dropped += 1
            return
        mux = port.mux
        if mux is None or port.address is None:
            return
        if not self.batched:
            mux.send(self._view[i * SLOT : i * SLOT + length], port.address)
            return
        if self._pending_fd != mux.fd or self._pending >= mmsg.SLOTS:
            self.flush(keep=i)
            self._pending_fd = mux.fd
        self._queue(port.name_pointer, mux.v4, i, length)

    def _queue(self, name: Any, v4: bool, i: int, length: int) -> None:
        batch, j = self._batch, self._pending
        iov, header = batch.out_iov[j], batch.out_header[j]
        iov.iov_base = batch.base[i]
        iov.iov_len = length
        header.msg_name = name
        header.msg_namelen = 16 if v4 else SOCKADDR_SIZE
        self._pending = j + 1
        if i >= self._next:
            self._next = i + 1

    def flush(self, keep: int | None = None) -> None:
        """Hand the queued packets to the kernel. ``keep``: slots up to it are still in use."""
        done, total = 0, self._pending
        if total:
            self._pending = 0
            done = self._batch.send(self._pending_fd, total)
            if done < total:
                # A full socket buffer or one refused destination: skip the packet in question.
                self._resend(max(done, 0), total)
        if keep is None:
            self._next = 0

    def _resend(self, start: int, total: int) -> None:
        for j in range(start + 1, total):
            mmsg.LIBC.sendmmsg(self._pending_fd, self._batch.outgoing + j, 1, 0)

    def send_made(self, port: MediaPort, packet: bytes) -> None:
        """Send a packet made by the worker itself through the same path."""
        i = self.free_slot()
        self._slot_views[i][: len(packet)] = packet
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
