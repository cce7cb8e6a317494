"""Who guesses passwords and codes waits, longer each time, and a restart forgives nothing.

What is guessed at an address that nobody has is counted the same way, but in memory alone. From
outside both look alike, also to a stopwatch: what is stored is stored after the answer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from gateway.ports import Problem, UserKey
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage
from gateway.storage.tables.sign_in import FailedProof

log = structlog.get_logger(__name__)

#: Wrong ones in a row that cost nothing.
FREE = 10
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=15)
_FORGOTTEN = timedelta(days=1)
_MAX_KEYS = 50_000
#: In place of an address: guesses from everywhere count together.
ANYWHERE = "*"


@dataclass(frozen=True, slots=True)
class _Count:
    failures: int  # and what is being judged: it may be wrong
    last_at: datetime
    stored: bool = False


class ProofThrottle:
    def __init__(self, storage: Storage, now: Callable[[], datetime] = utc_now) -> None:
        self._storage = storage
        self._now = now
        self._counts: OrderedDict[tuple[str, object], _Count] = OrderedDict()
        self._storing: set[asyncio.Task[None]] = set()

    async def settled(self) -> None:
        """All that was counted so far is stored."""
        await asyncio.gather(*self._storing, return_exceptions=True)

    @asynccontextmanager
    async def trying(
        self, origin: str, account: bytes | UserKey, user: UserKey
    ) -> AsyncIterator[None]:
        """Judge one proof in here, then tell ``failed`` or ``succeeded``. 429 while it has to wait.

        It counts from the beginning: of many at one moment no more are judged than one by one.
        What ends in a :class:`Problem` was not judged and does not count.
        """
        key = origin, account
        if key not in self._counts:
            stored = await self._stored(origin, user)
            if stored is not None and key not in self._counts:
                self._keep(key, stored)
        self._take(key)
        try:
            yield
        except Problem:
            self._give_back(key)
            raise

    def _take(self, key: tuple[str, object]) -> None:
        """Never waits: nobody gets between the look and the count."""
        now = self._now()
        count = self._counts.get(key)
        if count is None or now - count.last_at > _FORGOTTEN:
            count = _Count(0, now, stored=count is not None and count.stored)
        wait = _wait(count.failures) - (now - count.last_at)
        if wait > timedelta(0):
            seconds = round(wait.total_seconds() + 1)
            raise Problem(
                429, "rate_limited", "Too many attempts: wait a little", retry_after=seconds
            )
        self._keep(key, replace(count, failures=count.failures + 1, last_at=now))

    def _give_back(self, key: tuple[str, object]) -> None:
        count = self._counts.get(key)
        if count is None:
            return
        if count.failures > 1 or count.stored:
            self._counts[key] = replace(count, failures=max(0, count.failures - 1))
        else:
            del self._counts[key]

    def failed(self, origin: str, account: bytes | UserKey, user: UserKey | None) -> None:
        """``user``: whose the account is, if anybody's."""
        # None: another one was right meanwhile. This one counts anew.
        count = self._counts.get((origin, account)) or _Count(1, self._now())
        count = replace(count, last_at=self._now(), stored=user is not None)
        self._keep((origin, account), count)
        if user is not None:
            task = asyncio.create_task(self._store(origin, user, count), name="failed-proof")
            self._storing.add(task)
            task.add_done_callback(self._stored_or_not)

    def _stored_or_not(self, task: asyncio.Task[None]) -> None:
        self._storing.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("throttle.not_stored", exc_info=task.exception())

    async def _store(self, origin: str, user: UserKey, count: _Count) -> None:
        where = FailedProof.user_id == user.user_id, FailedProof.origin == origin
        values: dict[str, Any] = {"failures": count.failures, "last_at": count.last_at}
        async with self._storage.write(user.tenant_id) as db:
            if await db.update(FailedProof, *where, **values):
                return
            await db.lock_tenant()  # two at a time would be two rows
            if not await db.update(FailedProof, *where, **values):
                row = FailedProof(
                    tenant_id=user.tenant_id, user_id=user.user_id, origin=origin, **values
                )
                await db.add(row)

    async def succeeded(self, origin: str, account: bytes | UserKey, user: UserKey) -> None:
        count = self._counts.pop((origin, account), None)
        if count is None or not count.stored:
            return
        await self.settled()
        async with self._storage.write(user.tenant_id) as db:
            await db.delete(
                FailedProof, FailedProof.user_id == user.user_id, FailedProof.origin == origin
            )

    async def _stored(self, origin: str, user: UserKey) -> _Count | None:
        async with self._storage.read(user.tenant_id) as db:
            row = await db.first(
                FailedProof, FailedProof.user_id == user.user_id, FailedProof.origin == origin
            )
        if row is None or self._now() - row.last_at > _FORGOTTEN:
            return None
        return _Count(row.failures, row.last_at, stored=True)

    def _keep(self, key: tuple[str, object], count: _Count) -> None:
        self._counts[key] = count
        self._counts.move_to_end(key)
        while len(self._counts) > _MAX_KEYS:
            self._counts.popitem(last=False)


def _wait(failures: int) -> timedelta:
    if failures < FREE:
        return timedelta(0)
    wait = _FIRST_WAIT * float(2 ** min(failures - FREE, 20))
    return min(_LONGEST_WAIT, wait)
