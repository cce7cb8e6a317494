"""Who wants to be told of what, and putting it into the outbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from gateway.features.webhooks.events import ABOUT, OF_AUDIT, VERSION, Event, data_of_audit
from gateway.outbox import Outbox
from gateway.storage.ids import utc_now
from gateway.storage.storage import TenantSession
from gateway.storage.tables.webhooks import Webhook

KIND = "webhook"
#: Nobody tries for longer; an administrator may send it again.
KEEP = timedelta(days=3)
#: How long this process believes what it read: another one may have changed it.
_BELIEVED = 10.0  # s

Listeners = Mapping[str, frozenset[str]]  # webhook -> events


class Outlet:
    """Implements the ports ``EventOutlet`` and ``AuditFollower``.

    A caller waits while a call is written down: without listeners that costs a look into a dict.
    """

    def __init__(
        self,
        outbox: Outbox,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox = outbox
        self._now = now
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, Listeners]] = {}
        self._changes = 0

    async def wanted(self, db: TenantSession, event: str) -> bool:
        listeners = await self._listeners(db)
        return any(event in events for events in listeners.values())

    async def emit(
        self,
        db: TenantSession,
        event: str,
        data: Mapping[str, Any],
        *,
        user_id: str | None = None,
    ) -> None:
        told = ABOUT[Event(event)].data.model_validate(data).model_dump(mode="json")
        for webhook_id, events in (await self._listeners(db)).items():
            if event in events:
                await self.put(db, webhook_id, event, told, user_id=user_id)

    async def audited(self, db: TenantSession, action: str, target_id: str) -> None:
        event = OF_AUDIT.get(action)
        if event is not None:
            await self.emit(db, event, data_of_audit(event, target_id))

    async def put(
        self,
        db: TenantSession,
        webhook_id: str,
        event: str,
        data: Mapping[str, Any],
        *,
        user_id: str | None = None,
        keep: timedelta = KEEP,
    ) -> str:
        payload = {
            "type": event,
            "version": VERSION,
            "timestamp": self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "tenant_id": db.tenant_id,
            "data": dict(data),
        }
        return await self._outbox.put(
            db, KIND, payload, user_id=user_id, target_id=webhook_id, keep=keep
        )

    def changed(self, tenant_id: str) -> None:
        """A webhook of the tenant is another one."""
        self._changes += 1
        self._known.pop(tenant_id, None)

    async def _listeners(self, db: TenantSession) -> Listeners:
        known = self._known.get(db.tenant_id)
        now = self._monotonic()
        if known is not None and now - known[0] < _BELIEVED:
            return known[1]
        changes = self._changes
        rows = await db.find(Webhook, Webhook.state == "active", order_by=[col(Webhook.id)])
        listeners = {row.id: frozenset(row.events) for row in rows}
        if changes == self._changes:  # else what was read may be of before
            self._known[db.tenant_id] = (now, listeners)
        return listeners
