"""Two ways to stop. SIGTERM drains: no new calls, the running ones may end in peace. Cancellation
(SIGINT, a supervisor's second word) stops at once. Either way everything opened is closed in
reverse order.
"""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from gateway.ports import Problem

log = structlog.get_logger(__name__)

_REPORT_EVERY = 5.0


def raise_open_files() -> int:
    """Every connection is a file, and the usual soft limit of 1,024 is one office's."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


class Lifecycle:
    def __init__(self, drain_timeout: float) -> None:
        self._drain_timeout = drain_timeout
        self._stop = asyncio.Event()
        self.on_drain: list[Callable[[], None]] = []

    @property
    def draining(self) -> bool:
        return self._stop.is_set()

    def drain(self) -> None:
        if self._stop.is_set():
            return
        log.info("lifecycle.draining", timeout=self._drain_timeout)
        self._stop.set()
        for listener in self.on_drain:
            listener()

    def admits(self, verb: str) -> None:
        """Refuse what starts a call while draining."""
        if self.draining and verb in ("dial", "consult"):
            raise Problem(503, "restarting", "This server is being restarted", retry_after=5)

    async def run_until_drained(self, active_calls: Callable[[], int]) -> None:
        """Returns when told to drain and the last call is over, or the time for it is."""
        await self._stop.wait()
        try:
            async with asyncio.timeout(self._drain_timeout):
                await self._no_calls(active_calls)
        except TimeoutError:
            log.warning("lifecycle.drain_timeout", calls=active_calls())

    async def _no_calls(self, active_calls: Callable[[], int]) -> None:
        loop = asyncio.get_running_loop()
        reported = loop.time() - _REPORT_EVERY
        while active_calls():
            if loop.time() - reported >= _REPORT_EVERY:
                reported = loop.time()
                log.info("lifecycle.waiting_for_calls", calls=active_calls())
            await asyncio.sleep(0.2)

    @asynccontextmanager
    async def on_sigterm(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()

        def told() -> None:
            """The first time: drain. Again: whoever says it twice does not want to wait."""
            if self.draining and task is not None:
                task.cancel()
            self.drain()

        try:
            loop.add_signal_handler(signal.SIGTERM, told)
        except (NotImplementedError, RuntimeError, ValueError):
            # Not the main thread (tests) or a platform without signals: drain() can be called.
            yield
            return
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGTERM)


@asynccontextmanager
async def background(*tasks: asyncio.Task[None]) -> AsyncIterator[None]:
    """Owned tasks: cancelled and awaited at the end, a failure is logged."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                log.error("lifecycle.task_failed", exc_info=result)
