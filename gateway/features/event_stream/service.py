"""Keeps the events of tenants that somebody reads, and leads each reader along them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from gateway.admin_ports import Principal
from gateway.bus import ApiKeyRevoked, Bus, ClientEvent, PresenceShown
from gateway.calls.view import timestamp
from gateway.features.event_stream.buffer import Buffer
from gateway.features.event_stream.models import TYPES, StreamQuery
from gateway.ports import ApiKeyVerifier, JsonObject, KeyIdentity, Problem

log = structlog.get_logger(__name__)

MOST_READERS = 20  # of a tenant
#: Seconds that a tenant's events are kept after its last reader went: time to come back.
KEPT = 300.0
RETRY_MS = 2_000
_AT_ONCE = 64
_HEARTBEAT = b":\n\n"
#: The rest of what a user's devices are told is for their sound, or for them alone.
_OF_USERS = frozenset(TYPES) - {"presence.changed", "connector.changed"}


@dataclass(eq=False, slots=True)
class _Reader:
    key_id: str
    types: frozenset[str]
    user_id: str | None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str | None = None

    def wants(self, type: str, user_id: str | None) -> bool:
        return type in self.types and self.user_id in (None, user_id)

    def end(self, reason: str) -> None:
        self.ended = reason
        self.news.set()


@dataclass(eq=False, slots=True)
class _Tenant:
    buffer: Buffer
    readers: set[_Reader] = field(default_factory=set)
    forgetting: asyncio.TimerHandle | None = None


class EventFeed:
    """``look_every``: seconds between heartbeats; each time the key is looked at again."""

    def __init__(
        self,
        bus: Bus,
        keys: ApiKeyVerifier,
        look_every: float,
        *,
        kept: float = KEPT,
        most_readers: int = MOST_READERS,
        buffer: Callable[[], Buffer] = Buffer,
    ) -> None:
        self._keys = keys
        self._look_every = look_every
        self._kept = kept
        self._most_readers = most_readers
        self._buffer = buffer
        self._tenants: dict[str, _Tenant] = {}
        self._closed = False
        bus.subscribe(ClientEvent, self._on_client_event)
        bus.subscribe(PresenceShown, self._on_presence)
        bus.subscribe(ApiKeyRevoked, self._on_revoked)

    @property
    def readers(self) -> int:
        return sum(len(tenant.readers) for tenant in self._tenants.values())

    def aclose(self) -> None:
        """Readers come to their end; they return to whichever node is there then."""
        self._closed = True
        for tenant in self._tenants.values():
            if tenant.forgetting is not None:
                tenant.forgetting.cancel()
            for reader in tenant.readers:
                reader.end("restarting")

    # -- what happens ------------------------------------------------------------------------------
    def _on_client_event(self, event: ClientEvent) -> None:
        if event.event in _OF_USERS and event.device_id is None:
            self._add(event.user.tenant_id, event.event, event.user.user_id, event.payload)

    def _on_presence(self, event: PresenceShown) -> None:
        """A program is nobody whom a user has chosen to be seen by."""
        shown = event.seen if event.audience is None else event.hidden
        user = event.user
        self._add(user.tenant_id, "presence.changed", user.user_id, {"presence": shown})

    def connector_changed(self, tenant_id: str, site_id: str, connector: JsonObject) -> None:
        payload = {"site_id": site_id, "connector": connector}
        self._add(tenant_id, "connector.changed", None, payload)

    def _add(
        self, tenant_id: str, type: str, user_id: str | None, payload: Mapping[str, Any]
    ) -> None:
        tenant = self._tenants.get(tenant_id)
        if tenant is None:
            return
        about = {} if user_id is None else {"user_id": user_id}
        said = {"at": timestamp(time.time()), **about, **payload}
        tenant.buffer.add(type, user_id, json.dumps(said, separators=(",", ":")))
        for reader in tenant.readers:  # also those it is not for: their place goes on with it
            reader.news.set()

    def _on_revoked(self, event: ApiKeyRevoked) -> None:
        tenant = self._tenants.get(event.tenant_id)
        for reader in () if tenant is None else tenant.readers:
            if reader.key_id == event.key_id:
                reader.end("key_ended")

    # -- readers -----------------------------------------------------------------------------------
    def open(
        self, who: Principal, query: StreamQuery, last_event_id: str | None
    ) -> AsyncGenerator[bytes, None]:
        """Raises :class:`Problem` here, before anything is answered."""
        if self._closed:
            raise Problem(503, "restarting", "The service is restarting", retry_after=1)
        tenant = self._tenants.get(who.tenant_id)
        if tenant is not None and len(tenant.readers) >= self._most_readers:
            raise Problem(429, "too_many_streams", "Your company reads the most streams at a time")
        if tenant is None:
            tenant = self._tenants[who.tenant_id] = _Tenant(self._buffer())
        if tenant.forgetting is not None:
            tenant.forgetting.cancel()
            tenant.forgetting = None
        reader = _Reader(who.id, query.wanted, query.user_id)
        tenant.readers.add(reader)
        return self._parts(who, tenant, reader, last_event_id)

    async def _parts(
        self, who: Principal, tenant: _Tenant, reader: _Reader, last_event_id: str | None
    ) -> AsyncGenerator[bytes, None]:
        buffer = tenant.buffer
        try:
            place = None if last_event_id is None else buffer.number_of(last_event_id)
            begin = "reset" if last_event_id is not None and place is None else "ready"
            place = buffer.last if place is None else place
            yield f"retry: {RETRY_MS}\n".encode() + _event(buffer.id_of(place), begin, "{}")
            async for part in self._follow(who, buffer, reader, place):
                yield part
        finally:
            self._leave(who.tenant_id, tenant, reader)

    async def _follow(
        self, who: Principal, buffer: Buffer, reader: _Reader, place: int
    ) -> AsyncGenerator[bytes, None]:
        identity = KeyIdentity(who.tenant_id, "", who.id)
        looked, told = -self._look_every, place
        while True:
            if (now := time.monotonic()) - looked >= self._look_every:
                looked = now
                if not await self._keys.still_valid(identity):
                    reader.end("key_ended")
                # Also over what it does not want a reader gets on: a lone id is kept, and is no
                # event (WHATWG HTML 9.2.6). Else whoever wants little would soon be told to begin
                # anew although nothing was missed.
                yield _HEARTBEAT if place == told else f"id: {buffer.id_of(place)}\n\n".encode()
                told = place
            if reader.ended is not None:
                yield _event(None, "end", json.dumps({"reason": reader.ended}))
                return
            if not buffer.holds(place):
                log.warning("event_stream.too_slow", tenant=who.tenant_id, key=who.id)
                return
            reader.news.clear()
            events = list(buffer.after(place, _AT_ONCE))
            if events:
                place = events[-1].number
                wanted = [one for one in events if reader.wants(one.type, one.user_id)]
                if wanted:
                    yield b"".join(
                        _event(buffer.id_of(one.number), one.type, one.data) for one in wanted
                    )
                    told = wanted[-1].number
                continue
            try:
                async with asyncio.timeout(self._look_every):
                    await reader.news.wait()
            except TimeoutError:
                looked = -self._look_every

    def _leave(self, tenant_id: str, tenant: _Tenant, reader: _Reader) -> None:
        tenant.readers.discard(reader)
        if not tenant.readers and not self._closed:
            loop = asyncio.get_running_loop()
            tenant.forgetting = loop.call_later(self._kept, self._forget, tenant_id)

    def _forget(self, tenant_id: str) -> None:
        del self._tenants[tenant_id]


def _event(id: str | None, type: str, data: str) -> bytes:
    """One event of the WHATWG HTML standard, section 9.2.6; JSON has no line break."""
    said = "" if id is None else f"id: {id}\n"
    return f"{said}event: {type}\ndata: {data}\n\n".encode()
