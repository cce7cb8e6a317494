"""Lines and sites as call control reads them (the ``LineDirectory`` port)."""

from __future__ import annotations

from gateway import ports
from gateway.storage import models
from gateway.storage.ids import is_id
from gateway.storage.storage import Storage


class StoredLines:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def home_line(self, user: ports.UserKey) -> ports.Line | None:
        async with self._storage.read(user.tenant_id) as db:
            row = await db.first(models.Line, models.Line.user_id == user.user_id)
        return _line(row) if row else None

    async def line(self, tenant_id: str, site_id: str, line_id: str) -> ports.Line | None:
        if not is_id(site_id):
            return None
        async with self._storage.read(tenant_id) as db:
            row = await db.first(
                models.Line, models.Line.site_id == site_id, models.Line.line_id == line_id
            )
        return _line(row) if row else None

    async def site(self, tenant_id: str, site_id: str) -> ports.SiteProfile | None:
        async with self._storage.read(tenant_id) as db:
            row = await db.get(models.Site, site_id)
        if row is None:
            return None
        return ports.SiteProfile(
            tenant_id=row.tenant_id,
            site_id=row.id,
            profile=row.profile,
            country=row.country,
            area_code=row.area_code,
            extension_digits=row.extension_digits,
            codecs=tuple(row.codecs.split(",")),
        )


def _line(row: models.Line) -> ports.Line:
    return ports.Line(
        tenant_id=row.tenant_id,
        site_id=row.site_id,
        line_id=row.line_id,
        user_id=row.user_id,
        number=row.number,
        desk_number=row.desk_number,
        mailbox_number=row.mailbox_number,
    )
