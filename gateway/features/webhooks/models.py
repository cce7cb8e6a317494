"""JSON of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from gateway.features.webhooks.events import Event
from gateway.http.endpoint import ReplyModel, RequestModel

State = Literal["active", "paused", "stopped"]
DeliveryState = Literal["waiting", "delivered", "dead"]


class NewWebhook(RequestModel):
    url: str = Field(min_length=1, max_length=2048, description="https, and public")
    description: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = Field(
        default="", description="for people"
    )
    events: list[Event] = Field(min_length=1, max_length=len(Event))

    @field_validator("description")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("a description is one line of text")
        return value

    @field_validator("events")
    @classmethod
    def _each_once(cls, value: list[Event]) -> list[Event]:
        return list(dict.fromkeys(value))


class ChangedWebhook(NewWebhook):
    """The whole of it. Whoever ends a pause, or that the gateway stopped, begins anew."""

    paused: bool = Field(description="true: nothing is sent, and what happens is not kept for it")


class Rotate(RequestModel):
    change_over_hours: Literal[0, 1, 24] = Field(
        description="how long the old secret signs as well; 0: not at all"
    )


class WebhookView(ReplyModel):
    id: str
    url: str
    description: str
    events: list[str]
    state: State = Field(
        description="stopped: by the gateway, because nothing could be delivered for days"
    )
    failing_since: datetime | None = Field(description="null: the last delivery worked")
    delivered_at: datetime | None = Field(description="the last success, to the minute")
    failed_at: datetime | None
    error: str = Field(description="what the last failure was")
    waiting: int = Field(description="deliveries that will be tried, or tried again")
    dead: int = Field(description="deliveries that were given up and may be sent again")
    old_secret_until: datetime | None
    created_at: datetime
    created_by: str
    version: int


class WebhookList(ReplyModel):
    items: list[WebhookView]
    next_cursor: str | None
    limit: int = Field(description="how many there may be")


class MadeWebhook(ReplyModel):
    webhook: WebhookView
    secret: str = Field(repr=False, description="for checking signatures; it is never shown again")


class DeliveriesQuery(RequestModel):
    state: DeliveryState | None = None
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=100)


class DeliveryView(ReplyModel):
    """What was sent is not shown: it may tell of a call."""

    id: str = Field(description="the same in webhook-id, over all attempts")
    event: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    settled_at: datetime | None
    error: str


class DeliveryPage(ReplyModel):
    items: list[DeliveryView]
    next_cursor: str | None


class SentAgain(ReplyModel):
    count: int
