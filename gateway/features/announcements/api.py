"""/announcements for everybody, /admin/announcements and /operator/announcements to write them."""

from __future__ import annotations

from gateway.features.announcements.models import (
    AnnouncementEdit,
    AnnouncementList,
    AnnouncementPage,
    AnnouncementWish,
    PageQuery,
    ShownQuery,
)
from gateway.features.announcements.service import AnnouncementsService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match
from gateway.permissions import Permission

_UNKNOWN = (404, "announcement_unknown")
_TIMES = (422, "times_invalid")


class AnnouncementsApi:
    def __init__(self, service: AnnouncementsService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/announcements",
        "What the operator and the administrators say now, the most urgent first",
        query=ShownQuery,
        reply=AnnouncementList,
    )
    async def shown(self, exchange: Exchange) -> AnnouncementList:
        actor = exchange.actor
        language = exchange.query(ShownQuery).language
        return await self._service.shown(actor.user.tenant_id, actor.role, language)

    @endpoint(
        "GET",
        "/admin/announcements",
        "The tenant's own announcements, past ones too",
        query=PageQuery,
        reply=AnnouncementPage,
        permission=Permission.TENANT_READ,
        problems=((422, "bad_cursor"),),
    )
    async def own(self, exchange: Exchange) -> AnnouncementPage:
        return await self._service.page(exchange.principal.tenant_id, exchange.query(PageQuery))

    @endpoint(
        "POST",
        "/admin/announcements",
        "Tell the people of the tenant something",
        body=AnnouncementWish,
        reply=AnnouncementEdit,
        status=201,
        permission=Permission.TENANT_WRITE,
        problems=(_TIMES, (409, "platform_tenant")),
        idempotent=True,
    )
    async def create(self, exchange: Exchange) -> Reply:
        wish = exchange.body(AnnouncementWish)
        made = await self._service.create(exchange.principal, wish, for_all=False)
        return _with_etag(made, 201)

    @endpoint(
        "PUT",
        "/admin/announcements/{id}",
        "Change an announcement",
        body=AnnouncementWish,
        reply=AnnouncementEdit,
        permission=Permission.TENANT_WRITE,
        headers=(IF_MATCH,),
        problems=(_UNKNOWN, _TIMES, *IF_MATCH_PROBLEMS),
    )
    async def change(self, exchange: Exchange) -> Reply:
        return await self._change(exchange, for_all=False)

    @endpoint(
        "DELETE",
        "/admin/announcements/{id}",
        "Take an announcement back",
        permission=Permission.TENANT_WRITE,
        problems=(_UNKNOWN,),
    )
    async def remove(self, exchange: Exchange) -> None:
        await self._service.remove(exchange.principal, exchange.params["id"], for_all=False)

    @endpoint(
        "GET",
        "/operator/announcements",
        "What the operator says to all tenants, past announcements too",
        query=PageQuery,
        reply=AnnouncementPage,
        permission=Permission.PLATFORM,
        problems=((422, "bad_cursor"),),
    )
    async def platforms(self, exchange: Exchange) -> AnnouncementPage:
        return await self._service.page(exchange.principal.tenant_id, exchange.query(PageQuery))

    @endpoint(
        "POST",
        "/operator/announcements",
        "Tell all tenants something",
        body=AnnouncementWish,
        reply=AnnouncementEdit,
        status=201,
        permission=Permission.PLATFORM,
        problems=(_TIMES,),
        idempotent=True,
    )
    async def create_for_all(self, exchange: Exchange) -> Reply:
        wish = exchange.body(AnnouncementWish)
        made = await self._service.create(exchange.principal, wish, for_all=True)
        return _with_etag(made, 201)

    @endpoint(
        "PUT",
        "/operator/announcements/{id}",
        "Change what all tenants are told",
        body=AnnouncementWish,
        reply=AnnouncementEdit,
        permission=Permission.PLATFORM,
        headers=(IF_MATCH,),
        problems=(_UNKNOWN, _TIMES, *IF_MATCH_PROBLEMS),
    )
    async def change_for_all(self, exchange: Exchange) -> Reply:
        return await self._change(exchange, for_all=True)

    @endpoint(
        "DELETE",
        "/operator/announcements/{id}",
        "Take back what all tenants are told",
        permission=Permission.PLATFORM,
        problems=(_UNKNOWN,),
    )
    async def remove_for_all(self, exchange: Exchange) -> None:
        await self._service.remove(exchange.principal, exchange.params["id"], for_all=True)

    async def _change(self, exchange: Exchange, *, for_all: bool) -> Reply:
        changed = await self._service.change(
            exchange.principal,
            exchange.params["id"],
            exchange.body(AnnouncementWish),
            if_match(exchange),
            for_all=for_all,
        )
        return _with_etag(changed, 200)


def _with_etag(view: AnnouncementEdit, status: int) -> Reply:
    return Reply(view, status, {"ETag": f'"{view.version}"'})
