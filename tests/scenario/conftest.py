"""Shared by scenarios of the platform: a whole gateway with fake calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.gateway_platform import Bench, open_bench
from tests.support.netns import worker_network


def pytest_configure(config: pytest.Config) -> None:
    worker_network(config)


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened
