"""Create, change and remove sites. A change reaches the site's connector at once, over its link."""

from __future__ import annotations

from typing import Any, cast

from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.bus import Bus, SiteConfigChanged
from gateway.features.sites.models import AdminSiteList, AdminSiteView, Profile, SiteData
from gateway.link_ports import SiteKeys
from gateway.ports import ConnectorDirectory, Problem
from gateway.storage.models import Connector, Line, Site
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.people import PeopleTemplate

#: A tenant's sites fit on one page; more than these nobody has.
MOST_SITES = 500


class SitesService:
    def __init__(
        self,
        storage: Storage,
        bus: Bus,
        audit: AuditLog,
        connectors: ConnectorDirectory,
        keys: SiteKeys,
    ) -> None:
        self._keys = keys
        self._storage = storage
        self._bus = bus
        self._audit = audit
        self._connectors = connectors

    async def sites(self, tenant_id: str) -> AdminSiteList:
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(Site, order_by=[col(Site.name), col(Site.id)], limit=MOST_SITES)
            views = [await self._view(db, row) for row in rows]
        return AdminSiteList(items=views, next_cursor=None)

    async def site(self, tenant_id: str, site_id: str) -> AdminSiteView:
        async with self._storage.read(tenant_id) as db:
            return await self._view(db, await _known(db, site_id))

    async def create(self, who: Principal, wanted: SiteData) -> AdminSiteView:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            await self._name_is_free(db, wanted.name, None)
            if await db.count(Site) >= MOST_SITES:
                raise Problem(409, "too_many_sites", f"There are {MOST_SITES} sites already")
            row = Site(tenant_id=who.tenant_id, **_columns(wanted))
            await db.add(row)
            await self._audit.record(
                db, who, "site.create", "site", row.id, target_name=row.name, after=_said(row)
            )
            return await self._view(db, row)

    async def change(
        self, who: Principal, site_id: str, wanted: SiteData, version: int
    ) -> AdminSiteView:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await _known(db, site_id)
            if row.version != version:
                raise Problem(412, "changed_meanwhile", "This site was changed by somebody else")
            await self._name_is_free(db, wanted.name, site_id)
            if row.profile != wanted.profile and await db.count(Line, Line.site_id == site_id):
                raise Problem(
                    409,
                    "site_in_use",
                    "The kind of telephone system can be changed "
                    "only while nobody has an extension there",
                )
            before = _said(row)
            for name, value in _columns(wanted).items():
                setattr(row, name, value)
            row.version += 1
            row.config_version += 1
            await db.add(row)
            after = _said(row)
            changed = [name for name in after if after[name] != before[name]]
            await self._audit.record(
                db,
                who,
                "site.change",
                "site",
                site_id,
                target_name=row.name,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
            db.after_commit(lambda: self._bus.publish(SiteConfigChanged(who.tenant_id, site_id)))
            return await self._view(db, row)

    async def remove(self, who: Principal, site_id: str) -> None:
        """With its keys: whatever link lives by them is cut. Templates forget it."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await _known(db, site_id)
            lines = await db.count(Line, Line.site_id == site_id)
            if lines:
                raise Problem(
                    409,
                    "site_in_use",
                    "There are still people with an extension at this site",
                    lines=lines,
                )
            await self._keys.remove_of_site(db, site_id)
            await db.delete(Connector, Connector.site_id == site_id)
            await db.update(
                PeopleTemplate,
                PeopleTemplate.site_id == site_id,
                site_id=None,
                first_number="",
                last_number="",
                version=col(PeopleTemplate.version) + 1,
            )
            await db.delete(Site, Site.id == site_id)
            await self._audit.record(
                db, who, "site.delete", "site", site_id, target_name=row.name, before=_said(row)
            )

    async def _name_is_free(self, db: TenantSession, name: str, site_id: str | None) -> None:
        other = await db.first(Site, Site.name == name)
        if other is not None and other.id != site_id:
            raise Problem(409, "name_taken", "Another site has this name")

    async def _view(self, db: TenantSession, row: Site) -> AdminSiteView:
        state = self._connectors.status(row.tenant_id, row.id).state
        if state == "unknown" and not await db.count(Connector, Connector.site_id == row.id):
            state = "not_set_up"
        return AdminSiteView(
            id=row.id,
            name=row.name,
            profile=cast(Profile, row.profile),
            country=row.country,
            area_code=row.area_code,
            exit_code=row.exit_code,
            trunk_prefix=row.trunk_prefix,
            number_block=row.number_block,
            extension_digits=row.extension_digits,
            extension_ranges=[(first, last) for first, last in row.extension_ranges],
            codecs=row.codecs.split(","),
            pbx_release=row.pbx_release,
            channels=row.channels,
            ip_licences=row.ip_licences,
            version=row.version,
            lines=await db.count(Line, Line.site_id == row.id),
            connector=state,
        )


async def _known(db: TenantSession, site_id: str) -> Site:
    row = await db.get(Site, site_id)
    if row is None:
        raise Problem(404, "not_found", "There is no such site")
    return row


def _columns(wanted: SiteData) -> dict[str, Any]:
    values = wanted.model_dump()
    values["codecs"] = ",".join(wanted.codecs)
    values["extension_ranges"] = [[first, last] for first, last in wanted.extension_ranges]
    return values


def _said(row: Site) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SiteData.model_fields}
