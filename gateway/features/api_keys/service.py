"""Make, show, verify, regenerate and revoke. A key is shown once; its SHA-256 is kept.

Whoever holds a link by a key hears of its end on the bus (:class:`gateway.bus.ApiKeyRevoked`), be
it revoked, replaced or expired, at that moment.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import or_
from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.bus import ApiKeyRevoked, Bus
from gateway.credentials import api_key
from gateway.features.api_keys.expiry import Ending, Endings
from gateway.features.api_keys.models import NewKey
from gateway.ports import KeyIdentity, Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, KeyIndex, Site
from gateway.storage.storage import Storage, TenantSession

log = structlog.get_logger(__name__)

MAX_LIVE = 2  # of a site: the old and the new one while a connector is being changed over
MAX_ADMIN_KEYS = 100  # of a tenant
_USED_STEP = timedelta(minutes=1)


class ApiKeysService:
    """Implements the ``ApiKeyVerifier`` port."""

    def __init__(
        self,
        storage: Storage,
        bus: Bus,
        audit: AuditLog,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._bus = bus
        self._audit = audit
        self._now = now
        #: Tenants whose links were cut while they are suspended.
        self._cut: set[str] = set()
        self._endings = Endings(self._end_if_over, now)

    async def aclose(self) -> None:
        await self._endings.aclose()

    # -- for administrators ------------------------------------------------------------------------
    async def create(self, who: Principal, wanted: NewKey) -> tuple[ApiKey, str]:
        """The key and its text, never to be seen again."""
        lifetime = None if wanted.expires_in is None else timedelta(seconds=wanted.expires_in)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if wanted.site_id is not None and await db.get(Site, wanted.site_id) is None:
                raise Problem(422, "site_unknown", "There is no such site")
            scopes = ["connector"] if wanted.kind == "connector" else wanted.scopes
            row, text = await self._make(db, who, wanted.name, wanted.site_id, scopes, lifetime)
            await self._audit.record(
                db, who, "key.create", "key", row.key_id, target_name=row.name, after=_said(row)
            )
        return row, text

    async def regenerate(
        self, who: Principal, key_id: str, change_over_hours: int
    ) -> tuple[ApiKey, str]:
        """A new key with the rights of the old one, which goes on working for that long."""
        now = self._now()
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            old = await self._live_row(db, key_id)
            if old.replaced_by is not None:
                raise Problem(409, "key_replaced", "This key was replaced already")
            lifetime = None if old.expires_at is None else old.expires_at - old.created_at
            before = _said(old)
            if change_over_hours == 0:
                old.revoked_at = now
            else:
                until = now + timedelta(hours=change_over_hours)
                old.expires_at = until if old.expires_at is None else min(old.expires_at, until)
            await db.add(old)
            row, text = await self._make(db, who, old.name, old.site_id, old.scopes, lifetime)
            old.replaced_by = row.key_id
            await db.add(old)
            await self._audit.record(
                db,
                who,
                "key.regenerate",
                "key",
                key_id,
                target_name=old.name,
                before=before,
                after=_said(old),
            )
        log.info("api_key.regenerated", tenant=who.tenant_id, key=key_id, new=row.key_id)
        if old.revoked_at is not None:
            self._tell_end(old)
        else:
            self._watch(old)
        return row, text

    async def revoke(self, who: Principal, key_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await self._live_row(db, key_id)
            before = _said(row)
            row.revoked_at = self._now()
            await db.add(row)
            await self._audit.record(
                db,
                who,
                "key.revoke",
                "key",
                key_id,
                target_name=row.name,
                before=before,
                after=_said(row),
            )
        log.warning("api_key.revoked", tenant=who.tenant_id, key=key_id)
        self._tell_end(row)

    async def _live_row(self, db: TenantSession, key_id: str) -> ApiKey:
        row = await db.first(ApiKey, ApiKey.key_id == key_id)
        if row is None or not self._live(row):
            raise Problem(404, "not_found", "There is no such key")
        return row

    async def _make(
        self,
        db: TenantSession,
        who: Principal,
        name: str,
        site_id: str | None,
        scopes: list[str],
        lifetime: timedelta | None,
    ) -> tuple[ApiKey, str]:
        now = self._now()
        of_site = (
            col(ApiKey.site_id).is_(None) if site_id is None else col(ApiKey.site_id) == site_id
        )
        unexpired = or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now)
        live = await db.count(ApiKey, of_site, col(ApiKey.revoked_at).is_(None), unexpired)
        if live >= (MAX_ADMIN_KEYS if site_id is None else MAX_LIVE):
            raise Problem(409, "too_many_keys", "Revoke one of the live keys first", live=live)
        new = api_key.new_key()
        row = ApiKey(
            tenant_id=db.tenant_id,
            site_id=site_id,
            key_id=new.key_id,
            digest=new.digest,
            scopes=list(scopes),
            name=name,
            created_by=who.id,
            created_at=now,
            expires_at=None if lifetime is None else now + lifetime,
        )
        await db.add(row)
        await db.add_index(KeyIndex(key_id=new.key_id, tenant_id=db.tenant_id, site_id=site_id))
        return row, new.text

    # -- for whoever is shown a key ----------------------------------------------------------------
    async def verify(self, text: str) -> KeyIdentity | None:
        key_id = api_key.key_id_of(text)
        if key_id is None:
            return None
        async with self._storage.index() as index:
            found = await index.get(KeyIndex, key_id)
        if found is None:
            return None
        row, status = await self._look(found.tenant_id, key_id)
        if row is None or not api_key.matches(text, row.digest):
            return None
        if status != "active":
            raise Problem(403, "tenant_suspended", "This company's service is suspended")
        await self._note_use(row)
        return KeyIdentity(
            row.tenant_id, row.site_id or "", row.key_id, tuple(row.scopes), row.name
        )

    async def still_valid(self, identity: KeyIdentity) -> bool:
        """A link may go on, or be taken up again, by a token that was given out before. While the
        tenant is suspended its links last until they are cut."""
        row, status = await self._look(identity.tenant_id, identity.key_id)
        if status == "active":
            self._cut.discard(identity.tenant_id)
        if row is None or identity.tenant_id in self._cut:
            return False
        self._watch(row)
        return True

    async def _look(self, tenant_id: str, key_id: str) -> tuple[ApiKey | None, str]:
        """The key if it lives, and how its tenant is."""
        async with self._storage.read(tenant_id) as db:
            row = await db.first(ApiKey, ApiKey.key_id == key_id)
            tenant = await db.tenant()
        if row is None or tenant is None or not self._live(row):
            return None, ""
        return row, tenant.status

    def _live(self, row: ApiKey) -> bool:
        return row.revoked_at is None and (row.expires_at is None or row.expires_at > self._now())

    async def _note_use(self, row: ApiKey) -> None:
        now = self._now()
        if row.last_used is not None and now - row.last_used < _USED_STEP:
            return
        async with self._storage.write(row.tenant_id) as db:
            await db.update(ApiKey, ApiKey.id == row.id, last_used=now)

    # -- the end -----------------------------------------------------------------------------------
    async def cut_links(self, tenant_id: str) -> None:
        """The tenant was suspended or is to be deleted: nothing lives by its keys any more."""
        self._cut.add(tenant_id)
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(ApiKey, col(ApiKey.revoked_at).is_(None))
        for row in rows:
            self._tell_end(row)

    async def remove_of_site(self, db: TenantSession, site_id: str) -> None:
        rows = await db.find(ApiKey, ApiKey.site_id == site_id)
        for row in rows:
            index = KeyIndex(key_id=row.key_id, tenant_id=db.tenant_id, site_id=site_id)
            await db.remove_index(index)
        await db.delete(ApiKey, ApiKey.site_id == site_id)
        for row in rows:
            db.after_commit(partial(self._tell_end, row))

    def _watch(self, row: ApiKey) -> None:
        if row.expires_at is not None:
            self._endings.at(_ending(row), row.expires_at)

    def _tell_end(self, row: ApiKey) -> None:
        self._endings.forget(row.key_id)
        self._bus.publish(ApiKeyRevoked(row.tenant_id, row.site_id or "", row.key_id))

    async def _end_if_over(self, ending: Ending) -> datetime | None:
        async with self._storage.read(ending.tenant_id) as db:
            row = await db.first(ApiKey, ApiKey.key_id == ending.key_id)
        if row is not None and self._live(row):
            return row.expires_at
        log.info("api_key.expired", tenant=ending.tenant_id, key=ending.key_id)
        self._bus.publish(ApiKeyRevoked(ending.tenant_id, ending.site_id, ending.key_id))
        return None


def _ending(row: ApiKey) -> Ending:
    return Ending(row.tenant_id, row.site_id or "", row.key_id)


def _said(row: ApiKey) -> dict[str, object]:
    """For the audit: nothing that helps to make the key."""
    return {
        "name": row.name,
        "scopes": list(row.scopes),
        "site_id": row.site_id,
        "expires_at": None if row.expires_at is None else row.expires_at.isoformat(),
        "revoked": row.revoked_at is not None,
        "replaced_by": row.replaced_by,
    }
