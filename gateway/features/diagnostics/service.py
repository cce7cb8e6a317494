"""Takes bundles in, keeps the newest for 30 days, gives them to those who help."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal, oneself
from gateway.features.diagnostics.models import (
    DiagnosticsPage,
    DiagnosticsQuery,
    DiagnosticsSender,
    DiagnosticsSent,
    DiagnosticsTaken,
    DiagnosticsView,
    OperatorDiagnosticsPage,
    OperatorDiagnosticsView,
)
from gateway.features.diagnostics.redaction import Redaction
from gateway.http import cursor
from gateway.http.limits import RateLimiter
from gateway.ports import Actor, Problem
from gateway.storage.ids import is_id, utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.diagnostics import DiagnosticsBundle

log = structlog.get_logger(__name__)

KEEP = timedelta(days=30)
#: Newer ones take the place of the oldest: of one person, and of the whole tenant.
MOST_OF_ONE = 5
MOST = 500
SENT_PER_HOUR = 10
PURGE_EVERY = 3600.0  # s
#: A page of lists would be megabytes with it.
_LONG = (col(DiagnosticsBundle.content),)


class DiagnosticsService:
    def __init__(
        self, storage: Storage, audit: AuditLog, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._storage = storage
        self._audit = audit
        self._now = now
        self._rate = RateLimiter(SENT_PER_HOUR, per=3600.0)

    # --- sending ---------------------------------------------------------------------------

    async def take(self, actor: Actor, client_ip: str, sent: DiagnosticsSent) -> DiagnosticsTaken:
        tenant_id, user_id = actor.user.tenant_id, actor.user.user_id
        self._rate.take(actor.user, time.monotonic())
        note, content, redacted = await asyncio.to_thread(_redacted, sent)
        bundle = DiagnosticsBundle(
            tenant_id=tenant_id,
            user_id=user_id,
            source=sent.source,
            note=note,
            content=content,
            size=len(content.encode()),
            redacted=redacted,
            created_at=self._now(),
        )
        async with self._storage.write(tenant_id) as db:
            await self._audit.record(  # locks the tenant: two that send at once count each other
                db,
                oneself(actor, client_ip),
                "diagnostics.send",
                "diagnostics",
                bundle.id,
                target_name=reference(bundle.id),
                after={"source": sent.source, "size": bundle.size, "redacted": redacted},
            )
            mine = DiagnosticsBundle.user_id == user_id
            await _make_room(db, MOST_OF_ONE, mine)
            await _make_room(db, MOST)
            await db.add(bundle)
        return DiagnosticsTaken(
            id=bundle.id,
            reference=reference(bundle.id),
            redacted=redacted,
            kept_until=bundle.created_at + KEEP,
        )

    # --- reading ---------------------------------------------------------------------------

    async def page(self, tenant_id: str, query: DiagnosticsQuery) -> DiagnosticsPage:
        rows, following = await self._rows(tenant_id, query)
        async with self._storage.read(tenant_id) as db:
            ids = {row.user_id for row in rows}
            names = {user.id: user.name for user in await db.find(User, col(User.id).in_(ids))}
        items = [
            DiagnosticsView(
                **_view(row).model_dump(),
                sender=DiagnosticsSender(id=row.user_id, name=names.get(row.user_id, "")),
                note=row.note,
            )
            for row in rows
        ]
        return DiagnosticsPage(items=items, next_cursor=following)

    async def operators_page(
        self, tenant_id: str, query: DiagnosticsQuery
    ) -> OperatorDiagnosticsPage:
        await self._known(tenant_id)
        rows, following = await self._rows(tenant_id, query)
        return OperatorDiagnosticsPage(items=[_view(row) for row in rows], next_cursor=following)

    async def file(self, who: Principal, bundle_id: str) -> tuple[str, AsyncIterator[bytes]]:
        """Its name and content; that it was read is audited in the tenant whose it is."""
        await self._known(who.tenant_id)
        async with self._storage.write(who.tenant_id) as db:
            bundle = await db.get(DiagnosticsBundle, bundle_id)
            if bundle is None or self._is_over(bundle):
                raise Problem(404, "diagnostics_unknown", "There are no such diagnostics")
            name = reference(bundle.id)
            await self._audit.record(
                db, who, "diagnostics.read", "diagnostics", bundle.id, target_name=name
            )
            content = bundle.content
        return f"diagnostics-{name}.json", _once(content.encode())

    async def _rows(
        self, tenant_id: str, query: DiagnosticsQuery
    ) -> tuple[list[DiagnosticsBundle], str | None]:
        """The newest first: ids grow with time."""
        where: list[Any] = [col(DiagnosticsBundle.created_at) > self._now() - KEEP]
        if query.cursor is not None:
            where.append(col(DiagnosticsBundle.id) < cursor.decode(query.cursor, 1)[0])
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(
                DiagnosticsBundle,
                *where,
                order_by=[col(DiagnosticsBundle.id).desc()],
                limit=query.limit + 1,
                without=_LONG,
            )
        more, rows = len(rows) > query.limit, rows[: query.limit]
        return rows, cursor.encode(rows[-1].id) if more else None

    async def _known(self, tenant_id: str) -> None:
        if is_id(tenant_id):
            async with self._storage.read(tenant_id) as db:
                if await db.tenant() is not None:
                    return
        raise Problem(404, "tenant_unknown", "There is no such tenant")

    def _is_over(self, bundle: DiagnosticsBundle) -> bool:
        return bundle.created_at <= self._now() - KEEP

    # --- forgetting ------------------------------------------------------------------------

    async def run(self) -> None:
        while True:
            try:
                await self.purge()
            except Exception:  # the database may be away; the next time finds the same
                log.exception("diagnostics.purge_failed")
            await asyncio.sleep(PURGE_EVERY)

    async def purge(self) -> None:
        old = col(DiagnosticsBundle.created_at) <= self._now() - KEEP
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        for tenant_id in tenants:
            async with self._storage.read(tenant_id) as db:
                due = await db.count(DiagnosticsBundle, old)
            if due:
                async with self._storage.write(tenant_id) as db:
                    await db.delete(DiagnosticsBundle, old)


def reference(bundle_id: str) -> str:
    """The end of the id, which is its random part: short enough to be said on the phone."""
    return bundle_id.replace("-", "")[-8:].upper()


def _redacted(sent: DiagnosticsSent) -> tuple[str, str, int]:
    redaction = Redaction()
    note = redaction.text(sent.note)[:500]
    bundle = redaction.of(sent.bundle)
    return note, json.dumps(bundle, ensure_ascii=False), redaction.count


async def _make_room(db: TenantSession, most: int, *where: Any) -> None:
    newest = [col(DiagnosticsBundle.id).desc()]
    kept = await db.find(
        DiagnosticsBundle, *where, order_by=newest, limit=1, offset=most - 1, without=_LONG
    )
    if kept:
        await db.delete(DiagnosticsBundle, *where, col(DiagnosticsBundle.id) <= kept[0].id)


def _view(row: DiagnosticsBundle) -> OperatorDiagnosticsView:
    return OperatorDiagnosticsView(
        id=row.id,
        reference=reference(row.id),
        source=row.source,
        size=row.size,
        redacted=row.redacted,
        created_at=row.created_at,
        kept_until=row.created_at + KEEP,
    )


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
