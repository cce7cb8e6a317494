"""An offer that fails or is refused leaves the leg as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from media.engine import LegKind, LegProfile, MediaError, Side
from media.full_ice.leg import FullIceLeg
from media.worker.config import EmbeddedConfig, worker_share
from media.worker.rtp_leg import RtpLeg
from media.worker.session import Session
from media.worker.worker import Worker

RTP = LegProfile(LegKind.RTP, codecs=("PCMA", "PCMU"))
NARROW = LegProfile(LegKind.RTP, codecs=("PCMU",))
PEER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40002 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)
FULL = LegProfile(LegKind.WEBRTC_FULL, codecs=("PCMA",))


def browser(ice: str) -> str:
    return PEER.replace("RTP/AVP", "UDP/TLS/RTP/SAVPF") + (
        f"a=ice-ufrag:{ice}\r\na=ice-pwd:{ice * 6}\r\na=setup:actpass\r\na=rtcp-mux\r\n"
        f"a=mid:0\r\na=fingerprint:sha-256 {':'.join(['AB'] * 32)}\r\n"
    )


def ufrag(sdp: str) -> str:
    return next(line for line in sdp.splitlines() if line.startswith("a=ice-ufrag:"))


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    """In a worker that is not started: its media thread's jobs are run by hand."""
    config = worker_share(EmbeddedConfig(bind="127.0.0.1", full_ice=True), 0, "")
    loop = asyncio.get_running_loop()
    worker = Worker(config, loop, lambda _session, _event: None, through_turn=FullIceLeg)
    made = worker.open("s", "anna")
    yield made
    made.close()
    worker.plane._serve([], 0.0)


def _fails(*_: object) -> str:
    raise MediaError("ice", "no candidate to describe")


async def test_a_leg_made_for_an_offer_that_fails_is_gone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RtpLeg, "describe", _fails)
    with pytest.raises(MediaError):
        await session.offer(Side.LINE, RTP, "line")
    assert session.legs == {}


async def test_a_failed_offer_leaves_what_was_agreed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await session.accept(Side.LINE, PEER, RTP, "line")
    leg = session.legs["line"]
    before = (leg.profile, leg.ours, leg.theirs, leg.offer_open)
    with monkeypatch.context() as broken:
        broken.setattr(RtpLeg, "describe", _fails)
        with pytest.raises(MediaError):
            await session.offer(Side.LINE, NARROW, "line")
    assert (leg.profile, leg.ours, leg.theirs, leg.offer_open) == before
    # The peer's next description is an offer again, not the answer to what never left.
    assert "m=audio" in (await session.accept(Side.LINE, PEER, None, "line") or "")


async def test_a_peer_that_offers_did_not_take_ours(session: Session) -> None:
    await session.accept(Side.LINE, PEER, RTP, "line")
    await session.offer(Side.LINE, NARROW, "line")  # refused: 488, or both offered at once
    answer = await session.accept(Side.LINE, PEER, RTP, "line")
    assert answer is not None and "PCMA" in answer
    assert not session.legs["line"].offer_open


async def test_a_restart_of_ice_is_seen_past_an_offer_that_was_not_taken(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda **_: ["127.0.0.1"])
    first = await session.accept(Side.DEVICE, browser("aaaa"), FULL, "d")
    await session.offer(Side.DEVICE, FULL, "d")  # refused
    again = await session.accept(Side.DEVICE, browser("bbbb"), FULL, "d")
    assert first is not None and again is not None
    assert ufrag(first) != ufrag(again)
    session.drop("d")
    await asyncio.gather(*(t for t in asyncio.all_tasks() if t.get_name() == "ice-close"))


async def test_an_answer_needs_no_profile(session: Session) -> None:
    await session.offer(Side.LINE, RTP, "line")
    await session.offer(Side.LINE, RTP, "line")  # renewed while open
    assert await session.accept(Side.LINE, PEER, None, "line") is None
