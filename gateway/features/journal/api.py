"""/journal."""

from __future__ import annotations

from gateway.features.journal.models import (
    EntryDetails,
    ExportQuery,
    JournalPage,
    JournalQuery,
    ReadReply,
    ReadRequest,
)
from gateway.features.journal.reading import JournalReader
from gateway.features.journal.service import JournalService
from gateway.http.endpoint import Download, Exchange, endpoint


class JournalApi:
    def __init__(self, service: JournalService, reader: JournalReader) -> None:
        self._service = service
        self._reader = reader

    @endpoint(
        "GET",
        "/journal",
        "Your calls, the newest first: all, or those that you look for",
        query=JournalQuery,
        reply=JournalPage,
        problems=((422, "bad_cursor"),),
    )
    async def page(self, exchange: Exchange) -> JournalPage:
        return await self._reader.page(exchange.actor.user, exchange.query(JournalQuery))

    @endpoint(
        "GET",
        "/journal.csv",
        "The whole history as a file for spreadsheets",
        query=ExportQuery,
        file_type="text/csv",
        problems=((422, "bad_time_zone"),),
    )
    async def export(self, exchange: Exchange) -> Download:
        query = exchange.query(ExportQuery)
        return Download("calls.csv", self._reader.file(exchange.actor.user, query))

    @endpoint(
        "GET",
        "/journal/{id}",
        "One call, and why each device rang or did not",
        reply=EntryDetails,
        problems=((404, "not_found"),),
    )
    async def details(self, exchange: Exchange) -> EntryDetails:
        return await self._reader.details(exchange.actor.user, exchange.params["id"])

    @endpoint("DELETE", "/journal", "Delete all entries")
    async def delete_all(self, exchange: Exchange) -> None:
        await self._service.delete_all(exchange.actor.user)

    @endpoint("DELETE", "/journal/{id}", "Delete one entry", problems=((404, "not_found"),))
    async def delete(self, exchange: Exchange) -> None:
        await self._service.delete(exchange.actor.user, exchange.params["id"])

    @endpoint(
        "POST",
        "/journal/read",
        "Mark missed calls as seen: these, or all",
        body=ReadRequest,
        reply=ReadReply,
    )
    async def read(self, exchange: Exchange) -> ReadReply:
        ids = exchange.body(ReadRequest).ids
        return ReadReply(unread=await self._service.mark_read(exchange.actor.user, ids))
