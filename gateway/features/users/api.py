"""/me and /me/settings."""

from __future__ import annotations

from gateway.features.users.models import MeView, Settings, SettingsView
from gateway.features.users.service import UsersService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag


class UsersApi:
    def __init__(self, service: UsersService) -> None:
        self._service = service

    @endpoint("GET", "/me", "The signed-in user, line and site", reply=MeView)
    async def me(self, exchange: Exchange) -> MeView:
        return await self._service.me(exchange.actor)

    @endpoint("GET", "/me/settings", "Your settings, with an ETag", reply=SettingsView)
    async def settings(self, exchange: Exchange) -> Reply:
        view = await self._service.settings(exchange.actor)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/me/settings",
        "Change your settings",
        body=Settings,
        reply=SettingsView,
        headers=(IF_MATCH,),
        problems=IF_MATCH_PROBLEMS,
        max_body=4096,
    )
    async def change_settings(self, exchange: Exchange) -> Reply:
        version, wanted = if_match(exchange), exchange.body(Settings)
        view = await self._service.change_settings(exchange.actor, wanted, version)
        return with_etag(view, view.version)
