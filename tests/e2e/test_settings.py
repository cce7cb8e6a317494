"""What a user sets up before the first call."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.demo_stack import DemoStack
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"


async def open_settings(phone: Softphone) -> None:
    await phone.page.evaluate("() => { location.hash = '/settings'; }")
    await expect(phone.page.get_by_role("region", name="Settings", exact=True)).to_be_visible()


async def test_microphone_and_sound_are_tried_before_the_first_call(
    demo: DemoStack, browser: Browser
) -> None:
    async with open_softphone(browser, demo.url, reduced_motion="reduce") as phone:
        page = phone.page
        await phone.sign_in(ANNA, demo.password(ANNA))
        await open_settings(phone)
        assert await violations(page) == []
        await page.get_by_role("button", name="Start the test").click()
        await expect(page.get_by_text("You are heard")).to_be_visible()
        await page.get_by_role("button", name="Stop and listen").click()
        await expect(page.get_by_text("Your microphone works")).to_be_visible(timeout=15_000)
        microphone = page.get_by_role("combobox", name="Microphone")
        # The browser's test devices; its stand-ins for the system's choice are not among them.
        names = await microphone.locator("option").all_inner_texts()
        assert len(names) >= 2 and not any(name.startswith("Default") for name in names)
        await microphone.select_option(index=1)
        await page.get_by_role("combobox", name="It rings on").select_option(index=1)
        await page.get_by_role("combobox", name="Colours").select_option("dark")
        await page.reload()
        await expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
        chosen = await microphone.locator("option").nth(1).get_attribute("value")
        await expect(microphone).to_have_value(chosen or "not there")
        assert await violations(page) == []
        await page.get_by_role("combobox", name="Colours").select_option("system")
