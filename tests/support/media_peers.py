"""Independent media peers for tests: an aiortc browser, a plain RTP phone, measured tones."""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import struct
import time
from collections.abc import AsyncIterator, Sequence

import aioice.ice
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from media.audio import g711
from media.endpoint import Sink

RATE = 8000


def allow_loopback() -> None:
    """aioice leaves 127.0.0.1 out of its candidates."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


def sine(frequency: float, start: int, count: int, amplitude: float = 0.5) -> bytes:
    times = (np.arange(count) + start) / RATE
    return (np.sin(2 * np.pi * frequency * times) * 32767 * amplitude).astype("<i2").tobytes()


def goertzel_share(pcm: bytes, frequency: float, rate: int = RATE) -> float:
    """The share of the energy at ``frequency``: 1.0 for a pure tone, near 0 otherwise."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    if not len(samples) or not samples.any():
        return 0.0
    times = np.arange(len(samples)) / rate
    part = np.abs(np.sum(samples * np.exp(-2j * np.pi * frequency * times))) * 2 / len(samples)
    return float(part**2 / 2 / np.mean(samples**2))


class Count:
    """How often something happened, for those who wait until it happened so many times more."""

    def __init__(self) -> None:
        self._total = 0
        self._changed = asyncio.Event()

    def add(self) -> None:
        self._total += 1
        self._changed.set()

    async def more(self, times: int, within: float = 10.0) -> None:
        end = self._total + times
        async with asyncio.timeout(within):
            while self._total < end:
                self._changed.clear()
                await self._changed.wait()


class ToneTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self, frequency: float, amplitude: float = 0.5) -> None:
        super().__init__()
        self.frequency = frequency
        self.amplitude = amplitude
        self.sent = Count()
        self._at = 0
        self._start: float | None = None

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        if self._start is None:  # as a microphone: what was before it was opened is not sent
            self._start = time.monotonic()
        wait = self._start + self._at / RATE - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        frame = AudioFrame(format="s16", layout="mono", samples=160)
        frame.planes[0].update(sine(self.frequency, self._at, 160, self.amplitude))
        frame.pts, frame.sample_rate = self._at, RATE
        frame.time_base = fractions.Fraction(1, RATE)
        self._at += 160
        self.sent.add()
        return frame


