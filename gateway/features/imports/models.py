"""What administrators send and get about imports."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel

Action = Literal["create", "update", "unchanged", "error"]
RowState = Literal["new", "planned", "applied", "failed", "undone", "kept"]
ImportState = Literal["planning", "planned", "applying", "applied", "undoing", "undone", "failed"]


class UploadQuery(RequestModel):
    filename: str = Field(default="", max_length=200)
    site: str = Field(default="", max_length=200, description="of rows that name none: id or name")
    template: str = Field(
        default="", max_length=100, description="of rows that name none: id or name"
    )
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252"] = "auto"
    separator: Literal["auto", "semicolon", "comma", "tab"] = "auto"
    mapping: str = Field(
        default="", max_length=8000, description='JSON: {"their column": "our field"}'
    )


class ColumnsQuery(RequestModel):
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252"] = "auto"
    separator: Literal["auto", "semicolon", "comma", "tab"] = "auto"


class ColumnView(ReplyModel):
    name: str
    field: str | None = Field(description="our name for it, as far as it can be guessed")
    samples: list[str] = Field(description="some of its cells; none of passwords")


class FileColumnsView(ReplyModel):
    """What the mapping of an import can be made of."""

    format: Literal["csv", "json"]
    encoding: str
    separator: str | None
    columns: list[ColumnView] = Field(description="none of JSON: it has our names")
    fields: list[str] = Field(description="what a column can be")


class RowsQuery(RequestModel):
    action: Action | None = None
    state: RowState | None = None
    cursor: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=100, ge=1, le=200)


class Apply(RequestModel):
    skip_errors: bool = Field(default=False, description="apply the others; else 409")
    invite: bool = Field(
        default=False, description="then invite whom it created; needs people.invite too"
    )


class ReadingView(ReplyModel):
    encoding: str
    separator: str | None
    columns: dict[str, str] = Field(description="theirs -> ours")
    ignored: list[str]


class CountsView(ReplyModel):
    create: int = 0
    update: int = 0
    unchanged: int = 0
    error: int = 0
    warning: int = 0
    applied: int = 0
    failed: int = 0
    undone: int = 0
    kept: int = Field(default=0, description="changed since, and so not undone")


class ImportView(ReplyModel):
    id: str
    filename: str
    format: Literal["csv", "json"]
    reading: ReadingView
    state: ImportState
    failure: str = Field(description="why it is failed, or empty")
    total: int
    done: int = Field(description="of total, in the step that goes on")
    counts: CountsView
    created_by: str
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None


class ImportList(ReplyModel):
    items: list[ImportView]
    next_cursor: str | None


class RowFaultView(ReplyModel):
    column: str
    code: str
    reason: str


class RowView(ReplyModel):
    number: int
    action: Action | None = Field(description="null: not known yet")
    state: RowState
    user_id: str | None
    email: str
    name: str
    changes: dict[str, list[str | None]] = Field(description="field -> [before, after]")
    faults: list[RowFaultView]
    warnings: list[RowFaultView]


class RowsPage(ReplyModel):
    items: list[RowView]
    next_cursor: str | None
