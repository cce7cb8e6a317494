"""How calls end that nobody talks in: right words on the page, a journal entry, nothing left."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.browsers import chromium
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.leftovers import expect_no_more_ports_than, udp_ports
from tests.support.rest_client import RestClient
from tests.support.softphone import open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"


def relay_ports(demo: DemoStack) -> set[int]:
    """What the relay lends out. It keeps an allocation for ten minutes when a browser has closed
    its connection before it knew of it (RFC 8656 3.2)."""
    config = (demo.state / "turn" / "turnserver.conf").read_text()
    low, high = (int(re.findall(rf"^{end}-port=(\d+)", config, re.M)[0]) for end in ("min", "max"))
    return set(range(low, high + 1))


@pytest.fixture(autouse=True)
async def leaves_nothing(demo: DemoStack) -> AsyncIterator[None]:
    """The phone system knows no call, no process of the demo has a port open
    that it had not before. What goes on inside the gateway is counted in test_parts_down."""
    async with Console(demo.console) as console:
        await console.expect_nothing_left()
        ports = udp_ports() | relay_ports(demo)
        yield
        await console.expect_nothing_left()
    await expect_no_more_ports_than(ports)


async def expect_entry(demo: DemoStack, number: str, kind: str, direction: str = "out") -> None:
    """The journal's newest row, read over the public API."""
    async with RestClient(demo.url, ANNA, demo.password(ANNA)) as api:
        row = await api.newest_entry()
    assert (row["number"]["canonical"], row["kind"], row["direction"]) == (number, kind, direction)
    assert row["ended_at"] is not None


@pytest.mark.parametrize(
    ("number", "words", "kind"),
    [
        ("712", "is busy", "busy"),
        ("714", "cannot be reached", "failed"),
        ("987", "does not exist", "failed"),
    ],
)
async def test_a_call_that_fails_says_why(
    demo: DemoStack, browser: Browser, number: str, words: str, kind: str
) -> None:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial(number)
        await expect(phone.page.get_by_text(words).first).to_be_visible(timeout=10_000)
        await phone.expect_idle()
        await expect_entry(demo, number, kind)


async def test_hanging_up_while_it_rings_stops_the_desk_phone(
    demo: DemoStack, browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("713")
        await console.expect_state("713", "ringing")
        await phone.hang_up()
        await phone.expect_idle(1000)
        await console.expect_state("713", "idle", within_s=1.0)
        await expect_entry(demo, "713", "cancelled")


async def test_decline_is_no_missed_call_and_leaves_the_desk_phone_ringing(
    demo: DemoStack, browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await console.dial("715", "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await phone.settle_slot()
        await phone.incoming.get_by_role("button", name="Decline").click()
        await expect(phone.incoming).to_be_hidden(timeout=1000)
        await phone.expect_idle()
        await expect_entry(demo, "715", "declined", "in")
        # 486 and not 603: the desk phone may still be answered (RFC 3261 21.6).
        await console.expect_state("101", "ringing")
        await console.hang_up("715")
        await console.expect_state("101", "idle", within_s=1.0)


async def test_a_caller_who_gives_up_is_a_missed_call(demo: DemoStack, browser: Browser) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await console.dial("715", "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await console.hang_up("715")
        await expect(phone.incoming).to_be_hidden(timeout=1000)
        await phone.expect_idle()
        await expect_entry(demo, "715", "missed", "in")


async def test_the_desk_phone_answers_and_the_browser_stops_without_a_missed_call(
    demo: DemoStack, browser: Browser
) -> None:
    async with (
        open_softphone(browser, demo.url) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await console.dial("715", "101")
        await expect(phone.incoming).to_be_visible(timeout=10_000)
        await console.answer("101")
        await expect(phone.incoming).to_be_hidden(timeout=1000)
        await console.hang_up("715")
        await phone.expect_idle()
        await expect_entry(demo, "715", "answered", "in")


async def test_without_a_microphone_the_page_says_what_to_do(
    demo: DemoStack, microphone: Path
) -> None:
    """Permission refused: no call is placed, the words say where to allow it."""
    async with (
        chromium(microphone, "--deny-permission-prompts", fake_mic=False) as browser,
        open_softphone(browser, demo.url, permissions=()) as phone,
        Console(demo.console) as console,
    ):
        await phone.page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () =>"
            " Promise.reject(new DOMException('denied', 'NotAllowedError'))"
        )
        await phone.page.reload()
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        allow = phone.page.get_by_role("button", name="Allow microphone")
        blocked = phone.page.get_by_text("microphone is blocked")
        await expect(allow.or_(blocked).first).to_be_visible(timeout=10_000)
        if await allow.is_visible():
            await allow.click()
        await expect(blocked.first).to_be_visible(timeout=10_000)
        await phone.expect_idle()
        await console.expect_state("715", "idle")
