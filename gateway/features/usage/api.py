"""/admin/usage, as JSON and as a file, and the operator's file for all tenants."""

from __future__ import annotations

from gateway.features.usage.models import UsageFileQuery, UsageQuery, UsageView
from gateway.features.usage.service import UsageService
from gateway.http.endpoint import Download, Exchange, endpoint
from gateway.permissions import Permission

_BAD_MONTH = (422, "bad_month")


class UsageApi:
    def __init__(self, service: UsageService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/admin/usage",
        "People, calls and minutes month by month, and the licences",
        query=UsageQuery,
        reply=UsageView,
        permission=Permission.USAGE_READ,
        problems=(_BAD_MONTH,),
    )
    async def usage(self, exchange: Exchange) -> UsageView:
        query = exchange.query(UsageQuery)
        return await self._service.usage(exchange.principal.tenant_id, query.from_, query.to)

    @endpoint(
        "GET",
        "/admin/usage.csv",
        "The same as a file for spreadsheets",
        query=UsageFileQuery,
        permission=Permission.USAGE_READ,
        problems=(_BAD_MONTH,),
        file_type="text/csv",
    )
    async def usage_file(self, exchange: Exchange) -> Download:
        query = exchange.query(UsageFileQuery)
        tenant_id = exchange.principal.tenant_id
        return Download(
            "usage.csv", self._service.file(tenant_id, query.from_, query.to, query.sign)
        )

    @endpoint(
        "GET",
        "/operator/usage.csv",
        "All tenants month by month, for the bill",
        query=UsageFileQuery,
        permission=Permission.PLATFORM,
        problems=(_BAD_MONTH,),
        file_type="text/csv",
    )
    async def usage_of_all(self, exchange: Exchange) -> Download:
        query = exchange.query(UsageFileQuery)
        return Download(
            "usage-of-all.csv", self._service.file_of_all(query.from_, query.to, query.sign)
        )
