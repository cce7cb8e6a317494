from __future__ import annotations

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import NumberView


class DirectoryQuery(RequestModel):
    q: str = Field(default="", max_length=100)
    cursor: str | None = Field(default=None, max_length=400)
    limit: int = Field(default=50, ge=1, le=100)


class PersonView(ReplyModel):
    user_id: str
    name: str
    email: str
    number: NumberView | None


class DirectoryPage(ReplyModel):
    items: list[PersonView]
    next_cursor: str | None
