"""Browser tests: this process moves to a network of its own, the demo runs there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsers import CHROMIUM_TONE_HZ, write_tone
from tests.support.demo_stack import DemoStack, demo_stack
from tests.support.netns import own_network


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
