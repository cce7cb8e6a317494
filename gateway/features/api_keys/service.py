"""Create, verify and revoke. A key is shown once; its SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlmodel import col

from gateway.bus import ApiKeyRevoked, Bus
from gateway.credentials import api_key
from gateway.ports import KeyIdentity, Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, KeyIndex
from gateway.storage.storage import Storage

log = structlog.get_logger(__name__)

MAX_LIVE = 2  # the old and the new one while a connector is being changed over
_USED_STEP = timedelta(minutes=1)


class ApiKeysService:
    """Implements the ``ApiKeyVerifier`` port."""

    def __init__(self, storage: Storage, bus: Bus, now: Callable[[], datetime] = utc_now) -> None:
        self._storage = storage
        self._bus = bus
        self._now = now

    async def create(self, tenant_id: str, site_id: str, name: str) -> str:
        """The key's text, never to be seen again."""
        new = api_key.new_key()
        async with self._storage.write(tenant_id) as db:
            live = await db.count(
                ApiKey, ApiKey.site_id == site_id, col(ApiKey.revoked_at).is_(None)
            )
            if live >= MAX_LIVE:
                raise Problem(409, "too_many_keys", "Revoke one of the two live keys first")
            await db.add(
                ApiKey(
                    tenant_id=tenant_id,
                    site_id=site_id,
                    key_id=new.key_id,
                    digest=new.digest,
                    name=name,
                )
            )
            await db.add_index(KeyIndex(key_id=new.key_id, tenant_id=tenant_id, site_id=site_id))
        return new.text

    async def verify(self, text: str) -> KeyIdentity | None:
        key_id = api_key.key_id_of(text)
        if key_id is None:
            return None
        async with self._storage.index() as index:
            found = await index.get(KeyIndex, key_id)
        if found is None:
            return None
        async with self._storage.read(found.tenant_id) as db:
            row = await db.first(ApiKey, ApiKey.key_id == key_id)
        if row is None or not api_key.matches(text, row.digest) or not self._live(row):
            return None
        await self._note_use(row)
        return KeyIdentity(
            row.tenant_id, row.site_id or "", row.key_id, tuple(row.scopes), row.name
        )

    async def still_valid(self, identity: KeyIdentity) -> bool:
        async with self._storage.read(identity.tenant_id) as db:
            row = await db.first(ApiKey, ApiKey.key_id == identity.key_id)
        return row is not None and self._live(row)

    async def revoke(self, identity: KeyIdentity) -> None:
        async with self._storage.write(identity.tenant_id) as db:
            changed = await db.update(
                ApiKey,
                ApiKey.key_id == identity.key_id,
                col(ApiKey.revoked_at).is_(None),
                revoked_at=self._now(),
            )
        if not changed:
            raise Problem(404, "not_found", "There is no such key")
        log.warning("api_key.revoked", tenant=identity.tenant_id, key=identity.key_id)
        self._bus.publish(ApiKeyRevoked(identity.tenant_id, identity.site_id, identity.key_id))

    def _live(self, row: ApiKey) -> bool:
        return row.revoked_at is None and (row.expires_at is None or row.expires_at > self._now())

    async def _note_use(self, row: ApiKey) -> None:
        now = self._now()
        if row.last_used is not None and now - row.last_used < _USED_STEP:
            return
        async with self._storage.write(row.tenant_id) as db:
            await db.update(ApiKey, ApiKey.id == row.id, last_used=now)
