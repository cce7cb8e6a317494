"""Contacts from files: CSV as address books export it, vCard 2.1 to 4.0 (RFC 6350). Pure.

A file with a fault here and there is taken in without the faulty rows; each is named.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import vobject
from pydantic import ValidationError

from gateway.features.contacts.models import MAX_NUMBERS, ContactWish, Kind
from gateway.features.contacts.writing import MOST_CONTACTS
from gateway.uploads.csv_rows import plain_cell, records, separator_of
from gateway.uploads.faults import FileFault
from gateway.uploads.text import decode

_MAX_CARD = 200_000  # characters
_MAX_PROPERTY = 4_000
#: What is read of a card, up to its value.
_PROPERTY = re.compile(
    r"(?:[\w-]{1,60}\.)?(?:VERSION|N|FN|ORG|EMAIL|TEL|NOTE)(?:;[^:]{0,300})?:", re.I
)
# It tells the log all that it cannot read: names and numbers of people.
logging.getLogger("vobject").setLevel(logging.CRITICAL)

_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "display name", "anzeigename", "nom", "nombre", "nome", "naam"),
    "first": ("first name", "given name", "vorname", "prénom", "nombre de pila", "voornaam"),
    "last": ("last name", "surname", "family name", "nachname", "apellidos", "cognome"),
    "company": ("company", "organization", "organisation", "firma", "société", "empresa"),
    "email": ("e-mail", "email", "e-mail address", "e-mail 1 - value", "e-mail-adresse"),
    "note": ("notes", "note", "notizen", "notiz"),
}
_NUMBERS: dict[Kind, tuple[str, ...]] = {
    "work": (
        "business phone",
        "business phone 2",
        "work phone",
        "company main phone",
        "telefon geschäftlich",
        "telefon (geschäftlich)",
        "phone",
        "telefon",
        "number",
        "phone 1 - value",
    ),
    "mobile": ("mobile phone", "mobile", "mobiltelefon", "handy", "móvil", "cellulare"),
    "home": ("home phone", "home phone 2", "telefon privat", "telefon (privat)"),
    "other": ("other phone", "primary phone", "phone 2 - value", "weiteres telefon"),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    row: int
    column: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A contact and where in the file it stands."""

    row: int
    wish: ContactWish


def read(raw: bytes) -> tuple[list[Found], list[LeftOut]]:
    """Raises :class:`FileFault` where nothing can be used. Blocks: call it in a thread."""
    text, _ = decode(raw, "auto")
    is_cards = text.lstrip()[:11].upper() == "BEGIN:VCARD"
    found: list[Found] = []
    faults: list[LeftOut] = []
    for row, said in _cards(text, faults) if is_cards else _rows(text):
        try:
            found.append(Found(row, ContactWish.model_validate(said)))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            column = ".".join(str(part) for part in first["loc"])
            faults.append(LeftOut(row, column, "invalid", first["msg"]))
        if len(found) > MOST_CONTACTS:
            raise FileFault("too_many_rows", f"{MOST_CONTACTS} contacts at most in one file", row)
    if not found and not faults:
        raise FileFault("file_empty", "There are no contacts in this file")
    return found, faults


def _rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    sign, text, skipped = separator_of(text, "auto")
    rows = records(text, sign, skipped)
    number, headings = next(rows, (1, []))
    fields = [_field(heading) for heading in headings]
    if not {"name", "first", "last", "company"} & set(fields):
        reason = "No column has names: call one of them Name"
        raise FileFault("column_missing", reason, number, columns=headings)
    for number, cells in rows:
        said: dict[str, Any] = {"numbers": []}
        for name, cell in zip(fields, cells, strict=False):
            value = plain_cell(cell)
            if name is None or not value:
                continue
            if name in _NUMBERS:
                said["numbers"].append({"kind": name, "number": value})
            else:
                said.setdefault(name, value)
        first, last = said.pop("first", ""), said.pop("last", "")
        said["name"] = said.get("name") or f"{first} {last}".strip() or said.get("company", "")
        said["numbers"] = said["numbers"][:MAX_NUMBERS]
        yield number, said


def _field(heading: str) -> str | None:
    plain = heading.strip().strip('"').casefold()
    for name, spellings in (*_NAMES.items(), *_NUMBERS.items()):
        if plain in spellings:
            return name
    return None


def _texts(text: str) -> Iterator[str]:
    """Each card, with no more of it than is read here.

    Line by line: an expression for a whole card reads a file of beginnings once for each of them,
    and the library's own ones are as slow with a line of thousands of parameters.
    """
    card: list[str] | None = None
    head, length, more = "", 0, False
    for line in io.StringIO(text):
        said = line.strip().upper()
        if card is None:
            card = [line] if said == "BEGIN:VCARD" else None
        elif said == "END:VCARD":
            card.append(line)
            yield "".join(card)
            card = None
        else:
            if not more and line[0] not in " \t":
                found = _PROPERTY.match(line)
                head, length = ("", 0) if found is None else (found[0].upper(), 0)
            length += len(line)
            if head and length <= _MAX_PROPERTY:
                card.append(line)
            # A soft line break of RFC 2045 section 6.7, as vCard 2.1 has it.
            more = "QUOTED-PRINTABLE" in head and line.rstrip("\r\n").endswith("=")


def _cards(text: str, faults: list[LeftOut]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Card by card: one that cannot be read costs only itself."""
    for row, found in enumerate(_texts(text), start=1):
        if len(found) > _MAX_CARD:
            faults.append(LeftOut(row, "", "card_too_long", "This card is far too long"))
            continue
        try:
            card = vobject.readOne(found, ignoreUnreadable=True)
            yield row, _said(card)
        except Exception as error:  # the library raises whatever its parsers run into
            reason = f"This is not a vCard ({type(error).__name__})"
            faults.append(LeftOut(row, "", "card_unreadable", reason))


def _said(card: Any) -> dict[str, Any]:
    company = _first(card, "org")
    numbers: list[dict[str, str]] = []
    for entry in card.contents.get("tel", ())[:MAX_NUMBERS]:
        number = str(entry.value).strip()
        if number:
            numbers.append({"kind": _kind(entry), "number": number})
    return {
        "name": _first(card, "fn") or _structured(card) or company,
        "company": company,
        "email": _first(card, "email"),
        "note": _first(card, "note"),
        "numbers": numbers,
    }


def _first(card: Any, name: str) -> str:
    entries = card.contents.get(name, ())
    value = entries[0].value if entries else ""
    if isinstance(value, list):
        value = " ".join(str(part) for part in value if part)
    return str(value).strip()


def _structured(card: Any) -> str:
    """Version 2.1 knows cards without FN."""
    entries = card.contents.get("n", ())
    name = entries[0].value if entries else None
    parts = [getattr(name, part, "") for part in ("given", "family")]
    return " ".join(part for part in parts if isinstance(part, str) and part).strip()


def _kind(entry: Any) -> Kind:
    """RFC 6350 6.4.1: TYPE=cell, home, work; 2.1 has them without TYPE."""
    types = {str(one).lower() for one in entry.params.get("TYPE", ())}
    types |= {str(one).lower() for one in getattr(entry, "singletonparams", ())}
    if types & {"cell", "mobile"}:
        return "mobile"
    if "home" in types:
        return "home"
    return "work" if "work" in types or not types - {"voice", "pref"} else "other"
