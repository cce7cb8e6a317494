from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.calls.states import EndReason
from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import NumberView


class JournalQuery(RequestModel):
    cursor: str | None = Field(default=None, max_length=400)
    limit: int = Field(default=50, ge=1, le=100)


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
    diverted_by: str | None


class JournalPage(ReplyModel):
    items: list[EntryView]
    next_cursor: str | None
    unread: int


class ReadRequest(RequestModel):
    ids: list[str] | None = Field(default=None, max_length=500, description="none = all")


class ReadReply(ReplyModel):
    unread: int
