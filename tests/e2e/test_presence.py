"""What one person does and says of themselves, another sees at once."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator, expect

from tests.support.browsers import chromium
from tests.support.demo_stack import DemoStack
from tests.support.softphone import Softphone, open_softphone

ANNA, BERTA = "anna@example.test", "berta@example.test"


def row_of(phone: Softphone, name: str) -> Locator:
    people = phone.page.get_by_role("region", name="People", exact=True)
    return people.get_by_role("button", name=name)


async def test_two_people_see_each_other(demo: DemoStack, microphone: Path) -> None:
    async with (
        chromium(microphone) as one,
        chromium(microphone) as two,
        open_softphone(one, demo.url) as anna,
        open_softphone(two, demo.url) as berta,
    ):
        await anna.sign_in(ANNA, demo.password(ANNA))
        await anna.page.get_by_role("link", name="People").click()
        seen = row_of(anna, "Berta Schulz")
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
