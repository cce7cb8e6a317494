"""The hot path on real loopback sockets, stepped by hand: who is followed, what is dropped."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest

from media.worker.forward import Forwarder
from media.worker.mmsg import SLOT_SIZE, SLOTS, V4_NAME, Batch, Outgoing
from media.worker.mux import MuxSocket
from media.worker.plane import udp_socket
from media.worker.port import NOTHING, MediaPort
from media.worker.srtp import SlotPointers, SrtpContext
from protocols.rtp.srtp import AEAD_AES_128_GCM, MasterKeys

NEAR, FAR = b"n" * 28, b"f" * 28


def packet(seq: int, payload_type: int = 8, ssrc: int = 7) -> bytes:
    return struct.pack("!BBHII", 0x80, payload_type, seq, 160 * seq, ssrc) + b"x" * 160


class Rig:
    """A browser with two addresses on a mux, bridged to a phone's socket."""

    def __init__(self, batched: bool) -> None:
        batch = Batch()
        slots = SlotPointers(batch.data, SLOTS, SLOT_SIZE)
        self.forwarder = Forwarder(batch, slots, batched=batched)
        self.dtls: list[bytes] = []
        self.stun: list[bytes] = []
        self.mux = MuxSocket(
            udp_socket("127.0.0.1", 0),
            lambda _mux, data, _source: self.stun.append(data),
            lambda _mux, data, _source: self.dtls.append(data),
        )
        self.mux.outgoing = Outgoing(batch, V4_NAME)
        self.homes = [udp_socket("127.0.0.1", 0) for _ in range(2)]
        self.phone, self.stranger = udp_socket("127.0.0.1", 0), udp_socket("127.0.0.1", 0)
        self.browser = SrtpContext(MasterKeys(AEAD_AES_128_GCM, local=FAR, remote=NEAR))
        self.page = self._page()
        self.line = MediaPort("line", secure=False)
        self.line.live = True
        line_socket = udp_socket("127.0.0.1", 0)
        line_socket.connect(self.phone.getsockname())
        self.line.sock, self.line.fast_send = line_socket, line_socket.send
        self.page.sink, self.line.sink = self.line, self.page
        self.page.actions = self.line.actions = [
            a if a in (8, 136) else d for a, d in enumerate(NOTHING)
        ]

    def _page(self) -> MediaPort:
        page = MediaPort("page", secure=True)
        page.mux, page.live = self.mux, True
        page.srtp = SrtpContext(MasterKeys(AEAD_AES_128_GCM, local=NEAR, remote=FAR))
        for home in self.homes:
            address = home.getsockname()
            page.verified[self.mux.key(address)] = address
            self.mux.table[self.mux.key(address)] = page
        page.aim(self.homes[0].getsockname())
        return page

    def from_page(self, seq: int, home: int = 0, **kind: int) -> None:
        sealed = self.browser._send.protect(packet(seq, **kind))
        self.homes[home].sendto(sealed, self.mux.sock.getsockname())
        self.forwarder.drain_mux(self.mux, 1.0 + seq * 0.02)

    def at_phone(self) -> list[bytes]:
        return read_all(self.phone)

    def close(self) -> None:
        socks = [*self.homes, self.phone, self.stranger, self.mux.sock, self.line.sock]
        for sock in socks:
            assert sock is not None
            sock.close()


