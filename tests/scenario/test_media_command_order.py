"""A session's commands may be given together: they are carried out in the order given."""

from __future__ import annotations

import asyncio

from media.engine import LegKind, LegProfile, Side
from media.worker import EmbeddedConfig, EmbeddedEngine
from tests.support.media_peers import allow_loopback

LITE = LegProfile(LegKind.WEBRTC_LITE)
FULL = LegProfile(LegKind.WEBRTC_FULL)
RTP = LegProfile(LegKind.RTP)


async def test_both_sides_are_described_and_bridged_in_one_round_trip() -> None:
    allow_loopback()
    engine = EmbeddedEngine(EmbeddedConfig(port=0, bind=("127.0.0.1",), rtp_bind="127.0.0.1"))
    await engine.start()
    try:
        gateway = await engine.open("gateway", user="u", listener=lambda _: None)
        offered = await gateway.offer(Side.LINE, LITE)
        session = await engine.open("connector", user="u", listener=lambda _: None)
        answer, offer, _ = await asyncio.gather(
            session.accept(Side.DEVICE, offered, FULL, leg="link"),
            session.offer(Side.LINE, RTP),
            session.attach("link"),
        )
        listed = {row["session"]: row for row in await engine.sessions()}
        await session.close()
        await gateway.close()
    finally:
        await engine.aclose()
    assert answer is not None
    assert "a=setup:active" in answer
    assert "RTP/AVP" in offer
    assert listed["connector"]["attached"] == "link"
