"""Every page of the admin portal is judged by axe: light and dark, wide and as narrow as a phone,
in English and in German. ``OFFHOOK_PICTURES`` names a folder where pictures of them are kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.support.axe import violations
from tests.support.demo_stack import DemoStack

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: All pages of an administrator.
PAGES = (
    "overview",
    "people",
    "import",
    "contacts",
    "sources",
    "sites",
    "keys",
    "webhooks",
    "sign-in",
    "audit",
    "announcements",
    "diagnostics",
    "usage",
    "settings",
)
LOOKS = ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark"))
#: For what opens on a page that was judged whole: the one or the other.
DARK, NARROW = LOOKS[1:2], LOOKS[2:3]
COLUMNS = "Mail;Telefon;Raum\r\nanna.long.name@example.test;+49 89 1234567;B 2.31\r\n"


async def sign_in(page: Page, demo: DemoStack, email: str) -> None:
    await page.goto(f"{demo.url}/admin/")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(demo.password("anna@example.test"))
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()


async def expect_accessible(
    page: Page, state: str, looks: tuple[tuple[int, str], ...] = LOOKS
) -> list[str]:
    found: list[str] = []
    for width, scheme in looks:
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


async def open_what_opens(page: Page, language: str) -> list[str]:
    """By keyboard as far as it goes; the words are of either language."""
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.evaluate("() => { location.hash = '/people'; }")
    await page.locator('[role="columnheader"] input[type="checkbox"]').press("Space")
    await page.locator('[role="group"] [data-look="danger"]').press("Enter")
    sheet = page.get_by_role("dialog")
    await expect(sheet.locator("h2")).to_be_visible()
    found = await expect_accessible(page, f"{language}, many at once", NARROW)
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await page.locator('main button:has(+ [data-look="primary"])').press("Enter")
    await sheet.locator('[data-look="primary"]').press("Enter")
    await sheet.locator("summary").press("Enter")
    found += await expect_accessible(page, f"{language}, template", (*DARK, *NARROW))
    for left in (1, 0):  # the form, then the list of them
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(left)
    # What is typed is not lost by Escape: one is asked, and the safe answer has the focus.
    await page.locator("[data-main]").first.press("Enter")
    await sheet.locator("input").first.press_sequentially("x")
    await page.keyboard.press("Escape")
    question = page.get_by_role("alertdialog")
    await expect(question.get_by_role("button").first).to_be_focused()
    found += await expect_accessible(page, f"{language}, discard", DARK)
    await page.keyboard.press("Enter")
    await expect(question).to_have_count(0)
    await expect(sheet.locator("input").first).to_have_value(re.compile("^x"))
    # Somebody else was faster: what differs is shown above the form, and nothing is gone.
    await page.route("**/api/v1/admin/people/*", _faster)
    await sheet.locator('form > div:last-child [type="submit"]').press("Enter")
    await expect(sheet.locator("dl dd").filter(has_text="xAnna")).to_be_visible()
    found += await expect_accessible(page, f"{language}, conflict", NARROW)
    await page.unroute("**/api/v1/admin/people/*")
    await page.keyboard.press("Escape")
    await question.locator('[data-look="danger"]').press("Enter")
    await expect(sheet).to_have_count(0)
    await page.evaluate("() => { location.hash = '/import'; }")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": COLUMNS.encode()}
    await page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    await expect(page.locator("table select")).to_have_count(3)
    found += await expect_accessible(page, f"{language}, columns", NARROW)
    await page.evaluate("() => { location.hash = '/sites'; }")
    await page.locator("table a").first.press("Enter")
    releases = page.locator("section").last.locator("tbody tr")
    await expect(releases).not_to_have_count(0)
    found += await expect_accessible(page, f"{language}, connector", (*DARK, *NARROW))
    return found


async def _faster(route: Route) -> None:
    if route.request.method == "PUT":
        await route.fulfill(status=412, json={"code": "changed_meanwhile", "title": "changed"})
    else:
        await route.continue_()


async def choose(page: Page, language: str) -> None:
    await page.get_by_role("combobox", name="Language").select_option(language)
    await expect(page.locator(f"html[lang={language}]")).to_be_attached()


async def what_the_operator_sees(demo: DemoStack, browser: Browser, language: str) -> list[str]:
    """The page that nobody else has, and a sheet of it."""
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await sign_in(page, demo, "operator@example.test")
    await choose(page, language)
    await page.evaluate("() => { location.hash = '/tenants'; }")
    await expect(page.get_by_role("row")).not_to_have_count(0)
    found = await expect_accessible(page, f"{language}, tenants", (*DARK, *NARROW))
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.locator('main [data-look="primary"]').press("Enter")
    await expect(page.get_by_role("dialog").locator("form")).to_be_visible()
    found += await expect_accessible(page, f"{language}, new tenant", NARROW)
    await context.close()
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
    await page.goto(f"{demo.url}/admin/")
    await page.get_by_label("E-mail").wait_for()
    found = await expect_accessible(page, f"{language}, signing in", LOOKS[3:])
    await page.set_viewport_size({"width": 1280, "height": 800})
    await sign_in(page, demo, "anna@example.test")
    await choose(page, language)
    links = page.locator('nav a[href^="#/"]')
    there = [await link.get_attribute("href") for link in await links.all()]
    assert there == [f"#/{name}" for name in PAGES]
    for name in PAGES:
        await page.evaluate("name => { location.hash = `/${name}`; }", name)
        await page.set_viewport_size({"width": 1280, "height": 800})
        current = page.locator(f'nav a[href="#/{name}"][aria-current="page"]')
        await expect(current).to_be_visible()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.wait_for_load_state("networkidle")
        found += await expect_accessible(page, f"{language}, {name}")
    found += await open_what_opens(page, language)
    await context.close()
    found += await what_the_operator_sees(demo, browser, language)
    assert found == [], "\n".join(found)
    assert errors == []
