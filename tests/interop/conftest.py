"""Shared by the tests with foreign programs."""

from __future__ import annotations

import pytest

from tests.support.netns import worker_network


def pytest_configure(config: pytest.Config) -> None:
    worker_network(config)
