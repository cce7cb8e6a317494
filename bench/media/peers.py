"""The far ends of the load: WebRTC peers (any role) and RTP peers, set up for real, then handed to
the generator with their packets already encrypted."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pylibsrtp

from media.worker import ice
from media.worker.addresses import Address
from media.worker.dtls import DtlsAssociation, DtlsState, Identity
from media.worker.ice import Credentials
from media.worker.ice_full import ControllingAgent
from media.worker.remote import read_description
from protocols.rtp.srtp import MasterKeys

IDENTITY = Identity()
# Left to themselves rtpengine would take AES-256 and the others AES-128: compare like with like.
IDENTITY.context.set_tlsext_use_srtp(b"SRTP_AEAD_AES_128_GCM")
_PROFILES = {
    "aead_aes_256_gcm": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
    "aead_aes_128_gcm": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "aes128_cm_sha1_80": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "aes128_cm_sha1_32": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}


def packets(count: int, keys: MasterKeys | None, ssrc: int) -> tuple[bytes, int]:
    """``count`` PCMA packets of one stream, back to back, and the size of each."""
    seal: Callable[[bytes], bytes] = bytes
    if keys is not None:
        policy = pylibsrtp.Policy(
            key=keys.local,
            ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=_PROFILES[keys.profile.name],
        )
        seal = pylibsrtp.Session(policy).protect
    first, payload = secrets.randbits(32), os.urandom(160)
    made = [
        seal(
            struct.pack("!BBHII", 0x80, 8, i & 0xFFFF, (first + 160 * i) & 0xFFFFFFFF, ssrc)
            + payload
        )
        for i in range(count)
    ]
    return b"".join(made), len(made[0])


@dataclass(slots=True)
class Flow:
    """What one end sends, and where."""

    sock: socket.socket
    to: Address
    keys: MasterKeys | None = None
    ssrc: int = field(default_factory=lambda: secrets.randbits(32))


class RtpPeer:
    def __init__(self, host: str) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((host, 0))
        self.sock.setblocking(False)
        self.host, self.port = self.sock.getsockname()

    def sdp(self, proto: str = "RTP/AVP", extra: str = "") -> str:
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
            f"m=audio {self.port} {proto} 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n{extra}"
        )

    def flow(self, sdp: str) -> Flow:
        remote = read_description(sdp)
        return Flow(self.sock, (remote.address, remote.port))


class WebRtcPeer:
    """Controlling and DTLS client, or (``lite``) what a gateway is to a connector."""

    def __init__(self, host: str, *, lite: bool = False) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((host, 0))
        self.sock.setblocking(False)
        self.host, self.port = self.sock.getsockname()
        self.lite = lite
        self.ssrc = secrets.randbits(32)
        self.credentials = Credentials.fresh()
        self.agent = ControllingAgent(self.credentials)
        self.dtls: DtlsAssociation | None = None
        self.peer: Address | None = None
        self.done = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.sock, self._readable)

    def sdp(self, setup: str) -> str:
        lite = "a=ice-lite\r\n" if self.lite else ""
        finger = IDENTITY.fingerprint
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nt=0 0\r\n{lite}a=group:BUNDLE 0\r\n"
            f"m=audio {self.port} UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 {self.host}\r\na=mid:0\r\n"
            "a=sendrecv\r\na=rtcp-mux\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n"
            f"a=candidate:1 1 udp 2130706431 {self.host} {self.port} typ host\r\n"
            f"a=end-of-candidates\r\na=ice-ufrag:{self.credentials.ufrag}\r\n"
            f"a=ice-pwd:{self.credentials.pwd}\r\n"
            f"a=fingerprint:{finger.algorithm} {finger.value}\r\na=setup:{setup}\r\n"
            f"a=ssrc:{self.ssrc} cname:bench\r\n"
        )

    async def connect(self, remote_sdp: str, *, client: bool) -> Flow:
        """Run ICE and DTLS against the engine's description."""
        remote = read_description(remote_sdp)
        assert remote.ice is not None
        self.dtls = DtlsAssociation(IDENTITY, client)
        if not self.lite:
            # An engine that offers no lite candidate list still names its one address.
            candidates = remote.candidates or ((remote.address, remote.port),)
            self.agent.start(remote.ice, candidates[:1], time.monotonic())
        ticker = asyncio.create_task(self._tick())
        try:
            async with asyncio.timeout(20):
                await self.done.wait()
        finally:
            ticker.cancel()
            self._loop.remove_reader(self.sock)
        assert self.peer is not None and self.dtls.keys is not None
        return Flow(self.sock, self.peer, self.dtls.keys, self.ssrc)

    async def _tick(self) -> None:
        assert self.dtls is not None
        while True:
            now = time.monotonic()
            for data, address in self.agent.poll(now):
                self.sock.sendto(data, address)
            if self.peer is not None:
                for data in self.dtls.handle_timeout(now):
                    self.sock.sendto(data, self.peer)
            await asyncio.sleep(0.02)

    def _readable(self) -> None:
        try:
            while True:
                data, source = self.sock.recvfrom(2048)
                self._datagram(data, source)
        except BlockingIOError:
            pass

    def _datagram(self, data: bytes, source: Address) -> None:
        now = time.monotonic()
        if data[0] < 4:
            self._stun(data, source, now)
        elif 19 < data[0] < 64 and self.dtls is not None:
            self._send(self.dtls.feed(data, now), source)
            if self.dtls.state is DtlsState.CONNECTED:
                self.peer = source
                self.done.set()

    def _stun(self, data: bytes, source: Address, now: float) -> None:
        if self.lite:
            message = ice.parse(data)
            check = ice.answer_check(message, source, self.credentials) if message else None
            if check is not None:
                self.sock.sendto(check.reply, source)
            return
        result = self.agent.receive(data, source, now)
        self._send(list(result.replies), source)
        if result.nominated and self.peer is None:
            self.peer = source
            assert self.dtls is not None
            self._send(self.dtls.start(now), source)

    def _send(self, datagrams: list[bytes], address: Address) -> None:
        for datagram in datagrams:
            self.sock.sendto(datagram, address)
