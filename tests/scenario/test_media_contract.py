"""One contract for every media engine: dial, ring, hang up, swap the device."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from media.engine import (
    FirstAudioEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    MediaEngine,
    MediaError,
    MediaEvent,
    MediaSession,
    Side,
)
from media.rtpengine import RtpengineConfig, RtpengineEngine
from media.worker import EmbeddedConfig, EmbeddedEngine
from tests.support.media_peers import allow_loopback, browser, rtp_phone
from tests.support.rtpengine import running_rtpengine

LITE = LegProfile(LegKind.WEBRTC_LITE)
FULL = LegProfile(LegKind.WEBRTC_FULL)  # how a full-ICE engine meets a browser
RTP = LegProfile(LegKind.RTP)


@pytest.fixture(params=["embedded", "rtpengine", "full_ice"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaEngine]:
    allow_loopback()
    if request.param != "rtpengine":
        full_ice = request.param == "full_ice"
        embedded = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1", full_ice=full_ice))
        await embedded.start()
        yield embedded
        await embedded.aclose()
        return
    async with running_rtpengine(tmp_path) as (address, _):
        remote = RtpengineEngine(RtpengineConfig(nodes=(address,), poll_s=0.1))
        await remote.start()
        yield remote
        await remote.aclose()


@pytest.fixture
def device(request: pytest.FixtureRequest) -> LegProfile:
    return FULL if "full_ice" in request.node.name else LITE


async def join(session: MediaSession, page: Any, leg: str, device: LegProfile) -> None:
    answer = await session.accept(Side.DEVICE, await page.offer(), device, leg=leg)
    assert answer is not None
    await page.answer(answer)


class TestContract:
    async def test_dial(self, engine: MediaEngine, device: LegProfile) -> None:
        """The line is offered before any device has spoken, then a device joins."""
        events: list[MediaEvent] = []
        session = await engine.open("dial", user="anna", listener=events.append)
        assert isinstance(session, MediaSession)
        async with rtp_phone(440) as phone, browser(1000) as page:
            phone.talk(await session.offer(Side.LINE, RTP))
            assert await session.accept(Side.LINE, phone.sdp()) is None
            await join(session, page, "page", device)
            await session.attach("page")
            assert await phone.hears(1000) > 0.8
            assert await page.hears(440) > 0.8
            stats = await session.stats()
            assert {(s.side, s.leg, s.state) for s in stats.legs} == {
                (Side.LINE, "line", LegState.CONNECTED),
                (Side.DEVICE, "page", LegState.CONNECTED),
            }
            assert all(s.packets_in > 20 and s.packets_out > 20 for s in stats.legs)
        firsts = {e.side for e in events if isinstance(e, FirstAudioEvent)}
        assert firsts == {Side.LINE, Side.DEVICE}
        await session.close()

    async def test_ring(self, engine: MediaEngine, device: LegProfile) -> None:
        """The line offers, is answered, and then a device joins."""
        session = await engine.open("ring", user="anna", listener=lambda _event: None)
        async with rtp_phone(440) as phone, browser(1000) as page:
            answer = await session.accept(Side.LINE, phone.sdp(), RTP)
            assert answer is not None
            phone.talk(answer)
            await join(session, page, "page", device)
            await session.attach("page")
            assert await phone.hears(1000) > 0.8
            assert await page.hears(440) > 0.8
        await session.close()

    async def test_hang_up(self, engine: MediaEngine, device: LegProfile) -> None:
        """After close nothing reaches either side and the session is gone."""
        session = await engine.open("end", user="anna", listener=lambda _event: None)
        async with rtp_phone(440) as phone, browser(1000) as page:
            phone.talk(await session.offer(Side.LINE, RTP))
            await session.accept(Side.LINE, phone.sdp())
            await join(session, page, "page", device)
            await session.attach("page")
            assert await phone.hears(1000) > 0.8
            await session.close()
            await phone.sent.more(5)  # what was in flight
            count = len(phone.packets)
            await phone.sent.more(15)
            assert len(phone.packets) - count <= 1
            await session.close()  # never raises
            with pytest.raises(MediaError):
                await session.accept(Side.DEVICE, "not a description", device, leg="page")

    async def test_swap_the_device(self, engine: MediaEngine, device: LegProfile) -> None:
        """The line keeps its address while another device takes the call over."""
        events: list[MediaEvent] = []
        session = await engine.open("swap", user="anna", listener=events.append)
        async with rtp_phone(440) as phone, browser(1000) as one, browser(1300) as two:
            phone.talk(await session.offer(Side.LINE, RTP))
            await session.accept(Side.LINE, phone.sdp())
            await join(session, one, "one", device)
            await session.attach("one")
            assert await phone.hears(1000) > 0.8
            await join(session, two, "two", device)
            await session.attach("two")
            await session.drop("one")
            assert await phone.hears(1300) > 0.8
            assert await two.hears(440) > 0.8
        states = [e for e in events if isinstance(e, LegEvent) and e.leg == "two"]
        assert LegState.CONNECTED in {e.state for e in states}
        await session.close()
