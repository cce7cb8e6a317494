"""/admin/keys. None of these takes an Idempotency-Key: what is kept for a repeat would hold the
key's text."""

from __future__ import annotations

from pydantic import Field

from gateway.features.api_keys.models import KeyList, MadeKey, NewKey, Regenerate
from gateway.features.api_keys.reading import KeyReader
from gateway.features.api_keys.service import ApiKeysService
from gateway.http.endpoint import Exchange, RequestModel, endpoint
from gateway.permissions import Permission


class KeysQuery(RequestModel):
    cursor: str | None = Field(default=None, max_length=500)


class ApiKeysApi:
    def __init__(self, service: ApiKeysService, reader: KeyReader) -> None:
        self._service = service
        self._reader = reader

    @endpoint(
        "GET",
        "/admin/keys",
        "The tenant's API keys, latest first, without their secrets",
        query=KeysQuery,
        reply=KeyList,
        problems=((422, "bad_cursor"),),
        permission=Permission.KEYS_READ,
    )
    async def keys(self, exchange: Exchange) -> KeyList:
        tenant_id = exchange.principal.tenant_id
        return await self._reader.keys(tenant_id, exchange.query(KeysQuery).cursor)

    @endpoint(
        "POST",
        "/admin/keys",
        "Make a key; its text is in this answer and nowhere else",
        body=NewKey,
        reply=MadeKey,
        status=201,
        problems=((409, "too_many_keys"), (422, "site_unknown")),
        max_body=8192,
        permission=Permission.KEYS_WRITE,
        fresh=True,
    )
    async def create(self, exchange: Exchange) -> MadeKey:
        row, text = await self._service.create(exchange.principal, exchange.body(NewKey))
        return MadeKey(key=await self._reader.view(row), text=text)

    @endpoint(
        "POST",
        "/admin/keys/{id}/regenerate",
        "Make another key with the same rights; the old one stops at once or after a change-over",
        body=Regenerate,
        reply=MadeKey,
        status=201,
        problems=((404, "not_found"), (409, "key_replaced"), (409, "too_many_keys")),
        max_body=1024,
        permission=Permission.KEYS_WRITE,
        fresh=True,
    )
    async def regenerate(self, exchange: Exchange) -> MadeKey:
        row, text = await self._service.regenerate(
            exchange.principal, exchange.params["id"], exchange.body(Regenerate).change_over_hours
        )
        return MadeKey(key=await self._reader.view(row), text=text)

    @endpoint(
        "DELETE",
        "/admin/keys/{id}",
        "Revoke a key: it is refused from now on, and a link that lives by it is cut",
        problems=((404, "not_found"),),
        permission=Permission.KEYS_WRITE,
        fresh=True,
    )
    async def revoke(self, exchange: Exchange) -> None:
        await self._service.revoke(exchange.principal, exchange.params["id"])
