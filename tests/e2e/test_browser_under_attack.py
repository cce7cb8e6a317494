"""Twenty calls of a real browser while strangers flood the media port during their set-up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser

from media.engine import LegKind, LegProfile, LegState, MediaEvent, Side
from media.worker import EmbeddedConfig, EmbeddedEngine
from tests.support.browsers import chromium, firefox
from tests.support.media_attacks import ATTACKS, flood
from tests.support.media_page import MediaPage, page_server
from tests.support.netns import run

LITE = LegProfile(LegKind.WEBRTC_LITE)
CALLS_PER_ATTACK = 4  # of five attacks: twenty calls


async def connected_calls(browser: Browser, network: str) -> dict[str, int]:
    engine = EmbeddedEngine(EmbeddedConfig(bind=network))
    await engine.start()
    host, port = engine.workers[0].addresses[0]
    good = dict.fromkeys(ATTACKS, 0)
    try:
        async with page_server() as url:
            page = await browser.new_page()
            await page.goto(url)
            for name, attack in ATTACKS.items():
                async with flood((host, port), attack, 500):
                    for number in range(CALLS_PER_ATTACK):
                        good[name] += await one_call(engine, MediaPage(page), f"{name}-{number}")
    finally:
        await engine.aclose()
    return good


async def one_call(engine: EmbeddedEngine, page: MediaPage, name: str) -> bool:
    done = asyncio.Event()

    def on_event(event: MediaEvent) -> None:
        if getattr(event, "state", None) is LegState.CONNECTED:
            done.set()

    session = await engine.open(name, user="anna", listener=on_event)
    answer = await session.accept(Side.DEVICE, await page.offer(), LITE, leg="page")
    assert answer is not None
    await page.answer(answer)
    try:
        async with asyncio.timeout(5):
            await done.wait()
    except TimeoutError:
        return False
    finally:
        await page.hang_up()
        await session.close()
    return True


@pytest.mark.timeout(180)
async def test_chromium_connects_every_time(network: str, microphone: Path) -> None:
    async with chromium(microphone) as browser:
        assert await connected_calls(browser, network) == dict.fromkeys(ATTACKS, CALLS_PER_ATTACK)


@pytest.mark.timeout(180)
async def test_firefox_connects_every_time(network: str) -> None:
    # Firefox takes no interface into account without a default route.
    run("ip", "route", "replace", "default", "via", "10.77.0.2", "dev", "box0")
    async with firefox() as browser:
        assert await connected_calls(browser, network) == dict.fromkeys(ATTACKS, CALLS_PER_ATTACK)
