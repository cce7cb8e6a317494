"""What a user sets up before the first call."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.demo_stack import DemoStack
from tests.support.layout import clipped
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
#: The longest words, and the language that is easiest to forget.
LANGUAGES = {"Deutsch": "de", "Català": "ca"}
VIEWS = ("phone", "people", "recents", "voicemail", "me", "settings", "security")


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


async def test_german_and_catalan_fit_a_narrow_window(demo: DemoStack, browser: Browser) -> None:
    async with open_softphone(browser, demo.url, reduced_motion="reduce") as phone:
        page = phone.page
        await phone.sign_in(ANNA, demo.password(ANNA))
        await page.set_viewport_size({"width": 320, "height": 800})
        found: list[str] = []
        for name, language in LANGUAGES.items():
            await open_view(phone, "settings")
            await page.locator("select", has=page.locator("option[lang=ca]")).select_option(name)
            await expect(page.locator("html")).to_have_attribute("lang", language)
            for view in VIEWS:
                await open_view(phone, view)
                found += [f"{language}, {view}: {what}" for what in await clipped(page)]
        await open_view(phone, "settings")
        await page.locator("select", has=page.locator("option[lang=ca]")).select_option("English")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        assert found == [], "\n".join(found)


async def test_diagnostics_are_read_and_sent(demo: DemoStack, browser: Browser) -> None:
    async with open_softphone(browser, demo.url, reduced_motion="reduce") as phone:
        page = phone.page
        await phone.sign_in(ANNA, demo.password(ANNA))
        await open_view(phone, "settings")
        await page.get_by_role("button", name="Show diagnostics").click()
        await expect(page.get_by_label("What is in it")).to_contain_text('"link": "online"')
        await page.get_by_label("What went wrong?").fill("No sound")
        assert await violations(page) == []
        await page.get_by_role("button", name="Send to my administrators").click()
        sent = page.get_by_text("Its reference is")
        await expect(sent).to_be_visible()
        reference = (await sent.inner_text()).rstrip(".").rsplit(" ", 1)[1]
        await page.goto(f"{demo.url}/admin/#/diagnostics")
        row = page.get_by_role("row", name=reference)
        await expect(row).to_contain_text("No sound")
        assert await violations(page) == []


async def open_view(phone: Softphone, view: str) -> None:
    await phone.page.evaluate("view => { location.hash = `/${view}`; }", view)
    await expect(phone.page.locator(f"[data-view={view}]").first).to_be_visible()
