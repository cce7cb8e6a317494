"""Lines and sites as call control reads them (the ``LineDirectory`` port)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col

from gateway import ports
from gateway.storage import models
from gateway.storage.ids import is_id
from gateway.storage.storage import PreparedPairs, Storage, TenantSession


def _with_site(*where: Any) -> PreparedPairs[models.Line, models.Site]:
    its_site = col(models.Line.site_id) == col(models.Site.id)
    return PreparedPairs(models.Line, models.Site, its_site, *where, limit=1)


_OF_USER = _with_site(models.Line.user_id == bindparam("user_id"))
_OF_SITE = _with_site(
    models.Line.site_id == bindparam("site_id"), models.Line.line_id == bindparam("line_id")
)


class StoredLines:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def home_line(self, user: ports.UserKey) -> tuple[ports.Line, ports.SiteProfile] | None:
        return await self._first(user.tenant_id, _OF_USER, user_id=user.user_id)

    async def line(
        self, tenant_id: str, site_id: str, line_id: str
    ) -> tuple[ports.Line, ports.SiteProfile] | None:
        if not is_id(site_id):
            return None
        return await self._first(tenant_id, _OF_SITE, site_id=site_id, line_id=line_id)

    async def _first(
        self, tenant_id: str, query: PreparedPairs[models.Line, models.Site], **values: str
    ) -> tuple[ports.Line, ports.SiteProfile] | None:
        async with self._storage.read(tenant_id) as db:
            found = await db.prepared(query, **values)
        return next(((_line(line), _site(site)) for line, site in found), None)


async def home_site(db: TenantSession, user_id: str | None) -> ports.SiteProfile | None:
    """The site whose way of writing numbers is a user's, or the tenant's: its oldest."""
    line = None
    if user_id is not None:
        line = await db.first(models.Line, models.Line.user_id == user_id)
    where = [] if line is None else [models.Site.id == line.site_id]
    sites = await db.find(models.Site, *where, order_by=[col(models.Site.id)], limit=1)
    return _site(sites[0]) if sites else None


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


def _site(row: models.Site) -> ports.SiteProfile:
    return ports.SiteProfile(
        tenant_id=row.tenant_id,
        site_id=row.id,
        profile=row.profile,
        country=row.country,
        area_code=row.area_code,
        extension_digits=row.extension_digits,
        codecs=tuple(row.codecs.split(",")),
        extension_ranges=tuple((first, last) for first, last in row.extension_ranges),
        number_block=row.number_block,
    )
