"""JSON of our own schema (docs/guides/import.md): members are checked one by one (pure)."""

from __future__ import annotations

import json
import re
from typing import Any

from gateway.features.imports.csv_file import whole_name
from gateway.features.imports.fields import FIELDS
from gateway.features.imports.rows import (
    MAX_CELL,
    MAX_ROWS,
    ReadFile,
    ReadRow,
    RowFault,
    text_fault,
)
from gateway.uploads.faults import FileFault

FORMAT, VERSION = "offhook-people", 1
#: A text, whole or cut off, or a bracket; possessive, so that no text is read twice.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_DEPTH = 4  # document, people, person; one more to name what is wrong


class _Twice(Exception):
    def __init__(self, name: str) -> None:
        self.name = name


def read_json(text: str) -> ReadFile:
    document = _parsed(text)
    if not isinstance(document, dict):
        raise FileFault("json_format", "The document must be an object")
    if document.get("format") != FORMAT:
        raise FileFault("json_format", f'"format" must be "{FORMAT}"', column="format")
    version = document.get("version")
    if version != VERSION or isinstance(version, bool):
        words = f"This gateway reads version {VERSION}"
        raise FileFault("json_version", words, column="version")
    unknown = sorted(set(document) - {"format", "version", "people"})
    if unknown:
        raise FileFault(
            "member_unknown", "Nothing is known of this member", column=_named(unknown[0])
        )
    people = document.get("people")
    if not isinstance(people, list):
        raise FileFault("json_format", '"people" must be a list', column="people")
    if not people:
        raise FileFault("file_empty", "There is nobody in this file", column="people")
    if len(people) > MAX_ROWS:
        words = f"{MAX_ROWS} people at most in one file"
        raise FileFault("too_many_rows", words, MAX_ROWS + 1, "people")
    rows = [_row(number, one) for number, one in enumerate(people, start=1)]
    used = {name for row in rows for name in ("email", *row.said)}
    columns = {name: name for name in FIELDS if name in used}
    return ReadFile("json", {"separator": None, "columns": columns, "ignored": []}, rows)


def _parsed(text: str) -> Any:
    if _deeper_than(text, _DEPTH):
        raise FileFault("json_deep", "The document is nested too deeply")
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        words = f"This is not JSON: {error.msg}"
        raise FileFault("json_syntax", words, error.lineno, str(error.colno)) from None
    except _Twice as twice:
        words = "This member is there twice"
        raise FileFault("member_twice", words, column=_named(twice.name)) from None
    except (ValueError, RecursionError):
        raise FileFault("json_syntax", "There is a number that is none, or far too long") from None


def _deeper_than(text: str, limit: int) -> bool:
    """Counts brackets before anything is built from them; those in texts do not count."""
    depth = 0
    for found in _STRUCTURE.finditer(text):
        sign = found[0][0]
        if sign in "[{":
            depth += 1
            if depth > limit:
                return True
        elif sign in "]}":
            depth -= 1
    return False


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _named(name: str) -> str:
    """A name of theirs, as a reply can say it."""
    return name[:80].encode("utf-8", "replace").decode()


def _row(number: int, member: Any) -> ReadRow:
    if not isinstance(member, dict):
        no_object = RowFault("people", "json_format", "A person must be an object")
        return ReadRow(number, "", {}, [no_object])
    faults: list[RowFault] = []
    said: dict[str, str | None] = {}
    for name, value in member.items():
        if name not in FIELDS:
            words = "Nothing is known of this member"
            faults.append(RowFault(_named(name), "member_unknown", words))
        elif value is not None and not isinstance(value, str):
            faults.append(RowFault(name, "json_type", "This must be a text or null"))
        elif value is not None and len(value) > MAX_CELL:
            faults.append(RowFault(name, "too_long", f"{MAX_CELL} characters at most"))
        elif value is not None and (fault := text_fault(name, value)) is not None:
            faults.append(fault)
        else:
            said[name] = value
    email = said.pop("email", None) or ""
    return ReadRow(number, email, whole_name(said), faults)
