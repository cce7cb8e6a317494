"""Browser tests: this process moves to a network of its own, the demo runs there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browsers import CHROMIUM_TONE_HZ, OTHER_TONE_HZ, chromium, write_tone
from tests.support.demo_stack import DemoStack, demo_stack
from tests.support.desk_phones import Console
from tests.support.netns import own_network
from tests.support.rest_client import RestClient


@pytest.fixture(scope="session")
def network() -> str:
    """The non-loopback address of the namespace that the tests of this layer run in."""
    return own_network()


@pytest.fixture(scope="session")
def demo(network: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoStack]:
    with demo_stack(tmp_path_factory.mktemp("demo"), advertise=network) as stack:
        yield stack


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of 1,000 Hz."""
    return write_tone(tmp_path_factory.mktemp("mic") / "tone.wav", CHROMIUM_TONE_HZ)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(network: str, microphone: Path) -> AsyncIterator[Browser]:
    """One Chromium for all tests that need nothing special of it; each opens profiles of its own.
    It lives in one event loop, so a module that uses it has
    ``pytestmark = pytest.mark.asyncio(loop_scope="session")``."""
    async with chromium(microphone) as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def other_browser(
    network: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Browser]:
    """Another Chromium, to be told from the first by what its microphone plays."""
    tone = write_tone(tmp_path_factory.mktemp("mic") / "other.wav", OTHER_TONE_HZ)
    async with chromium(tone) as browser:
        yield browser


@pytest.fixture(autouse=True)
async def clean_desk(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Closing a page does not end its call (rightly so): hang up what a test left behind."""
    yield
    if "demo" not in request.fixturenames:
        return
    stack: DemoStack = request.getfixturevalue("demo")
    async with Console(stack.console) as console:
        if (await console.get("/api/status"))["calls"]:
            for email in stack.facts["users"]:
                async with RestClient(stack.url, email, stack.password(email)) as api:
                    for call in (await api.get("/calls"))["items"]:
                        await api.post(f"/calls/{call['id']}/hang_up")
        for row in (await console.get("/api/phones"))["phones"]:
            if row["state"] != "idle":
                await console.hang_up(row["number"])
                await console.expect_state(row["number"], "idle")
