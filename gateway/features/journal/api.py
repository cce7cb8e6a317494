"""/journal."""

from __future__ import annotations

from gateway.features.journal.models import JournalPage, JournalQuery, ReadReply, ReadRequest
from gateway.features.journal.service import JournalService
from gateway.http.endpoint import Exchange, endpoint


class JournalApi:
    def __init__(self, service: JournalService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/journal",
        "Your calls, the newest first",
        query=JournalQuery,
        reply=JournalPage,
        problems=((422, "bad_cursor"),),
    )
    async def page(self, exchange: Exchange) -> JournalPage:
        query = exchange.query(JournalQuery)
        return await self._service.page(exchange.actor.user, query.cursor, query.limit)

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
