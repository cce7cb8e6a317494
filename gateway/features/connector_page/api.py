"""/admin/sites/{id}/connector and what is needed to set one up."""

from __future__ import annotations

from collections.abc import AsyncIterator

from gateway.features.connector_page.config_file import FILE_NAME
from gateway.features.connector_page.models import ConnectorPage, Installation
from gateway.features.connector_page.service import ConnectorPageService, etag_of
from gateway.http.endpoint import Download, Exchange, Reply, endpoint
from gateway.permissions import Permission

_IF_NONE_MATCH = ("If-None-Match", "the ETag of what was read: 304 while it is the same", False)


class ConnectorPageApi:
    def __init__(self, service: ConnectorPageService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/admin/sites/{id}/connector",
        "How the site's connector is: layers with advice, versions, capacity, what went wrong",
        reply=ConnectorPage,
        headers=(_IF_NONE_MATCH,),
        problems=((404, "not_found"),),
        permission=Permission.CONNECTOR_READ,
    )
    async def page(self, exchange: Exchange) -> Reply:
        tenant_id = exchange.principal.tenant_id
        page = await self._service.page(tenant_id, exchange.params["id"])
        etag = etag_of(page)
        if exchange.request.headers.get("If-None-Match") == etag:
            return Reply(None, 304, {"ETag": etag})
        return Reply(page, headers={"ETag": etag})

    @endpoint(
        "GET",
        "/admin/sites/{id}/install",
        "What to do on the connector's machine: a command, and the configuration to look at",
        reply=Installation,
        problems=((404, "not_found"),),
        permission=Permission.CONNECTOR_READ,
    )
    async def install(self, exchange: Exchange) -> Installation:
        tenant_id = exchange.principal.tenant_id
        return await self._service.installation(tenant_id, exchange.params["id"])

    @endpoint(
        "GET",
        "/admin/sites/{id}/config-file",
        "The connector's configuration as a file, without the key",
        file_type="application/toml",
        problems=((404, "not_found"),),
        permission=Permission.CONNECTOR_READ,
    )
    async def config_file(self, exchange: Exchange) -> Download:
        tenant_id, site_id = exchange.principal.tenant_id, exchange.params["id"]
        made = await self._service.installation(tenant_id, site_id)

        async def parts() -> AsyncIterator[bytes]:
            yield made.config.encode()

        return Download(FILE_NAME, parts())
