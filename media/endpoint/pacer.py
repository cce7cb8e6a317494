"""The 20 ms clock. One per process, so a hundred phones cost one timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

FRAME_MS = 20
_MAX_BURST = 5  # after a stall longer than this many frames the lost time is skipped, not replayed

Tick = Callable[[], None]


class Pacer(Protocol):
    def add(self, tick: Tick) -> None: ...

    def remove(self, tick: Tick) -> None: ...


class ManualPacer:
    """Time by hand, for tests: ``run(n)`` is n frames."""

    def __init__(self) -> None:
        self._ticks: list[Tick] = []

    def add(self, tick: Tick) -> None:
        self._ticks.append(tick)

    def remove(self, tick: Tick) -> None:
        if tick in self._ticks:
            self._ticks.remove(tick)

    def run(self, frames: int = 1) -> None:
        for _ in range(frames):
            for tick in list(self._ticks):
                tick()


class LoopPacer:
    """Ticks at start + n * 20 ms of the loop's clock: a late wake-up does not move the next one.

    Runs only while somebody listens, so nothing is left behind when the last endpoint closes.
    """

    def __init__(self) -> None:
        self._ticks: list[Tick] = []
        self._handle: asyncio.TimerHandle | None = None
        self._due = 0.0

    @property
    def running(self) -> bool:
        return self._handle is not None

    def add(self, tick: Tick) -> None:
        self._ticks.append(tick)
        if self._handle is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time() + FRAME_MS / 1000
            self._handle = loop.call_at(self._due, self._run, loop)

    def remove(self, tick: Tick) -> None:
        if tick in self._ticks:
            self._ticks.remove(tick)
        if not self._ticks and self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        step, now = FRAME_MS / 1000, loop.time()
        frames = 1 + int(max(0.0, now - self._due) / step)
        self._due += frames * step
        self._handle = loop.call_at(self._due, self._run, loop)
        for _ in range(min(frames, _MAX_BURST)):
            for tick in list(self._ticks):
                tick()
