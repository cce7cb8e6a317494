"""A key ends at its moment, whatever storage and the clock do meanwhile."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway.features.api_keys import expiry
from gateway.features.api_keys.expiry import Ending, Endings

ENDING = Ending("tenant", "site", "key")


class Asked:
    """Answers what a test says, and can be waited for."""

    def __init__(self, *answers: datetime | Exception | None) -> None:
        self.answers = list(answers)
        self.asked: asyncio.Queue[Ending] = asyncio.Queue()

    async def __call__(self, ending: Ending) -> datetime | None:
        self.asked.put_nowait(ending)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def times(self, count: int) -> None:
        async with asyncio.timeout(5):
            for _ in range(count):
                assert await self.asked.get() == ENDING


def now() -> datetime:
    return datetime.now(UTC)


async def test_the_end_is_asked_for_at_its_moment_and_once() -> None:
    asked = Asked(None)
    endings = Endings(asked, now)
    endings.at(ENDING, now() + timedelta(hours=1))
    endings.at(ENDING, now() + timedelta(seconds=0.02))  # it was replaced meanwhile
    await asked.times(1)
    await endings.aclose()
    assert asked.asked.empty()


async def test_one_that_was_prolonged_is_asked_for_again() -> None:
    asked = Asked(now() + timedelta(seconds=0.05), None)
    endings = Endings(asked, now)
    endings.at(ENDING, now())
    await asked.times(2)
    await endings.aclose()


async def test_storage_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "RETRY", 0.01)
    asked = Asked(OSError("away"), OSError("away"), None)
    endings = Endings(asked, now)
    endings.at(ENDING, now() - timedelta(seconds=5))
    await asked.times(3)
    await endings.aclose()


async def test_a_clock_that_is_set_forward_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "LONGEST_SLEEP", 0.01)
    far = now() + timedelta(days=1)
    asked = Asked(far, far, None)
    endings = Endings(asked, now)
    endings.at(ENDING, far)
    await asked.times(3)
    await endings.aclose()


async def test_what_is_forgotten_is_not_asked_for() -> None:
    asked = Asked()
    endings = Endings(asked, now)
    endings.at(ENDING, now() + timedelta(seconds=0.01))
    endings.forget(ENDING.key_id)
    assert not endings._timers
    await endings.aclose()
