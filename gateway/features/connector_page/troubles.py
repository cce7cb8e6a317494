"""What went wrong with sites' links: the last fifty of each, kept over restarts; and the letters
to admins when a link stays down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import col

from gateway.admin_ports import Mail, Mailer
from gateway.link_ports import SiteLinks
from gateway.ports import ConnectorStatus
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import Connector, Site, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.connector_page import LinkAlarm, LinkTrouble

log = structlog.get_logger(__name__)

KEPT = 50
MOST_WAITING = 2000
BAD = frozenset({"down", "weak", "refused"})
LOOK_EVERY = 30.0
#: A link must have been up for that long before its next loss is another one (no letter a minute).
SETTLED = timedelta(minutes=5)
#: A connector asks for a token every few minutes.
RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _News:
    tenant_id: str
    site_id: str
    at: datetime
    troubles: tuple[tuple[str, str, str], ...]  # (layer, code, detail)
    up: bool | None  # None: says nothing of it


class LinkWatch:
    """Listens to the links of this node; one task writes, in order."""

    def __init__(
        self,
        storage: Storage,
        mailer: Mailer,
        links: SiteLinks,
        *,
        after: timedelta,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._mailer = mailer
        self._links = links
        self._after = after
        self._now = now
        self._states: dict[tuple[str, str], dict[str, str]] = {}
        self._queue: asyncio.Queue[_News] = asyncio.Queue(MOST_WAITING)
        #: Alarms of this node: since when down, and since when up again.
        self._alarms: dict[tuple[str, str], datetime] = {}
        self._up: dict[tuple[str, str], datetime] = {}
        self._tasks: list[asyncio.Task[None]] = []

    # -- life --------------------------------------------------------------------------------------
    async def start(self) -> None:
        """Links that were down when the last process ended are looked after from the first, and
        those that were there until a moment ago and do not come back."""
        now = self._now()
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        for tenant_id in tenants:
            async with self._storage.read(tenant_id) as db:
                for row in await db.find(LinkAlarm):
                    self._alarms[tenant_id, row.site_id] = row.down_since
                for seen in await db.find(Connector, col(Connector.last_seen) > now - RECENT):
                    self._alarms.setdefault((tenant_id, seen.site_id), now)
        for work in (self._write(), self._look()):
            self._tasks.append(asyncio.create_task(work, name="link watch"))

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def written(self) -> None:
        """Everything that was told until now is in storage."""
        await self._queue.join()

    # -- what happens ------------------------------------------------------------------------------
    def changed(self, tenant_id: str, status: ConnectorStatus) -> None:
        key = (tenant_id, status.site_id)
        before = self._states.get(key, {})
        now = {layer: state for layer, state, _ in status.layers}
        self._states[key] = now
        worse = [
            layer for layer, state in now.items() if state in BAD and before.get(layer) != state
        ]
        details = {row.layer: row.detail for row in self._links.picture(*key).layers}
        troubles = tuple(
            (layer, f"{layer}_{now[layer]}", details.get(layer, "")[:200]) for layer in worse
        )
        up = status.registered
        if troubles or up != (key not in self._alarms):
            self._put(_News(*key, self._now(), troubles, up))

    def alert(self, tenant_id: str, site_id: str, text: str) -> None:
        """For example a second installation that was turned away."""
        trouble = ("registration", "second_installation", text[:200])
        self._put(_News(tenant_id, site_id, self._now(), (trouble,), None))

    def _put(self, news: _News) -> None:
        try:
            self._queue.put_nowait(news)
        except asyncio.QueueFull:
            log.warning("link_watch.overrun", site=news.site_id)

    async def _write(self) -> None:
        while True:
            news = await self._queue.get()
            try:
                await self._keep(news)
            except Exception:  # the next one may be written
                log.exception("link_watch.not_written", site=news.site_id)
            finally:
                self._queue.task_done()

    async def _keep(self, news: _News) -> None:
        key = (news.tenant_id, news.site_id)
        async with self._storage.write(news.tenant_id) as db:
            if await db.get(Site, news.site_id) is None:
                return
            for layer, code, detail in news.troubles:
                await db.add(
                    LinkTrouble(
                        id=new_id(),
                        tenant_id=news.tenant_id,
                        site_id=news.site_id,
                        at=news.at,
                        layer=layer,
                        code=code,
                        detail=detail,
                    )
                )
            await self._trim(db, news.site_id)
            if news.up is False and key not in self._alarms:
                await self._begin(db, news)
        if news.up is False:
            self._alarms.setdefault(key, news.at)
            self._up.pop(key, None)
        elif news.up is True and key in self._alarms:
            self._up.setdefault(key, news.at)

    async def _begin(self, db: TenantSession, news: _News) -> None:
        known = await db.first(LinkAlarm, LinkAlarm.site_id == news.site_id)
        if known is None:
            alarm = LinkAlarm(tenant_id=news.tenant_id, site_id=news.site_id, down_since=news.at)
            await db.add(alarm)

    async def _trim(self, db: TenantSession, site_id: str) -> None:
        newest_first = [col(LinkTrouble.id).desc()]
        rows = await db.find(
            LinkTrouble, LinkTrouble.site_id == site_id, order_by=newest_first, limit=KEPT + 50
        )
        if len(rows) > KEPT:
            oldest = rows[KEPT - 1].id
            await db.delete(
                LinkTrouble, LinkTrouble.site_id == site_id, col(LinkTrouble.id) < oldest
            )

    # -- letters -----------------------------------------------------------------------------------
    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except Exception:  # mail and storage may be away; the next look tries again
                log.exception("link_watch.look_failed")

    async def look(self) -> None:
        """Write to the admins of sites whose link is down for too long, and when it is back."""
        now = self._now()
        for key, since in list(self._alarms.items()):
            up = self._up.get(key)
            if up is None and now - since >= self._after:
                await self._tell_down(*key)
            elif up is not None and now - up >= SETTLED:
                await self._tell_up(*key, up)
                self._alarms.pop(key, None)
                self._up.pop(key, None)

    async def _tell_down(self, tenant_id: str, site_id: str) -> None:
        async with self._storage.write(tenant_id) as db:
            alarm = await db.first(LinkAlarm, LinkAlarm.site_id == site_id)
            site = await db.get(Site, site_id)
            if site is None:
                return
            if alarm is None:
                down_since = self._alarms[tenant_id, site_id]
                alarm = LinkAlarm(tenant_id=tenant_id, site_id=site_id, down_since=down_since)
            if alarm.mailed_at is not None:
                return
            alarm.mailed_at = self._now()
            await db.add(alarm)
            since = alarm.down_since.isoformat()
            await self._post(db, "connector_down", {"site": site.name, "since": since})
        log.error("connector.down", tenant=tenant_id, site=site_id, since=since)

    async def _tell_up(self, tenant_id: str, site_id: str, up: datetime) -> None:
        async with self._storage.write(tenant_id) as db:
            alarm = await db.first(LinkAlarm, LinkAlarm.site_id == site_id)
            site = await db.get(Site, site_id)
            if alarm is None or site is None:
                return
            await db.delete(LinkAlarm, LinkAlarm.site_id == site_id)
            if alarm.mailed_at is not None:
                minutes = max(1, round((up - alarm.down_since).total_seconds() / 60))
                said = {"site": site.name, "since": up.isoformat(), "down_minutes": minutes}
                await self._post(db, "connector_up", said)

    async def _post(self, db: TenantSession, template: str, values: dict[str, object]) -> None:
        admins = await db.find(
            User, User.role == "admin", col(User.disabled).is_(False), order_by=[col(User.id)]
        )
        for admin in admins:
            mail = Mail(admin.email, template, admin.language, values, user_id=admin.id)
            await self._mailer.post(db, mail)
