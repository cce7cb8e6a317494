"""Announcements: kept, shown to whom they are for, and told to open clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col

from gateway import compatibility
from gateway.admin_ports import AuditLog, Principal
from gateway.bus import AnnouncementsChanged, Bus
from gateway.features.announcements.letters import (
    ADMINS,
    KIND,
    AnnouncementLetters,
    verdict_of,
    words_of,
)
from gateway.features.announcements.models import (
    AnnouncementEdit,
    AnnouncementList,
    AnnouncementPage,
    AnnouncementView,
    AnnouncementWish,
    PageQuery,
    SiteCompatibility,
    Translation,
)
from gateway.http import cursor
from gateway.outbox import Outbox
from gateway.permissions import Role
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import Site
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.notices import Announcement

_MOST_SHOWN = 20
_URGENT_FIRST = ("emergency", "unplanned", "scheduled")
_FIELDS = (
    "kind",
    "urgency",
    "audience",
    "title",
    "text",
    "release",
    "starts_at",
    "ends_at",
    "shown_from",
    "shown_until",
)


class AnnouncementsService:
    def __init__(
        self,
        storage: Storage,
        letters: AnnouncementLetters,
        outbox: Outbox,
        audit: AuditLog,
        bus: Bus,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._letters = letters
        self._outbox = outbox
        self._audit = audit
        self._bus = bus
        self._now = now
        compatibility.load()  # from its file: the loop must not wait for that later

    # --- reading ---------------------------------------------------------------------------

    async def shown(self, tenant_id: str, role: str, language: str) -> AnnouncementList:
        """What a user of this role sees now, the most urgent first."""
        now = self._now()
        platform = await self._platform_id()
        found = await self._current(tenant_id, now)
        if platform is not None and platform != tenant_id:
            found += await self._current(platform, now)
        is_admin = role in (*ADMINS, Role.HELP_DESK.value)
        mine = [one for one in found if is_admin or one.audience == "everyone"]
        mine.sort(key=lambda one: one.shown_from, reverse=True)
        mine.sort(key=lambda one: _URGENT_FIRST.index(one.urgency))
        sites: list[Site] = []
        if is_admin and any(one.kind == "update" for one in mine):
            async with self._storage.read(tenant_id) as db:
                sites = await db.find(Site, order_by=[Site.name])
        items = [
            _view(one, language, platform, sites if one.kind == "update" else ())
            for one in mine[:_MOST_SHOWN]
        ]
        return AnnouncementList(items=items, next_cursor=None)

    async def _platform_id(self) -> str | None:
        async with self._storage.index() as index:
            platform = await index.platform()
        return platform.id if platform is not None else None

    async def _current(self, tenant_id: str, now: datetime) -> list[Announcement]:
        async with self._storage.read(tenant_id) as db:
            return await db.find(
                Announcement,
                col(Announcement.shown_from) <= now,
                col(Announcement.shown_until) > now,
                order_by=[col(Announcement.shown_from).desc()],
                limit=_MOST_SHOWN * 2,
            )

    async def page(self, tenant_id: str, query: PageQuery) -> AnnouncementPage:
        """The tenant's own, the newest first, past ones too."""
        where: list[Any] = []
        if query.cursor:
            where.append(col(Announcement.id) < cursor.decode(query.cursor, 1)[0])
        platform = await self._platform_id()
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(
                Announcement,
                *where,
                order_by=[col(Announcement.id).desc()],
                limit=query.limit + 1,
            )
        page = rows[: query.limit]
        more = cursor.encode(page[-1].id) if len(rows) > len(page) else None
        return AnnouncementPage(items=[_edit(one, platform) for one in page], next_cursor=more)

    # --- writing ---------------------------------------------------------------------------

    async def create(
        self, who: Principal, wish: AnnouncementWish, *, for_all: bool
    ) -> AnnouncementEdit:
        """``for_all``: by the operator, shown in every tenant."""
        values = self._values(wish)
        row = Announcement(
            tenant_id=who.tenant_id,
            created_at=self._now(),
            created_by=who.name,
            **values,
        )
        async with self._storage.write(who.tenant_id) as db:
            if not for_all:
                await self._not_the_platforms(db)
            await db.add(row)
            await self._record(db, who, "announcement.create", row, after=_told(row))
            if wish.mail and for_all:
                # Thousands of letters are not for this request to write.
                await self._outbox.put(db, KIND, {"announcement": row.id})
            elif wish.mail:
                await self._letters.post(db, row)
        self._tell(who.tenant_id, for_all)
        return _edit(row, who.tenant_id if for_all else None)

    async def change(
        self, who: Principal, row_id: str, wish: AnnouncementWish, version: int, *, for_all: bool
    ) -> AnnouncementEdit:
        values = self._values(wish)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await self._known(db, row_id)
            if row.version != version:
                raise Problem(412, "changed_meanwhile", "This was changed meanwhile")
            before = _told(row)
            if wish.shown_from is None:
                values["shown_from"] = row.shown_from
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            await self._record(db, who, "announcement.change", row, before=before, after=_told(row))
        self._tell(who.tenant_id, for_all)
        return _edit(row, who.tenant_id if for_all else None)

    async def remove(self, who: Principal, row_id: str, *, for_all: bool) -> None:
        async with self._storage.write(who.tenant_id) as db:
            row = await self._known(db, row_id)
            await db.delete(Announcement, Announcement.id == row_id)
            await self._record(db, who, "announcement.remove", row, before=_told(row))
        self._tell(who.tenant_id, for_all)

    async def _known(self, db: TenantSession, row_id: str) -> Announcement:
        row = await db.get(Announcement, row_id)
        if row is None:
            raise Problem(404, "announcement_unknown", "There is no such announcement")
        return row

    async def _not_the_platforms(self, db: TenantSession) -> None:
        tenant = await db.tenant()
        if tenant is not None and tenant.kind == "platform":
            raise Problem(
                409, "platform_tenant", "What the platform says is said by /operator/announcements"
            )

    def _values(self, wish: AnnouncementWish) -> dict[str, Any]:
        shown_from = wish.shown_from or self._now()
        pairs = ((wish.starts_at, wish.ends_at), (shown_from, wish.shown_until))
        if any(start and end and start >= end for start, end in pairs):
            raise Problem(422, "times_invalid", "It must begin before it ends")
        values = wish.model_dump(exclude={"mail"})
        return values | {"shown_from": shown_from}

    def _tell(self, tenant_id: str, for_all: bool) -> None:
        self._bus.publish(AnnouncementsChanged(None if for_all else tenant_id))

    async def _record(
        self, db: TenantSession, who: Principal, action: str, row: Announcement, **more: Any
    ) -> None:
        await self._audit.record(
            db, who, action, "announcement", row.id, target_name=row.title, **more
        )


