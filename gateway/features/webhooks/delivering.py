"""What the outbox calls for each event, and what its outcome says of the webhook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import col

from gateway.admin_ports import AuditLog, Mail, Mailer, system
from gateway.credentials.secrets import Secrets
from gateway.features.webhooks import signing
from gateway.features.webhooks.breaker import Breaker
from gateway.features.webhooks.events import TEST
from gateway.features.webhooks.outlet import KIND, Outlet
from gateway.outbound import Outbound, OutboundError
from gateway.outbox import Delivery, Dispatcher, Failed, GiveUp, Policy
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.webhooks import Webhook, name_of

log = structlog.get_logger(__name__)

#: Some 19 hours on average from the first attempt to the last.
POLICY = Policy(
    first=10.0,
    longest=4 * 3600.0,
    attempts=20,
    timeout=15.0,
    workers=8,
    batch=4,  # of the look-ups and connections that all webhooks share
    done_kept=timedelta(days=3),
    dead_kept=timedelta(days=14),
    most_per_target=10_000,
)
#: Nothing was delivered for that long although it was tried: nobody is there any more.
STOP_AFTER = timedelta(days=3)
#: How often an outcome that is like the one before is written down.
NOTED_EVERY = timedelta(minutes=1)
#: A receiver's answer is its status; nobody reads the rest.
MAX_ANSWER = 64 * 1024


class _Gone(Failed):
    """RFC 9110 15.5.11: the receiver wants no more."""


def secret_context(tenant_id: str, webhook_id: str) -> str:
    return f"webhook/{tenant_id}/{webhook_id}"


class Deliverer:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        outbound: Outbound,
        breaker: Breaker,
        outlet: Outlet,
        audit: AuditLog,
        mailer: Mailer,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._outbound = outbound
        self._breaker = breaker
        self._outlet = outlet
        self._audit = audit
        self._mailer = mailer
        self._now = now

    def register(self, dispatcher: Dispatcher) -> None:
        dispatcher.register(KIND, self.deliver, POLICY)

    async def deliver(self, delivery: Delivery) -> None:
        async with self._storage.read(delivery.tenant_id) as db:
            webhook = await db.get(Webhook, delivery.target_id or "")
        if webhook is None or webhook.state != "active":
            raise GiveUp("the webhook did not take deliveries at that time")
        if delivery.payload["type"] == TEST:
            await self._deliver_test(webhook, delivery)
            return
        self._breaker.admit(webhook.id)
        try:
            await self._send(webhook, delivery)
        except Failed as error:
            self._breaker.failed(webhook.id)
            await self._note_failure(webhook, str(error), gone=isinstance(error, _Gone))
            raise
        await self._note_success(webhook)

    async def _deliver_test(self, webhook: Webhook, delivery: Delivery) -> None:
        """Somebody waits for the outcome: once, and without a look at how others fared."""
        try:
            await self._send(webhook, delivery)
        except Failed as error:
            raise GiveUp(str(error)) from error
        await self._note_success(webhook)

    async def _send(self, webhook: Webhook, delivery: Delivery) -> None:
        body = signing.body_of(delivery.payload)
        now = self._now()
        headers = signing.headers(
            delivery.id, int(now.timestamp()), body, self._secrets_of(webhook, now)
        )
        try:
            reply = await self._outbound.request(
                "POST", webhook.url, headers=headers, body=body, max_bytes=MAX_ANSWER
            )
        except OutboundError as error:
            raise Failed(error.text) from error
        if reply.status == 410:
            raise _Gone("The server answers 410: nobody is there any more")
        if not 200 <= reply.status < 300:
            raise Failed(f"The server answers {reply.status}")

    def _secrets_of(self, webhook: Webhook, now: datetime) -> list[str]:
        sealed = [webhook.secret]
        if webhook.old_secret is not None and (webhook.old_secret_until or now) > now:
            sealed.append(webhook.old_secret)
        context = secret_context(webhook.tenant_id, webhook.id)
        return [self._secrets.unseal(one, context) for one in sealed]

    # -- how the webhook fares ---------------------------------------------------------------------
    async def _note_success(self, webhook: Webhook) -> None:
        self._breaker.forget(webhook.id)
        now = self._now()
        if webhook.failing_since is None and _is_fresh(webhook.delivered_at, now):
            return
        async with self._storage.write(webhook.tenant_id) as db:
            await _mark(db, webhook, failing_since=None, delivered_at=now)

    async def _note_failure(self, webhook: Webhook, words: str, *, gone: bool) -> None:
        now = self._now()
        since = webhook.failing_since
        if gone or (since is not None and now - since >= STOP_AFTER):
            await self._stop(webhook, words, since or now)
        elif since is None or not _is_fresh(webhook.failed_at, now):
            async with self._storage.write(webhook.tenant_id) as db:
                await _mark(db, webhook, failed_at=now, error=words[:500])
                await db.update(
                    Webhook,
                    Webhook.id == webhook.id,
                    col(Webhook.failing_since).is_(None),
                    failing_since=now,
                )

    async def _stop(self, webhook: Webhook, words: str, since: datetime) -> None:
        """Nothing more is sent there until an administrator says so."""
        async with self._storage.write(webhook.tenant_id) as db:
            await db.lock_tenant()  # first, as whoever changes a webhook does
            stopped = await db.update(
                Webhook,
                Webhook.id == webhook.id,
                Webhook.state == "active",
                state="stopped",
                version=Webhook.version + 1,
                failed_at=self._now(),
                error=words[:500],
            )
            if not stopped:
                return  # by another delivery
            await self._audit.record(
                db,
                system(webhook.tenant_id, "webhooks"),
                "webhook.stop",
                "webhook",
                webhook.id,
                target_name=name_of(webhook),
                why=words,
            )
            await self._tell_admins(db, webhook, words, since)
        self._outlet.changed(webhook.tenant_id)
        log.warning("webhook.stopped", tenant=webhook.tenant_id, webhook=webhook.id)

    async def _tell_admins(
        self, db: TenantSession, webhook: Webhook, words: str, since: datetime
    ) -> None:
        values = {
            "webhook": name_of(webhook),
            "since": since.isoformat(),
            "problem": words,
        }
        admins = await db.find(
            User, User.role == "admin", col(User.disabled).is_(False), order_by=[col(User.id)]
        )
        for admin in admins:
            letter = Mail(admin.email, "webhook_stopped", admin.language, values, user_id=admin.id)
            await self._mailer.post(db, letter)


def _is_fresh(noted: datetime | None, now: datetime) -> bool:
    return noted is not None and now - noted < NOTED_EVERY


async def _mark(db: TenantSession, webhook: Webhook, **values: Any) -> None:
    await db.update(Webhook, Webhook.id == webhook.id, **values)
