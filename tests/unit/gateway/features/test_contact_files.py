"""Contacts as address books export them: taken in card by card, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.features.contacts.files import read
from gateway.uploads.faults import FileFault

CARDS = """BEGIN:VCARD
VERSION:3.0
N:Wolf;Hanna;;;
FN:Hanna Wolf
ORG:Wolf Druck;Verkauf
TEL;TYPE=WORK,VOICE:+49 40 5556677
TEL;TYPE=CELL:0151 12345678
EMAIL;TYPE=INTERNET:hanna@wolf.test
NOTE:Rings on Mondays\\, never
  on Fridays
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg
TEL;HOME:089 1234567
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Only a name
END:VCARD
"""


def said(raw: bytes) -> list[tuple[str, str, list[tuple[str, str]]]]:
    found, faults = read(raw)
    assert faults == []
    return [
        (one.wish.name, one.wish.company, [(n.kind, n.number) for n in one.wish.numbers])
        for one in found
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_cards_of_every_version(line_end: str) -> None:
    assert said(CARDS.replace("\n", line_end).encode()) == [
        (
            "Hanna Wolf",
            "Wolf Druck Verkauf",
            [("work", "+49 40 5556677"), ("mobile", "0151 12345678")],
        ),
        ("Jörg Müller", "", [("home", "089 1234567")]),
        ("Only a name", "", []),
    ]
    found, _ = read(CARDS.encode())
    assert found[0].wish.email == "hanna@wolf.test"
    assert found[0].wish.note == "Rings on Mondays, never on Fridays"


def test_a_card_that_is_none_costs_only_itself() -> None:
    broken = "BEGIN:VCARD\nVERSION:3.0\nTEL;;;=:\x07\nEND:VCARD\n"
    nameless = "BEGIN:VCARD\nVERSION:3.0\nTEL:123\nEND:VCARD\n"
    found, faults = read((CARDS + broken + nameless).encode())
    assert len(found) == 3
    assert [fault.row for fault in faults] == [4, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'Vorname;Nachname;Firma;Telefon geschäftlich;Mobiltelefon\r\n"Hanna";Wolf;'
            '"Wolf; Druck";'
            "'+49 40 5556677;0151 12345678\r\n",
            [
                (
                    "Hanna Wolf",
                    "Wolf; Druck",
                    [("work", "+49 40 5556677"), ("mobile", "0151 12345678")],
                )
            ],
        ),
        (
            "First Name,Last Name,Company,Business Phone,Home Phone 2,Picture\nA,B,,1,2,x\n",
            [("A B", "", [("work", "1"), ("home", "2")])],
        ),
        ("Name\tPhone\nHanna\t\n", [("Hanna", "", [])]),
        ("Company,Phone\nWolf Druck,7\n", [("Wolf Druck", "Wolf Druck", [("work", "7")])]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets(
    text: str, expected: list[tuple[str, str, list[tuple[str, str]]]], encoding: str
) -> None:
    assert said(text.encode(encoding)) == expected


def test_rows_without_a_name_are_named() -> None:
    found, faults = read(b"Name,Phone\nHanna,1\n,2\n" + b"x" * 201 + b",3\n")
    assert [one.row for one in found] == [2]
    assert [(fault.row, fault.column) for fault in faults] == [(3, "name"), (4, "name")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "file_empty"),
        (b"Name,Phone\n", "file_empty"),
        (b"a,b\n1,2\n", "column_missing"),
        (b"PK\x03\x04rest", "file_packed"),
        (b"Name\n\0\0", "file_binary"),
        (b'Name\n"never closed', "file_csv"),
        (b"Name\n" + b"x\n" * 5001, "too_many_rows"),
    ],
)
def test_what_cannot_be_used_says_why(raw: bytes, code: str) -> None:
    with pytest.raises(FileFault) as caught:
        read(raw)
    assert caught.value.code == code


@given(st.binary(max_size=300), st.sampled_from([b"", b"Name,Phone\n", b"BEGIN:VCARD\n"]))
def test_any_bytes_are_contacts_or_a_fault(raw: bytes, start: bytes) -> None:
    try:
        read(start + raw + (b"\nEND:VCARD\n" if start.startswith(b"BEGIN") else b""))
    except FileFault as fault:
        assert fault.row >= 1
