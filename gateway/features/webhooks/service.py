"""Set up, change, pause, rotate, remove; try, and send again what was given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from gateway.addresses import AddressRefused, AddressUnknown
from gateway.admin_ports import AuditLog, Principal, Quotas
from gateway.credentials.secrets import Secrets
from gateway.features.webhooks import signing
from gateway.features.webhooks.breaker import Breaker
from gateway.features.webhooks.delivering import secret_context
from gateway.features.webhooks.events import ABOUT, TEST, Event
from gateway.features.webhooks.models import (
    ChangedWebhook,
    DeliveryView,
    MadeWebhook,
    NewWebhook,
    WebhookView,
)
from gateway.features.webhooks.outlet import KEEP, KIND, Outlet
from gateway.features.webhooks.reading import delivery_of, known, view_of
from gateway.outbound import Outbound, OutboundError
from gateway.outbox import Outbox
from gateway.ports import Problem
from gateway.storage.ids import is_id, new_id, utc_now
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.outbox import OutboxItem
from gateway.storage.tables.webhooks import Webhook, name_of

_LOOKUP = 3.0  # s


class WebhooksService:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        outbound: Outbound,
        outbox: Outbox,
        outlet: Outlet,
        breaker: Breaker,
        audit: AuditLog,
        quotas: Quotas,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._outbound = outbound
        self._outbox = outbox
        self._outlet = outlet
        self._breaker = breaker
        self._audit = audit
        self._quotas = quotas
        self._now = now

    # -- setting up --------------------------------------------------------------------------------
    async def create(self, who: Principal, wanted: NewWebhook) -> MadeWebhook:
        _may_hear(who, wanted.events)
        url = await self._checked(wanted.url)
        webhook_id, secret = new_id(), signing.new_secret()
        row = Webhook(
            id=webhook_id,
            tenant_id=who.tenant_id,
            url=url,
            description=wanted.description,
            events=[event.value for event in wanted.events],
            secret=self._secrets.seal(secret, secret_context(who.tenant_id, webhook_id)),
            created_at=self._now(),
            created_by=who.name[:200],
        )
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if await db.count(Webhook) >= self._quotas.of(who.tenant_id).webhooks:
                raise Problem(409, "too_many_webhooks", "Remove one of the webhooks first")
            await db.add(row)
            await self._record(db, who, "webhook.create", row, after=_said(row))
            view = await view_of(db, row)
            self._changed(db)
        return MadeWebhook(webhook=view, secret=secret)

    async def change(
        self, who: Principal, webhook_id: str, wanted: ChangedWebhook, version: int
    ) -> WebhookView:
        _may_hear(who, wanted.events)
        url = await self._checked(wanted.url)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await known(db, webhook_id)
            if row.version != version:
                raise Problem(412, "changed_meanwhile", "This was changed meanwhile")
            await _may_see(db, who, row)
            before, elsewhere = _said(row), row.url != url
            row.url, row.description = url, wanted.description
            row.events = [event.value for event in wanted.events]
            if wanted.paused:
                row.state = "paused" if row.state == "active" else row.state
            elif row.state != "active" or elsewhere:
                row.state, row.failing_since, row.failed_at, row.error = "active", None, None, ""
                db.after_commit(lambda: self._breaker.forget(webhook_id))
            row.version += 1
            await db.add(row)
            after = _said(row) | ({"url_changed": True} if elsewhere else {})
            await self._record(db, who, "webhook.change", row, before=before, after=after)
            self._changed(db)
            return await view_of(db, row)

    async def rotate(self, who: Principal, webhook_id: str, change_over_hours: int) -> MadeWebhook:
        """Another secret; for the change-over both sign."""
        secret, until = signing.new_secret(), self._now() + timedelta(hours=change_over_hours)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await known(db, webhook_id)
            await _may_see(db, who, row)
            row.old_secret = row.secret if change_over_hours else None
            row.old_secret_until = until if change_over_hours else None
            row.secret = self._secrets.seal(secret, secret_context(who.tenant_id, webhook_id))
            row.version += 1
            await db.add(row)
            after = {"change_over_hours": change_over_hours}
            await self._record(db, who, "webhook.rotate_secret", row, after=after)
            return MadeWebhook(webhook=await view_of(db, row), secret=secret)

    async def remove(self, who: Principal, webhook_id: str) -> None:
        """With all that waits for it."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await known(db, webhook_id)
            await db.delete(OutboxItem, OutboxItem.kind == KIND, OutboxItem.target_id == webhook_id)
            await db.delete(Webhook, Webhook.id == webhook_id)
            await self._record(db, who, "webhook.delete", row, before=_said(row))
            self._changed(db)
        self._breaker.forget(webhook_id)

    # -- sending -----------------------------------------------------------------------------------
    async def test(self, who: Principal, webhook_id: str) -> DeliveryView:
        """One event, sent once; its outcome is among the deliveries a moment later."""
        async with self._storage.write(who.tenant_id) as db:
            _must_be_active(await known(db, webhook_id))
            data = {"webhook_id": webhook_id}
            item_id = await self._outlet.put(db, webhook_id, TEST, data, keep=timedelta(hours=1))
            return await _delivery(db, webhook_id, item_id)

    async def send_again(self, who: Principal, webhook_id: str, delivery_id: str) -> DeliveryView:
        async with self._storage.write(who.tenant_id) as db:
            row = await known(db, webhook_id)
            await _delivery(db, webhook_id, delivery_id)
            _must_be_active(row)
            await _may_see(db, who, row)
            if not await self._outbox.again_to(db, KIND, webhook_id, KEEP, delivery_id):
                raise Problem(409, "not_given_up", "This is delivered, or will be tried again")
            await self._record(db, who, "webhook.send_again", row, after={"count": 1})
            db.after_commit(lambda: self._breaker.forget(webhook_id))
        async with self._storage.read(who.tenant_id) as db:
            return await _delivery(db, webhook_id, delivery_id)

    async def send_all_again(self, who: Principal, webhook_id: str) -> int:
        async with self._storage.write(who.tenant_id) as db:
            row = await known(db, webhook_id)
            _must_be_active(row)
            await _may_see(db, who, row)
            count = await self._outbox.again_to(db, KIND, webhook_id, KEEP)
            if count:
                await self._record(db, who, "webhook.send_again", row, after={"count": count})
            db.after_commit(lambda: self._breaker.forget(webhook_id))
        return count

    # -- inside ------------------------------------------------------------------------------------
    def _changed(self, db: TenantSession) -> None:
        db.after_commit(lambda: self._outlet.changed(db.tenant_id))

    async def _checked(self, url: str) -> str:
        """What is plain already; what a name leads to is looked at with every delivery anew."""
        try:
            parsed = self._outbound.check_url(url)
        except OutboundError as error:
            raise Problem(422, "url_refused", error.text) from error
        if parsed.scheme != "https":
            raise Problem(422, "url_refused", "The URL must begin with https://")
        try:
            async with asyncio.timeout(_LOOKUP):
                await self._outbound.policy.resolve(parsed.host or "")
        except AddressRefused as error:
            raise Problem(422, "url_refused", str(error)) from error
        except (AddressUnknown, TimeoutError):
            pass  # it may be there tomorrow
        return str(parsed)

    async def _record(
        self, db: TenantSession, who: Principal, action: str, row: Webhook, **more: Any
    ) -> None:
        await self._audit.record(
            db, who, action, "webhook", row.id, target_name=name_of(row), **more
        )


