"""JSON of announcements."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel

Kind = Literal["maintenance", "update", "incident", "news"]
Urgency = Literal["scheduled", "unplanned", "emergency"]
Audience = Literal["everyone", "admins"]
Language = Literal["en", "de", "fr", "es", "it", "nl", "ca"]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


def _of_our_time(value: datetime) -> datetime:
    """Others cannot be brought into every zone."""
    if not 2000 <= value.year < 2200:
        raise ValueError("must be between 2000 and 2199")
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]


class Words(RequestModel):
    title: Title
    text: Text


class AnnouncementWish(RequestModel):
    """What is to be said, whole. ``starts_at`` and ``ends_at`` are of the downtime itself."""

    kind: Kind
    urgency: Urgency = "scheduled"
    audience: Audience = "everyone"
    title: Title
    text: Text
    translations: dict[Language, Words] = Field(default_factory=dict)
    release: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    shown_from: Moment | None = Field(default=None, description="default: now")
    shown_until: Moment
    mail: bool = Field(default=False, description="a letter to the administrators, once")


class ShownQuery(RequestModel):
    language: str = Field(default="", max_length=20)


class PageQuery(RequestModel):
    cursor: str = Field(default="", max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


class SiteCompatibility(ReplyModel):
    site_id: str
    site: str
    profile: str
    pbx_release: str
    state: Literal["tested", "expected", "unsupported", "unknown"]
    note: str


class AnnouncementView(ReplyModel):
    id: str
    source: Literal["platform", "tenant"]
    kind: Kind
    urgency: Urgency
    audience: Audience
    title: str
    text: str
    release: str
    starts_at: datetime | None
    ends_at: datetime | None
    shown_from: datetime
    shown_until: datetime
    created_at: datetime
    created_by: str = Field(description="empty for the platform's")
    version: int
    compatibility: list[SiteCompatibility] = Field(
        description="of an update, for administrators: whether each site's PBX goes with it"
    )


class Translation(ReplyModel):
    title: str
    text: str


class AnnouncementEdit(AnnouncementView):
    """For whoever may change it."""

    translations: dict[str, Translation]


class AnnouncementList(ReplyModel):
    items: list[AnnouncementView]
    next_cursor: str | None


class AnnouncementPage(ReplyModel):
    items: list[AnnouncementEdit]
    next_cursor: str | None
