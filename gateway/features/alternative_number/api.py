"""/alternative-number."""

from __future__ import annotations

from gateway.features.alternative_number.models import AlternativeChange, AlternativeView
from gateway.features.alternative_number.service import AlternativeNumberService
from gateway.http.endpoint import Exchange, endpoint


class AlternativeNumberApi:
    def __init__(self, service: AlternativeNumberService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/alternative-number",
        "Your other phone, and when work calls go there",
        reply=AlternativeView,
    )
    async def alternative(self, exchange: Exchange) -> AlternativeView:
        return await self._service.alternative(exchange.actor.user)

    @endpoint(
        "PUT",
        "/alternative-number",
        "Set your other phone's number, and when work calls go there",
        body=AlternativeChange,
        reply=AlternativeView,
        problems=(
            (409, "no_line"),
            (409, "not_offered"),
            (422, "number_missing"),
            (422, "number_invalid"),
            (422, "forward_to_self"),
            (422, "forward_to_emergency"),
            (429, "too_fast"),
            (502, "pbx_refused"),
            (503, "pbx_unreachable"),
        ),
        max_body=4096,
    )
    async def change(self, exchange: Exchange) -> AlternativeView:
        wanted = exchange.body(AlternativeChange)
        return await self._service.change(exchange.actor.user, wanted)
