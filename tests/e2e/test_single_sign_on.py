"""Signing in at the company's provider, in a browser and across sites as it is in the world.

The provider has another host name than the app: what cookies survive the way back is the browser's
to say, not a test client's.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.browsers import chromium
from tests.support.oidc_provider import ROOT, oidc_provider
from tests.support.sign_on import sign_on_bench
from tests.support.softphone import PATIENCE_MS

ACCOUNTS = {
    "nina": {"email": "nina@example.test", "email_verified": True, "name": "Nina Neu"},
    "boss": {"email": "boss@other.test", "email_verified": True, "name": "Boss"},
}


async def test_from_the_address_to_the_phone(
    network: str, microphone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        sign_on_bench(tmp_path, monkeypatch, webapp_dir=ROOT / "webapp" / "dist") as bench,
        oidc_provider(
            f"{bench.public_url}/api/v1/auth/sso/callback", ACCOUNTS, "127.0.0.1"
        ) as issuer,
        chromium(microphone) as browser,
    ):
        await bench.connect(issuer)
        await _signs_in(browser, bench.public_url)
        await _is_told_why_not(browser, bench.public_url)


async def _signs_in(browser: Browser, url: str) -> None:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_label("E-mail").fill("nina@example.test")
    await page.get_by_label("Password", exact=True).focus()
    await page.get_by_role("button", name="Example Login").click()
    await page.locator('input[name="login"]').fill("nina")
    await page.locator('input[name="password"]').fill("anything")
    await page.locator('button[type="submit"]').click()
    await page.locator('button[type="submit"]').click()  # consent
    await expect(page.get_by_role("link", name="Me")).to_be_visible(timeout=PATIENCE_MS)
    assert "#" not in page.url, "the mark does not stay in the address bar"
    await page.reload()  # the cookie stays
    await expect(page.get_by_role("link", name="Me")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_role("link", name="Me").click()
    await expect(page.get_by_text("Nina Neu").first).to_be_visible()
    await context.close()


async def _is_told_why_not(browser: Browser, url: str) -> None:
    context = await browser.new_context(locale="de-DE")
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_label("E-Mail").fill("boss@example.test")
    await page.get_by_label("Passwort", exact=True).focus()
    await page.get_by_role("button", name="Example Login").click()
    await page.locator('input[name="login"]').fill("boss")
    await page.locator('input[name="password"]').fill("anything")
    await page.locator('button[type="submit"]').click()
    await page.locator('button[type="submit"]').click()
    await expect(page.get_by_role("alert")).to_contain_text("Adresse")
    assert "#" not in page.url, "the code does not stay in the address bar"
    await context.close()
