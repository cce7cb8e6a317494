"""Two browsers at once, of one user or of two: what one of them does, the other knows."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.browsers import CHROMIUM_TONE_HZ, OTHER_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA, BERTA = "anna@example.test", "berta@example.test"
TONE = "715"
TONE_HZ = 440


async def newest_entry(phone: Softphone) -> dict[str, object]:
    rows: list[dict[str, object]] = await phone.page.evaluate("() => window.__offhook.journal()")
    return rows[0]


async def test_one_answers_the_other_stops_and_nobody_missed_it(
    demo: DemoStack, browser: Browser, other_browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as first,
        open_softphone(other_browser, demo.url) as second,
        Console(demo.console) as console,
    ):
        for phone in (first, second):
            await phone.sign_in(ANNA, demo.password(ANNA))
        missed = (await second.state())["unread"]
        await console.dial(TONE, "101")
        for phone in (first, second):
            await expect(phone.incoming).to_be_visible(timeout=10_000)
        await second.settle_slot()
        await second.incoming.get_by_role("button", name="Answer").click()
        await second.expect_in_call()
        await expect(first.incoming).to_be_hidden(timeout=1000)
        await second.expect_tone(TONE_HZ)
        await console.expect_heard(TONE, OTHER_TONE_HZ)
        await expect(first.page.get_by_text("on another device").first).to_be_visible()

        await console.hang_up(TONE)
        for phone in (first, second):
            await phone.expect_idle()
            assert (await newest_entry(phone))["kind"] == "answered"
            assert (await phone.state())["unread"] == missed
        await first.page.get_by_role("link", name="Recents").click()
        newest = first.page.get_by_role("region", name="Recents").get_by_role("listitem").first
        await expect(newest).to_contain_text("Answered on another device")


async def test_a_caller_is_handed_over_after_asking(
    demo: DemoStack, browser: Browser, other_browser: Browser
) -> None:
    """Anna asks Berta, who speaks from a browser of her own, and leaves the caller to her."""
    async with (
        open_softphone(browser, demo.url) as anna,
        open_softphone(other_browser, demo.url) as berta,
        Console(demo.console) as console,
    ):
        await anna.sign_in(ANNA, demo.password(ANNA))
        await berta.sign_in(BERTA, demo.password(BERTA))
        await console.dial(TONE, "101")
        await anna.answer()
        await anna.expect_tone(TONE_HZ)

        await anna.page.keyboard.press("t")
        to = anna.page.get_by_label("Transfer to: name or number")
        await to.press_sequentially("102")
        assert await violations(anna.page) == []
        await to.press("Enter")
        await berta.answer()
        await anna.expect_in_front("Berta Schulz")
        await anna.expect_tone(OTHER_TONE_HZ, call="102")
        await berta.expect_tone(CHROMIUM_TONE_HZ)
        await console.expect_not_heard(TONE, CHROMIUM_TONE_HZ)

        await anna.page.get_by_role("button", name="Hand over to Berta").click()
        await anna.expect_idle()
        told = anna.page.get_by_text("Berta Schulz has taken over Test tone.")
        await expect(told).to_have_count(2)  # on the card, and for screen readers
        await berta.expect_tone(TONE_HZ)
        await console.expect_heard(TONE, OTHER_TONE_HZ)
        await berta.hang_up()
        await berta.expect_idle()
