"""A key ends at its moment, not when somebody looks at it next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

log = structlog.get_logger(__name__)

#: The system's clock may be set meanwhile: look at it again at least this often.
LONGEST_SLEEP = 3600.0
RETRY = 1.0


@dataclass(frozen=True, slots=True)
class Ending:
    tenant_id: str
    site_id: str
    key_id: str


class Endings:
    """``over`` is asked at the moment that was named; it answers with another moment if the key
    lives on until then."""

    def __init__(
        self, over: Callable[[Ending], Awaitable[datetime | None]], now: Callable[[], datetime]
    ) -> None:
        self._over = over
        self._now = now
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def at(self, ending: Ending, moment: datetime) -> None:
        self._arm(ending, min((moment - self._now()).total_seconds(), LONGEST_SLEEP))

    def _arm(self, ending: Ending, delay: float) -> None:
        self.forget(ending.key_id)
        loop = asyncio.get_running_loop()
        self._timers[ending.key_id] = loop.call_later(max(0.0, delay), self._fire, ending)

    def forget(self, key_id: str) -> None:
        handle = self._timers.pop(key_id, None)
        if handle is not None:
            handle.cancel()

    def _fire(self, ending: Ending) -> None:
        del self._timers[ending.key_id]
        task = asyncio.get_running_loop().create_task(self._ask(ending), name="key expiry")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, ending: Ending) -> None:
        try:
            moment = await self._over(ending)
        except Exception:  # storage is away: a key must not live on because of it
            log.exception("api_key.expiry_failed", key=ending.key_id)
            self._arm(ending, RETRY)
            return
        if moment is not None and ending.key_id not in self._timers:
            self.at(ending, moment)

    async def aclose(self) -> None:
        for handle in self._timers.values():
            handle.cancel()
        self._timers.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
