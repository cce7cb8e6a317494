"""The pages about the API: judged by axe in light and dark, wide and narrow, in two languages;
found by searching, by address, and copied from. ``OFFHOOK_PICTURES``: see test_admin_portal."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.test_admin_portal import expect_accessible
from tests.support.demo_stack import DemoStack

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: What holds for all, then one with everything: body, parameters, refusals.
OPERATIONS = ("", "callcontrol_dial")


@pytest.mark.timeout(120)
async def test_the_api_is_described_for_everybody(demo: DemoStack, browser: Browser) -> None:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None
    )
    await page.goto(f"{demo.url}/api/docs")
    await page.get_by_role("searchbox", name="Search operations").fill("dial for a user")
    await page.get_by_role("link", name="Dial for a user").click()
    await expect(page.get_by_role("heading", level=1, name="Dial for a user")).to_be_visible()
    assert page.url.endswith("#/callcontrol_dial")
    sample = page.locator("figure", has_text="offhook_client")
    await expect(sample).to_contain_text('"from": "desk_phone"')
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await sample.get_by_role("button", name="Copy: Python").click()
    assert "offhook_client" in await page.evaluate("() => navigator.clipboard.readText()")
    await page.get_by_text("Members of CommandView").click()
    await expect(page.locator("dt", has_text="call").first).to_be_visible()
    for language, operations in (("en", OPERATIONS), ("de", OPERATIONS[1:])):
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.get_by_role("combobox").select_option(language)
        await expect(page.locator(f"html[lang={language}]")).to_be_attached()
        for operation in operations:
            await page.evaluate("id => { location.hash = `/${id}`; }", operation)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            wrong += await expect_accessible(page, f"API, {language}, {operation or 'first'}")
    await context.close()
    assert wrong == [], "\n".join(wrong)
