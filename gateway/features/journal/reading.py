"""The journal as its owner reads it: pages, one entry with its story, all of it as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col

from gateway.features.journal import export
from gateway.features.journal.models import (
    EntryDetails,
    EntryView,
    ExportQuery,
    JournalPage,
    JournalQuery,
    TrailDevice,
    TrailView,
)
from gateway.http import cursor
from gateway.http.shapes import NumberView
from gateway.http.spreadsheet import BYTE_ORDER_MARK, csv_text
from gateway.ports import DirectoryLookup, Problem, UserKey
from gateway.storage.folding import query_digits, query_terms
from gateway.storage.models import Device, JournalEntry, Session
from gateway.storage.storage import Storage, TenantSession

PENDING = "pending"
MISSED = "missed"
#: Rows that the export reads at a time: no transaction lasts as long as a slow download.
BATCH = 500


class JournalReader:
    def __init__(self, storage: Storage, directory: DirectoryLookup) -> None:
        self._storage = storage
        self._directory = directory

    async def page(self, user: UserKey, query: JournalQuery) -> JournalPage:
        where = [*_of_user(user), *_shown(query)]
        if query.cursor is not None:
            where.append(col(JournalEntry.id) < cursor.decode(query.cursor, 1)[0])
        async with self._storage.read(user.tenant_id) as db:
            entries = await _newest(db, where, query.limit + 1)
            unread = await unread_of(db, user)
        more = len(entries) > query.limit
        entries = entries[: query.limit]
        following = cursor.encode(entries[-1].id) if more else None
        items = await self._named(user, [view_of(entry) for entry in entries])
        return JournalPage(items=items, next_cursor=following, unread=unread)

    async def details(self, user: UserKey, entry_id: str) -> EntryDetails:
        async with self._storage.read(user.tenant_id) as db:
            entry = await db.get(JournalEntry, entry_id)
            if entry is None or entry.user_id != user.user_id or entry.kind == PENDING:
                raise unknown()
            devices = await db.find(Device, Device.user_id == user.user_id)
            signed_in = await _signed_in(db, user, entry.started_at)
        (view,) = await self._named(user, [view_of(entry)])
        return EntryDetails(entry=view, trail=_trail(entry, devices, signed_in))

    async def file(self, user: UserKey, query: ExportQuery) -> AsyncIterator[bytes]:
        """The whole history, the newest first."""
        separator, zone = query.sign, await query.zone()
        async with self._storage.read(user.tenant_id) as db:
            devices = await db.find(Device, Device.user_id == user.user_id)
        names = {device.id: device.name for device in devices}
        text = BYTE_ORDER_MARK + csv_text([export.HEADINGS], separator)
        where, after = _of_user(user), None
        while True:
            yield text.encode()
            later: list[Any] = [] if after is None else [col(JournalEntry.id) < after]
            async with self._storage.read(user.tenant_id) as db:
                entries = await _newest(db, [*where, *later], BATCH)
            if not entries:
                return
            after = entries[-1].id
            views = await self._named(user, [view_of(entry) for entry in entries])
            rows = [
                export.row_of(view, names.get(view.device_id or "", ""), zone) for view in views
            ]
            text = csv_text(rows, separator)

    async def _named(self, user: UserKey, views: list[EntryView]) -> list[EntryView]:
        """Whoever got a name since the call is shown with it."""
        nameless = {view.number.canonical for view in views if view.name is None}
        names = await self._directory.names_of(user.tenant_id, nameless, user.user_id)
        for view in views:
            if view.name is None:
                view.name = names.get(view.number.canonical)
        return views


async def unread_of(db: TenantSession, user: UserKey) -> int:
    return await db.count(
        JournalEntry, JournalEntry.user_id == user.user_id, col(JournalEntry.unread)
    )


async def _newest(db: TenantSession, where: Sequence[Any], limit: int) -> list[JournalEntry]:
    newest = [col(JournalEntry.id).desc()]
    return await db.find(JournalEntry, *where, order_by=newest, limit=limit)


async def _signed_in(db: TenantSession, user: UserKey, at: datetime) -> set[str]:
    """The devices that had a session at that moment, connected or not."""
    sessions = await db.find(
        Session,
        Session.user_id == user.user_id,
        Session.created_at <= at,
        Session.expires_at > at,
        or_(col(Session.revoked_at).is_(None), col(Session.revoked_at) > at),
    )
    return {session.device_id for session in sessions}


def _trail(entry: JournalEntry, devices: Sequence[Device], signed_in: set[str]) -> list[TrailView]:
    known = {device.id: device for device in devices}

    def device_of(device_id: str) -> TrailDevice:
        device = known.get(device_id)
        if device is None:
            return TrailDevice(id=device_id, name=None, kind=None)
        said = {"id": device.id, "name": device.name, "kind": device.kind}
        return TrailDevice.model_validate(said)

    steps = [
        TrailView(
            at=step["at"],
            code=step["code"],
            device=device_of(step["device_id"]) if step["device_id"] is not None else None,
            detail=step["detail"],
        )
        for step in entry.trail or ()
    ]
    if not steps:
        return steps
    told = {step.device.id for step in steps if step.device is not None}
    steps += [
        TrailView(at=entry.started_at, code="not_connected", device=device_of(device_id), detail="")
        for device_id in sorted(signed_in & known.keys() - told)
    ]
    return steps


def _of_user(user: UserKey) -> list[Any]:
    return [JournalEntry.user_id == user.user_id, JournalEntry.kind != PENDING]


def _shown(query: JournalQuery) -> list[Any]:
    where: list[Any] = []
    match query.show:
        case "missed":
            where += [JournalEntry.kind == MISSED]
        case "incoming":
            where += [JournalEntry.direction == "in"]
        case "outgoing":
            where += [JournalEntry.direction == "out"]
    if query.q.strip():
        where.append(_matches(query.q))
    return where


def _matches(text: str) -> Any:
    """By the beginnings of words of the name, or by digits anywhere in the number."""
    by: list[Any] = []
    terms = query_terms(text)
    if terms:
        words = [
            col(JournalEntry.search_name).contains(f" {term}", autoescape=True) for term in terms
        ]
        by.append(and_(*words))
    digits = query_digits(text)
    if digits is not None:
        by += [
            col(column).contains(digits, autoescape=True)
            for column in (JournalEntry.canonical, JournalEntry.dialled)
        ]
    return or_(*by) if by else col(JournalEntry.id).is_(None)


def unknown() -> Problem:
    return Problem(404, "not_found", "There is no such entry")


#: What a row says as it is shown.
_SAME = tuple(name for name in EntryView.model_fields if name != "number")


def view_of(entry: JournalEntry) -> EntryView:
    number = NumberView(dialled=entry.dialled, canonical=entry.canonical, display=entry.display)
    return EntryView.model_validate(
        {"number": number, **{name: getattr(entry, name) for name in _SAME}}
    )