async def _may_see(db: TenantSession, who: Principal, row: Webhook) -> None:
    """Its events, and those of what it holds: they may have been more once."""
    if who.kind != "key":
        return
    unsent = (OutboxItem.kind == KIND, OutboxItem.target_id == row.id, OutboxItem.state != "done")
    kind = col(OutboxItem.payload)["type"].as_string()
    held = await db.values(OutboxItem, kind, *unsent, once=True)
    _may_hear(who, [Event(name) for name in {*row.events, *held} - {TEST}])


def _may_hear(who: Principal, events: Iterable[Event]) -> None:
    """A key learns by a webhook only what it may ask for as well."""
    if who.kind != "key":
        return
    for event in sorted(events):
        if not who.may(ABOUT[event].needs):
            scope = ABOUT[event].needs.value
            raise Problem(
                403, "permission_missing", f"To be told of {event.value} a key needs {scope}"
            )


def _must_be_active(row: Webhook) -> None:
    if row.state != "active":
        raise Problem(409, "webhook_paused", "This webhook is paused: resume it first")


async def _delivery(db: TenantSession, webhook_id: str, item_id: str) -> DeliveryView:
    row = await db.get(OutboxItem, item_id) if is_id(item_id) else None
    if row is None or row.kind != KIND or row.target_id != webhook_id:
        raise Problem(404, "delivery_unknown", "There is no such delivery")
    return delivery_of(row)


def _said(row: Webhook) -> dict[str, object]:
    """For the audit: no secret, and of the URL what is none."""
    return {
        "to": name_of(row),
        "description": row.description,
        "events": list(row.events),
        "state": row.state,
    }
