"""Every state of the page is judged by axe, light and dark and from 1280 down to 320 pixels; the
main job is done with the keyboard alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
WIDTHS = (1280, 400, 320)
SCHEMES = ("light", "dark")
#: What a person asked the system for; each in one width only.
CONTRASTS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
    {"color_scheme": "light", "forced_colors": "active"},
)
USUAL: dict[str, Any] = {"contrast": "no-preference", "forced_colors": "none"}
LOOKS = [
    *((width, {"color_scheme": scheme}) for width, scheme in itertools.product(WIDTHS, SCHEMES)),
    *((WIDTHS[0], look) for look in CONTRASTS),
]
#: Navigation and calls stay where they are, however long a list is.
PAGE_SCROLLS = """() => document.querySelector("nav") !== null
    && document.documentElement.scrollHeight > innerHeight"""
#: Colours on their way from one value to another would be judged somewhere in between.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}


async def expect_accessible(phone: Softphone, state: str) -> None:
    """In every width, scheme and contrast: axe finds nothing, nobody has to scroll sideways."""
    page = phone.page
    found: list[str] = []
    for width, look in LOOKS:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(**{**USUAL, **look})
        where = f"{state}, {width} px, {', '.join(look.values())}"
        found += [f"{where}: {line}" for line in await violations(page)]
        if await page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: wider than the window")
        if await page.evaluate(PAGE_SCROLLS):
            found.append(f"{where}: the page scrolls, not only its lists")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.emulate_media(**USUAL)
    assert found == [], "\n".join(found)


async def open_view(phone: Softphone, title: str) -> None:
    """Go there and wait until it shows what it is for: rows, or the words that there are none."""
    page = phone.page
    await page.evaluate("view => { location.hash = `/${view}`; }", title.lower())
    view = page.get_by_role("region", name=title, exact=True)
    await expect(view.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
    shows = {
        "People": view.get_by_text("Berta Schulz"),
        "Recents": view.get_by_role("listitem").or_(view.get_by_text("No calls yet.")),
        "Voicemail": view.get_by_role("button", name="Call voicemail"),
        "Me": view.get_by_text(ANNA),
    }
    await expect(shows[title].first).to_be_visible(timeout=10_000)


async def open_what_is_folded(phone: Softphone, title: str) -> None:
    """What the page shows only when it is asked for; judged along with the rest."""
    page = phone.page
    if title == "Me":
        await page.get_by_label("Who may see this").select_option("chosen")
        await expect(page.get_by_role("checkbox", name="Berta Schulz")).to_be_visible()
    details = page.get_by_role("button", name="Details of this call")
    if title == "Recents" and await details.count():
        await details.first.click()
        await expect(page.get_by_role("button", name="Hide details")).to_be_visible()


async def press_until_focused(phone: Softphone, name: str) -> None:
    """Tab on to the control with this name, as somebody without a mouse does."""
    focused = phone.page.locator(":focus")
    wanted = phone.page.get_by_role("button", name=name)
    for _ in range(60):
        await phone.page.keyboard.press("Tab")
        if await wanted.and_(focused).count():
            return
    raise AssertionError(f"the Tab key does not get to {name!r}")


@pytest.mark.timeout(180)
async def test_axe_finds_nothing_without_a_call(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url, **STILL) as phone,
    ):
        await expect_accessible(phone, "sign-in")
        await phone.page.get_by_label("E-mail").fill(ANNA)
        await phone.page.get_by_label("Password", exact=True).fill("wrong")
        await phone.page.get_by_role("button", name="Sign in").click()
        await expect(phone.page.get_by_role("alert").first).to_be_visible()
        await expect_accessible(phone, "sign-in refused")
        await phone.page.reload()
        await phone.sign_in(ANNA, demo.password(ANNA))
        await expect_accessible(phone, "phone")
        await phone.field.fill("be")
        await expect(phone.page.get_by_text("Berta Schulz").first).to_be_visible()
        await expect_accessible(phone, "search")
        await phone.field.fill("")
        for title in ("People", "Recents", "Voicemail", "Me"):
            await open_view(phone, title)
            await open_what_is_folded(phone, title)
            await expect_accessible(phone, title)


@pytest.mark.timeout(180)
async def test_axe_finds_nothing_in_a_call(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url, **STILL) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await console.dial("715", "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await expect_accessible(phone, "incoming")
        await phone.incoming.get_by_role("button", name="Answer").click()
        await phone.expect_in_call()
        await expect_accessible(phone, "in a call")
        await phone.page.get_by_role("button", name="Mute").click()
        await phone.page.get_by_role("button", name="Keypad").click()
        await expect(phone.page.get_by_role("group", name="Keypad")).to_be_visible()
        await expect_accessible(phone, "muted, keypad open")
        await phone.page.get_by_role("button", name="Transfer").click()
        await phone.page.get_by_role("button", name="Park instead").click()
        await expect(phone.page.get_by_label("Place (digits)")).to_be_visible()
        await expect_accessible(phone, "transfer and park")
        await phone.page.get_by_role("button", name="Move to…").click()
        await expect(phone.page.get_by_role("region", name="go on?")).to_be_visible()
        assert await violations(phone.page) == []
        await phone.page.evaluate("() => { location.hash = '/people'; }")
        await expect_accessible(phone, "in a call, on another page")
        await phone.page.evaluate("() => { location.hash = '/phone'; }")
        await phone.hang_up()
        await phone.expect_idle()
        await phone.dial("712")
        await expect(phone.page.get_by_text("is busy").first).to_be_visible(timeout=10_000)
        await expect_accessible(phone, "ended")


async def test_axe_finds_nothing_when_the_microphone_is_blocked(
    demo: DemoStack, browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url, permissions=(), **STILL) as phone,
    ):
        await phone.page.add_init_script(
            "navigator.permissions.query = () => Promise.resolve({ state: 'denied' })"
        )
        await phone.page.reload()
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        await expect(phone.page.get_by_text("microphone is blocked").first).to_be_visible()
        await expect_accessible(phone, "microphone blocked")


async def test_the_keyboard_alone_dials_answers_and_hangs_up(
    demo: DemoStack, browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        keys = phone.page.keyboard
        await phone.page.get_by_label("E-mail").press_sequentially(ANNA)
        await keys.press("Tab")
        await keys.type(demo.password(ANNA))
        await keys.press("Enter")
        await expect(phone.field).to_be_focused(timeout=10_000)
        await keys.type("715")
        await keys.press("Enter")
        await phone.expect_in_call()
        await console.expect_heard("715", CHROMIUM_TONE_HZ)
        await press_until_focused(phone, "Hang up")
        await keys.press("Enter")
        await phone.expect_idle(1000)
        await console.expect_state("715", "idle")

        await console.dial("715", "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await phone.settle_slot()
        await keys.press("F8")
        await expect(phone.incoming.get_by_role("button", name="Answer")).to_be_focused()
        await keys.press("Enter")
        await phone.expect_in_call()
        await console.expect_heard("715", CHROMIUM_TONE_HZ)
        await keys.press("Shift+E")
        await phone.expect_idle(1000)
        await console.expect_state("715", "idle")

        await console.dial("715", "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await phone.settle_slot()
        await press_until_focused(phone, "Decline")
        await keys.press("Space")
        await expect(phone.incoming).to_be_hidden(timeout=1000)
        await phone.expect_idle()
