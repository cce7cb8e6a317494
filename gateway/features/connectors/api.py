"""/connector: by API key only."""

from __future__ import annotations

from gateway.features.connectors.models import (
    ConfigQuery,
    LinkConfig,
    LinkSession,
    LinkSessionRequest,
)
from gateway.features.connectors.service import ConnectorsService
from gateway.http.endpoint import Access, Exchange, Reply, endpoint


class ConnectorsApi:
    def __init__(self, service: ConnectorsService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/connector/session",
        "Open a link session: a token for the SIP edge and the site's lines",
        access=Access.CONNECTOR,
        body=LinkSessionRequest,
        reply=LinkSession,
        problems=((401, "key_refused"), (403, "wrong_profile"), (403, "site_gone")),
        max_body=4096,
    )
    async def session(self, exchange: Exchange) -> LinkSession:
        return await self._service.open_session(exchange.key, exchange.body(LinkSessionRequest))

    @endpoint(
        "GET",
        "/connector/config",
        "The site's lines; 204 when nothing changed since the version given",
        access=Access.CONNECTOR,
        query=ConfigQuery,
        may_be_empty=True,
        reply=LinkConfig,
        problems=((401, "key_refused"), (403, "site_gone")),
    )
    async def config(self, exchange: Exchange) -> Reply:
        config = await self._service.config(exchange.key, exchange.query(ConfigQuery).since)
        return Reply(config, 204 if config is None else 200)
