"""/me and /me/settings."""

from __future__ import annotations

import re

from gateway.features.users.models import MeView, Settings, SettingsView
from gateway.features.users.service import UsersService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.ports import Problem

_ETAG = re.compile(r'"(\d{1,9})"')
_IF_MATCH = ("If-Match", "the ETag of the settings that were read", True)


class UsersApi:
    def __init__(self, service: UsersService) -> None:
        self._service = service

    @endpoint("GET", "/me", "The signed-in user, line and site", reply=MeView)
    async def me(self, exchange: Exchange) -> MeView:
        return await self._service.me(exchange.actor)

    @endpoint("GET", "/me/settings", "Your settings, with an ETag", reply=SettingsView)
    async def settings(self, exchange: Exchange) -> Reply:
        return _with_etag(await self._service.settings(exchange.actor))

    @endpoint(
        "PUT",
        "/me/settings",
        "Change your settings",
        body=Settings,
        reply=SettingsView,
        headers=(_IF_MATCH,),
        problems=((412, "changed_meanwhile"), (428, "if_match_required")),
        max_body=4096,
    )
    async def change_settings(self, exchange: Exchange) -> Reply:
        tag = exchange.request.headers.get("If-Match")
        if tag is None:
            raise Problem(428, "if_match_required", "Send If-Match with the ETag you have read")
        match = _ETAG.fullmatch(tag.strip())
        if match is None:
            raise Problem(412, "changed_meanwhile", "This ETag is not one of ours")
        wanted = exchange.body(Settings)
        return _with_etag(
            await self._service.change_settings(exchange.actor, wanted, int(match[1]))
        )


def _with_etag(view: SettingsView) -> Reply:
    return Reply(view, headers={"ETag": f'"{view.version}"'})
