"""The main job: a browser and a desk phone hear each other, through every real part."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"


async def test_chromium_dials_a_desk_phone_and_both_hear_each_other(
    demo: DemoStack, browser: Browser
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.expect_tone(440)
        async with Console(demo.console) as console:
            await console.expect_heard("715", CHROMIUM_TONE_HZ)
        await phone.hang_up()
        await phone.expect_idle(1000)
        async with Console(demo.console) as console:
            await console.expect_state("715", "idle", within_s=1.0)


async def test_a_desk_phone_rings_the_browser_and_both_hear_each_other(
    demo: DemoStack, browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await console.dial("715", "101")
        await phone.answer()
        await phone.expect_tone(440)
        await console.expect_heard("715", CHROMIUM_TONE_HZ)
        await console.hang_up("715")
        await phone.expect_idle(1000)