def read_all(sock: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(sock.recv(2048))
        except BlockingIOError:
            return found


@pytest.fixture(params=[True, False], ids=["batched", "portable"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    made = Rig(request.param)
    yield made
    made.close()


def test_the_newest_authentic_packet_moves_the_path(rig: Rig) -> None:
    rig.from_page(1)
    rig.from_page(2, home=1)
    assert rig.page.address == rig.homes[1].getsockname()
    rig.from_page(4, home=1)
    rig.from_page(3, home=0)  # late, over the old path: no flapping
    assert rig.page.address == rig.homes[1].getsockname()
    assert len(rig.at_phone()) == 4
    rig.forwarder.slot_views[0][:172] = packet(9)
    rig.forwarder.packet(rig.line, 0, 172, 2.0)
    rig.forwarder.flush()
    assert len(read_all(rig.homes[1])) == 1 and read_all(rig.homes[0]) == []


def test_strangers_reach_neither_keys_nor_handshake(rig: Rig) -> None:
    target = rig.mux.sock.getsockname()
    for data in (packet(5), b"\x16" + bytes(60), b"\xff" * 30, b"\x15\xfe\xfd", b""):
        rig.stranger.sendto(data, target)
    rig.forwarder.drain_mux(rig.mux, 1.0)
    assert rig.dtls == [] and rig.at_phone() == []
    assert rig.mux.unverified_drops >= 4
    assert rig.page.auth_failures == 0
    rig.homes[0].sendto(b"\x16" + bytes(60), target)
    rig.stranger.sendto(b"\x00\x01" + bytes(18), target)
    rig.forwarder.drain_mux(rig.mux, 1.0)
    assert len(rig.dtls) == 1 and len(rig.stun) == 1  # the door decides about the latter


def test_forgeries_replays_and_unknown_payload_types_stop_here(rig: Rig) -> None:
    rig.from_page(1)
    sealed = rig.browser._send.protect(packet(2))
    for data in (sealed, sealed, sealed[:-1] + b"\0", packet(3)):
        rig.homes[0].sendto(data, rig.mux.sock.getsockname())
    rig.forwarder.drain_mux(rig.mux, 1.1)
    assert rig.page.auth_failures == 3
    rig.from_page(4, payload_type=96)
    assert len(rig.at_phone()) == 2


def test_nothing_passes_before_the_fingerprint_matched(rig: Rig) -> None:
    rig.page.live = False
    rig.from_page(1)
    rig.forwarder.slot_views[0][:172] = packet(9)
    rig.forwarder.packet(rig.line, 0, 172, 2.0)
    rig.forwarder.flush()
    assert rig.at_phone() == [] and read_all(rig.homes[0]) == []
    assert rig.page.dropped == 1


def test_a_leg_takes_no_more_than_its_share(rig: Rig) -> None:
    rig.page.quota = 3
    for seq in range(1, 8):
        rig.from_page(seq)
    assert len(rig.at_phone()) == 3 and rig.page.dropped == 4


def from_phone(rig: Rig, seq: int) -> None:
    rig.forwarder.slot_views[0][:172] = packet(seq, ssrc=9)
    rig.forwarder.packet(rig.line, 0, 172, 1.0 + seq * 0.02)
    rig.forwarder.flush()


def numbers_at_page(rig: Rig) -> list[int]:
    plain = [rig.browser._receive.unprotect(data) for data in read_all(rig.homes[0])]
    return [struct.unpack("!H", data[2:4])[0] for data in plain]


def test_a_packet_from_before_a_tone_never_takes_the_tones_number(rig: Rig) -> None:
    for seq in (100, 101, 103):
        from_phone(rig, seq)
    for step in range(3):  # a tone or a digit feeds the page meanwhile
        tone = rig.page.out.generate("tone", 8, b"t" * 160, 4.0 + step * 0.02, advance=160)
        rig.forwarder.send_made(rig.page, tone)
    rig.forwarder.flush()
    for seq in (105, 102, 104, 106):
        from_phone(rig, seq)
    first, *_ = numbers = numbers_at_page(rig)
    assert [n - first for n in numbers] == [0, 1, 3, 4, 5, 6, 7, 8]
    assert rig.page.dropped == 0  # stopped before libsrtp had to refuse them


def test_a_number_is_sealed_once_per_key(rig: Rig) -> None:
    for payload in (b"a", b"b"):
        data = packet(7)[:-1] + payload
        rig.forwarder.send_made(rig.page, data)
    rig.forwarder.flush()
    assert len(read_all(rig.homes[0])) == 1
    assert rig.page.dropped == 1


def test_forged_reports_use_up_the_legs_share(rig: Rig) -> None:
    reports: list[bytes] = []
    rig.page.on_rtcp = reports.append
    rig.page.quota = 3
    good = rig.browser.protect_rtcp(b"\x80\xc9\0\1" + bytes(4))
    assert good is not None
    for data in (good, b"\x80\xc9\0\1" + bytes(40), b"\x80\xc9\0\1" + bytes(40)):
        rig.page.plain_rtcp(data)
    assert (len(reports), rig.page.auth_failures) == (1, 2)
    rig.page.plain_rtcp(b"\x80\xc9\0\1" + bytes(40))
    assert (rig.page.auth_failures, rig.page.dropped) == (2, 1)  # no more work for libsrtp
