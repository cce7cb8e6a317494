"""A whole file: its text, its rows, and what of it contradicts itself (pure)."""

from __future__ import annotations

from gateway.features.imports.csv_file import read_csv
from gateway.features.imports.json_file import read_json
from gateway.features.imports.rows import Options, ReadFile, ReadRow, RowFault
from gateway.storage.folding import email_hash
from gateway.uploads.faults import FileFault
from gateway.uploads.text import decode


def read(raw: bytes, options: Options) -> ReadFile:
    """Blocks for as long as parsing takes: call it in a thread."""
    text, encoding = decode(raw, options.encoding)
    try:
        found = read_json(text) if is_json(text) else read_csv(text, options)
    except RecursionError:
        raise FileFault("json_deep", "The document is nested too deeply") from None
    found.reading = {"encoding": encoding, **found.reading}
    if options.site:
        for row in found.rows:
            if "site" not in row.said and row.said.get("number"):
                row.said["site"] = options.site
    if options.template:
        for row in found.rows:
            row.said.setdefault("template", options.template)
    _twice(found)
    return found


def is_json(text: str) -> bool:
    """A CSV that begins like this has no column of addresses."""
    return text.lstrip()[:1] in ("{", "[")


def _twice(found: ReadFile) -> None:
    """Whoever or whatever is in the file a second time: both rows cannot be meant."""
    people: dict[bytes, ReadRow] = {}
    numbers: dict[tuple[str, str], ReadRow] = {}
    for row in found.rows:
        if row.email.strip():
            first = people.setdefault(email_hash(row.email), row)
            if first is not row:
                words = f"Row {first.number} has the same address"
                row.faults.append(RowFault(column_of(found, "email"), "email_twice", words))
        number = (row.said.get("number") or "").replace(" ", "")
        if number:
            key = ((row.said.get("site") or "").strip().casefold(), number)
            first = numbers.setdefault(key, row)
            if first is not row:
                words = f"Row {first.number} has the same number"
                row.faults.append(RowFault(column_of(found, "number"), "number_twice", words))


def column_of(found: ReadFile, field: str) -> str:
    return column_named(found.reading, field)


def column_named(reading: dict[str, object], field: str) -> str:
    """What the file calls one of our fields."""
    columns = reading.get("columns")
    if isinstance(columns, dict):
        wanted = ("name", "first_name", "last_name") if field == "name" else (field,)
        for name in wanted:
            for theirs, ours in columns.items():
                if ours == name:
                    return str(theirs)
    return field
