"""Why a file cannot be used."""

from __future__ import annotations

from collections.abc import Sequence


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
