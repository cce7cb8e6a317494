"""The mail server is asked as fast as it takes letters, and left alone when it says so."""

from __future__ import annotations

import asyncio

import pytest

from gateway.mail import pace
from gateway.mail.pace import Pace, TooMuch
from gateway.outbox import NotNow


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def test_as_many_connections_as_it_takes() -> None:
    asked, most, now = Pace(3), 0, 0

    async def letter() -> None:
        nonlocal most, now
        async with asked.turn(bulk=True):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(letter() for _ in range(20)))
    assert most == 3


async def test_letters_of_many_go_back_before_one_that_somebody_waits_for() -> None:
    clock = Clock()
    slow = Pace(5, 6, monotonic=clock)  # one in ten seconds
    async with slow.turn(bulk=True):
        pass
    slow._next = clock.at + 15
    with pytest.raises(NotNow) as later:
        async with slow.turn(bulk=True):
            pass
    assert 5 <= later.value.seconds <= 15
    slow._next = clock.at + 0.01  # its turn is soon
    async with slow.turn(bulk=False):
        pass
    assert slow._next > clock.at + 9


async def test_a_refusal_holds_for_all_and_longer_each_time() -> None:
    clock = Clock()
    asked = Pace(5, monotonic=clock)
    pauses = []
    for _ in range(7):
        with pytest.raises(NotNow) as refused:
            async with asked.turn(bulk=False):
                raise TooMuch(421)
        pauses.append(refused.value.seconds)
        with pytest.raises(NotNow):
            async with asked.turn(bulk=True):
                pytest.fail("the server was asked")
        clock.at += refused.value.seconds
    assert pauses == [5, 10, 20, 40, 80, 160, 300]
    async with asked.turn(bulk=True):
        pass
    with pytest.raises(NotNow) as refused:
        async with asked.turn(bulk=True):
            raise TooMuch(421)
    assert refused.value.seconds == 5  # it had been friendly meanwhile


async def test_those_who_were_under_way_say_the_same_and_count_once() -> None:
    clock = Clock()
    asked, together = Pace(5, monotonic=clock), asyncio.Barrier(3)

    async def letter() -> float:
        with pytest.raises(NotNow) as refused:
            async with asked.turn(bulk=True):
                await together.wait()
                raise TooMuch(421)
        return refused.value.seconds

    assert await asyncio.gather(*(letter() for _ in range(3))) == [5, 5, 5]


async def test_who_waits_too_long_for_a_connection_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "PATIENCE", 0.01)
    asked = Pace(1)
    async with asked.turn(bulk=True):
        with pytest.raises(NotNow):
            async with asked.turn(bulk=True):
                pytest.fail("there was one already")
