"""Tenants as operators and administrators see them."""

from __future__ import annotations

from gateway.features.tenants.models import (
    ListQuery,
    OwnTenant,
    PlatformTenant,
    Status,
    TenantPage,
)
from gateway.http import cursor
from gateway.ports import Problem
from gateway.storage import licences
from gateway.storage.ids import is_id
from gateway.storage.models import Tenant
from gateway.storage.storage import Storage


class TenantReader:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def page(self, query: ListQuery) -> TenantPage:
        """The newest first."""
        async with self._storage.index() as index:
            tenants = await index.tenants()
        wanted = query.q.casefold()
        found = [
            tenant
            for tenant in tenants
            if wanted in tenant.name.casefold() and query.status in (None, _shown(tenant))
        ]
        before = cursor.decode(query.cursor, 1)[0] if query.cursor else None
        rest = [tenant for tenant in found if before is None or tenant.id < before]
        page = rest[: query.limit]
        more = cursor.encode(page[-1].id) if len(rest) > len(page) else None
        items = [await self.view(tenant) for tenant in page]
        return TenantPage(items=items, next_cursor=more, total=len(found))

    async def by_id(self, tenant_id: str) -> PlatformTenant:
        if is_id(tenant_id):
            async with self._storage.read(tenant_id) as db:
                tenant = await db.tenant()
            if tenant is not None:
                return await self.view(tenant)
        raise Problem(404, "tenant_unknown", "There is no such tenant")

    async def all(self) -> list[PlatformTenant]:
        """For the command line."""
        async with self._storage.index() as index:
            tenants = await index.tenants()
        return [await self.view(tenant) for tenant in tenants]

    async def named(self, name: str) -> Tenant | None:
        """By its id or its whole name."""
        async with self._storage.index() as index:
            tenants = await index.tenants()
        found = [tenant for tenant in tenants if name in (tenant.id, tenant.name)]
        if len(found) > 1:
            ids = ", ".join(tenant.id for tenant in found)
            raise Problem(409, "name_ambiguous", "Several tenants have this name", ids)
        return found[0] if found else None

    async def by_name(self, name: str) -> Tenant:
        found = await self.named(name)
        if found is None:
            raise Problem(404, "tenant_unknown", f"There is no tenant {name!r}")
        return found

    async def view(self, tenant: Tenant) -> PlatformTenant:
        async with self._storage.read(tenant.id) as db:
            users = await licences.used(db)
        return PlatformTenant(
            id=tenant.id,
            name=tenant.name,
            kind=tenant.kind,  # type: ignore[arg-type] # pydantic checks it
            status=_shown(tenant),
            language=tenant.language,
            created_at=tenant.created_at,
            users=users,
            licences=tenant.licences,
            quotas=tenant.quotas,
            terms_version=tenant.terms_version,
            terms_accepted_at=tenant.terms_accepted_at,
            suspended_at=tenant.suspended_at,
            suspended_why=tenant.suspended_why,
            delete_after=tenant.delete_after,
            version=tenant.version,
        )

    async def own(self, tenant_id: str) -> tuple[OwnTenant, int]:
        """With its version."""
        async with self._storage.read(tenant_id) as db:
            tenant = await db.tenant()
            used = await licences.used(db)
        if tenant is None:
            raise Problem(404, "tenant_unknown", "There is no such tenant")
        view = OwnTenant(
            id=tenant.id,
            name=tenant.name,
            status=_shown(tenant),
            language=tenant.language,
            support_email=tenant.support_email,
            created_at=tenant.created_at,
            terms_version=tenant.terms_version,
            terms_accepted_at=tenant.terms_accepted_at,
            licences_used=used,
            licences=tenant.licences,
            delete_after=tenant.delete_after,
            version=tenant.version,
        )
        return view, tenant.version


def _shown(tenant: Tenant) -> Status:
    """That the deletion has come to the rows is nothing that anybody could act on."""
    return "deleting" if tenant.status == "erasing" else tenant.status  # type: ignore[return-value]
