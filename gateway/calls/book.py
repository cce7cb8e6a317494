"""All Calls of this node: who owns what now, and the stories of the latest ones that are over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from gateway.calls.model import CallState, Stage
from gateway.calls.owner import CallOwner, TimelineEntry
from gateway.calls.states import Phase
from gateway.ports import UserKey


class CallBook:
    """Owners by user and Call; a Call leaves the book when nothing is left of it."""

    def __init__(self, stories: int) -> None:
        self._owners: dict[UserKey, dict[str, CallOwner]] = {}
        self._past: deque[tuple[str, str, list[TimelineEntry]]] = deque(maxlen=stories)
        self._idle = asyncio.Event()
        self._idle.set()
        #: Calls that this node has carried to their end.
        self.handled = 0

    def __len__(self) -> int:
        return sum(len(owners) for owners in self._owners.values())

    def __iter__(self) -> Iterator[CallOwner]:
        return iter([owner for owners in self._owners.values() for owner in owners.values()])

    def add(self, owner: CallOwner) -> None:
        self._owners.setdefault(owner.user, {})[owner.state.id] = owner
        self._idle.clear()

    def remove(self, owner: CallOwner) -> None:
        self.handled += 1
        state = owner.state
        self._past.append((state.tenant_id, state.id, list(owner.timeline)))
        owners = self._owners[owner.user]
        del owners[state.id]
        if not owners:
            del self._owners[owner.user]
        if not self._owners:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until the book is empty."""
        await self._idle.wait()

    def of(self, user: UserKey) -> list[CallOwner]:
        return list(self._owners.get(user, {}).values())

    def find(self, user: UserKey, call_id: str) -> CallOwner | None:
        return self._owners.get(user, {}).get(call_id)

    def live_of(self, user: UserKey) -> list[CallState]:
        """What goes to the desk phone, or comes from there, is the desk phone's to tell."""
        return [owner.state for owner in self.of(user) if owner.state.stage is Stage.LIVE]

    def live_of_tenant(self, tenant_id: str) -> int:
        """How many Calls of the tenant have not ended."""
        return sum(
            owner.state.tenant_id == tenant_id and owner.state.phase is not Phase.ENDED
            for owner in self
        )

    def story(self, tenant_id: str, call_id: str) -> list[TimelineEntry] | None:
        """The timeline of a running or recent Call of this tenant."""
        for owner in self:
            if owner.state.id == call_id and owner.state.tenant_id == tenant_id:
                return list(owner.timeline)
        for tenant, past_id, entries in reversed(self._past):
            if (tenant, past_id) == (tenant_id, call_id):
                return entries
        return None
