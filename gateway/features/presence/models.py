from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.features.presence.choice import Audience
from gateway.features.presence.merge import Shown, Status
from gateway.http.endpoint import ReplyModel, RequestModel

MOST_VIEWERS = 500
UserId = Annotated[str, StringConstraints(min_length=36, max_length=36)]
Until = AwareDatetime | None
_END = "when it ends by itself; null: it does not"


class SetStatus(RequestModel):
    value: Status
    until: Until = Field(default=None, description=_END)


class SetDoNotDisturb(RequestModel):
    on: bool
    until: Until = Field(default=None, description=_END)


class SetNote(RequestModel):
    text: str = Field(max_length=200)
    until: Until = Field(default=None, description=_END)


class SetAudience(RequestModel):
    who: Audience
    user_ids: list[UserId] = Field(default=[], max_length=MOST_VIEWERS)


class PresenceChange(RequestModel):
    """What is left out stays as it is."""

    status: SetStatus | None = None
    do_not_disturb: SetDoNotDisturb | None = None
    note: SetNote | None = None
    visible_to: SetAudience | None = None


class PersonPresence(ReplyModel):
    """Somebody as you may see them."""

    user_id: str
    state: Shown
    until: datetime | None = Field(description="when the state ends, where that is known")
    note: str
    note_until: datetime | None


class OwnStatus(ReplyModel):
    value: Status
    until: datetime | None


class OwnDoNotDisturb(ReplyModel):
    on: bool
    until: datetime | None
    since: datetime | None
    by: Literal["user", "pbx"] = Field(description="where it was switched on")
    at_pbx: bool = Field(description="the PBX refuses the calls, not this gateway")


class OwnNote(ReplyModel):
    text: str
    until: datetime | None


class OwnAudience(ReplyModel):
    who: Audience
    user_ids: list[str]


class OwnPresence(ReplyModel):
    state: Shown = Field(description="your true state")
    seen_as: Shown = Field(description="what those see who may")
    status: OwnStatus
    do_not_disturb: OwnDoNotDisturb
    note: OwnNote
    visible_to: OwnAudience


class PeopleQuery(RequestModel):
    user_ids: str = Field(
        default="",
        max_length=3700,
        pattern=r"^[0-9a-f,-]*$",
        description="up to 100 user ids with commas between",
    )


class PeoplePresence(ReplyModel):
    items: list[PersonPresence]
