"""/events: what happens in the tenant, for programs with an API key."""

from __future__ import annotations

from gateway.features.event_stream.models import StreamQuery
from gateway.features.event_stream.service import EventFeed
from gateway.http.endpoint import Exchange, Stream, endpoint
from gateway.permissions import Permission


class EventStreamApi:
    def __init__(self, feed: EventFeed) -> None:
        self._feed = feed

    @endpoint(
        "GET",
        "/events",
        "Events of calls, presence, voicemail lamps and connectors as they happen",
        query=StreamQuery,
        headers=(("Last-Event-ID", "the last event that you have seen: go on after it", False),),
        permission=Permission.CALLS_READ,
        problems=((429, "too_many_streams"), (503, "restarting")),
        file_type="text/event-stream",
    )
    async def read(self, exchange: Exchange) -> Stream:
        last = exchange.request.headers.get("Last-Event-ID")
        return Stream(
            self._feed.open(exchange.principal, exchange.query(StreamQuery), last or None)
        )
