"""Browser tests: this process moves to a network of its own, the demo runs there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.browsers import CHROMIUM_TONE_HZ, write_tone
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


@pytest.fixture(autouse=True)
async def clean_desk(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Closing a page does not end its call (rightly so): hang up what a test left behind."""
    yield
    if "demo" not in request.fixturenames:
        return
    stack: DemoStack = request.getfixturevalue("demo")
    for email in stack.facts["users"]:
        async with RestClient(stack.url, email, stack.password(email)) as api:
            for call in (await api.get("/calls"))["items"]:
                await api.post(f"/calls/{call['id']}/hang_up")
    async with Console(stack.console) as console:
        for row in (await console.get("/api/phones"))["phones"]:
            if row["state"] != "idle":
                await console.hang_up(row["number"])
                await console.expect_state(row["number"], "idle")
