"""Digits from the page reach the phone system, and the voicemail menu obeys them."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import ASK_EVERY_S, Console
from tests.support.far_end import BYTES_PER_S
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
VOICEMAIL = "199"


async def open_keypad(phone: Softphone) -> Locator:
    await phone.page.get_by_role("button", name="Keypad").click()
    return phone.page.get_by_role("group", name="Keypad")


async def press(pad: Locator, keys: str) -> None:
    for key in keys:
        await pad.get_by_role("button", name=key, exact=True).first.click()


async def call_voicemail(phone: Softphone) -> None:
    await (
        phone.page.get_by_role("link", name="Voicemail")
        .or_(phone.page.get_by_role("button", name="Voicemail"))
        .first.click()
    )
    call = phone.page.get_by_role("button", name="Call voicemail", exact=True)
    await expect(call).to_be_visible()
    await call.click()
    await phone.expect_in_call()


def lamp(phone: Softphone) -> Locator:
    """What is said beside the navigation's way to the mailbox."""
    navigation = phone.page.get_by_role("navigation", name="Main")
    return navigation.get_by_text("new message")


async def leave_a_tone(console: Console) -> None:
    """The test tone's phone calls Anna: no browser of hers is there and her desk phone is off the
    hook, so her mailbox answers and keeps two seconds of 440 Hz."""
    await console.post("/api/phones/101/lift")
    await console.dial("715", "101")
    await console.expect_state("715", "connected")
    await console.keys("715", "#")  # skips the greeting
    await console.until(VOICEMAIL, lambda row: row["digits"] == "#", "told to skip")
    already = len(await console.recording(VOICEMAIL))
    async with asyncio.timeout(10):
        # The console has no event for the length of a recording. The first half second is beep.
        enough = already + 3 * BYTES_PER_S
        while len(await console.recording(VOICEMAIL)) < enough:  # noqa: ASYNC110
            await asyncio.sleep(ASK_EVERY_S)
    await console.hang_up("715")
    await console.until("101", lambda row: row["lamp"], "told of a message")
    await console.hang_up("101")
    await console.expect_state(VOICEMAIL, "idle")


def kept_messages(demo: DemoStack, number: str) -> list[dict[str, object]]:
    """What the phone system has on disk for this extension."""
    index = demo.state / "pbx" / "mailboxes" / number / "index.json"
    rows: list[dict[str, object]] = json.loads(index.read_text())
    return rows


async def test_keypad_digits_arrive_once_and_in_order(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        await phone.expect_in_call()
        await press(await open_keypad(phone), "1590*#")
        await console.until("715", lambda row: row["digits"].endswith("1590*#"), "keyed")
        row = await console.phone("715")
        assert row["digits"] == "1590*#"
        await phone.hang_up()
        await phone.expect_idle(1000)


async def test_the_keypad_drives_the_voicemail_menu(demo: DemoStack, browser: Browser) -> None:
    """1 plays the message, 3 deletes it; then the menu says goodbye and hangs up. The lamp is on in
    every browser of hers until then."""
    async with Console(demo.console) as console:
        await leave_a_tone(console)
        assert [row["heard"] for row in kept_messages(demo, "101")] == [False]
        async with (
            open_softphone(browser, demo.url) as phone,
            open_softphone(browser, demo.url) as other,
        ):
            await phone.sign_in(ANNA, demo.password(ANNA))
            await other.sign_in(ANNA, demo.password(ANNA))
            for seen in (phone, other):
                await expect(lamp(seen)).to_have_text("1 new message")
            await call_voicemail(phone)
            await phone.expect_sound()
            pad = await open_keypad(phone)
            await press(pad, "1")
            await phone.expect_tone(440)  # the message itself, no words of the menu
            await press(pad, "3")
            await console.until("101", lambda row: not row["lamp"], "told that it was heard")
            await console.until(VOICEMAIL, lambda row: row["digits"] == "13", "keyed")
            await phone.expect_idle()
            for seen in (phone, other):
                await expect(lamp(seen)).to_have_count(0)
        await console.expect_state(VOICEMAIL, "idle")
        assert kept_messages(demo, "101") == []


async def test_the_voicemail_button_reaches_the_mailbox(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await call_voicemail(phone)
        await console.expect_state(VOICEMAIL, "connected")  # ring-back would be a sound too
        await phone.expect_sound()
        await phone.hang_up()
        await phone.expect_idle(1000)
        await console.expect_state(VOICEMAIL, "idle")
