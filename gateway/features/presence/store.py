"""Choices in storage: one row per user who ever chose something."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from gateway.features.presence.choice import Audience, Choice, DoNotDisturb
from gateway.features.presence.merge import Status
from gateway.ports import UserKey
from gateway.storage.models import Presence
from gateway.storage.storage import Storage


class PresenceStore:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def load(self) -> dict[UserKey, Choice]:
        """All tenants' choices, at start."""
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        found: dict[UserKey, Choice] = {}
        for tenant_id in tenants:
            async with self._storage.read(tenant_id) as db:
                for row in await db.find(Presence):
                    found[UserKey(tenant_id, row.user_id)] = _choice(row)
        return found

    async def save(self, user: UserKey, choice: Choice) -> None:
        values = _values(choice)
        async with self._storage.write(user.tenant_id) as db:
            if not await db.update(Presence, Presence.user_id == user.user_id, **values):
                row = Presence(tenant_id=user.tenant_id, user_id=user.user_id, **values)
                await db.add(row)


def _values(choice: Choice) -> dict[str, Any]:
    dnd = choice.dnd
    return {
        "status": choice.status.value,
        "status_until": choice.status_until,
        "dnd": dnd.on,
        "dnd_until": dnd.until,
        "dnd_since": dnd.since,
        "dnd_by": dnd.by,
        "dnd_at_pbx": dnd.at_pbx,
        "note": choice.note,
        "note_until": choice.note_until,
        "audience": choice.audience,
        "viewers": sorted(choice.viewers),
    }


def _choice(row: Presence) -> Choice:
    by = cast(Literal["user", "pbx"], row.dnd_by)
    until: datetime | None = row.dnd_until
    return Choice(
        status=Status(row.status),
        status_until=row.status_until,
        dnd=DoNotDisturb(row.dnd, until, row.dnd_since, by, row.dnd_at_pbx),
        note=row.note,
        note_until=row.note_until,
        audience=cast(Audience, row.audience),
        viewers=frozenset(row.viewers),
    )
