"""How fast the mail server is asked: as many connections and letters as it takes, and not at all
for a while after it has said that it is too much (RFC 5321 section 4.2.1, 421 and its like).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from gateway.outbox import NotNow

log = structlog.get_logger(__name__)

#: s that a letter waits here for its turn. One of many goes back to its queue sooner, so that there
#: is always a turn for one that somebody waits for.
PATIENCE, _BULK_PATIENCE = 20.0, 10.0
_PAUSE, _LONGEST_PAUSE = 5.0, 300.0  # s


class TooMuch(Exception):
    """The server takes nothing from us for now, whatever the letter is.

    Its words are left out: they may name an address, and this is logged.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"the mail server said {code}")
        self.code = code


class Pace:
    def __init__(
        self,
        connections: int,
        per_minute: int | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free = asyncio.Semaphore(connections)
        self._apart = 60.0 / per_minute if per_minute is not None else 0.0
        self._monotonic = monotonic
        self._next = 0.0
        self._shut_until = 0.0
        self._pause = _PAUSE

    @asynccontextmanager
    async def turn(self, *, bulk: bool) -> AsyncIterator[None]:
        """A connection of our own; raises :class:`NotNow` where that would take too long."""
        self._refuse_if_shut()
        wait = max(0.0, self._next - self._monotonic())
        if wait > (_BULK_PATIENCE if bulk else PATIENCE):
            raise NotNow(wait / 2)
        if self._apart:
            self._next = max(self._next, self._monotonic()) + self._apart
            await asyncio.sleep(wait)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise NotNow(1) from None
        try:
            self._refuse_if_shut()
            yield
            self._pause = _PAUSE
        except TooMuch as refusal:
            raise self._shut(refusal.code) from refusal
        finally:
            self._free.release()

    def _refuse_if_shut(self) -> None:
        left = self._shut_until - self._monotonic()
        if left > 0:
            raise NotNow(left)

    def _shut(self, code: int) -> NotNow:
        """Those who were under way with it say the same: that is one refusal."""
        now = self._monotonic()
        if self._shut_until <= now:
            log.warning("mail.too_much", code=code, pause=self._pause)
            self._shut_until = now + self._pause
            self._pause = min(_LONGEST_PAUSE, self._pause * 2)
        return NotNow(self._shut_until - now)
