"""Names that are markup, on every page of the phone and the portal that may show them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from gateway.storage.models import User
from tests.support.browsers import chromium
from tests.support.gateway_platform import PASSWORD, open_bench
from tests.support.hostile_company import NAMES, hostile_company
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
PHONE = ("phone", "people", "recents", "contacts", "me", "settings", "security")
PORTAL = (
    *("overview", "people", "contacts", "import", "sites", "keys", "webhooks", "sign-in", "audit"),
    *("announcements", "diagnostics", "usage", "settings"),
)
ADMIN = "ada@walls.test"
#: What the names would make, had anybody taken them for more than words; and what a page may say
#: that ran one, or that the policy had to stop.
_MADE = """() => [...document.querySelectorAll(
    'img[src="x"], [onerror], [onload], a[href^="javascript:"], a[href*="evil.example"]'
)].map(found => found.outerHTML)"""


async def test_no_name_is_more_than_words_on_any_page(
    network: str, microphone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    served = {
        "port": port,
        "webapp_dir": ROOT / "webapp" / "dist",
        "admin_dir": ROOT / "admin" / "dist",
    }
    overrides = {"public_url": url, "http": served}
    async with (
        open_bench(tmp_path, monkeypatch, overrides) as bench,
        chromium(microphone) as browser,
    ):
        token = await hostile_company(bench)
        async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
            # a colleague: who was invited only is not among them
            assert await db.update(User, User.email == "berta@example.test", name=NAMES[0])
        sent = {"source": "webapp", "note": NAMES[0], "bundle": {"said": NAMES[0]}}
        assert (await bench.call("POST", "/diagnostics", token, json=sent))[0] == 201
        page = await (await browser.new_context(locale="en-GB")).new_page()
        heard: list[str] = []
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda said: heard.append(said.text) if _stopped(said.text) else None)
        await page.goto(url)
        await page.get_by_label("E-mail").fill(ADMIN)
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_label("Name or number")).to_be_visible()
        for view in PHONE:
            await _look(page, f"{url}/#/{view}", view in ("people", "recents", "contacts"))
        for view in PORTAL:
            named = ("people", "contacts", "audit", "keys", "diagnostics")
            await _look(page, f"{url}/admin/#/{view}", view in named)
        assert heard == []
        await page.goto(f"{url}/admin/#/people?q=img")
        await page.get_by_role("button", name=NAMES[0]).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await page.evaluate(_MADE) == []


def _stopped(said: str) -> bool:
    return "Content Security Policy" in said


async def _look(page: Page, address: str, named: bool) -> None:
    """``named``: one of the names is there, as words."""
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1).first).to_be_visible()
    if named:
        shown = "names => names.some(name => document.body.innerText.includes(name))"
        await page.wait_for_function(shown, arg=list(NAMES))
    await page.wait_for_load_state("networkidle")
    assert await page.evaluate(_MADE) == [], address
