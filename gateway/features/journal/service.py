"""Entries are opened, marked answered, and settled once; each step returns after its commit.

An entry is ``pending`` from the first signal of a call until it is settled; clients see settled
entries only. Of those only ``missed`` ones count as unread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from gateway.event_ports import EventOutlet
from gateway.features.journal.reading import MISSED, PENDING, unknown, unread_of, view_of
from gateway.features.journal.telling import tell
from gateway.ports import CutOff, EventSink, JsonObject, Numbers, UserKey
from gateway.storage.folding import search_name
from gateway.storage.ids import is_id, new_id
from gateway.storage.models import JournalEntry
from gateway.storage.storage import Storage

log = structlog.get_logger(__name__)

#: The reason of an entry whose call nobody saw end.
NODE_FAILED = "node_failed"


class JournalService:
    """Implements the ``JournalWriter`` port."""

    def __init__(
        self, storage: Storage, events: EventSink, outlet: EventOutlet | None = None
    ) -> None:
        self._storage = storage
        self._events = events
        self._outlet = outlet

    # --- written by call control -------------------------------------------------------------

    async def open(
        self,
        user: UserKey,
        call_id: str,
        *,
        direction: str,
        numbers: Numbers,
        name: str | None,
        started_at: datetime,
        diverted_by: str | None = None,
        original_called: str | None = None,
        pbx_call: str | None = None,
    ) -> str:
        entry_id = new_id()
        try:
            async with self._storage.write(user.tenant_id) as db:
                await db.insert(
                    JournalEntry,
                    id=entry_id,
                    user_id=user.user_id,
                    call_id=call_id,
                    direction=direction,
                    kind=PENDING,
                    name=_cut(name, 200),
                    **_stored(numbers),
                    started_at=started_at,
                    diverted_by=_cut(diverted_by, 200),
                    original_called=_cut(original_called, 200),
                    search_name=search_name(name or ""),
                    trail=[],
                    pbx_call=_cut(pbx_call, 120),
                )
                begun = "call.ringing" if direction == "in" else "call.dialling"
                await tell(self._outlet, db, user, call_id, begun)
        except IntegrityError:
            # Written before, its commit was only not heard of. Looked for after the attempt: a
            # call waits for this, and nearly always there is none.
            async with self._storage.read(user.tenant_id) as db:
                known = await db.first(JournalEntry, *_of_call(user, call_id))
            if known is None:
                raise
            return known.id
        return entry_id

    async def answered(
        self, user: UserKey, call_id: str, *, device_id: str | None, at: datetime
    ) -> None:
        async with self._storage.write(user.tenant_id) as db:
            changed = await db.update(
                JournalEntry,
                *_of_call(user, call_id),
                JournalEntry.kind == PENDING,
                col(JournalEntry.answered_at).is_(None),
                answered_at=at,
                device_id=device_id,
            )
            if changed:
                await tell(self._outlet, db, user, call_id, "call.answered")

    async def settle(
        self,
        user: UserKey,
        call_id: str,
        *,
        kind: str,
        reason: str,
        name: str | None,
        device_id: str | None,
        ended_at: datetime,
        duration_ms: int,
        answered_on: str | None = None,
        answered_by: str | None = None,
        forwarded_to: str | None = None,
        trail: Sequence[JsonObject] = (),
        numbers: Numbers | None = None,
    ) -> None:
        values: dict[str, Any] = {
            "kind": kind,
            "reason": reason,
            "ended_at": ended_at,
            "duration_ms": max(0, duration_ms),
            "unread": kind == MISSED,
            "answered_on": answered_on,
            "answered_by": _cut(answered_by, 200),
            "forwarded_to": _cut(forwarded_to, 200),
            "trail": list(trail),
        }
        if name is not None or numbers is not None:
            values |= {"name": _cut(name, 200), "search_name": search_name(name or "")}
        if numbers is not None:
            values |= _stored(numbers)
        if device_id is not None:
            values["device_id"] = device_id
        if kind == MISSED:
            # An answer that was written down but never reached the line is none.
            values |= {"answered_at": None, "device_id": None}
        async with self._storage.write(user.tenant_id) as db:
            of_call = _of_call(user, call_id)
            if not await db.update(JournalEntry, *of_call, JournalEntry.kind == PENDING, **values):
                return  # settled before, or deleted by the user
            entry = await db.first(JournalEntry, *of_call)
            unread = await unread_of(db, user)
            over = ("call.ended", "call.missed") if kind == MISSED else ("call.ended",)
            await tell(self._outlet, db, user, call_id, *over)
        if entry is not None:
            self._publish(
                user, "journal.added", unread, entry=view_of(entry).model_dump(mode="json")
            )

    async def at_pbx(self, user: UserKey, call_id: str, pbx_call: str) -> None:
        async with self._storage.write(user.tenant_id) as db:
            of_call = _of_call(user, call_id)
            await db.update(JournalEntry, *of_call, pbx_call=_cut(pbx_call, 120))

    async def take_up(
        self, user: UserKey, pbx_call: str, canonical: str, since: datetime
    ) -> CutOff | None:
        async with self._storage.write(user.tenant_id) as db:
            where: list[Any] = [
                JournalEntry.user_id == user.user_id,
                JournalEntry.pbx_call == _cut(pbx_call, 120),
                JournalEntry.canonical == canonical[:100],
                JournalEntry.reason == NODE_FAILED,
                col(JournalEntry.started_at) >= since,
            ]
            found = await db.find(JournalEntry, *where)
            if not found:
                return None
            entry = max(found, key=lambda one: one.started_at)
            taken = {"kind": PENDING, "reason": None, "ended_at": None, "unread": False}
            await db.update(JournalEntry, JournalEntry.id == entry.id, **taken)
            unread = await unread_of(db, user)
        self._publish(user, "journal.removed", unread, id=entry.id)
        return CutOff(entry.call_id, entry.started_at, entry.answered_at)

    async def unread(self, user: UserKey) -> int:
        async with self._storage.read(user.tenant_id) as db:
            return await unread_of(db, user)

    async def reap(self) -> int:
        """At start: calls that a crash cut off are settled with what is known about them.

        Nobody saw their end, so the last known moment stands for it.
        """
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        closed = 0
        for tenant_id in tenants:
            async with self._storage.read(tenant_id) as db:
                orphans = await db.find(JournalEntry, JournalEntry.kind == PENDING)
            for entry in orphans:
                await self.settle(
                    UserKey(tenant_id, entry.user_id),
                    entry.call_id,
                    kind=_orphan_kind(entry),
                    reason=NODE_FAILED,
                    name=None,
                    device_id=None,
                    ended_at=entry.answered_at or entry.started_at,
                    duration_ms=0,
                )
            closed += len(orphans)
        if closed:
            log.warning("journal.orphans_closed", count=closed)
        return closed

    # --- changed by the user ---------------------------------------------------------

    async def delete(self, user: UserKey, entry_id: str) -> None:
        if not is_id(entry_id):
            raise unknown()
        async with self._storage.write(user.tenant_id) as db:
            gone = await db.delete(
                JournalEntry,
                JournalEntry.id == entry_id,
                JournalEntry.user_id == user.user_id,
                JournalEntry.kind != PENDING,
            )
            unread = await unread_of(db, user)
        if not gone:
            raise unknown()
        self._publish(user, "journal.removed", unread, id=entry_id)

    async def delete_all(self, user: UserKey) -> None:
        """Entries of running calls stay: they are not facts yet."""
        async with self._storage.write(user.tenant_id) as db:
            await db.delete(
                JournalEntry, JournalEntry.user_id == user.user_id, JournalEntry.kind != PENDING
            )
        self._publish(user, "journal.removed", 0, id=None)

    async def mark_read(self, user: UserKey, ids: list[str] | None) -> int:
        where: list[Any] = [JournalEntry.user_id == user.user_id, col(JournalEntry.unread)]
        if ids is not None:
            where.append(col(JournalEntry.id).in_([i for i in ids if is_id(i)]))
        async with self._storage.write(user.tenant_id) as db:
            changed = await db.find(JournalEntry, *where, limit=500)
            await db.update(JournalEntry, *where, unread=False)
            unread = await unread_of(db, user)
        for entry in changed:
            view = view_of(entry)
            view.unread = False
            self._publish(user, "journal.changed", unread, entry=view.model_dump(mode="json"))
        return unread

    def _publish(self, user: UserKey, event: str, unread: int, **payload: Any) -> None:
        self._events.to_user(user, event, {**payload, "unread": unread})


def _of_call(user: UserKey, call_id: str) -> tuple[Any, Any]:
    return (JournalEntry.user_id == user.user_id, JournalEntry.call_id == call_id)


def _stored(numbers: Numbers) -> dict[str, str]:
    return {
        "dialled": numbers.dialled[:100],
        "canonical": numbers.canonical[:100],
        "display": numbers.display[:100],
    }


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text else None


def _orphan_kind(entry: JournalEntry) -> str:
    if entry.answered_at is not None:
        return "answered"
    return MISSED if entry.direction == "in" else "failed"
