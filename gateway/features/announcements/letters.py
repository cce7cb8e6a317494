"""Announcements by mail, to the administrators of one tenant or of all."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from sqlmodel import col

from gateway.admin_ports import Mail, Mailer
from gateway.outbox import Delivery, GiveUp, Policy
from gateway.permissions import Role
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.notices import Announcement
from gateway.storage.tables.outbox import OutboxItem

log = structlog.get_logger(__name__)

#: An outbox item of the platform's tenant that becomes the letters of every tenant.
KIND = "announcement_to_all"
#: One attempt goes through all tenants; what it has not done in time the next one does.
POLICY = Policy(timeout=300.0)
ADMINS = (Role.ADMIN.value, Role.OPERATOR.value)
_REST = 0.01  # s between two tenants: calls go first


class NotAllTold(Exception):
    """Tried again: who has letters gets none a second time."""


class AnnouncementLetters:
    def __init__(self, storage: Storage, mailer: Mailer) -> None:
        self._storage = storage
        self._mailer = mailer

    async def post(self, db: TenantSession, row: Announcement) -> None:
        tenant = await db.tenant()
        admins = await db.find(User, col(User.role).in_(ADMINS), col(User.disabled).is_(False))
        for admin in admins:
            language = admin.language or (tenant.language if tenant is not None else "")
            title, text = words_of(row, language)
            values = {"name": admin.name, "title": title, "text": text}
            letter = Mail(
                admin.email,
                "announcement",
                language,
                values,
                user_id=admin.id,
                target_id=row.id,
            )
            await self._mailer.post(db, letter)

    async def deliver(self, delivery: Delivery) -> None:
        """What the outbox calls: each tenant's letters in one transaction of its own."""
        async with self._storage.read(delivery.tenant_id) as db:
            row = await db.get(Announcement, str(delivery.payload["announcement"]))
        if row is None:
            raise GiveUp("it was taken back")
        async with self._storage.index() as index:
            tenants = await index.tenants()
        failed = 0
        for tenant in tenants:
            if tenant.status != "active":
                continue
            try:
                await self._post_once(tenant.id, row)
            except Exception:  # one that cannot be told must not keep it from the others
                log.exception("announcement.not_posted", tenant=tenant.id)
                failed += 1
            await asyncio.sleep(_REST)
        if failed:
            raise NotAllTold(f"{failed} tenants")

    async def _post_once(self, tenant_id: str, row: Announcement) -> None:
        async with self._storage.write(tenant_id) as db:
            if not await db.count(OutboxItem, OutboxItem.target_id == row.id):
                await self.post(db, row)


def words_of(row: Announcement, language: str) -> tuple[str, str]:
    base = language.lower().replace("_", "-").partition("-")[0]
    words: dict[str, Any] = row.translations.get(base) or {"title": row.title, "text": row.text}
    return str(words["title"]), str(words["text"])
