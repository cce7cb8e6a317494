"""The web app as a person uses it: by what is written on the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

#: How long a person would wait before calling it broken.
PATIENCE_MS = 10_000


class Softphone:
    """One signed-in tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Name or number")

    async def sign_in(self, email: str, password: str) -> None:
        fields = (
            (self.page.get_by_label("E-mail"), email),
            (self.page.get_by_label("Password", exact=True), password),
        )
        for field, text in fields:
            await self._enter(field, text)
        await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.field).to_be_visible(timeout=PATIENCE_MS)
        await self.page.wait_for_function(
            "() => window.__offhook.state().link === 'online'", timeout=PATIENCE_MS
        )

    async def _enter(self, field: Locator, text: str) -> None:
        """Keys where fill() sets the value past React's own bookkeeping: over BiDi (measured)."""
        browser = self.page.context.browser
        if browser is not None and browser.browser_type.name == "chromium":
            await field.fill(text)
        else:
            await field.press_sequentially(text)

    async def dial(self, number: str) -> None:
        """Type and press Enter, as a keyboard user does."""
        await self.field.press_sequentially(number)
        await self.field.press("Enter")

    async def hang_up(self) -> None:
        await self.page.get_by_role("button", name="Hang up").click()

    @property
    def hang_up_button(self) -> Locator:
        return self.page.get_by_role("button", name="Hang up")

    @property
    def incoming(self) -> Locator:
        return self.page.get_by_role("region", name="Incoming call")

    async def answer(self) -> None:
        """Wait for the ring and take the call."""
        await expect(self.incoming).to_be_visible(timeout=PATIENCE_MS)
        await self.settle_slot()
        await self.incoming.get_by_role("button", name="Answer").click()
        await self.expect_in_call()

    def person(self, name: str) -> Locator:
        """Their row on the page of colleagues."""
        people = self.page.get_by_role("region", name="People", exact=True)
        return people.get_by_role("button", name=name)

    async def expect_in_front(self, name: str) -> None:
        """The call that the page is about."""
        heading = self.page.get_by_role("heading", level=1, name=name)
        await expect(heading).to_be_visible(timeout=PATIENCE_MS)

    async def settle_slot(self) -> None:
        """The slot's buttons ignore clicks in their first 300 ms, so that nobody answers by
        accident; a person takes longer than that."""
        await self.page.wait_for_timeout(350)

    async def allow_microphone(self) -> None:
        """Agree to the page's explanation. Firefox says "prompt" although its preferences grant
        the microphone, so there the page explains first."""
        explained = self.page.get_by_label("Offhook needs your microphone")
        await explained.get_by_role("button", name="Allow microphone").click()

    async def expect_in_call(self) -> None:
        await self.page.wait_for_function(
            "() => window.__offhook.state().calls?.some(c => c.phase === 'connected')",
            timeout=PATIENCE_MS,
        )

    async def expect_idle(self, timeout_ms: float = PATIENCE_MS) -> None:
        """No live call is left in the page's own state."""
        await self.page.wait_for_function(
            "() => !window.__offhook.state().calls?.some(c => c.phase !== 'ended')",
            timeout=timeout_ms,
        )

    async def state(self) -> dict[str, Any]:
        state: dict[str, Any] = await self.page.evaluate("() => window.__offhook.state()")
        return state

    async def expect_tone(
        self, hertz: float, tolerance: float = 12.0, *, call: str | None = None
    ) -> None:
        """The page hears this tone (its loudest frequency, well above silence) in the newest call
        or in the one with the number ``call``."""
        await self.page.wait_for_function(
            """([hz, tolerance, number]) => {
                 const { level, state } = window.__offhook;
                 const call = state().calls.find(one => one.remote.number.canonical === number);
                 if (number && !call) return false;
                 const heard = level(number ? call.id : undefined);
                 return heard && heard.rms > 0.01 && Math.abs(heard.peakHz - hz) < tolerance;
               }""",
            arg=[hertz, tolerance, call],
            timeout=PATIENCE_MS,
        )

    async def expect_energy(self, at_least: float) -> None:
        """Something is heard, by the statistics: Firefox without a sound card has a suspended
        AudioContext, so there is no spectrum (measured)."""
        await self._until(
            """async atLeast => {
                 const rows = await window.__offhook.stats();
                 const heard = rows.find(r => r.type === 'inbound-rtp' && r.totalAudioEnergy);
                 if (!heard) return false;
                 return Math.sqrt(heard.totalAudioEnergy / heard.totalSamplesDuration) > atLeast;
               }""",
            at_least,
        )

    async def expect_more_energy(self, at_least: float) -> None:
        """Sound arrives from now on: a second of new packets, and loud enough."""
        script = """async earlier => {
             const rows = await window.__offhook.stats();
             const now = rows.find(r => r.type === 'inbound-rtp');
             if (!now || (earlier && now.packetsReceived < earlier.packetsReceived + 50))
               return null;
             const { packetsReceived, totalAudioEnergy, totalSamplesDuration } = now;
             return { packetsReceived, totalAudioEnergy, totalSamplesDuration };
           }"""
        first = await self._until(script)
        last = await self._until(script, first)
        seconds = last["totalSamplesDuration"] - first["totalSamplesDuration"]
        energy = last["totalAudioEnergy"] - first["totalAudioEnergy"]
        assert (energy / seconds) ** 0.5 > at_least, (first, last)

    async def _until(self, script: str, arg: Any = None) -> Any:
        """Ask until the answer is truthy. ``wait_for_function`` takes a promise itself for true."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            # The page has no event for this, so it is asked.
            while not (answer := await self.page.evaluate(script, arg)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            return answer

    async def chosen_candidate_types(self) -> set[str]:
        """Our ends of the nominated pairs; right after a restart there is none for a moment."""
        found = await self._until(
            """async () => {
                 const rows = await window.__offhook.stats();
                 const types = rows
                   .filter(row => row.type === 'candidate-pair' && row.nominated)
                   .map(pair => rows.find(row => row.id === pair.localCandidateId))
                   .filter(Boolean)
                   .map(candidate => candidate.candidateType);
                 return types.length ? types : null;
               }"""
        )
        return set(found)

    async def expect_sound(self) -> None:
        await self.page.wait_for_function(
            "() => { const l = window.__offhook.level(); return l && l.rms > 0.01; }",
            timeout=PATIENCE_MS,
        )


@asynccontextmanager
async def open_softphone(
    browser: Browser,
    url: str,
    *,
    permissions: tuple[str, ...] = ("microphone",),
    expected_error: str | None = None,
    **options: Any,
) -> AsyncIterator[Softphone]:
    """A fresh profile with the app open on its sign-in page. Fails on errors in the console,
    except those whose beginning is ``expected_error``."""
    context = await browser.new_context(permissions=list(permissions), **options)
    errors: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{url}/?diag=1")
    try:
        yield Softphone(page)
    finally:
        await context.close()
    if expected_error is not None:
        errors = [error for error in errors if not error.startswith(expected_error)]
    assert not errors, f"errors in the page: {errors}"
