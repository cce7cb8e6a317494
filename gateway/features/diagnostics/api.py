"""/diagnostics to send them, /admin/diagnostics and /operator/tenants/{id}/diagnostics to read."""

from __future__ import annotations

from gateway.features.diagnostics.models import (
    DiagnosticsPage,
    DiagnosticsQuery,
    DiagnosticsSent,
    DiagnosticsTaken,
    OperatorDiagnosticsPage,
)
from gateway.features.diagnostics.service import DiagnosticsService
from gateway.http.endpoint import Download, Exchange, endpoint
from gateway.permissions import Permission

_UNKNOWN = (404, "diagnostics_unknown")
_NO_TENANT = (404, "tenant_unknown")
_CURSOR = (422, "bad_cursor")


class DiagnosticsApi:
    def __init__(self, service: DiagnosticsService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/diagnostics",
        "Send diagnostics of the own page; secrets, names and numbers are taken out",
        body=DiagnosticsSent,
        reply=DiagnosticsTaken,
        status=201,
        problems=((429, "rate_limited"),),
        idempotent=True,
        stores=True,
    )
    async def send(self, exchange: Exchange) -> DiagnosticsTaken:
        sent = exchange.body(DiagnosticsSent)
        return await self._service.take(exchange.actor, exchange.client_ip, sent)

    @endpoint(
        "GET",
        "/admin/diagnostics",
        "Diagnostics that people of the tenant sent in the last 30 days, the newest first",
        query=DiagnosticsQuery,
        reply=DiagnosticsPage,
        permission=Permission.DIAGNOSTICS_READ,
        problems=(_CURSOR,),
    )
    async def page(self, exchange: Exchange) -> DiagnosticsPage:
        query = exchange.query(DiagnosticsQuery)
        return await self._service.page(exchange.principal.tenant_id, query)

    @endpoint(
        "GET",
        "/admin/diagnostics/{id}",
        "One bundle as a file",
        file_type="application/json",
        permission=Permission.DIAGNOSTICS_READ,
        problems=(_UNKNOWN,),
    )
    async def file(self, exchange: Exchange) -> Download:
        return Download(*await self._service.file(exchange.principal, exchange.params["id"]))

    @endpoint(
        "GET",
        "/operator/tenants/{id}/diagnostics",
        "Diagnostics that people of a tenant sent, without their names",
        query=DiagnosticsQuery,
        reply=OperatorDiagnosticsPage,
        permission=Permission.PLATFORM,
        problems=(_NO_TENANT, _CURSOR),
    )
    async def operators_page(self, exchange: Exchange) -> OperatorDiagnosticsPage:
        query = exchange.query(DiagnosticsQuery)
        return await self._service.operators_page(exchange.params["id"], query)

    @endpoint(
        "GET",
        "/operator/tenants/{id}/diagnostics/{bundle}",
        "One bundle of a tenant as a file; the tenant's audit says so",
        file_type="application/json",
        permission=Permission.PLATFORM,
        problems=(_NO_TENANT, _UNKNOWN),
    )
    async def operators_file(self, exchange: Exchange) -> Download:
        who = exchange.principal.in_tenant(exchange.params["id"])
        return Download(*await self._service.file(who, exchange.params["bundle"]))
