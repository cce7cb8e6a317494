"""What the columns of a file are called and seem to mean, before its rows are read (pure).

Somebody who sees names, guesses and some of the cells can say what we would get wrong.
"""

from __future__ import annotations

import dataclasses
from itertools import islice
from typing import Literal

from gateway.features.imports.csv_file import begin_csv
from gateway.features.imports.fields import FIELDS, field_of
from gateway.features.imports.reading import is_json
from gateway.features.imports.rows import Options
from gateway.http.app import is_text
from gateway.uploads.csv_rows import SEPARATOR_NAMES, plain_cell
from gateway.uploads.text import decode

SAMPLES = 3
_SAMPLE_LENGTH = 60
#: Rows that are looked at for samples.
_LOOKED_AT = 50
#: Never shown, not even to whoever has the file.
_NOT_SHOWN = "auth_password"


@dataclasses.dataclass(slots=True)
class Column:
    name: str
    field: str | None
    samples: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True)
class FileColumns:
    """``columns`` of a JSON document are none: its members have our names."""

    format: Literal["csv", "json"]
    encoding: str
    separator: str | None
    columns: list[Column]
    fields: tuple[str, ...] = FIELDS


def columns_of(raw: bytes, options: Options) -> FileColumns:
    """Blocks for as long as decoding takes: call it in a thread."""
    text, encoding = decode(raw, options.encoding)
    if is_json(text):
        return FileColumns("json", encoding, None, [])
    separator, _row, headings, rows = begin_csv(text, options)
    columns: dict[int, Column] = {}
    for index, heading in enumerate(headings):
        # A mapping goes by names: what has none, or another one's, cannot be in it.
        if heading and all(heading != column.name for column in columns.values()):
            columns[index] = Column(heading, field_of(heading))
    for _number, cells in islice(rows, _LOOKED_AT):
        for index, column in columns.items():
            _take_sample(column, cells[index] if index < len(cells) else "")
    return FileColumns("csv", encoding, SEPARATOR_NAMES[separator], list(columns.values()))


def _take_sample(column: Column, cell: str) -> None:
    text = plain_cell(cell)[:_SAMPLE_LENGTH]
    if column.field == _NOT_SHOWN or len(column.samples) == SAMPLES:
        return
    if text and text not in column.samples and is_text(text):
        column.samples.append(text)
