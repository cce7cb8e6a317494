"""CSV as spreadsheets write it (RFC 4180, Excel's semicolons, ``sep=``): rows of cells (pure)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from gateway.uploads.faults import FileFault

MAX_COLUMNS = 200
SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t"}
SEPARATOR_NAMES = {sign: name for name, sign in SEPARATORS.items()}
_HINT = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)
#: What exports put before what a spreadsheet would take for a formula (http/spreadsheet.py), at
#: the beginning of a cell or behind a separator within it.
_MADE_TEXT = re.compile(r"(^|[\s\",;]*[,;\t\r\n][\s\",;]*)'(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
#: Empty rows do not count, but not without end.
_MAX_LINES = 200_000


def separator_of(text: str, wanted: str) -> tuple[str, str, int]:
    """The sign, the text after Excel's ``sep=``, and how many rows that was."""
    hint = _HINT.match(text)
    skipped = 0
    if hint is not None:
        text, skipped = text[hint.end() :], 1
    if wanted != "auto":
        return SEPARATORS[wanted], text, skipped
    if hint is not None:
        return hint[1], text, skipped
    unquoted = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    counts = {sign: unquoted.count(sign) for sign in SEPARATOR_NAMES}
    return max(counts, key=lambda sign: counts[sign]), text, skipped


def records(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with their number as a spreadsheet shows it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = skipped
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileFault("file_csv", _words(error), number) from None
        if number > _MAX_LINES:
            raise FileFault("too_many_rows", "There are far too many empty rows", number)
        if len(cells) > MAX_COLUMNS:
            raise FileFault("too_many_columns", f"{MAX_COLUMNS} columns at most", number)
        if any(cell.strip() for cell in cells):
            yield number, cells


def plain_cell(text: str) -> str:
    """The cell as it was before an export made it safe."""
    text = text.strip()
    return _MADE_TEXT.sub(r"\1", text) if "'" in text else text


def _words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "A quotation mark is opened here and never closed"
    if "expected after" in text:
        return "Something stands behind a closing quotation mark"
    if "field limit" in text or "field larger" in text:
        return "A cell is far too long; a quotation mark may be missing"
    return "This is not CSV"
