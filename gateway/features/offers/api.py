"""/offers."""

from __future__ import annotations

from gateway.features.offers.models import OffersView
from gateway.features.offers.service import OffersService
from gateway.http.endpoint import Exchange, endpoint


class OffersApi:
    def __init__(self, service: OffersService) -> None:
        self._service = service

    @endpoint("GET", "/offers", "What your phone system offers now", reply=OffersView)
    async def offers(self, exchange: Exchange) -> OffersView:
        return OffersView(offers=await self._service.offers(exchange.actor.user))
