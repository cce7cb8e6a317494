"""What nobody writes down when it happens: lamps and links. It is told as soon as it is known.

Kept in memory, so a restart tells the state of each lamp and link once more; receivers take these
as states, not as changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from gateway.bus import Bus, ClientEvent
from gateway.event_ports import EventOutlet
from gateway.features.webhooks.events import Event
from gateway.ports import ConnectorStatus, UserKey
from gateway.storage.storage import Storage

log = structlog.get_logger(__name__)

#: A platform's lamps, all at once after a restart.
MOST_WAITING = 50_000


@dataclass(frozen=True, slots=True)
class _News:
    tenant_id: str
    event: Event
    data: Mapping[str, Any]
    user_id: str | None = None


class StateWatch:
    def __init__(self, storage: Storage, outlet: EventOutlet, bus: Bus) -> None:
        self._storage = storage
        self._outlet = outlet
        self._queue: asyncio.Queue[_News] = asyncio.Queue(MOST_WAITING)
        self._lamps: dict[UserKey, Mapping[str, Any]] = {}
        self._links: dict[tuple[str, str], bool] = {}
        bus.subscribe(ClientEvent, self._told_client)

    def link_changed(self, tenant_id: str, status: ConnectorStatus) -> None:
        """A link that was never up since the start has not been lost."""
        key, up = (tenant_id, status.site_id), status.registered
        if self._links.get(key, False) == up:
            return
        self._links[key] = up
        event = Event.CONNECTOR_UP if up else Event.CONNECTOR_DOWN
        self._put(_News(tenant_id, event, {"site_id": status.site_id}))

    def _told_client(self, event: ClientEvent) -> None:
        lamp = event.payload.get("mwi") if event.event == "mwi.changed" else None
        # Where nobody knows any more how a lamp is, there is nothing to tell.
        if lamp is None or self._lamps.get(event.user) == lamp:
            return
        self._lamps[event.user] = dict(lamp)
        user = event.user
        data = {"user_id": user.user_id, **lamp}
        self._put(_News(user.tenant_id, Event.VOICEMAIL_CHANGED, data, user.user_id))

    def _put(self, news: _News) -> None:
        try:
            self._queue.put_nowait(news)
        except asyncio.QueueFull:
            self._forget(news)
            log.warning("webhooks.overrun", tenant=news.tenant_id, told=news.event.value)

    def _forget(self, news: _News) -> None:
        """Nobody heard of it: the same state is told when it is said again."""
        if news.user_id is not None:
            self._lamps.pop(UserKey(news.tenant_id, news.user_id), None)
        else:
            # As it was before, and as it is where it has changed again since.
            key = news.tenant_id, news.data["site_id"]
            self._links[key] = news.event is Event.CONNECTOR_DOWN

    async def written(self) -> None:
        """Everything that was told until now is in the outbox."""
        await self._queue.join()

    async def run(self) -> None:
        while True:
            news = await self._queue.get()
            try:
                await self._tell(news)
            except Exception:  # the next one may be written
                self._forget(news)
                log.exception("webhooks.not_written", tenant=news.tenant_id)
            finally:
                self._queue.task_done()

    async def _tell(self, news: _News) -> None:
        async with self._storage.read(news.tenant_id) as db:
            if not await self._outlet.wanted(db, news.event):
                return
        async with self._storage.write(news.tenant_id) as db:
            await self._outlet.emit(db, news.event, news.data, user_id=news.user_id)
