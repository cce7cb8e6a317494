from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import NumberView

Kind = Literal["work", "mobile", "home", "other"]
MAX_NUMBERS = 10


def _line(least: int, most: int) -> StringConstraints:
    """One line without control characters."""
    return StringConstraints(
        strip_whitespace=True, min_length=least, max_length=most, pattern=r"^[^\x00-\x1f\x7f]*$"
    )


class NumberWish(RequestModel):
    kind: Kind = "work"
    number: Annotated[str, _line(1, 100)] = Field(description="as people write it")


class ContactWish(RequestModel):
    """The whole contact."""

    name: Annotated[str, _line(1, 200)]
    company: Annotated[str, _line(0, 200)] = ""
    email: Annotated[str, _line(0, 254)] = ""
    note: Annotated[
        str,
        # more than one line, and no other control characters: PostgreSQL keeps no NUL
        StringConstraints(
            strip_whitespace=True, max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
        ),
    ] = ""
    numbers: list[NumberWish] = Field(default_factory=list, max_length=MAX_NUMBERS)


class ContactNumberView(ReplyModel):
    kind: Kind
    number: NumberView


class ContactView(ReplyModel):
    id: str
    shared: bool = Field(description="everybody in the company reads it")
    name: str
    company: str
    email: str
    note: str
    numbers: list[ContactNumberView]
    version: int


class ContactsQuery(RequestModel):
    q: str = Field(default="", max_length=100)
    of: Literal["all", "mine", "company"] = "all"
    cursor: str | None = Field(default=None, max_length=700)
    limit: int = Field(default=50, ge=1, le=100)


class ContactsPage(ReplyModel):
    items: list[ContactView]
    next_cursor: str | None


class ImportFaultView(ReplyModel):
    row: int = Field(description="as a spreadsheet counts; of the card in a vCard file")
    column: str
    code: str
    reason: str


class ContactsImported(ReplyModel):
    created: int
    unchanged: int = Field(description="the same contact was there already")
    faults: list[ImportFaultView] = Field(description="the first 100 of what was left out")
    left_out: int
