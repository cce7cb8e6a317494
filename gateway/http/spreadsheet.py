"""CSV files (RFC 4180) for people with spreadsheets, made row by row for as long as there are rows.

Names and numbers come from callers, who may well be hostile: a cell that a spreadsheet would take
for a formula is made a text by an apostrophe. Who opens the file with another separator than it was
made with has cells that begin inside of ours: a sign that stands there gets one, too.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from gateway.http.endpoint import RequestModel
from gateway.ports import Problem

#: What spreadsheets begin a formula with; some also take the full-width forms.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
#: Blanks, quotation marks and control characters do not stop a spreadsheet from seeing a formula.
_AT_START = re.compile(rf"[\s\0-\x1f]*[{_SIGNS}]|[\t\r\n]")
_BETWEEN = re.compile(rf"([\s\0-\x1f\",;]+)([{_SIGNS}]?)")
_SEPARATORS = frozenset(",;\t\r\n")
#: Tells spreadsheets the encoding.
BYTE_ORDER_MARK = "\ufeff"


class FileQuery(RequestModel):
    """How the asker's spreadsheet wants it."""

    separator: Literal["comma", "semicolon"] = "comma"
    time_zone: str = Field(default="UTC", max_length=60, description="for example Europe/Berlin")

    @property
    def sign(self) -> str:
        return {"comma": ",", "semicolon": ";"}[self.separator]

    async def zone(self) -> tzinfo:
        try:
            return await asyncio.to_thread(ZoneInfo, self.time_zone)  # reads a file
        except (KeyError, ValueError, OSError):  # not found; a path; a folder of zones
            raise Problem(422, "bad_time_zone", "There is no such time zone") from None


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


def local_time(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
