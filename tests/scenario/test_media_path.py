"""The whole media path of a call, measured by tones: browser, gateway, connector, desk phone."""

from __future__ import annotations

import pytest

from media.engine import (
    DigitEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    MediaEvent,
    Side,
)
from media.worker import EmbeddedConfig, EmbeddedEngine
from tests.support.media_peers import allow_loopback, browser, rtp_phone

LITE = LegProfile(LegKind.WEBRTC_LITE)
FULL = LegProfile(LegKind.WEBRTC_FULL)
RTP = LegProfile(LegKind.RTP)


@pytest.fixture(autouse=True)
def _loopback() -> None:
    allow_loopback()


@pytest.fixture
async def engines():
    made = []
    for _ in ("gateway", "connector"):
        engine = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
        await engine.start()
        made.append(engine)
    yield made
    for engine in made:
        await engine.aclose()


async def test_tone_both_ways_through_gateway_and_connector(engines) -> None:
    gateway, connector = engines
    events: list[MediaEvent] = []
    up = await gateway.open("g1", user="anna", listener=events.append)
    down = await connector.open("c1", user="anna", listener=events.append)
    async with browser(1000) as page, rtp_phone(440) as phone:
        # The INVITE goes down with the gateway's offer; the connector asks the PBX side first.
        phone.talk(await down.offer(Side.LINE, RTP))
        assert await down.accept(Side.LINE, phone.sdp()) is None
        offer = await up.offer(Side.LINE, LITE)
        answer = await down.accept(Side.DEVICE, offer, FULL, leg="gateway")
        assert answer is not None and "a=setup:active" in answer
        await down.attach("gateway")
        assert await up.accept(Side.LINE, answer) is None
        page_answer = await up.accept(Side.DEVICE, await page.offer(), LITE, leg="page")
        assert page_answer is not None
        await up.attach("page")
        await page.answer(page_answer)

        assert await phone.hears(1000) > 0.8
        assert await page.hears(440) > 0.8
        stats = await up.stats()
        assert {row.state for row in stats.legs} == {LegState.CONNECTED}
        assert all(row.auth_failures == 0 and row.lost_in == 0 for row in stats.legs)
    connected = {e.leg for e in events if isinstance(e, LegEvent) and e.state is LegState.CONNECTED}
    assert connected == {"line", "page", "gateway"}
    assert not [e for e in events if isinstance(e, DigitEvent)]
    await up.close()
    await down.close()
