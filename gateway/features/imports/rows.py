"""What reading a file gives, and why a file cannot be read (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 10_000
MAX_CELL = 1000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class RowFault:
    """``column`` as the file calls it."""

    column: str
    code: str
    reason: str

    def to_json(self) -> dict[str, str]:
        return {"column": self.column, "code": self.code, "reason": self.reason}


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


@dataclass(slots=True)
class ReadFile:
    format: Literal["csv", "json"]
    #: Said back to people: encoding, separator, columns (theirs -> ours), ignored columns.
    reading: dict[str, Any]
    rows: list[ReadRow]


class FileFault(Exception):
    """Nothing of the file can be used. ``columns``: the headings found, for a mapping."""

    def __init__(
        self, code: str, reason: str, row: int = 1, column: str = "1", columns: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{code}: row {row}, column {column}: {reason}")
        self.code = code
        self.reason = reason
        self.row = row
        self.column = column
        self.columns = list(columns)