class BrowserPeer:
    """A stand-in for a browser: offers, sends a tone, collects what it hears.

    ``sinks`` are given every frame as it comes, at 8 kHz.
    """

    def __init__(
        self,
        frequency: float,
        codec: str = "audio/PCMA",
        *,
        amplitude: float = 0.5,
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=list(ice_servers)))
        self.heard = bytearray()
        self.sinks: list[Sink] = []
        self.rate = RATE
        self._reader: asyncio.Task[None] | None = None
        track = ToneTrack(frequency, amplitude)
        self.sent = track.sent
        transceiver = self.pc.addTransceiver(track)
        wanted = [
            c
            for c in RTCRtpSender.getCapabilities("audio").codecs
            if c.mimeType.lower() == codec.lower()
        ]
        transceiver.setCodecPreferences(wanted)
        self.pc.on("track", self._on_track)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._reader = asyncio.create_task(self._read(track))

    async def _read(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                samples = frame.to_ndarray().reshape(-1)[:: len(frame.layout.channels)]
                self.rate = frame.sample_rate
                self.heard += samples.astype("<i2").tobytes()
                for sink in self.sinks:
                    sink.write(samples[:: frame.sample_rate // RATE].astype("<i2").tobytes())

    async def offer(self) -> str:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def answer(self, sdp: str) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def take_offer(self, sdp: str) -> str:
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        return self.pc.localDescription.sdp

    async def hears(
        self, frequency: float, seconds: float = 0.5, within: float = 10.0, enough: float = 0.8
    ) -> float:
        """Wait for ``seconds`` of the tone; its share of the energy."""
        deadline = time.monotonic() + within
        share = 0.0
        while time.monotonic() < deadline:
            need = int(self.rate * seconds) * 2
            if len(self.heard) >= need:
                share = goertzel_share(bytes(self.heard[-need:]), frequency, self.rate)
                if share > enough:
                    return share
            await asyncio.sleep(0.05)
        return share

    async def close(self) -> None:
        await self.pc.close()
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader


class RtpPhone(asyncio.DatagramProtocol):
    """A G.711 phone on plain RTP: sends a tone every 20 ms, keeps packets and audio."""

    def __init__(self, frequency: float, payload_type: int = 8) -> None:
        self.frequency = frequency
        self.payload_type = payload_type
        self.law = "PCMA" if payload_type == 8 else "PCMU"
        self.heard = bytearray()
        self.packets: list[tuple[int, int, int, int, bytes]] = []  # pt|m, seq, ts, ssrc, payload
        self.received, self.sent = Count(), Count()
        self.remote: tuple[str, int] | None = None
        self.ssrc = 0x1234
        self.seq, self.ts = 100, 5000
        self.transport: asyncio.DatagramTransport
        self.task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )

    @property
    def port(self) -> int:
        return self.transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) < 12 or 192 <= data[1] <= 223:
            return
        second, seq, ts, ssrc = struct.unpack_from("!xBHII", data)
        self.packets.append((second, seq, ts, ssrc, data[12:]))
        self.received.add()
        if second & 0x7F == self.payload_type:
            self.heard += g711.decode(data[12:], self.law)

    def sdp(self, codecs: str | None = None) -> str:
        name = self.law
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self.port} RTP/AVP {self.payload_type} 101\r\n"
            f"a=rtpmap:{self.payload_type} {name}/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n"
        )

    def talk(self, sdp: str) -> None:
        port = next(int(x.split()[1]) for x in sdp.splitlines() if x.startswith("m=audio"))
        self.remote = ("127.0.0.1", port)
        self.task = asyncio.create_task(self._talk())

    async def _talk(self) -> None:
        start, sent = time.monotonic(), 0
        while True:
            pcm = sine(self.frequency, sent * 160, 160)
            self.send(g711.encode(pcm, self.law), self.payload_type)
            sent += 1
            await asyncio.sleep(max(0.0, start + sent * 0.02 - time.monotonic()))

    def send(self, payload: bytes, payload_type: int, ts: int | None = None) -> None:
        head = struct.pack(
            "!BBHII", 0x80, payload_type, self.seq, self.ts if ts is None else ts, self.ssrc
        )
        self.seq = (self.seq + 1) & 0xFFFF
        if ts is None:
            self.ts = (self.ts + 160) & 0xFFFFFFFF
        assert self.remote is not None
        self.transport.sendto(head + payload, self.remote)
        self.sent.add()

    async def hears(
        self, frequency: float, seconds: float = 0.5, within: float = 10.0, enough: float = 0.8
    ) -> float:
        deadline = time.monotonic() + within
        share = 0.0
        need = int(RATE * seconds) * 2
        while time.monotonic() < deadline:
            if len(self.heard) >= need:
                share = goertzel_share(bytes(self.heard[-need:]), frequency)
                if share > enough:
                    return share
            await asyncio.sleep(0.05)
        return share

    async def close(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        self.transport.close()


@contextlib.asynccontextmanager
async def rtp_phone(frequency: float, payload_type: int = 8) -> AsyncIterator[RtpPhone]:
    phone = RtpPhone(frequency, payload_type)
    await phone.open()
    try:
        yield phone
    finally:
        await phone.close()


@contextlib.asynccontextmanager
async def browser(frequency: float, codec: str = "audio/PCMA") -> AsyncIterator[BrowserPeer]:
    peer = BrowserPeer(frequency, codec)
    try:
        yield peer
    finally:
        await peer.close()
