"""A part of the chain is down: the page says so in words, and nothing stays behind anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from connector.sip import bridge
from tests.support.call_stack import ANNA, PASSWORD, Parts, call_stack
from tests.support.leftovers import (
    expect_no_more_ports_than,
    expect_no_more_tasks_than,
    running_tasks,
    udp_ports,
)
from tests.support.rest_client import RestClient
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEBAPP = Path(__file__).resolve().parents[2] / "webapp" / "dist"


@pytest_asyncio.fixture(loop_scope="session")
async def parts(network: str, tmp_path: Path) -> AsyncIterator[Parts]:
    """Every part in this process, so that its tasks and sockets can be counted."""
    async with call_stack(tmp_path, media_host=network, webapp=WEBAPP) as parts:
        # The first device starts what then runs as long as the gateway.
        await parts.device()
        await parts.sign_off()
        yield parts


@asynccontextmanager
async def anna(parts: Parts, browser: Browser) -> AsyncIterator[Softphone]:
    """Her browser. Once it has gone, every part must be as it was before."""
    ports, tasks = udp_ports(), running_tasks()
    async with open_softphone(browser, parts.web) as phone:
        await phone.sign_in(ANNA, PASSWORD)
        yield phone
        await phone.expect_idle()
    await parts.nothing_left()
    await expect_no_more_ports_than(ports)
    await expect_no_more_tasks_than(tasks)


async def expect_entry(parts: Parts, number: str, kind: str) -> None:
    async with RestClient(parts.url, ANNA, PASSWORD) as api:
        row = await api.newest_entry()
    assert (row["number"]["canonical"], row["kind"]) == (number, kind)
    assert row["ended_at"] is not None


async def expect_words(phone: Softphone, words: str) -> None:
    await expect(phone.page.get_by_text(words).first).to_be_visible(timeout=10_000)


async def test_the_connector_is_down(parts: Parts, browser: Browser) -> None:
    await parts.stop_connector()
    async with anna(parts, browser) as phone:
        await expect_words(phone, "The office phone system does not answer")
        await phone.dial("715")
        await expect_words(phone, "The connection to your office phone system is down.")
        await phone.expect_idle(1000)
        await expect_entry(parts, "715", "failed")


async def test_the_connector_goes_and_comes_back_under_the_page(
    parts: Parts, browser: Browser
) -> None:
    async with open_softphone(browser, parts.web) as phone:
        await phone.sign_in(ANNA, PASSWORD)
        down = phone.page.get_by_text("The office phone system does not answer")
        await parts.stop_connector()
        await expect(down.first).to_be_visible(timeout=10_000)
        await parts.start_connector()
        await expect(down).to_have_count(0, timeout=10_000)
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.expect_tone(440)
        await phone.hang_up()
        await phone.expect_idle(1000)
    await parts.nothing_left()


async def test_the_phone_system_is_down(parts: Parts, browser: Browser) -> None:
    await parts.stop_pbx()
    async with anna(parts, browser) as phone:
        await phone.dial("715")
        await expect_words(phone, "cannot be reached")
        await phone.expect_idle(1000)
        await expect_entry(parts, "715", "failed")


async def test_nobody_answers(
    parts: Parts, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "RING_LIMIT", 2.0)  # three minutes in earnest
    async with anna(parts, browser) as phone:
        await phone.dial("713")
        await expect_words(phone, "did not answer")
        await phone.expect_idle(1000)
        await expect_entry(parts, "713", "no_answer")
        assert parts.phone("713").state == "idle"


async def test_a_call_that_was_talked_in_leaves_nothing(parts: Parts, browser: Browser) -> None:
    async with anna(parts, browser) as phone:
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.expect_tone(440)
        await phone.hang_up()
        await expect_entry(parts, "715", "answered")
