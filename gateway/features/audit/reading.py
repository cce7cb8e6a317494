"""The audit as administrators read it: pages, a file, and the proof that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import or_
from sqlmodel import col

from gateway.features.audit.models import (
    AuditActor,
    AuditFileQuery,
    AuditFilter,
    AuditPage,
    AuditQuery,
    AuditTarget,
    AuditView,
    Fault,
    NotedEntry,
    VerifyReply,
)
from gateway.features.audit.service import GENESIS, digest_of
from gateway.http import cursor
from gateway.http.spreadsheet import BYTE_ORDER_MARK, csv_text, local_time
from gateway.ports import Problem
from gateway.storage.storage import Storage
from gateway.storage.tables.audit import AuditEntry

#: Rows read at a time: no transaction lasts as long as a slow download.
BATCH = 500
HEADINGS = (
    "number",
    "time",
    "who",
    "kind",
    "id",
    "address",
    "action",
    "of",
    "of id",
    "of name",
    "before",
    "after",
    "why",
    "digest",
)


class AuditReader:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def page(self, tenant_id: str, query: AuditQuery) -> AuditPage:
        """The newest first."""
        where = _chosen(query)
        if query.cursor is not None:
            where.append(col(AuditEntry.number) < _number(query.cursor))
        rows = await self._newest(tenant_id, where, query.limit + 1)
        more, rows = len(rows) > query.limit, rows[: query.limit]
        following = cursor.encode(str(rows[-1].number)) if more else None
        return AuditPage(items=[view_of(row) for row in rows], next_cursor=following)

    async def file(self, tenant_id: str, query: AuditFileQuery) -> AsyncIterator[bytes]:
        zone = await query.zone()
        text, before = BYTE_ORDER_MARK + csv_text([HEADINGS], query.sign), None
        while True:
            yield text.encode()
            where = _chosen(query)
            if before is not None:
                where.append(col(AuditEntry.number) < before)
            rows = await self._newest(tenant_id, where, BATCH)
            if not rows:
                return
            before = rows[-1].number
            text = csv_text([_cells(row, zone) for row in rows], query.sign)

    async def verify(self, tenant_id: str, noted: NotedEntry | None) -> VerifyReply:
        """Along the chain, from its beginning to the first fault."""
        last, digest, entries, as_noted = 0, GENESIS, 0, noted is None
        fault: Fault | None = None
        while fault is None:
            rows = await self._following(tenant_id, last)
            if not rows:
                break
            for row in rows:
                fault = _fault(row, last, digest)
                if fault is not None:
                    break
                last, digest, entries = row.number, row.digest, entries + 1
                if noted is not None and noted.number == last:
                    as_noted = noted.digest == digest.hex()
        broken = None if fault is None else last + 1
        if fault is None and not as_noted and noted is not None:
            fault, broken = "not_as_noted", min(noted.number, last + 1)
        return VerifyReply(
            whole=fault is None,
            entries=await self._count(tenant_id),
            first_broken=broken,
            fault=fault,
            last=last,
            digest=digest.hex(),
        )

    async def _newest(self, tenant_id: str, where: Sequence[Any], limit: int) -> list[AuditEntry]:
        newest = [col(AuditEntry.number).desc()]
        async with self._storage.read(tenant_id) as db:
            return await db.find(AuditEntry, *where, order_by=newest, limit=limit)

    async def _following(self, tenant_id: str, number: int) -> list[AuditEntry]:
        oldest = [col(AuditEntry.number)]
        async with self._storage.read(tenant_id) as db:
            return await db.find(
                AuditEntry, col(AuditEntry.number) > number, order_by=oldest, limit=BATCH
            )

    async def _count(self, tenant_id: str) -> int:
        async with self._storage.read(tenant_id) as db:
            return await db.count(AuditEntry)


def _fault(row: AuditEntry, last: int, digest: bytes) -> Fault | None:
    if row.number != last + 1:
        return "missing"
    if row.previous != digest:
        return "not_linked"
    return "changed" if digest_of(row) != row.digest else None


def _chosen(query: AuditFilter) -> list[Any]:
    where: list[Any] = []
    if query.who:
        named = col(AuditEntry.actor_name).icontains(query.who, autoescape=True)
        where.append(or_(col(AuditEntry.actor_id) == query.who, named))
    if query.action:
        where.append(col(AuditEntry.action).startswith(query.action, autoescape=True))
    if query.target:
        where.append(AuditEntry.target == query.target)
    if query.target_id:
        where.append(AuditEntry.target_id == query.target_id)
    if query.since is not None:
        where.append(AuditEntry.at >= query.since)
    if query.until is not None:
        where.append(AuditEntry.at <= query.until)
    return where


def _number(text: str) -> int:
    (position,) = cursor.decode(text, 1)
    if not (position.isascii() and position.isdigit() and len(position) <= 9):
        raise Problem(422, "bad_cursor", "This cursor is not one of ours")
    return int(position)


def view_of(row: AuditEntry) -> AuditView:
    return AuditView(
        number=row.number,
        at=row.at,
        who=AuditActor.model_validate(
            {"kind": row.actor_kind, "id": row.actor_id, "name": row.actor_name}
        ),
        client_ip=row.client_ip,
        action=row.action,
        target=AuditTarget(kind=row.target, id=row.target_id, name=row.target_name),
        before=row.before,
        after=row.after,
        why=row.why,
        digest=row.digest.hex(),
    )


def _cells(row: AuditEntry, zone: tzinfo) -> tuple[str, ...]:
    return (
        str(row.number),
        local_time(row.at, zone),
        row.actor_name,
        row.actor_kind,
        row.actor_id,
        row.client_ip or "",
        row.action,
        row.target,
        row.target_id,
        row.target_name,
        _json(row.before),
        _json(row.after),
        row.why,
        row.digest.hex(),
    )


def _json(value: dict[str, Any] | None) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
