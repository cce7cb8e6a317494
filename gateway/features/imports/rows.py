"""What reading a file gives (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from gateway.http.app import is_text

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 10_000
MAX_CELL = 1000


@dataclass(frozen=True, slots=True)
class RowFault:
    """``column`` as the file calls it."""

    column: str
    code: str
    reason: str

    def to_json(self) -> dict[str, str]:
        return {"column": self.column, "code": self.code, "reason": self.reason}


def text_fault(column: str, text: str) -> RowFault | None:
    """JSON can say what is no character (half of a pair); no database keeps it, nor a NUL."""
    if is_text(text):
        return None
    return RowFault(column, "not_text", "There is something in it that is no character")


@dataclass(slots=True)
class ReadRow:
    number: int  # of the row in the file, as a spreadsheet counts; of the member in JSON
    email: str
    said: dict[str, str | None]
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Options:
    encoding: str = "auto"
    separator: str = "auto"
    mapping: dict[str, str] = field(default_factory=dict)
    site: str = ""
    template: str = ""


@dataclass(slots=True)
class ReadFile:
    format: Literal["csv", "json"]
    #: Said back to people: encoding, separator, columns (theirs -> ours), ignored columns.
    reading: dict[str, Any]
    rows: list[ReadRow]
