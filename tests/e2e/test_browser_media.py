"""The media engine against real browsers: tones both ways, digits, restart, leaving."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from media.engine import DigitEvent, LegEvent, LegKind, LegProfile, LegState, MediaEvent, Side
from media.worker import EmbeddedConfig, EmbeddedEngine
from tests.support.browsers import CHROMIUM_TONE_HZ, FIREFOX_TONE_HZ, chromium, firefox
from tests.support.media_page import MediaPage, page_server
from tests.support.media_peers import RtpPhone, rtp_phone
from tests.support.netns import run

LITE = LegProfile(LegKind.WEBRTC_LITE)
RTP = LegProfile(LegKind.RTP)
HERE_HZ = 440


class Call:
    def __init__(self, page: MediaPage, phone: RtpPhone, session, events) -> None:
        self.page, self.phone, self.session, self.events = page, phone, session, events
        self.phone_law = phone.law

    async def wait_for(self, match, seconds: float = 10.0) -> MediaEvent:
        async with asyncio.timeout(seconds):
            while True:
                for event in list(self.events):
                    if match(event):
                        return event
                await asyncio.sleep(0.02)

    async def page_hears(self, frequency: float) -> float:
        peak = 0.0
        for _ in range(100):
            peak = await self.page.peak()
            if abs(peak - frequency) < 12:
                break
            await asyncio.sleep(0.05)
        return peak


@asynccontextmanager
async def browser_call(browser: Browser, network: str, *, payload_type: int = 8):
    engine = EmbeddedEngine(EmbeddedConfig(bind=network, rtp_bind="127.0.0.1"))
    await engine.start()
    events: list[MediaEvent] = []
    try:
        async with page_server() as url, rtp_phone(HERE_HZ, payload_type) as phone:
            page = await browser.new_page()
            await page.goto(url)
            session = await engine.open("s", user="anna", listener=events.append)
            phone.talk(await session.offer(Side.LINE, RTP))
            assert await session.accept(Side.LINE, phone.sdp()) is None
            media = MediaPage(page)
            answer = await session.accept(Side.DEVICE, await media.offer(), LITE, leg="page")
            assert answer is not None
            await session.attach("page")
            await media.answer(answer)
            yield Call(media, phone, session, events)
            await session.close()
    finally:
        await engine.aclose()


async def exercise(call: Call, browser_tone: float, *, analyser: bool = True) -> None:
    assert await call.phone.hears(browser_tone) > 0.8
    if analyser:
        assert abs(await call.page_hears(HERE_HZ) - HERE_HZ) < 12
    else:  # headless Firefox runs no AudioContext; its statistics tell the peak, here 0.5
        assert 0.4 < await call.page.energy() < 0.6
    # Digits arrive once each, in order, on the phone's payload type.
    await call.page.press("1#5")
    await call.wait_for(
        lambda e: [x.digit for x in call.events if isinstance(x, DigitEvent)] == ["1", "#", "5"]
    )
    await call.phone.hears(browser_tone)
    events = [p for p in call.phone.packets if p[0] & 0x7F == 101]
    assert len({p[2] for p in events}) == 3
    # ICE restart by the page: new credentials, same keys, no gap to speak of.
    lost_before = next(r for r in (await call.session.stats()).legs if r.leg == "page").lost_in
    answer = await call.session.accept(
        Side.DEVICE, await call.page.renew(restart=True), None, leg="page"
    )
    await call.page.answer(answer)
    call.phone.heard.clear()
    assert await call.phone.hears(browser_tone, within=2.0) > 0.8
    row = next(r for r in (await call.session.stats()).legs if r.leg == "page")
    assert row.auth_failures == 0 and row.lost_in - lost_before <= 2
    assert len({p[3] for p in call.phone.packets}) == 1
    sequences = [p[1] for p in call.phone.packets]
    assert all((b - a) & 0xFFFF == 1 for a, b in itertools.pairwise(sequences))
    # Leaving the page is a lost leg, not a hang-up.
    await call.page.hang_up()
    lost = await call.wait_for(lambda e: isinstance(e, LegEvent) and e.state is LegState.LOST)
    assert lost.reason == "close_notify"


@pytest.mark.parametrize("payload_type", [8, 0])
async def test_chromium_and_an_rtp_phone(network: str, microphone: Path, payload_type: int) -> None:
    async with (
        chromium(microphone) as browser,
        browser_call(browser, network, payload_type=payload_type) as call,
    ):
        await exercise(call, CHROMIUM_TONE_HZ)


async def test_firefox_and_an_rtp_phone(network: str) -> None:
    # Firefox takes no interface into account without a default route.
    run("ip", "route", "replace", "default", "via", "10.77.0.2", "dev", "box0")
    async with firefox() as browser, browser_call(browser, network) as call:
        await exercise(call, FIREFOX_TONE_HZ, analyser=False)
