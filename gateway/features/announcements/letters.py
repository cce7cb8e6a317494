"""Announcements by mail, to the administrators of one tenant or of all."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from sqlmodel import col

from gateway import compatibility
from gateway.admin_ports import Mail, Mailer
from gateway.outbox import Delivery, GiveUp, Policy
from gateway.permissions import Role
from gateway.storage.models import Site, User
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
_STATES = ("tested", "expected", "unsupported", "unknown")
_MOST_NAMED = 180  # characters; the page names all


class NotAllTold(Exception):
    """Tried again: who has letters gets none a second time."""


class AnnouncementLetters:
    def __init__(self, storage: Storage, mailer: Mailer) -> None:
        self._storage = storage
        self._mailer = mailer

    async def post(self, db: TenantSession, row: Announcement) -> None:
        tenant = await db.tenant()
        facts = await _facts(db, row)
        admins = await db.find(User, col(User.role).in_(ADMINS), col(User.disabled).is_(False))
        for admin in admins:
            language = admin.language or (tenant.language if tenant is not None else "")
            title, text = words_of(row, language)
            values = {"name": admin.name, "title": title, "text": text, **facts}
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


async def _facts(db: TenantSession, row: Announcement) -> dict[str, str]:
    """What a letter says beside the words; a value that is empty is not spoken of."""
    facts = {
        "release": row.release,
        "starts_at": "" if row.starts_at is None else row.starts_at.isoformat(),
        "ends_at": "" if row.ends_at is None else row.ends_at.isoformat(),
    }
    named: dict[str, list[str]] = {state: [] for state in _STATES}
    if row.kind == "update":
        for site in await db.find(Site, order_by=[Site.name]):
            state = verdict_of(site, row).state
            named[state].append(f"{site.name} ({site.pbx_release})".removesuffix(" ()"))
    return facts | {state: _listed(names) for state, names in named.items()}


def _listed(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= _MOST_NAMED else text[:_MOST_NAMED] + "…"


def verdict_of(site: Site, row: Announcement) -> compatibility.Verdict:
    """Whether the site's PBX goes with the release of ours that is announced."""
    return compatibility.load().look_up(site.profile, site.pbx_release, row.release)


def words_of(row: Announcement, language: str) -> tuple[str, str]:
    base = language.lower().replace("_", "-").partition("-")[0]
    words: dict[str, Any] = row.translations.get(base) or {"title": row.title, "text": row.text}
    return str(words["title"]), str(words["text"])
