"""CSV as spreadsheets write it (RFC 4180, Excel's semicolons, ``sep=``): rows or faults (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.features.imports.fields import FIELDS, field_of
from gateway.features.imports.rows import (
    MAX_CELL,
    MAX_ROWS,
    Options,
    ReadFile,
    ReadRow,
    RowFault,
    text_fault,
)
from gateway.uploads.csv_rows import SEPARATOR_NAMES, plain_cell, records, separator_of
from gateway.uploads.faults import FileFault


def begin_csv(
    text: str, options: Options
) -> tuple[str, int, list[str], Iterator[tuple[int, list[str]]]]:
    """The separator, the row of the headings, the headings, and the rows below them."""
    separator, text, skipped = separator_of(text, options.separator)
    found = records(text, separator, skipped)
    first = next(found, None)
    if first is None:
        raise FileFault("file_empty", "There is nothing in this file")
    return separator, first[0], [one.strip() for one in first[1]], found


def read_csv(text: str, options: Options) -> ReadFile:
    separator, heading_row, headings, found = begin_csv(text, options)
    columns = _columns(headings, heading_row, options)
    rows: list[ReadRow] = []
    for number, cells in found:
        if len(rows) == MAX_ROWS:
            raise FileFault("too_many_rows", f"{MAX_ROWS} people at most in one file", number)
        rows.append(_row(number, cells, headings, columns))
    if not rows:
        raise FileFault("file_empty", "There are headings, but nobody below them", heading_row)
    mapped = {headings[index]: name for index, name in columns.items()}
    ignored = [heading for i, heading in enumerate(headings) if i not in columns and heading]
    reading = {"separator": SEPARATOR_NAMES[separator], "columns": mapped, "ignored": ignored}
    return ReadFile("csv", reading, rows)


def _columns(headings: list[str], row: int, options: Options) -> dict[int, str]:
    """Index -> our field."""
    columns: dict[int, str] = {}
    taken: dict[str, str] = {}
    for index, heading in enumerate(headings):
        name = options.mapping.get(heading)
        name = field_of(heading) if name is None else (name or None)
        if name is None:
            continue
        if name in taken:
            words = f"{taken[name]!r} and {heading!r} are the same: {name}"
            raise FileFault("column_twice", words, row, heading or str(index + 1), headings)
        taken[name] = heading
        columns[index] = name
    unknown = [name for name in options.mapping.values() if name and name not in FIELDS]
    if unknown:
        raise FileFault("mapping_unknown", f"There is no field {unknown[0]!r}", row)
    missing = [heading for heading in options.mapping if heading not in headings]
    if missing:
        words = f"The mapping names {missing[0]!r}, which is no column"
        raise FileFault("mapping_unknown", words, row, missing[0], headings)
    if "email" not in taken:
        if any("@" in heading for heading in headings):
            raise FileFault("header_missing", "The first row must have the columns' names", row)
        words = "There is no column with e-mail addresses"
        raise FileFault("column_missing", words, row, "email", headings)
    return columns


def _row(number: int, cells: list[str], headings: list[str], columns: dict[int, str]) -> ReadRow:
    faults: list[RowFault] = []
    if len(cells) != len(headings):
        extra = [index for index in range(len(headings), len(cells)) if cells[index].strip()]
        if len(cells) < len(headings):
            column = headings[len(cells)] or str(len(cells) + 1)
            faults.append(RowFault(column, "cells_missing", "This row is shorter than the first"))
        elif extra:
            words = "This row is longer than the first: a separator inside of a cell?"
            faults.append(RowFault(str(extra[0] + 1), "cells_extra", words))
    said: dict[str, str | None] = {}
    for index, name in columns.items():
        text = cells[index].strip() if index < len(cells) else ""
        if len(text) > MAX_CELL:
            words = f"{MAX_CELL} characters at most"
            faults.append(RowFault(headings[index], "too_long", words))
            text = text[:MAX_CELL]
        text = plain_cell(text)
        if (fault := text_fault(headings[index], text)) is not None:
            faults.append(fault)
        elif text:  # an empty cell leaves what is there
            said[name] = text
    email = said.pop("email", None) or ""
    return ReadRow(number, email, whole_name(said), faults)


def whole_name(said: dict[str, str | None]) -> dict[str, str | None]:
    """First and last name are one name, unless there is a whole one."""
    parts = [said.pop(name, None) for name in ("first_name", "last_name")]
    together = " ".join(part.strip() for part in parts if part and part.strip())
    if together and not said.get("name"):
        said["name"] = together
    return said
