"""A re-INVITE that renews one side's SDES key leaves the other direction as it is."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator

import pytest

from media.engine import LegKind, LegProfile, Side
from media.full_ice.leg import FullIceLeg
from media.worker.config import EmbeddedConfig, worker_share
from media.worker.rtp_leg import SdesLeg
from media.worker.session import Session
from media.worker.srtp import SrtpContext
from media.worker.worker import Worker
from protocols.rtp.srtp import AES128_CM_SHA1_80, MasterKeys
from protocols.sdp.crypto import CryptoLine, parse_lines

SDES = LegProfile(LegKind.SDES)
SUITE = AES128_CM_SHA1_80.sdes_name


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    """Not started: its media thread's jobs are run by hand."""
    config = worker_share(EmbeddedConfig(bind="127.0.0.1"), 0, "")
    loop = asyncio.get_running_loop()
    made = Worker(config, loop, lambda _session, _event: None, through_turn=FullIceLeg)
    yield made
    for session in made.sessions.values():
        session.close()
    made.plane._serve([], 0.0)


def description(version: int, key: bytes) -> str:
    return (
        f"v=0\r\no=- 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 40002 RTP/SAVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        f"a=crypto:{CryptoLine(1, SUITE, key)!s}\r\n"
    )


def packet(seq: int) -> bytes:
    return struct.pack("!BBHII", 0x80, 8, seq, 160 * seq, 7) + b"x" * 160


def key_of(sdp: str) -> bytes:
    values = [line.removeprefix("a=crypto:") for line in sdp.split("\r\n") if "a=crypto:" in line]
    (line,) = parse_lines(tuple(values))
    return line.key


async def accept(session: Session, version: int, key: bytes) -> tuple[SdesLeg, bytes]:
    answer = await session.accept(Side.LINE, description(version, key), SDES, "line")
    assert answer is not None
    session.host.plane._serve([], 0.0)
    leg = session.legs["line"]
    assert isinstance(leg, SdesLeg) and leg.port.srtp is not None
    return leg, key_of(answer)


async def test_our_rollover_counter_survives_the_peers_new_key(worker: Worker) -> None:
    session = worker.open("s", "anna")
    leg, mine = await accept(session, 1, b"a" * 30)
    assert leg.port.srtp is not None
    peer = SrtpContext(MasterKeys(AES128_CM_SHA1_80, local=b"a" * 30, remote=mine))
    for seq in (65534, 65535, 0, 1):
        peer._receive.unprotect(leg.port.srtp._send.protect(packet(seq)))
    leg, again = await accept(session, 2, b"b" * 30)
    assert again == mine and leg.port.srtp is not None
    sealed = leg.port.srtp._send.protect(packet(2))
    assert peer._receive.unprotect(sealed) == packet(2)
    renewed = SrtpContext(MasterKeys(AES128_CM_SHA1_80, local=b"b" * 30, remote=mine))
    assert leg.port.srtp.unprotect_rtcp(renewed.protect_rtcp(b"\x80\xc9\0\1" + bytes(4)) or b"")
    assert leg.port.srtp._receive.unprotect(renewed._send.protect(packet(9))) == packet(9)


async def test_the_same_keys_keep_the_context(worker: Worker) -> None:
    session = worker.open("s", "anna")
    leg, _ = await accept(session, 1, b"a" * 30)
    before = leg.port.srtp
    leg, _ = await accept(session, 2, b"a" * 30)
    assert leg.port.srtp is before
