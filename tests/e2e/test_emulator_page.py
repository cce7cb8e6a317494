"""The emulator's console page in Chromium: by keyboard, in both schemes, judged by axe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.support.pbx_rig import PbxRig, pbx_rig

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def opened(browser: Browser, **options: Any) -> AsyncIterator[tuple[PbxRig, Page]]:
    """A PBX and its console in a window. Fails on errors of the page."""
    errors: list[str] = []
    async with pbx_rig(console={"port": 0}) as rig:
        page = await browser.new_page(**options)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        await page.goto(rig.emulator.addresses["console"])
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        try:
            yield rig, page
        finally:
            await page.context.close()
    assert errors == []


async def test_a_call_is_made_answered_held_and_ended_by_keyboard(browser: Browser) -> None:
    async with opened(browser) as (rig, page):
        number = page.get_by_label("Number", exact=True)
        await number.focus()
        await page.keyboard.type("102")
        await page.keyboard.press("Enter")
        await expect(page.locator("#phone-display")).to_have_text("Calling Berta Schulz 102…")
        await expect(page.locator("#rings")).to_contain_text("102 Berta Schulz")
        await page.get_by_role("button", name="102 Berta Schulz").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#phone-display")).to_have_text("Anna König 101 is calling.")
        await page.get_by_role("button", name="Answer", exact=True).press("Enter")
        await expect(page.locator("#phone-display")).to_have_text("Talking to Anna König 101.")
        await expect(page.locator("#hears")).to_contain_text("dB")
        await page.get_by_role("button", name="star", exact=True).press("Space")
        phone = rig.pbx.phones["101"]
        await rig.until(lambda: phone.end.digits == ["*"], "the star arrives")
        hold = page.get_by_role("button", name="Hold", exact=True)
        await hold.press("Enter")
        await expect(hold).to_have_attribute("aria-pressed", "true")
        await hold.press("Enter")
        await expect(hold).to_have_attribute("aria-pressed", "false")
        await page.get_by_role("button", name="Hang up", exact=True).press("Enter")
        await expect(page.locator("#phone-display")).to_have_text("Free.")
        await rig.nothing_left()


async def test_two_calls_settings_and_faults_by_keyboard(browser: Browser) -> None:
    async with opened(browser) as (rig, page):
        phones = rig.pbx.phones

        async def press(name: str) -> None:
            await page.get_by_role("button", name=name, exact=True).press("Enter")

        await phones["102"].dial("101")
        await press("Answer")
        await expect(page.locator("#phone-display")).to_have_text("Talking to Berta Schulz 102.")
        await phones["103"].dial("101")
        await expect(page.locator("#others")).to_have_text("Carla Lang 103 knocks")
        await press("Answer")
        await expect(page.locator("#phone-display")).to_have_text("Talking to Carla Lang 103.")
        await expect(page.locator("#others")).to_have_text("1 on hold")
        await press("Swap")
        await expect(page.locator("#phone-display")).to_have_text("Talking to Berta Schulz 102.")
        await press("Connect both")
        await expect(page.locator("#phone-display")).to_have_text("Free.")
        await rig.until(
            lambda: [p.state for p in (phones["102"], phones["103"])] == ["connected"] * 2, "both"
        )
        dnd = page.get_by_role("button", name="Do not disturb")
        await dnd.press("Enter")
        await expect(dnd).to_have_attribute("aria-pressed", "true")
        assert rig.pbx.features.of("101").do_not_disturb
        await page.get_by_label("refuse_with").fill("503")
        await page.get_by_label("mute").check()
        await press("Set")
        await expect(page.locator("#fault-said")).to_have_text("Set.")
        assert (rig.pbx.faults.now.refuse_with, rig.pbx.faults.now.mute) == (503, True)
        await press("All off")
        await expect(page.get_by_label("mute")).not_to_be_checked()
        await press("Restart the PBX")
        await rig.until(lambda: not rig.pbx.calls, "no call is left")
        await rig.nothing_left()


async def test_the_ladder_shows_the_messages_of_a_device(browser: Browser) -> None:
    async with opened(browser) as (rig, page):
        line = await rig.device("6101")
        call = await line.dial("712")
        await call.seen("failure")
        await page.locator("#calls button").first.click()
        ladder = page.locator("#ladder")
        await expect(ladder.get_by_text("INVITE sip:712@").first).to_be_visible()
        await expect(ladder.get_by_text("486 Busy Here (INVITE)")).to_be_visible()
        await ladder.get_by_text("486 Busy Here (INVITE)").click()
        await expect(ladder.get_by_text("CSeq: 2 INVITE").last).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
async def test_axe_finds_nothing_and_nothing_is_clipped(
    browser: Browser, scheme: str, width: int
) -> None:
    viewport = {"width": width, "height": 900}
    async with opened(browser, color_scheme=scheme, viewport=viewport) as (rig, page):
        await rig.pbx.phones["101"].dial("102")
        await expect(page.locator("#phone-display")).to_contain_text("Calling")
        await rig.pbx.phones["103"].dial("999")
        await page.get_by_role("button", name="103 Carla Lang").click()
        await expect(page.locator("#phone-display")).to_contain_text("Nobody has this number")
        found = await Axe().run(page)
        assert [(v["id"], v["nodes"][0]["target"]) for v in found["violations"]] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
