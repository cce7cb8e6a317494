"""Simulated time, for pure code and for asyncio code.

`FakeClock` schedules callbacks and moves only when told. `SimLoop` is an event loop whose
time jumps to the next timer as soon as nothing else is left to do: 32 seconds of SIP timers
pass in microseconds, in the same order on every run.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Deadlock(RuntimeError):
    """Everyone waits and no timer is running: real time would never end this."""


class Handle(Protocol):
    """What a scheduler gives back."""

    def cancel(self) -> None: ...


class Scheduler(Protocol):
    """The part of an event loop that a network needs; `FakeClock` and every loop have it."""

    def time(self) -> float: ...

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Handle: ...


class _Timer:
    __slots__ = ("args", "callback", "cancelled")

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.callback = callback
        self.args = args
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """Time for pure code: `advance` runs what falls due, in order."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._heap: list[tuple[float, int, _Timer]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Handle:
        timer = _Timer(callback, args)
        heapq.heappush(self._heap, (self.now + delay, next(self._order), timer))
        return timer

    @property
    def pending(self) -> int:
        """Timers that are still to fire."""
        return sum(not timer.cancelled for _, _, timer in self._heap)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self._heap and self._heap[0][0] <= end:
            self._fire()
        self.now = end

    def run(self, limit: float = 3600.0) -> None:
        """Go on until nothing is scheduled; `limit` seconds are too many."""
        end = self.now + limit
        while self._heap:
            if self._heap[0][0] > end:
                raise Deadlock(f"still busy after {limit:g} simulated seconds")
            self._fire()

    def _fire(self) -> None:
        when, _, timer = heapq.heappop(self._heap)
        self.now = max(self.now, when)
        if not timer.cancelled:
            timer.callback(*timer.args)


class _JumpingSelector(selectors.SelectSelector):
    """Instead of waiting, time jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise Deadlock("nothing is scheduled and nothing can arrive")
        self.now += max(timeout, 0.0)
        return []


class SimLoop(asyncio.SelectorEventLoop):
    """An event loop in simulated time. Real sockets and threads have no place in it."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run_simulated(main: Coroutine[Any, Any, T]) -> T:
    """Like `asyncio.run`, in simulated time."""
    with asyncio.Runner(loop_factory=SimLoop) as runner:
        return runner.run(main)
