"""The systems under test behind one face: start, add a call, name the processes, stop."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import subprocess
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

from bench.media.peers import Flow, RtpPeer, WebRtcPeer
from media.engine import LegKind, LegProfile, MediaSession, Side
from media.rtpengine import RtpengineConfig, RtpengineEngine
from media.worker import EmbeddedConfig, EmbeddedEngine, Limits
from media.worker.remote import read_description
from protocols.rtp.srtp import AES128_CM_SHA1_80, MasterKeys
from protocols.sdp.crypto import CryptoLine, parse_lines

LITE = LegProfile(LegKind.WEBRTC_LITE, codecs=("PCMA",), telephone_event=False)
FULL = LegProfile(LegKind.WEBRTC_FULL, codecs=("PCMA",), telephone_event=False)
RTP = LegProfile(LegKind.RTP, codecs=("PCMA",), telephone_event=False)
SDES = LegProfile(LegKind.SDES, codecs=("PCMA",), telephone_event=False)
HOST = "127.0.0.1"

Pair = tuple[Flow, Flow]


class System(Protocol):
    name: str

    async def start(self) -> None: ...

    async def call(self, number: int) -> Pair: ...

    def pids(self) -> list[int]: ...

    async def stop(self) -> None: ...


class Embedded:
    """Cases: ``rtp`` browser to RTP, ``webrtc`` browser to connector, ``connector`` and
    ``connector_sdes`` the connector's outgoing leg to RTP or SDES."""

    def __init__(self, case: str = "rtp") -> None:
        self.name = "embedded" if case == "rtp" else case
        self.case = case
        limits = Limits(stun_per_source=100000)  # all peers share one address here
        self.engine = EmbeddedEngine(
            EmbeddedConfig(bind=HOST, rtp_ports=(30000, 39999), limits=limits)
        )
        self.sessions: list[MediaSession] = []

    async def start(self) -> None:
        await self.engine.start()

    def pids(self) -> list[int]:
        return [w.pid for w in self.engine.workers if w.pid is not None]

    async def call(self, number: int) -> Pair:
        await self.engine.ready()  # calls do not come so fast that a worker has no time to start
        session = await self.engine.open(
            f"call-{number}", user=f"user-{number}", listener=lambda _event: None
        )
        self.sessions.append(session)
        line = await self._line(session)
        device = await self._device(session)
        await session.attach("device")
        return device, line

    async def _device(self, session: MediaSession) -> Flow:
        lite = self.case.startswith("connector")
        peer = WebRtcPeer(HOST, lite=lite)
        profile = FULL if lite else LITE
        answer = await session.accept(Side.DEVICE, peer.sdp("actpass"), profile, leg="device")
        assert answer is not None
        return await peer.connect(answer, client=not lite)

    async def _line(self, session: MediaSession) -> Flow:
        if self.case == "webrtc":
            connector = WebRtcPeer(HOST)
            offer = await session.offer(Side.LINE, LITE)
            await session.accept(Side.LINE, connector.sdp("active"))
            return await connector.connect(offer, client=True)
        peer = RtpPeer(HOST)
        if self.case == "connector_sdes":
            offer = await session.offer(Side.LINE, SDES)
            theirs = next(c for c in parse_lines(read_description(offer).crypto) if "80" in c.suite)
            mine = CryptoLine(theirs.tag, theirs.suite, secrets.token_bytes(30))
            await session.accept(Side.LINE, peer.sdp("RTP/SAVP", f"a=crypto:{mine}\r\n"))
            flow = peer.flow(offer)
            flow.keys = MasterKeys(AES128_CM_SHA1_80, local=mine.key, remote=theirs.key)
            return flow
        offer = await session.offer(Side.LINE, RTP)
        await session.accept(Side.LINE, peer.sdp())
        return peer.flow(offer)

    async def stop(self) -> None:
        await self.engine.aclose()


class Rtpengine:
    """Debian's rtpengine in user space."""

    def __init__(self) -> None:
        self.name = "rtpengine"
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self.engine: RtpengineEngine | None = None

    async def start(self) -> None:
        port = free_port()
        directory = self._stack.enter_context(tempfile.TemporaryDirectory())
        self._process = await asyncio.create_subprocess_exec(
            *first_in_line(),
            "rtpengine",
            "--config-file=none",
            "--table=-1",
            f"--interface={HOST}",
            f"--listen-ng={HOST}:{port}",
            "--port-min=40000",
            "--port-max=49999",
            "--num-threads=2",
            "--delete-delay=0",
            "--foreground",
            "--log-stderr",
            "--log-level=2",
            f"--pidfile={directory}/pid",
            stderr=asyncio.subprocess.DEVNULL,
        )
        pidfile = Path(directory) / "pid"
        await asyncio.to_thread(_wait_for, pidfile)
        self.engine = RtpengineEngine(RtpengineConfig(nodes=((HOST, port),), poll_s=3600))
        await self.engine.start()

    def pids(self) -> list[int]:
        return [self._process.pid] if self._process is not None else []

    async def call(self, number: int) -> Pair:
        assert self.engine is not None
        session = await self.engine.open(
            f"call-{number}", user=str(number), listener=lambda _event: None
        )
        phone, peer = RtpPeer(HOST), WebRtcPeer(HOST)
        offer = await session.offer(Side.LINE, RTP)
        await session.accept(Side.LINE, phone.sdp())
        answer = await session.accept(Side.DEVICE, peer.sdp("actpass"), LITE, leg="device")
        assert answer is not None
        client = read_description(answer).setup == "passive"
        return await peer.connect(answer, client=client), phone.flow(offer)

    async def stop(self) -> None:
        if self.engine is not None:
            await self.engine.aclose()
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
        await self._stack.aclose()


def _wait_for(path: Path) -> None:
    """A daemon says by its pid file that it is ready."""
    end = time.monotonic() + 10
    while not path.exists():
        if time.monotonic() > end:
            raise RuntimeError(f"{path} did not appear")
        time.sleep(0.05)


def first_in_line() -> tuple[str, ...]:
    """The prefix that gives a command the real-time priority that our worker takes itself."""
    probe = subprocess.run(("chrt", "--rr", "1", "true"), capture_output=True, check=False)
    return ("chrt", "--rr", "1") if probe.returncode == 0 else ()


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes, from the kernel."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
