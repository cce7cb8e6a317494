"""Two tabs of one browser: one carries the sound, both control, and the call outlives its tab."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.far_end import Listening
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
TONE = "715"
#: Of what the far end hears; the tab that goes on has a connection to make in it.
HAND_OVER_S = 1.0


async def test_the_next_tab_goes_on_with_the_call(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url) as first,
        Console(demo.console) as console,
    ):
        await first.sign_in(ANNA, demo.password(ANNA))
        second = Softphone(await first.page.context.new_page())
        await second.page.goto(f"{demo.url}/?diag=1")
        await expect(second.field).to_be_visible()
        await first.page.bring_to_front()
        await first.dial(TONE)
        await first.expect_in_call()
        await console.expect_heard(TONE, CHROMIUM_TONE_HZ)

        # The second tab has no sound of the call, and mutes it all the same.
        await second.expect_in_call()
        assert (await second.state())["legs"] == {}
        await second.page.get_by_role("button", name="Mute").click()
        await first.page.wait_for_function("() => window.__offhook.state().calls[0].muted")
        await second.page.get_by_role("button", name="Muted").click()
        await console.expect_heard(TONE, CHROMIUM_TONE_HZ)

        listening = await Listening.begin(console, TONE, CHROMIUM_TONE_HZ)
        await first.page.close()
        gap = await listening.without_tone_s(watched_s=4.0, within_s=15)
        assert gap < HAND_OVER_S, f"{gap:.2f} s without the microphone"
        assert (await second.state())["leader"] is True
        await second.hang_up()
        await second.expect_idle()
