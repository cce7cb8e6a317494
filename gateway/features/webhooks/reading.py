"""Webhooks and their deliveries as administrators see them: everything but secrets and payloads."""

from __future__ import annotations

from typing import Any

from sqlmodel import col

from gateway.admin_ports import Quotas
from gateway.features.webhooks.models import (
    DeliveriesQuery,
    DeliveryPage,
    DeliveryState,
    DeliveryView,
    State,
    WebhookList,
    WebhookView,
)
from gateway.features.webhooks.outlet import KIND
from gateway.http import cursor as cursors
from gateway.ports import Problem
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.outbox import OutboxItem
from gateway.storage.tables.webhooks import Webhook

_STATES: dict[str, DeliveryState] = {"pending": "waiting", "done": "delivered", "dead": "dead"}
_STORED = {shown: stored for stored, shown in _STATES.items()}


class WebhookReader:
    def __init__(self, storage: Storage, quotas: Quotas) -> None:
        self._storage = storage
        self._quotas = quotas

    async def webhooks(self, tenant_id: str) -> WebhookList:
        """All of them, the newest first: a quota keeps them few."""
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(Webhook, order_by=[col(Webhook.id).desc()])
            items = [await view_of(db, row) for row in rows]
        limit = self._quotas.of(tenant_id).webhooks
        return WebhookList(items=items, next_cursor=None, limit=limit)

    async def webhook(self, tenant_id: str, webhook_id: str) -> WebhookView:
        async with self._storage.read(tenant_id) as db:
            return await view_of(db, await known(db, webhook_id))

    async def deliveries(
        self, tenant_id: str, webhook_id: str, query: DeliveriesQuery
    ) -> DeliveryPage:
        """The newest first."""
        where: list[Any] = [OutboxItem.kind == KIND, OutboxItem.target_id == webhook_id]
        if query.state is not None:
            where.append(OutboxItem.state == _STORED[query.state])
        if query.cursor is not None:
            where.append(col(OutboxItem.id) < cursors.decode(query.cursor, 1)[0])
        async with self._storage.read(tenant_id) as db:
            await known(db, webhook_id)
            rows = await db.find(
                OutboxItem, *where, order_by=[col(OutboxItem.id).desc()], limit=query.limit + 1
            )
        page = rows[: query.limit]
        more = cursors.encode(page[-1].id) if len(rows) > len(page) else None
        return DeliveryPage(items=[delivery_of(row) for row in page], next_cursor=more)


async def known(db: TenantSession, webhook_id: str) -> Webhook:
    row = await db.get(Webhook, webhook_id)
    if row is None:
        raise Problem(404, "webhook_unknown", "There is no such webhook")
    return row


async def view_of(db: TenantSession, row: Webhook) -> WebhookView:
    to_it = (OutboxItem.kind == KIND, OutboxItem.target_id == row.id)
    state: State = row.state  # type: ignore[assignment] # pydantic checks it
    return WebhookView(
        id=row.id,
        url=row.url,
        description=row.description,
        events=row.events,
        state=state,
        failing_since=row.failing_since,
        delivered_at=row.delivered_at,
        failed_at=row.failed_at,
        error=row.error,
        waiting=await db.count(OutboxItem, *to_it, OutboxItem.state == "pending"),
        dead=await db.count(OutboxItem, *to_it, OutboxItem.state == "dead"),
        old_secret_until=row.old_secret_until,
        created_at=row.created_at,
        created_by=row.created_by,
        version=row.version,
    )


def delivery_of(row: OutboxItem) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        event=str(row.payload["type"]),
        state=_STATES[row.state],
        attempts=row.attempts,
        created_at=row.created_at,
        next_try_at=row.due_at if row.state == "pending" else None,
        settled_at=row.settled_at,
        error=row.error,
    )
