"""Two calls at once, as people use them: change over, talk together."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import ASK_EVERY_S, Console
from tests.support.softphone import open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
TONE = "715"
TONE_HZ = 440
BERTA = "102"


async def expect_heard_together(console: Console, number: str, *hertz: float) -> None:
    """All of them in what the phone hears at once."""
    shares: list[float] = []
    async with asyncio.timeout(10):
        # The console has no event for what a phone hears.
        while not shares or min(shares) < 0.05:
            shares = [(await console.heard(number, hz))["tone"]["share"] for hz in hertz]
            await asyncio.sleep(ASK_EVERY_S)


async def test_two_calls_are_swapped_and_joined(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        button = phone.page.get_by_role("button", name="Swap")
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial(TONE)
        await phone.expect_tone(TONE_HZ)

        await phone.page.keyboard.press("n")
        await phone.dial(BERTA)
        await console.expect_state(BERTA, "ringing")
        await console.answer(BERTA)
        await phone.expect_in_front("Berta Schulz")
        await console.expect_heard(BERTA, CHROMIUM_TONE_HZ)
        held = phone.page.get_by_role("article", name=TONE)
        await expect(held).to_contain_text("On hold")
        await console.expect_not_heard(TONE, CHROMIUM_TONE_HZ)
        assert await violations(phone.page) == []

        await button.click()
        await phone.expect_in_front(TONE)
        await phone.expect_tone(TONE_HZ, call=TONE)
        held = phone.page.get_by_role("article", name="Berta Schulz")
        await expect(held).to_contain_text("On hold")
        await console.expect_not_heard(BERTA, CHROMIUM_TONE_HZ)
        await console.expect_heard(TONE, CHROMIUM_TONE_HZ)

        await phone.page.get_by_role("button", name="Talk together").click()
        await phone.expect_in_front("Conference")
        await console.until(
            BERTA, lambda row: row["state"] == "connected", "in the conference", within_s=5.0
        )
        await expect_heard_together(console, BERTA, TONE_HZ, CHROMIUM_TONE_HZ)
        await phone.hang_up()
        await phone.expect_idle()
