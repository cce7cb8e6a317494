"""What one person does and says of themselves, another sees at once."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.demo_stack import DemoStack
from tests.support.softphone import open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA, BERTA = "anna@example.test", "berta@example.test"


async def test_two_people_see_each_other(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url) as anna,
        open_softphone(browser, demo.url) as berta,
    ):
        await anna.sign_in(ANNA, demo.password(ANNA))
        await anna.page.get_by_role("link", name="People").click()
        seen = anna.person("Berta Schulz")
        await berta.sign_in(BERTA, demo.password(BERTA))
        await expect(seen).to_contain_text("Available")

        await berta.dial("715")
        await berta.expect_in_call()
        await expect(seen).to_contain_text("On a call")
        await berta.hang_up()
        await expect(seen).to_contain_text("Available")

        await berta.page.get_by_role("link", name="Me").click()
        panel = berta.page.get_by_role("region", name="Status")
        await panel.get_by_role("textbox", name="Note for your colleagues").fill("Lunch")
        await panel.get_by_role("button", name="Save").click()
        await panel.get_by_role("button", name="Turn on").click()
        await expect(seen).to_contain_text("Do not disturb until")
        await expect(seen).to_contain_text("Lunch")

        await berta.page.get_by_role("button", name="End it").first.click()
        await expect(seen).to_contain_text("Available")
