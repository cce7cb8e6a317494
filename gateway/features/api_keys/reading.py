"""Keys as administrators see them: everything but the key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlmodel import col

from gateway.credentials.api_key import PREFIX
from gateway.features.api_keys.models import KeyAuthor, KeyList, KeySite, KeyView, State
from gateway.http import cursor as cursors
from gateway.permissions import KEY_SCOPES
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, Site, User
from gateway.storage.storage import Storage, TenantSession

PAGE = 100
SOON = timedelta(days=14)


class KeyReader:
    def __init__(self, storage: Storage, now: Callable[[], datetime] = utc_now) -> None:
        self._storage = storage
        self._now = now

    async def keys(self, tenant_id: str, cursor: str | None) -> KeyList:
        """The latest first."""
        where = []
        if cursor is not None:
            (last,) = cursors.decode(cursor, 1)
            where.append(col(ApiKey.id) < last)
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(ApiKey, *where, order_by=[col(ApiKey.id).desc()], limit=PAGE + 1)
            views = await self._views(db, rows[:PAGE])
        more = cursors.encode(rows[PAGE - 1].id) if len(rows) > PAGE else None
        scopes = sorted(scope.value for scope in KEY_SCOPES)
        return KeyList(items=views, next_cursor=more, scopes=scopes)

    async def view(self, row: ApiKey) -> KeyView:
        async with self._storage.read(row.tenant_id) as db:
            return (await self._views(db, [row]))[0]

    async def _views(self, db: TenantSession, rows: list[ApiKey]) -> list[KeyView]:
        authors = {row.created_by for row in rows if row.created_by}
        users = await db.find(User, col(User.id).in_(authors)) if authors else []
        places = {row.site_id for row in rows if row.site_id}
        sites = await db.find(Site, col(Site.id).in_(places)) if places else []
        names = {user.id: user.name for user in users}
        return [self._view(row, names, {site.id: site.name for site in sites}) for row in rows]

    def _view(self, row: ApiKey, names: Mapping[str, str], sites: Mapping[str, str]) -> KeyView:
        site, author = row.site_id, row.created_by
        return KeyView(
            id=row.key_id,
            prefix=f"{PREFIX}_{row.key_id}",
            name=row.name,
            kind="admin" if site is None else "connector",
            scopes=_sorted(row.scopes),
            site=None if site is None else KeySite(id=site, name=sites.get(site, "")),
            created_at=row.created_at,
            created_by=KeyAuthor(id=author, name=names.get(author, "")) if author else None,
            last_used=row.last_used,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            replaced_by=row.replaced_by,
            state=self._state(row),
        )

    def _state(self, row: ApiKey) -> State:
        if row.revoked_at is not None:
            return "revoked"
        if row.expires_at is None:
            return "active"
        if row.expires_at <= self._now():
            return "expired"
        soon = row.replaced_by is not None or row.expires_at - self._now() < SOON
        return "expiring" if soon else "active"


def _sorted(scopes: Iterable[str]) -> list[str]:
    return sorted(scopes)
