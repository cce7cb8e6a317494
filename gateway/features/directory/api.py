"""/directory."""

from __future__ import annotations

from gateway.features.directory.models import DirectoryPage, DirectoryQuery
from gateway.features.directory.service import DirectoryService
from gateway.http.endpoint import Exchange, endpoint


class DirectoryApi:
    def __init__(self, service: DirectoryService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/directory",
        "Search people by the beginning of a name's words or of a number",
        query=DirectoryQuery,
        reply=DirectoryPage,
        problems=((422, "bad_cursor"),),
    )
    async def search(self, exchange: Exchange) -> DirectoryPage:
        query = exchange.query(DirectoryQuery)
        return await self._service.search(
            exchange.actor.user.tenant_id, query.q, query.cursor, query.limit
        )
