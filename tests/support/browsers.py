"""Real browsers, headless, with a microphone that plays a known tone."""

from __future__ import annotations

import math
import struct
import tempfile
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.support.trust import store_that_trusts

#: What Firefox' fake microphone sends; Chromium plays a file.
FIREFOX_TONE_HZ = 700
CHROMIUM_TONE_HZ = 1000
#: The microphone of a second Chromium.
OTHER_TONE_HZ = 1300

_CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # Nothing may leave this machine, not even a question to a name server.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1 , EXCLUDE 10.*",
)
_FIREFOX_PREFS: dict[str, str | int | bool | float] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.navigator.audio.fake_frequency": FIREFOX_TONE_HZ,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "permissions.default.desktop-notification": 1,
    "services.settings.server": "",
    "app.normandy.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


def write_tone(path: Path, frequency: float, seconds: float = 60.0, rate: int = 48000) -> Path:
    """A sine of half full scale, mono, 16 bit: what the fake microphone plays."""
    period = b"".join(
        struct.pack("<h", round(16384 * math.sin(2 * math.pi * frequency * n / rate)))
        for n in range(rate)
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(period * math.ceil(seconds))
    return path


@asynccontextmanager
async def chromium(tone: Path, *flags: str, fake_mic: bool = True) -> AsyncIterator[Browser]:
    """Debian's Chromium; its microphone plays ``tone`` from the start of each capture."""
    mic = [f"--use-file-for-fake-audio-capture={tone}%noloop"] if fake_mic else []
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path="/usr/bin/chromium",
            headless=True,
            args=[*_CHROMIUM_FLAGS, *mic, *flags],
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def firefox(*, ca: Path | None = None) -> AsyncIterator[Browser]:
    """Debian's Firefox ESR over WebDriver BiDi; its microphone is a sine of 700 Hz. Its profile
    trusts ``ca`` beside the authorities it came with."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        if ca is not None:
            store_that_trusts(ca, Path(profile))
        async with async_playwright() as play:
            # Only a launch with a profile of our own leaves room for a certificate store.
            context = await play.firefox.launch_persistent_context(
                profile,
                channel="moz-firefox",
                executable_path="/usr/bin/firefox-esr",
                headless=True,
                firefox_user_prefs=_FIREFOX_PREFS,
            )
            try:
                assert context.browser is not None
                yield context.browser
            finally:
                await context.close()
