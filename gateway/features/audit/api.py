"""/admin/audit."""

from __future__ import annotations

from gateway.features.audit.models import (
    AuditFileQuery,
    AuditPage,
    AuditQuery,
    VerifyReply,
    VerifyRequest,
)
from gateway.features.audit.reading import AuditReader
from gateway.http.endpoint import Download, Exchange, endpoint
from gateway.permissions import Permission


class AuditApi:
    def __init__(self, reader: AuditReader) -> None:
        self._reader = reader

    @endpoint(
        "GET",
        "/admin/audit",
        "What administrators did, the newest first",
        query=AuditQuery,
        reply=AuditPage,
        problems=((422, "bad_cursor"),),
        permission=Permission.AUDIT_READ,
    )
    async def page(self, exchange: Exchange) -> AuditPage:
        return await self._reader.page(exchange.principal.tenant_id, exchange.query(AuditQuery))

    @endpoint(
        "GET",
        "/admin/audit.csv",
        "The same as a file for spreadsheets",
        query=AuditFileQuery,
        file_type="text/csv",
        problems=((422, "bad_time_zone"),),
        permission=Permission.AUDIT_READ,
    )
    async def file(self, exchange: Exchange) -> Download:
        query = exchange.query(AuditFileQuery)
        return Download("audit.csv", self._reader.file(exchange.principal.tenant_id, query))

    @endpoint(
        "POST",
        "/admin/audit/verify",
        "Prove that no entry was changed, removed or put between others",
        body=VerifyRequest,
        reply=VerifyReply,
        permission=Permission.AUDIT_READ,
    )
    async def verify(self, exchange: Exchange) -> VerifyReply:
        noted = exchange.body(VerifyRequest).noted
        return await self._reader.verify(exchange.principal.tenant_id, noted)
