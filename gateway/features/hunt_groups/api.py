"""/hunt-groups."""

from __future__ import annotations

from gateway.features.hunt_groups.models import HuntGroupChange, HuntGroupsView
from gateway.features.hunt_groups.service import HuntGroupsService
from gateway.http.endpoint import Exchange, endpoint


class HuntGroupsApi:
    def __init__(self, service: HuntGroupsService) -> None:
        self._service = service

    @endpoint("GET", "/hunt-groups", "Hunt groups that you are in", reply=HuntGroupsView)
    async def groups(self, exchange: Exchange) -> HuntGroupsView:
        return await self._service.groups(exchange.actor.user)

    @endpoint(
        "PUT",
        "/hunt-groups/{number}",
        "Take the calls of a group, or no more",
        body=HuntGroupChange,
        reply=HuntGroupsView,
        problems=(
            (404, "group_unknown"),
            (409, "no_line"),
            (409, "not_offered"),
            (429, "too_fast"),
            (502, "pbx_refused"),
            (503, "pbx_unreachable"),
        ),
        max_body=1024,
    )
    async def change(self, exchange: Exchange) -> HuntGroupsView:
        wanted = exchange.body(HuntGroupChange)
        number = exchange.params["number"]
        return await self._service.change(exchange.actor.user, number, wanted.logged_in)