def _told(row: Announcement) -> dict[str, Any]:
    """For the audit."""
    told = {name: getattr(row, name) for name in _FIELDS}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in told.items()
    }


def _view(
    row: Announcement, language: str, platform: str | None, sites: Sequence[Site]
) -> AnnouncementView:
    title, text = words_of(row, language)
    return AnnouncementView(**_members(row, platform, sites) | {"title": title, "text": text})


def _edit(row: Announcement, platform: str | None) -> AnnouncementEdit:
    words = {name: Translation(**said) for name, said in row.translations.items()}
    return AnnouncementEdit(**_members(row, platform, ()), translations=words)


def _members(row: Announcement, platform: str | None, sites: Sequence[Site]) -> dict[str, Any]:
    ours = row.tenant_id == platform
    return {name: getattr(row, name) for name in _FIELDS} | {
        "id": row.id,
        "source": "platform" if ours else "tenant",
        "created_at": row.created_at,
        "created_by": "" if ours else row.created_by,
        "version": row.version,
        "compatibility": [_fits(site, row) for site in sites],
    }


def _fits(site: Site, row: Announcement) -> SiteCompatibility:
    verdict = verdict_of(site, row)
    return SiteCompatibility(
        site_id=site.id,
        site=site.name,
        profile=site.profile,
        pbx_release=site.pbx_release,
        state=verdict.state,  # type: ignore[arg-type] # pydantic checks it
        note=verdict.note,
    )
