"""/turn-credentials."""

from __future__ import annotations

from pydantic import Field

from gateway.features.turn_credentials.service import TurnCredentials
from gateway.http.endpoint import Exchange, ReplyModel, endpoint


class TurnView(ReplyModel):
    urls: list[str]
    username: str
    credential: str = Field(repr=False)
    ttl: int = Field(description="seconds; ask again at 80 % of it")


class TurnCredentialsApi:
    def __init__(self, service: TurnCredentials) -> None:
        self._service = service

    @endpoint("POST", "/turn-credentials", "Credentials for the TURN servers", reply=TurnView)
    async def issue(self, exchange: Exchange) -> TurnView:
        # coturn counts its quota per name: one device, one quota.
        return TurnView(**self._service.issue(exchange.actor.device_id))
