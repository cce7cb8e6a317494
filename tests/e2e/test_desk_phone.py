"""The desk phone in the app: its calls are cards, its keys and lamps are the app's as well."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA, BERTA = "anna@example.test", "berta@example.test"
DESK = "101"
TONE = "715"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(demo: DemoStack) -> AsyncIterator[Console]:
    """The console; afterwards Anna's desk phone is as it was."""
    async with Console(demo.console) as console:
        yield console
        await console.post(f"/api/phones/{DESK}/dnd", {"on": False})


async def test_a_call_of_the_desk_phone_is_shown_held_taken_back_and_ended(
    demo: DemoStack, browser: Browser, desk: Console
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await desk.dial(DESK, TONE)
        await phone.expect_in_front("Test tone")
        card = phone.page.get_by_role("article", name="Test tone")
        await expect(card).to_contain_text("on your desk phone")
        await expect(card.get_by_role("button", name="Mute")).to_have_count(0)
        assert await violations(phone.page) == []

        await card.get_by_role("button", name="Hold").click()
        await expect(card).to_contain_text("On hold")
        await desk.expect_held()
        await card.get_by_role("button", name="Resume").click()
        await expect(card).not_to_contain_text("On hold")
        await desk.expect_heard(DESK, 440)

        await phone.hang_up()
        await phone.expect_idle()
        await desk.expect_state(DESK, "idle", within_s=1.0)


async def test_the_app_dials_on_the_desk_phone(
    demo: DemoStack, browser: Browser, desk: Console
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.page.get_by_role("radio", name="Desk phone").check(force=True)
        await phone.dial(TONE)
        await desk.expect_state(DESK, "connected")
        await phone.expect_in_front("Test tone")
        assert (await phone.state())["legs"] == {}
        await phone.hang_up()
        await desk.expect_state(DESK, "idle")
        await phone.expect_idle()


async def test_a_call_is_pulled_from_the_desk_phone_and_pushed_back(
    demo: DemoStack, browser: Browser, other_browser: Browser, desk: Console
) -> None:
    async with (
        open_softphone(browser, demo.url) as here,
        open_softphone(other_browser, demo.url) as there,
    ):
        for phone in (here, there):
            await phone.sign_in(ANNA, demo.password(ANNA))
        await desk.dial(DESK, TONE)
        await here.expect_in_front("Test tone")
        await here.page.get_by_role("button", name="Bring it here").click()
        await here.expect_tone(440)
        await desk.expect_heard(TONE, CHROMIUM_TONE_HZ)
        await desk.expect_state(DESK, "idle")
        # The other browser shows one call all the time, first there, then here.
        await expect(there.page.get_by_text("on another device").first).to_be_visible()

        await here.page.get_by_role("button", name="Move to…").click()
        places = here.page.get_by_role("region", name="Where should this call go on?")
        assert await violations(here.page) == []
        await places.get_by_role("button", name="Desk phone").click()
        await desk.expect_state(DESK, "connected")
        for phone in (here, there):
            await expect(phone.page.get_by_text("on your desk phone").first).to_be_visible()
        await desk.expect_heard(DESK, 440)
        assert (await here.state())["legs"] == {}
        await there.hang_up()
        await desk.expect_state(DESK, "idle")
        for phone in (here, there):
            await phone.expect_idle()


async def test_do_not_disturb_of_the_desk_phone_is_everywhere_and_ended_from_the_app(
    demo: DemoStack, browser: Browser, other_browser: Browser, desk: Console
) -> None:
    async with (
        open_softphone(browser, demo.url) as anna,
        open_softphone(other_browser, demo.url) as berta,
    ):
        await anna.sign_in(ANNA, demo.password(ANNA))
        await berta.sign_in(BERTA, demo.password(BERTA))
        await berta.page.get_by_role("link", name="People").click()
        seen = berta.person("Anna König")
        await expect(seen).to_contain_text("Available")

        await desk.post(f"/api/phones/{DESK}/dnd", {"on": True})
        chip = anna.page.get_by_role("status").filter(has_text="set on your desk phone")
        await expect(chip).to_be_visible()
        await expect(seen).to_contain_text("Do not disturb")

        await chip.get_by_role("button", name="End it").click()
        await expect(chip).to_have_count(0)
        await desk.until(DESK, lambda row: not row["settings"]["do_not_disturb"], "rung again")
        await expect(seen).to_contain_text("Available")

        await anna.page.get_by_role("link", name="Me").click()
        panel = anna.page.get_by_role("region", name="Status")
        await panel.get_by_role("button", name="Turn on").click()
        await desk.until(DESK, lambda row: row["settings"]["do_not_disturb"], "left alone")
