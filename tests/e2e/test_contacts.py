"""Contacts on the page: written, called, taken in from a file, and found among many.
``OFFHOOK_PICTURES`` names a folder where pictures of the page are kept."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.axe import violations
from tests.support.demo_stack import DemoStack
from tests.support.rest_client import RestClient
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
LOOKS = ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark"))
#: For what is plain: each width and each scheme once.
FEW_LOOKS = LOOKS[1:3]
ECHO = "711"
#: More than the page draws as they are (60); row 3 cannot be dialled.
BOOK = "Name;Firma;Telefon\n" + "".join(
    f"Quentin {i:03};Quarz GmbH;{'???' if i == 1 else f'+4989555{i:03}'}\n" for i in range(65)
)


@asynccontextmanager
async def empty_book(demo: DemoStack) -> AsyncIterator[None]:
    """Others share the demo: it is left as it was found, whatever was there before."""

    async def clear() -> None:
        async with RestClient(demo.url, ANNA, demo.password(ANNA)) as api:
            while own := (await api.get("/contacts?of=mine&limit=100"))["items"]:
                for one in own:
                    await api.delete(f"/contacts/{one['id']}")

    await clear()
    try:
        yield
    finally:
        await clear()


async def judge(
    phone: Softphone, state: str, looks: tuple[tuple[int, str], ...] = LOOKS
) -> list[str]:
    """In every width and scheme: axe finds nothing, nobody has to scroll sideways."""
    page, found = phone.page, list[str]()
    for width, scheme in looks:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        where = f"{state}, {width} px, {scheme}"
        found += [f"{where}: {line}" for line in await violations(page)]
        if await page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: wider than the window")
        if folder := os.environ.get("OFFHOOK_PICTURES"):
            await page.screenshot(path=Path(folder) / f"contacts-{where.replace(', ', '-')}.png")
    await page.set_viewport_size({"width": 1280, "height": 800})
    return found


async def open_view(phone: Softphone, view: str) -> None:
    await phone.page.evaluate("view => { location.hash = `/${view}`; }", view)


async def speak(phone: Softphone, language: str) -> None:
    await open_view(phone, "settings")
    await phone.page.locator("select:has(option[lang=de])").select_option(language)
    await open_view(phone, "contacts")
    await expect(phone.page.locator(f"html[lang={language}]")).to_be_attached()


async def test_contacts_are_written_called_and_taken_in(demo: DemoStack, browser: Browser) -> None:
    async with (
        empty_book(demo),
        open_softphone(browser, demo.url, reduced_motion="reduce") as phone,
    ):
        page, found = phone.page, list[str]()
        await phone.sign_in(ANNA, demo.password(ANNA))
        await open_view(phone, "contacts")
        await expect(page.get_by_text("No contacts yet.")).to_be_visible()
        found += await judge(phone, "empty", FEW_LOOKS)

        await page.get_by_role("button", name="New contact").click()
        await page.keyboard.type("Quirin Echo")
        await page.get_by_label("Number 1", exact=True).fill(ECHO)
        found += await judge(phone, "form", FEW_LOOKS)
        await page.get_by_role("button", name="Save").click()
        contacts = page.get_by_role("region", name="Contacts", exact=True)
        await contacts.get_by_text("Quirin Echo").click()
        # The phone system has a name for it, too; the user's own one counts.
        await phone.expect_in_front("Quirin Echo")
        await phone.hang_up()

        await open_view(phone, "contacts")
        await page.get_by_role("button", name="Import").click()
        book = {"name": "book.csv", "mimeType": "text/csv", "buffer": BOOK.encode()}
        await page.locator("input[type=file]").set_input_files(book)  # type: ignore[arg-type]
        await expect(page.get_by_text("64 contacts were added.")).to_be_visible()
        await expect(page.get_by_text("It has a number that cannot be dialled.")).to_be_visible()
        found += await judge(phone, "result", FEW_LOOKS)
        await page.get_by_role("button", name="To the contacts").click()
        await contacts.get_by_text("Quentin 000").wait_for()
        await speak(phone, "de")
        try:
            await page.get_by_role("button", name="Einzelheiten zu Quentin 002").click()
            found += await judge(phone, "Deutsch")
        finally:
            await speak(phone, "en")
        await contacts.get_by_text("Quentin 000").hover()
        # Its row does not even exist before the list has been moved that far.
        await page.mouse.wheel(0, 10_000)
        await contacts.get_by_text("Quirin Echo").scroll_into_view_if_needed()
        assert found == [], "\n".join(found)
