from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.calls.states import EndReason
from gateway.calls.trail import TrailCode
from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import DeviceKind, NumberView
from gateway.http.spreadsheet import FileQuery

#: Which calls of the journal: tabs of the list.
JournalShow = Literal["all", "missed", "incoming", "outgoing"]


class JournalFilter(RequestModel):
    show: JournalShow = "all"
    q: str = Field(default="", max_length=100, description="beginnings of words, or digits")


class JournalQuery(JournalFilter):
    cursor: str | None = Field(default=None, max_length=400)
    limit: int = Field(default=50, ge=1, le=100)


class ExportQuery(FileQuery):
    """The journal, whole."""


JournalKind = Literal[
    "answered",
    "answered_by",
    "missed",
    "declined",
    "forwarded",
    "busy",
    "no_answer",
    "cancelled",
    "failed",
]


class EntryView(ReplyModel):
    """A call that is over and settled; what still runs is not in the journal."""

    id: str
    call_id: str
    direction: Literal["in", "out"]
    kind: JournalKind
    reason: EndReason | None
    name: str | None
    number: NumberView
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_ms: int
    device_id: str | None
    unread: bool
    diverted_by: str | None = Field(description="who sent the call on to you")
    original_called: str | None = Field(description="whom the caller had meant, if another")
    answered_on: Literal["app", "desk_phone", "elsewhere"] | None
    answered_by: str | None = Field(description="the colleague who took it")
    forwarded_to: str | None


class JournalPage(ReplyModel):
    items: list[EntryView]
    next_cursor: str | None
    unread: int


class TrailDevice(ReplyModel):
    id: str
    name: str | None = Field(description="null: it was removed since")
    kind: DeviceKind | None


class TrailView(ReplyModel):
    """One reason why a device rang, or did not."""

    at: datetime
    code: TrailCode | Literal["not_connected"]
    device: TrailDevice | None
    detail: str


class EntryDetails(ReplyModel):
    entry: EntryView
    trail: list[TrailView]


class ReadRequest(RequestModel):
    ids: list[str] | None = Field(default=None, max_length=500, description="none = all")


class ReadReply(ReplyModel):
    unread: int
