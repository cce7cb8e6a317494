"""/routing."""

from __future__ import annotations

from gateway.features.routing.models import Routing, RoutingView
from gateway.features.routing.service import RoutingService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag


class RoutingApi:
    def __init__(self, service: RoutingService) -> None:
        self._service = service

    @endpoint(
        "GET", "/routing", "What happens when somebody calls, with an ETag", reply=RoutingView
    )
    async def routing(self, exchange: Exchange) -> Reply:
        view = await self._service.routing(exchange.actor.user)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/routing",
        "Change what happens when somebody calls",
        body=Routing,
        reply=RoutingView,
        headers=(IF_MATCH,),
        problems=(*IF_MATCH_PROBLEMS, (422, "device_unknown")),
        max_body=4096,
    )
    async def change(self, exchange: Exchange) -> Reply:
        version, wanted = if_match(exchange), exchange.body(Routing)
        view = await self._service.change(exchange.actor.user, wanted, version)
        return with_etag(view, view.version)
