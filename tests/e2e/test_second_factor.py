"""Setting up an authenticator app and a passkey, and signing in by each, in a browser whose
authenticator is Chromium's own virtual one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.support.browsers import chromium
from tests.support.gateway_platform import PASSWORD, open_bench
from tests.support.layout import clipped
from tests.support.ports import free_port

DIST = Path(__file__).parents[2] / "webapp" / "dist"
BERTA = "berta@example.test"


async def test_each_proof_set_up_and_used(
    network: str, microphone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    overrides = {"public_url": url, "http": {"port": port, "webapp_dir": DIST}}
    async with (
        open_bench(tmp_path, monkeypatch, overrides),
        chromium(microphone) as browser,
    ):
        context = await browser.new_context(locale="en-GB")
        page = await context.new_page()
        await _finger_ready(context, page)
        await page.goto(url)
        assert await _cut_off_in_narrow_windows(page) == []
        await _password(page)
        await _signed_in(page)
        await page.goto(f"{url}/#/security")
        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.get_by_role("button", name="Remove the passkey")).to_be_visible()
        app = await _set_up_app(page)

        await _sign_out(context, page, url)
        await _password(page)
        await page.get_by_label("Code of your app").fill(_code(app, 1))
        await page.get_by_role("button", name="Go on").click()
        await _signed_in(page)

        await _sign_out(context, page, url)
        await page.get_by_role("button", name="Use a passkey").click()  # and no address
        await _signed_in(page)
        await page.goto(f"{url}/#/me")
        await expect(page.get_by_text("Berta Schulz").first).to_be_visible()


async def _finger_ready(context: BrowserContext, page: Page) -> None:
    devtools = await context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def _cut_off_in_narrow_windows(page: Page) -> list[str]:
    """The sign-in page in the languages with the longest words."""
    found: list[str] = []
    languages = page.locator("select", has=page.locator("option[lang=ca]"))
    await page.set_viewport_size({"width": 320, "height": 800})
    for language, name in (("de", "Deutsch"), ("ca", "Català")):
        await languages.select_option(name)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        found += [f"{language}: {what}" for what in await clipped(page)]
    await languages.select_option("English")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.set_viewport_size({"width": 1280, "height": 800})
    return found


async def _password(page: Page) -> None:
    await page.get_by_label("E-mail").fill(BERTA)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def _signed_in(page: Page) -> None:
    await expect(page.get_by_label("Name or number")).to_be_visible()


async def _set_up_app(page: Page) -> pyotp.TOTP:
    await page.get_by_role("button", name="Set up an app").click()
    picture = page.get_by_role("img", name="QR code for the app")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") > 100, "the picture is drawn"
    app = pyotp.TOTP((await page.locator("form code").inner_text()).replace(" ", ""))
    await page.get_by_label("Code of your app").fill(_code(app, 0))
    await page.get_by_role("button", name="Turn on", exact=True).click()
    await expect(
        page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    ).to_have_count(10)
    await page.get_by_role("button", name="I have kept them").click()
    return app


def _code(app: pyotp.TOTP, offset: int) -> str:
    """Of this step or the next: a code that was used does not count again."""
    return app.at(datetime.now(UTC), counter_offset=offset)


async def _sign_out(context: BrowserContext, page: Page, url: str) -> None:
    await context.clear_cookies()
    await page.goto("about:blank")
    await page.goto(url)
