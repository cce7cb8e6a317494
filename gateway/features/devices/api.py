"""/devices."""

from __future__ import annotations

from gateway.features.devices.models import DevicesView
from gateway.features.devices.service import DevicesService
from gateway.http.endpoint import Exchange, endpoint


class DevicesApi:
    def __init__(self, service: DevicesService) -> None:
        self._service = service

    @endpoint("GET", "/devices", "Your devices, the last used first", reply=DevicesView)
    async def list(self, exchange: Exchange) -> DevicesView:
        actor = exchange.actor
        return DevicesView(items=await self._service.list(actor.user, actor.device_id))
