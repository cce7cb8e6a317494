"""Lets what was chosen for a time end in time, one tenant apart from the others.

To end do not disturb a PBX may have to be asked, and one that hangs costs seconds for each of its
users: only those of its own tenant wait for it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from gateway.features.presence.choice import Choice
from gateway.ports import UserKey
from protocols.aio.scope import TaskScope

#: Until the PBX is asked again, unless it is known to be back earlier.
RETRY = timedelta(seconds=30)
_LONGEST_SLEEP = timedelta(hours=1)


class Ends:
    """``end(user)`` carries an end out; False: not yet possible, to be tried again."""

    def __init__(
        self,
        choices: Callable[[], Mapping[UserKey, Choice]],
        end: Callable[[UserKey], Awaitable[bool]],
        now: Callable[[], datetime],
    ) -> None:
        self._choices = choices
        self._end = end
        self._now = now
        self._moved = asyncio.Event()
        self._again_at: dict[UserKey, datetime] = {}
        self._busy: set[str] = set()
        self._scope = TaskScope("presence ends")

    def start(self) -> None:
        self._scope.start(self._run(), "clock")

    async def aclose(self) -> None:
        await self._scope.aclose()

    def moved(self) -> None:
        """Somebody has chosen: the next end may be another."""
        self._moved.set()

    def pbx_is_back(self, tenant_id: str) -> None:
        """What it could not be asked for it can be asked now."""
        self._again_at = {u: at for u, at in self._again_at.items() if u.tenant_id != tenant_id}
        self._moved.set()

    async def _run(self) -> None:
        while True:
            self._moved.clear()
            due, sleep = self._due()
            for tenant_id, users in due.items():
                self._busy.add(tenant_id)
                self._scope.start(self._end_all(tenant_id, users), "of a tenant")
            try:
                async with asyncio.timeout(sleep.total_seconds()):
                    await self._moved.wait()
            except TimeoutError:
                pass

    def _due(self) -> tuple[dict[str, list[UserKey]], timedelta]:
        """Whose time is over, by tenant, and how long it is until the next one's."""
        now, sleep = self._now(), _LONGEST_SLEEP
        due: defaultdict[str, list[UserKey]] = defaultdict(list)
        for user, choice in self._choices().items():
            end = choice.next_end()
            if end is None or user.tenant_id in self._busy:
                continue
            end = max(end, self._again_at.get(user, end))
            if end <= now:
                due[user.tenant_id].append(user)
            else:
                sleep = min(sleep, end - now)
        return due, sleep

    async def _end_all(self, tenant_id: str, users: list[UserKey]) -> None:
        try:
            for user in users:
                if await self._end(user):
                    self._again_at.pop(user, None)
                else:
                    self._again_at[user] = self._now() + RETRY
        finally:
            self._busy.discard(tenant_id)
            self._moved.set()
