"""Shared by all layers."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Machines that run tests are busy: how long one example took says nothing. A few examples at every
# run, with another seed each time; the long runs and the fuzzers bring the thousands.
settings.register_profile("every run", deadline=None, max_examples=40)
settings.load_profile("every run")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="what the platform's tests run on",
    )


def pytest_configure(config: pytest.Config) -> None:
    chosen = config.getoption("--database")
    if chosen != "sqlite":
        from tests.support import databases

        databases.chosen = chosen
