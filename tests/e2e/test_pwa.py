"""The installable shell: what browsers ask of an app, a start without a network, updates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.demo_stack import DemoStack
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"


async def under_its_worker(phone: Softphone) -> None:
    """A worker controls the pages that are loaded after it, so load this one again."""
    await phone.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    await phone.page.reload()
    assert await phone.page.evaluate("() => navigator.serviceWorker.controller !== null")


async def icon_size(page: Page, src: str) -> list[int]:
    size: list[int] = await page.evaluate(
        """async src => {
             const image = new Image();
             image.src = src;
             await image.decode();
             return [image.naturalWidth, image.naturalHeight];
           }""",
        src,
    )
    return size


async def test_chromium_finds_everything_that_an_installable_app_needs(
    demo: DemoStack, browser: Browser
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await under_its_worker(phone)
        tools = await phone.page.context.new_cdp_session(phone.page)
        told = await tools.send("Page.getAppManifest")
        assert told["errors"] == []
        errors = (await tools.send("Page.getInstallabilityErrors"))["installabilityErrors"]
        # A test's profile is a private one, which installs nothing; that must be the only reason.
        assert {error["errorId"] for error in errors} <= {"in-incognito"}
        manifest: dict[str, Any] = await phone.page.evaluate(
            """async () => {
                 const link = document.querySelector('link[rel=manifest]');
                 return await (await fetch(link.href)).json();
               }"""
        )
        assert manifest["name"] and manifest["short_name"] and manifest["description"]
        assert manifest["display"] == "standalone"
        assert {manifest[key] for key in ("id", "start_url", "scope")} == {"/"}
        pictures = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
        for icon in pictures:
            width, height = icon["sizes"].split("x")
            assert await icon_size(phone.page, icon["src"]) == [int(width), int(height)]
        plain = {icon["sizes"] for icon in pictures if "purpose" not in icon}
        maskable = {icon["sizes"] for icon in pictures if icon.get("purpose") == "maskable"}
        assert plain >= {"192x192", "512x512"}
        assert maskable


async def test_the_shell_starts_without_a_network_and_recovers(
    demo: DemoStack, browser: Browser
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await under_its_worker(phone)
        await expect(phone.field).to_be_visible(timeout=10_000)
        await phone.page.context.set_offline(True)
        offline = phone.page.get_by_text("You are offline.")
        await expect(offline.first).to_be_visible()
        await phone.page.reload()
        unreachable = phone.page.get_by_text("The server cannot be reached.")
        await expect(offline.or_(unreachable).first).to_be_visible(timeout=10_000)
        await phone.page.context.set_offline(False)
        await phone.page.wait_for_function(
            "() => window.__offhook.state().link === 'online'", timeout=20_000
        )
        await expect(offline.or_(unreachable)).to_have_count(0)
        await expect(phone.field).to_be_visible()


#: Another address of the script makes it another release of the same worker.
NEXT_RELEASE = "async () => { await navigator.serviceWorker.register('/sw.js?release=2'); }"


async def page_marked(phone: Softphone) -> Callable[[], Awaitable[bool]]:
    """Leaves a mark that a reload would wipe out; ask with the result whether it is there."""
    await phone.page.evaluate("() => { window.__mark = true; }")
    return lambda: phone.page.evaluate("() => window.__mark === true")


async def test_an_update_waits_for_the_end_of_the_call_and_for_the_user(
    demo: DemoStack, browser: Browser
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await under_its_worker(phone)
        await expect(phone.field).to_be_visible(timeout=10_000)
        unchanged = await page_marked(phone)
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.page.evaluate(NEXT_RELEASE)
        later = phone.page.get_by_text("New version after your call.")
        now = phone.page.get_by_role("button", name="Load it now")
        await expect(later).to_be_visible(timeout=10_000)
        await expect(now).to_have_count(0)
        await phone.expect_tone(440)
        await phone.hang_up()
        await phone.expect_idle(1000)
        await expect(now).to_be_visible(timeout=10_000)
        assert await unchanged(), "the page was loaded again without being asked"
        await now.click()
        await phone.page.wait_for_function("() => window.__mark === undefined", timeout=10_000)
        await expect(phone.field).to_be_visible(timeout=10_000)
        assert await phone.page.evaluate(
            "() => navigator.serviceWorker.controller.scriptURL.endsWith('?release=2')"
        )
