"""Digits from the page reach the phone system, and the voicemail menu obeys them."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.support.browsers import chromium
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import open_softphone

ANNA = "anna@example.test"


async def test_keypad_digits_arrive_once_and_in_order(demo: DemoStack, microphone: Path) -> None:
    async with (
        chromium(microphone) as browser,
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.page.get_by_role("button", name="Keypad").click()
        pad = phone.page.get_by_role("group", name="Keypad")
        for key in "1590*#":
            await pad.get_by_role("button", name=key, exact=True).first.click()
        await console.until("715", lambda row: row["digits"].endswith("1590*#"), "keyed")
        row = await console.phone("715")
        assert row["digits"] == "1590*#"
        await phone.hang_up()
        await phone.expect_idle(1000)


async def test_the_voicemail_button_reaches_the_mailbox(demo: DemoStack, microphone: Path) -> None:
    async with chromium(microphone) as browser, open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await (
            phone.page.get_by_role("link", name="Voicemail")
            .or_(phone.page.get_by_role("button", name="Voicemail"))
            .first.click()
        )
        call = phone.page.get_by_role("button", name="Call voicemail", exact=True)
        await expect(call).to_be_visible()
        await call.click()
        await phone.expect_in_call()
        await phone.expect_sound()
        await phone.hang_up()
        await phone.expect_idle(1000)
