"""/admin/scim."""

from __future__ import annotations

from gateway.features.scim.settings import ScimAdmin, ScimSettingsIn, ScimSettingsView
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission


class ScimAdminApi:
    def __init__(self, admin: ScimAdmin) -> None:
        self._admin = admin

    @endpoint(
        "GET",
        "/admin/scim",
        "Where a directory sends joiners and leavers, and the groups that have come; with an ETag",
        reply=ScimSettingsView,
        permission=Permission.SIGN_IN_WRITE,
    )
    async def settings(self, exchange: Exchange) -> Reply:
        view = await self._admin.shown(exchange.principal)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/scim",
        "Change which roles the members of groups have",
        body=ScimSettingsIn,
        reply=ScimSettingsView,
        headers=(IF_MATCH,),
        problems=IF_MATCH_PROBLEMS,
        permission=Permission.SIGN_IN_WRITE,
        fresh=True,
    )
    async def change(self, exchange: Exchange) -> Reply:
        view = await self._admin.change(
            exchange.principal, exchange.body(ScimSettingsIn), if_match(exchange)
        )
        return with_etag(view, view.version)
