"""Two calls at once, as people use them: swap and talk together; ask first, then hand over."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import expect

from tests.support.axe import violations
from tests.support.browsers import CHROMIUM_TONE_HZ, chromium
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import ASK_EVERY_S, Console
from tests.support.softphone import Softphone, open_softphone

ANNA = "anna@example.test"
TONE = "715"
TONE_HZ = 440
BERTA = "102"


async def expect_in_front(phone: Softphone, name: str) -> None:
    heading = phone.page.get_by_role("heading", level=1, name=name)
    await expect(heading).to_be_visible(timeout=10_000)


async def expect_heard_together(console: Console, number: str, *hertz: float) -> None:
    """All of them in what the phone hears at once."""
    shares: list[float] = []
    async with asyncio.timeout(10):
        # The console has no event for what a phone hears.
        while not shares or min(shares) < 0.05:
            shares = [(await console.heard(number, hz))["tone"]["share"] for hz in hertz]
            await asyncio.sleep(ASK_EVERY_S)


async def test_two_calls_are_swapped_and_joined(demo: DemoStack, microphone: Path) -> None:
    async with (
        chromium(microphone) as browser,
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
        await expect_in_front(phone, "Berta Schulz")
        await console.expect_heard(BERTA, CHROMIUM_TONE_HZ)
        held = phone.page.get_by_role("article", name=TONE)
        await expect(held).to_contain_text("On hold")
        assert await violations(phone.page) == []

        await button.click()
        await expect_in_front(phone, TONE)
        await phone.expect_tone(TONE_HZ, call=TONE)
        # Berta hears the phone system's music and not the microphone.
        await expect(phone.page.get_by_role("article", name="Berta Schulz")).to_contain_text(
            "On hold"
        )

        await phone.page.get_by_role("button", name="Talk together").click()
        await expect_in_front(phone, "Conference")
        await console.until(
            BERTA, lambda row: row["state"] == "connected", "in the conference", within_s=5.0
        )
        await expect_heard_together(console, BERTA, TONE_HZ, CHROMIUM_TONE_HZ)
        await phone.hang_up()
        await phone.expect_idle()


async def test_a_caller_is_handed_over_after_asking(demo: DemoStack, microphone: Path) -> None:
    async with (
        chromium(microphone) as browser,
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await console.dial(TONE, "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await phone.settle_slot()
        await phone.incoming.get_by_role("button", name="Answer").click()
        await phone.expect_tone(TONE_HZ)

        await phone.page.keyboard.press("t")
        to = phone.page.get_by_label("Transfer to: name or number")
        await to.press_sequentially(BERTA)
        assert await violations(phone.page) == []
        await to.press("Enter")
        await console.expect_state(BERTA, "ringing")
        await console.answer(BERTA)
        await expect_in_front(phone, "Berta Schulz")
        await console.expect_heard(BERTA, CHROMIUM_TONE_HZ)

        await phone.page.get_by_role("button", name="Hand over to Berta").click()
        await phone.expect_idle()
        await expect(
            phone.page.get_by_text("Berta Schulz has taken over Test tone.")
        ).to_have_count(
            2  # on the card, and for screen readers
        )
        await console.expect_heard(BERTA, TONE_HZ)
        await console.hang_up(BERTA)
