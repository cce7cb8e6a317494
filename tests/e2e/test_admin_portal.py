"""Every page of the admin portal is judged by axe: light and dark, wide and as narrow as a phone,
in English and in German. ``OFFHOOK_PICTURES`` names a folder where pictures of them are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.axe import violations
from tests.support.demo_stack import DemoStack

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: All pages of an administrator.
PAGES = (
    "overview",
    "people",
    "import",
    "sites",
    "keys",
    "sign-in",
    "audit",
    "announcements",
    "usage",
    "settings",
)
LOOKS = ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark"))


async def sign_in(page: Page, demo: DemoStack, email: str) -> None:
    await page.goto(f"{demo.url}/admin/")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(demo.password("anna@example.test"))
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()


async def expect_accessible(page: Page, state: str) -> list[str]:
    found: list[str] = []
    for width, scheme in LOOKS:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        where = f"{state}, {width} px, {scheme}"
        found += [f"{where}: {line}" for line in await violations(page)]
        if await page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: wider than the window")
        if folder := os.environ.get("OFFHOOK_PICTURES"):
            name = where.replace(", ", "-").replace(" ", "")
            await page.screenshot(path=Path(folder) / f"{name}.png")
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.long), "de"])
async def test_axe_finds_nothing_on_any_page(
    demo: DemoStack, browser: Browser, language: str
) -> None:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await sign_in(page, demo, "anna@example.test")
    await page.get_by_role("combobox", name="Language").select_option(language)
    found: list[str] = []
    for name in PAGES:
        await page.evaluate("name => { location.hash = `/${name}`; }", name)
        await page.set_viewport_size({"width": 1280, "height": 800})
        current = page.locator(f'nav a[href="#/{name}"][aria-current="page"]')
        await expect(current).to_be_visible()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.wait_for_load_state("networkidle")
        found += await expect_accessible(page, f"{language}, {name}")
    await context.close()
    assert found == [], "\n".join(found)
    assert errors == []
