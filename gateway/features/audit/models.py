from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.spreadsheet import FileQuery

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class AuditFilter(RequestModel):
    who: str = Field(default="", max_length=200, description="an id, or part of a name")
    action: str = Field(default="", max_length=60, description="the whole word or its beginning")
    target: str = Field(default="", max_length=30, description="the kind of thing: person, site")
    target_id: str = Field(default="", max_length=64)
    since: AwareDatetime | None = Field(default=None, ge=_FIRST, le=_LAST)
    until: AwareDatetime | None = Field(default=None, ge=_FIRST, le=_LAST, description="not after")


class AuditQuery(AuditFilter):
    cursor: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=50, ge=1, le=100)


class AuditFileQuery(AuditFilter, FileQuery):
    """The filters of the list, and how the file is to be."""


class AuditActor(ReplyModel):
    kind: Literal["user", "key", "operator", "system"]
    id: str
    name: str


class AuditTarget(ReplyModel):
    kind: str
    id: str
    name: str


class AuditView(ReplyModel):
    number: int
    at: datetime
    who: AuditActor
    client_ip: str | None
    action: str
    target: AuditTarget
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    why: str
    digest: str = Field(description="SHA-256 over this entry and the one before, hexadecimal")


class AuditPage(ReplyModel):
    items: list[AuditView]
    next_cursor: str | None


class NotedEntry(RequestModel):
    """An entry whose digest was noted elsewhere, at an earlier check for example."""

    number: int = Field(ge=1, le=2**31 - 1)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class VerifyRequest(RequestModel):
    noted: NotedEntry | None = Field(
        default=None, description="shows also whether the end of the chain was cut off"
    )


Fault = Literal["changed", "missing", "not_linked", "not_as_noted"]


class VerifyReply(ReplyModel):
    """``changed``: the entry's digest is another one. ``missing``: its number is not the next.
    ``not_linked``: it follows on another entry than the one before it."""

    whole: bool
    entries: int = Field(description="how many are there")
    first_broken: int | None = Field(description="the number where the chain breaks")
    fault: Fault | None
    last: int = Field(description="the last number that is proven; note it with its digest")
    digest: str
