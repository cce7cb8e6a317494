"""One user, two browsers: the call that runs on one is brought to the other, and stays there."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.browsers import CHROMIUM_TONE_HZ, OTHER_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
#: Writes down on which device the call is, each time that it changes.
WATCH = """() => {
  window.__places = [];
  const look = () => {
    const place = window.__offhook.state().calls?.[0]?.device_id;
    if (place && place !== window.__places.at(-1)) window.__places.push(place);
    requestAnimationFrame(look);
  };
  look();
}"""


async def expect_audio(phone: Softphone, console: Console, hertz: float) -> None:
    await phone.expect_tone(440)
    await console.expect_heard("715", hertz)


async def expect_only_shown(phone: Softphone) -> None:
    """The call is on the page, its sound is not, and the microphone is let go."""
    await expect(phone.page.get_by_role("button", name="Bring it here")).to_be_visible()
    await phone.page.wait_for_function(
        "() => Object.keys(window.__offhook.state().legs).length === 0", timeout=5_000
    )


async def bring_here(phone: Softphone) -> None:
    await phone.page.get_by_role("button", name="Bring it here").click()


async def test_a_call_is_brought_to_another_browser_and_back(
    demo: DemoStack, browser: Browser, other_browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as first,
        open_softphone(other_browser, demo.url) as second,
        Console(demo.console) as console,
    ):
        for phone in (first, second):
            await phone.sign_in(ANNA, demo.password(ANNA))
        await second.page.evaluate(WATCH)
        await first.dial("715")
        await first.expect_in_call()
        await expect_audio(first, console, CHROMIUM_TONE_HZ)
        await expect_only_shown(second)

        await bring_here(second)
        await expect_audio(second, console, OTHER_TONE_HZ)
        await expect_only_shown(first)
        # Who comes back finds the call where it is, and does not take it along.
        await first.page.reload()
        await expect_only_shown(first)
        await expect_audio(second, console, OTHER_TONE_HZ)

        await bring_here(first)
        await expect_audio(first, console, CHROMIUM_TONE_HZ)
        await expect_only_shown(second)
        places = await second.page.evaluate("() => window.__places")
        assert places == [places[0], places[1], places[0]], "the call went to and fro"
        assert places[0] != places[1]

        # The other one can end it all the same.
        await second.hang_up()
        for phone in (first, second):
            await phone.expect_idle(1000)
        await console.expect_state("715", "idle", within_s=1.0)
