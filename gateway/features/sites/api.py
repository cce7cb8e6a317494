"""/admin/sites."""

from __future__ import annotations

from gateway.features.sites.models import AdminSiteList, AdminSiteView, SiteData
from gateway.features.sites.service import SitesService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission


class SitesApi:
    def __init__(self, service: SitesService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/admin/sites",
        "The tenant's sites, by name",
        reply=AdminSiteList,
        permission=Permission.CONNECTOR_READ,
    )
    async def sites(self, exchange: Exchange) -> AdminSiteList:
        return await self._service.sites(exchange.principal.tenant_id)

    @endpoint(
        "POST",
        "/admin/sites",
        "Add a site",
        body=SiteData,
        reply=AdminSiteView,
        status=201,
        problems=((409, "name_taken"), (409, "too_many_sites")),
        max_body=16384,
        idempotent=True,
        permission=Permission.SITES_WRITE,
    )
    async def create(self, exchange: Exchange) -> Reply:
        view = await self._service.create(exchange.principal, exchange.body(SiteData))
        return Reply(view, 201, {"ETag": f'"{view.version}"'})

    @endpoint(
        "GET",
        "/admin/sites/{id}",
        "One site, with an ETag",
        reply=AdminSiteView,
        problems=((404, "not_found"),),
        permission=Permission.CONNECTOR_READ,
    )
    async def site(self, exchange: Exchange) -> Reply:
        view = await self._service.site(exchange.principal.tenant_id, exchange.params["id"])
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/sites/{id}",
        "Change a site; its connector takes the change up at once",
        body=SiteData,
        reply=AdminSiteView,
        headers=(IF_MATCH,),
        problems=(
            (404, "not_found"),
            (409, "name_taken"),
            (409, "site_in_use"),
            *IF_MATCH_PROBLEMS,
        ),
        max_body=16384,
        permission=Permission.SITES_WRITE,
    )
    async def change(self, exchange: Exchange) -> Reply:
        version, wanted = if_match(exchange), exchange.body(SiteData)
        view = await self._service.change(
            exchange.principal, exchange.params["id"], wanted, version
        )
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/sites/{id}",
        "Remove a site that nobody has an extension at, with its keys",
        problems=((404, "not_found"), (409, "site_in_use")),
        permission=Permission.SITES_WRITE,
    )
    async def remove(self, exchange: Exchange) -> None:
        await self._service.remove(exchange.principal, exchange.params["id"])
