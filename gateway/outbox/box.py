"""Putting in, and looking at what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from gateway.credentials.secrets import Secrets
from gateway.storage.ids import new_id, utc_now
from gateway.storage.storage import TenantSession
from gateway.storage.tables.outbox import OutboxItem

KEEP = timedelta(days=7)


def secret_context(tenant_id: str, item_id: str) -> str:
    return f"outbox/{tenant_id}/{item_id}"


class Outbox:
    def __init__(self, secrets: Secrets, now: Callable[[], datetime] = utc_now) -> None:
        self._secrets = secrets
        self._now = now
        #: Told of (tenant, kind) after each commit; the dispatcher of this process, if any.
        self.on_put: Callable[[str, str], None] = lambda _tenant, _kind: None

    async def put(
        self,
        db: TenantSession,
        kind: str,
        payload: Mapping[str, Any],
        secret: str = "",
        *,
        user_id: str | None = None,
        target_id: str | None = None,
        keep: timedelta = KEEP,
    ) -> str:
        """In the caller's transaction; the item's id. After ``keep`` nobody tries any more."""
        item_id, now = new_id(), self._now()
        sealed = self._secrets.seal(secret, secret_context(db.tenant_id, item_id))
        await db.add(
            OutboxItem(
                id=item_id,
                tenant_id=db.tenant_id,
                kind=kind,
                user_id=user_id,
                target_id=target_id,
                payload=dict(payload),
                secret=sealed if secret else None,
                due_at=now,
                created_at=now,
                expires_at=now + keep,
            )
        )
        db.after_commit(lambda: self.on_put(db.tenant_id, kind))
        return item_id

    async def dead(self, db: TenantSession, kind: str, limit: int = 50) -> list[OutboxItem]:
        """What was given up, the newest first."""
        return await db.find(
            OutboxItem,
            OutboxItem.kind == kind,
            OutboxItem.state == "dead",
            order_by=[col(OutboxItem.id).desc()],
            limit=limit,
        )

    async def again(self, db: TenantSession, item_id: str) -> bool:
        """Try a dead one anew. Not where a secret was part of it: that is gone."""
        item = await db.get(OutboxItem, item_id)
        kind = item.kind if item is not None else ""
        unexpired = col(OutboxItem.expires_at) > self._now()
        return bool(await self._revive(db, kind, OutboxItem.id == item_id, unexpired))

    async def again_to(
        self, db: TenantSession, kind: str, target_id: str, keep: timedelta, item_id: str = ""
    ) -> int:
        """All dead ones of a target, or the one, with as much time as new ones have."""
        where: list[Any] = [OutboxItem.target_id == target_id]
        if item_id:
            where.append(OutboxItem.id == item_id)
        return await self._revive(db, kind, *where, expires_at=self._now() + keep)

    async def _revive(self, db: TenantSession, kind: str, *where: Any, **values: Any) -> int:
        revived = await db.update(
            OutboxItem,
            OutboxItem.kind == kind,
            OutboxItem.state == "dead",
            *where,
            state="pending",
            attempts=0,
            due_at=self._now(),
            settled_at=None,
            error="",
            **values,
        )
        if revived:
            db.after_commit(lambda: self.on_put(db.tenant_id, kind))
        return revived
