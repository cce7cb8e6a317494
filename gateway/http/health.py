"""Is the process alive (``/healthz``), and should it get new work (``/readyz``)?"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

_STEP = 0.1
_WINDOW = 100
MAX_LAG = 1.0


class LoopLag:
    """How late the loop wakes those who sleep: the mark of a blocked or overloaded process."""

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=_WINDOW)

    @property
    def worst(self) -> float:
        """Of the last ten seconds, in seconds."""
        return max(self._samples, default=0.0)

    async def measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _STEP
            await asyncio.sleep(_STEP)
            self._samples.append(max(0.0, loop.time() - due))


Check = Callable[[], Awaitable[bool]]


class Health:
    def __init__(self, lag: LoopLag, checks: Mapping[str, Check], draining: Callable[[], bool]):
        self._lag = lag
        self._checks = checks
        self._draining = draining

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)

    async def alive(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {"status": "alive", "loop_lag_ms": round(self._lag.worst * 1000, 1)}
        )

    async def ready(self, _request: web.Request) -> web.Response:
        verdicts = {name: await check() for name, check in self._checks.items()}
        verdicts["loop"] = self._lag.worst < MAX_LAG
        verdicts["accepting"] = not self._draining()
        good = all(verdicts.values())
        return web.json_response(
            {"status": "ready" if good else "not ready", "checks": verdicts},
            status=200 if good else 503,
        )
