"""JSON of usage."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.spreadsheet import FileQuery

Month = Annotated[str, StringConstraints(max_length=7, pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")]


class UsageQuery(RequestModel):
    from_: Month = Field(default="", alias="from", description="2026-01; default: 11 months ago")
    to: Month = Field(default="", description="2026-12; default: this month")


class UsageFileQuery(FileQuery):
    from_: Month = Field(default="", alias="from")
    to: Month = ""


class MonthView(ReplyModel):
    month: str
    peak_users: int = Field(description="the most that were enabled at one time")
    licences: int | None = Field(
        description="on the last day of the month that was counted; "
        "null: no limit, or no day was counted"
    )
    calls: int
    answered: int
    minutes: int = Field(description="whole ones; the sum of all seconds is rounded up")


class UsageLicences(ReplyModel):
    used: int
    available: int | None = Field(description="null: as many as are needed")
    total: int | None


class UsageView(ReplyModel):
    items: list[MonthView]
    next_cursor: str | None
    licences: UsageLicences
