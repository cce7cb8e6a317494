"""/presence."""

from __future__ import annotations

from gateway.features.presence.models import (
    OwnPresence,
    PeoplePresence,
    PeopleQuery,
    PersonPresence,
    PresenceChange,
)
from gateway.features.presence.service import PresenceService
from gateway.http.endpoint import Exchange, endpoint


class PresenceApi:
    def __init__(self, service: PresenceService) -> None:
        self._service = service

    @endpoint(
        "GET", "/presence", "Your presence: what you chose, how you are seen", reply=OwnPresence
    )
    async def own(self, exchange: Exchange) -> OwnPresence:
        return self._service.own_view(exchange.actor.user)

    @endpoint(
        "PATCH",
        "/presence",
        "Change your status, do not disturb, note, or who may see you",
        body=PresenceChange,
        reply=OwnPresence,
        problems=(
            (422, "until_invalid"),
            (429, "too_fast"),
            (502, "pbx_refused"),
            (503, "pbx_unreachable"),
        ),
    )
    async def change(self, exchange: Exchange) -> OwnPresence:
        return await self._service.change(exchange.actor.user, exchange.body(PresenceChange))

    @endpoint(
        "GET",
        "/presence/people",
        "How colleagues are seen by you",
        query=PeopleQuery,
        reply=PeoplePresence,
    )
    async def people(self, exchange: Exchange) -> PeoplePresence:
        wanted = exchange.query(PeopleQuery).user_ids.split(",")
        seen = self._service.seen(exchange.actor.user, wanted[:100])
        return PeoplePresence(items=[PersonPresence.model_validate(one) for one in seen])
