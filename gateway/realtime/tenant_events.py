"""What programs are told on ``GET /events``: one model per event, for the API's document."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from gateway.calls.view import Call
from gateway.features.presence.models import PersonPresence
from gateway.features.voicemail.models import MailboxView
from gateway.http.endpoint import ReplyModel
from gateway.realtime.events import Connector


class OfUser(ReplyModel):
    at: str = Field(description="RFC 3339")
    user_id: str


class CallOfUser(OfUser):
    call: Call


class PresenceOfUser(OfUser):
    presence: PersonPresence


class LampOfUser(OfUser):
    mwi: MailboxView | None = Field(description="null: nobody knows")


class ConnectorOfSite(ReplyModel):
    at: str = Field(description="RFC 3339")
    site_id: str
    connector: Connector


class StreamEnd(ReplyModel):
    reason: Literal["key_ended", "restarting"]


class Nothing(ReplyModel):
    pass


class TenantEvents(ReplyModel):
    """The data of every event of the stream, by its name."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", ".", 1))

    ready: Nothing
    reset: Nothing = Field(description="something was missed: read again what you keep")
    call_created: CallOfUser
    call_updated: CallOfUser
    call_ended: CallOfUser
    presence_changed: PresenceOfUser
    mwi_changed: LampOfUser
    connector_changed: ConnectorOfSite
    end: StreamEnd
