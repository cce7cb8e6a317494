"""/admin/imports."""

from __future__ import annotations

from gateway.features.imports.models import (
    Apply,
    ColumnsQuery,
    FileColumnsView,
    ImportList,
    ImportView,
    RowsPage,
    RowsQuery,
    UploadQuery,
)
from gateway.features.imports.rows import MAX_BYTES
from gateway.features.imports.service import ImportsService
from gateway.http.endpoint import Exchange, endpoint
from gateway.permissions import Permission

_UNKNOWN = (404, "not_found")
_STATE = (409, "import_state")
#: Browsers on Windows call every CSV file an Excel file.
MEDIA_TYPES = (
    "text/csv",
    "application/json",
    "text/plain",
    "application/vnd.ms-excel",
    "application/octet-stream",
)
_COLUMNS = tuple(
    (422, code)
    for code in (
        "file_packed",
        "file_empty",
        "file_encoding",
        "file_binary",
        "file_csv",
        "too_many_rows",
        "too_many_columns",
    )
)
_FILE = _COLUMNS + tuple(
    (422, code)
    for code in (
        "header_missing",
        "column_missing",
        "column_twice",
        "mapping_unknown",
        "json_syntax",
        "json_deep",
        "json_format",
        "json_version",
        "member_unknown",
        "member_twice",
    )
)


class ImportsApi:
    def __init__(self, service: ImportsService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/admin/imports",
        "A file of people: read at once, planned in the background, nothing is changed",
        permission=Permission.IMPORTS_WRITE,
        query=UploadQuery,
        upload=MEDIA_TYPES,
        max_body=MAX_BYTES,
        reply=ImportView,
        status=202,
        problems=_FILE,
    )
    async def upload(self, exchange: Exchange) -> ImportView:
        return await self._service.upload(
            exchange.principal, exchange.upload, exchange.query(UploadQuery)
        )

    @endpoint(
        "POST",
        "/admin/imports/columns",
        "What the columns of a file seem to mean: nothing is kept",
        permission=Permission.IMPORTS_WRITE,
        query=ColumnsQuery,
        upload=MEDIA_TYPES,
        max_body=MAX_BYTES,
        reply=FileColumnsView,
        problems=_COLUMNS,
        stores=False,
    )
    async def columns(self, exchange: Exchange) -> FileColumnsView:
        return await self._service.columns(exchange.upload, exchange.query(ColumnsQuery))

    @endpoint(
        "GET",
        "/admin/imports",
        "The imports of the last 90 days, the newest first",
        permission=Permission.IMPORTS_WRITE,
        reply=ImportList,
    )
    async def list(self, exchange: Exchange) -> ImportList:
        return await self._service.newest(exchange.principal.tenant_id)

    @endpoint(
        "GET",
        "/admin/imports/{id}",
        "One import and how far it is",
        permission=Permission.IMPORTS_WRITE,
        reply=ImportView,
        problems=(_UNKNOWN,),
    )
    async def get(self, exchange: Exchange) -> ImportView:
        return await self._service.get(exchange.principal.tenant_id, exchange.params["id"])

    @endpoint(
        "GET",
        "/admin/imports/{id}/rows",
        "What each row comes to, and why one does not",
        permission=Permission.IMPORTS_WRITE,
        query=RowsQuery,
        reply=RowsPage,
        problems=(_UNKNOWN, (422, "bad_cursor")),
    )
    async def rows(self, exchange: Exchange) -> RowsPage:
        return await self._service.rows(
            exchange.principal.tenant_id, exchange.params["id"], exchange.query(RowsQuery)
        )

    @endpoint(
        "POST",
        "/admin/imports/{id}/apply",
        "Do what the plan says",
        permission=Permission.IMPORTS_WRITE,
        fresh=True,
        body=Apply,
        reply=ImportView,
        status=202,
        problems=(_UNKNOWN, _STATE, (409, "import_has_errors")),
    )
    async def apply(self, exchange: Exchange) -> ImportView:
        wanted = exchange.body(Apply)
        return await self._service.apply(
            exchange.principal, exchange.params["id"], wanted.skip_errors, wanted.invite
        )

    @endpoint(
        "POST",
        "/admin/imports/{id}/undo",
        "Put back what was, except where people were changed since",
        permission=Permission.IMPORTS_WRITE,
        reply=ImportView,
        status=202,
        problems=(_UNKNOWN, _STATE),
    )
    async def undo(self, exchange: Exchange) -> ImportView:
        return await self._service.undo(exchange.principal, exchange.params["id"])

    @endpoint(
        "DELETE",
        "/admin/imports/{id}",
        "Forget an import; people stay as they are",
        permission=Permission.IMPORTS_WRITE,
        problems=(_UNKNOWN, (409, "import_busy")),
    )
    async def delete(self, exchange: Exchange) -> None:
        await self._service.delete(exchange.principal, exchange.params["id"])
