"""The journal as CSV (RFC 4180), made row by row for as long as there are rows.

Names and numbers come from callers, who may well be hostile: a cell that a spreadsheet would take
for a formula is made a text by an apostrophe. Who opens the file with another separator than it was
made with has cells that begin inside of ours: a sign that stands there gets one, too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from gateway.features.journal.models import EntryView

#: What spreadsheets begin a formula with; some also take the full-width forms.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
#: Blanks, quotation marks and control characters do not stop a spreadsheet from seeing a formula.
_AT_START = re.compile(rf"[\s\0-\x1f]*[{_SIGNS}]|[\t\r\n]")
_BETWEEN = re.compile(rf"([\s\0-\x1f\",;]+)([{_SIGNS}]?)")
_SEPARATORS = frozenset(",;\t\r\n")
#: Tells spreadsheets the encoding.
BYTE_ORDER_MARK = "\ufeff"

HEADINGS = (
    "started",
    "direction",
    "kind",
    "name",
    "number",
    "answered",
    "seconds",
    "answered on",
    "device",
    "answered by",
    "forwarded to",
    "forwarded by",
    "meant for",
    "reason",
)


def safe_cell(text: str) -> str:
    if _AT_START.match(text):
        text = "'" + text
    return _BETWEEN.sub(_made_text, text)


def _made_text(found: re.Match[str]) -> str:
    between, sign = found.groups()
    return f"{between}'{sign}" if sign and _SEPARATORS.intersection(between) else found[0]


def csv_text(rows: Iterable[Iterable[str]], separator: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue()


def row_of(entry: EntryView, device: str, zone: tzinfo) -> tuple[str, ...]:
    return (
        _local(entry.started_at, zone),
        entry.direction,
        entry.kind,
        entry.name or "",
        entry.number.display or entry.number.canonical,
        _local(entry.answered_at, zone),
        str(round(entry.duration_ms / 1000)),
        entry.answered_on or "",
        device,
        entry.answered_by or "",
        entry.forwarded_to or "",
        entry.diverted_by or "",
        entry.original_called or "",
        entry.reason or "",
    )


def _local(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
