"""Files of people as the world writes them: read whole, or refused with row, column and reason."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.features.imports.columns import columns_of
from gateway.features.imports.fields import FIELDS, field_of
from gateway.features.imports.reading import read
from gateway.features.imports.rows import Options, ReadFile
from gateway.http.spreadsheet import csv_text
from gateway.uploads.faults import FileFault

GERMAN = "E-Mail;Vorname;Nachname;Nebenstelle\nj.mueller@x.test;Jörg;Müller;20101\n"


def said(found: ReadFile) -> list[tuple[int, str, dict[str, str | None]]]:
    return [(row.number, row.email, row.said) for row in found.rows]


@pytest.mark.parametrize(
    "raw",
    [
        GERMAN.encode(),
        b"\xef\xbb\xbf" + GERMAN.encode(),
        GERMAN.encode("cp1252"),
        GERMAN.encode("utf-16"),  # with its mark
        GERMAN.encode("utf-16-le"),
        GERMAN.encode("utf-16-be"),
        GERMAN.replace(";", ",").encode(),
        GERMAN.replace(";", "\t").encode(),
        GERMAN.replace("\n", "\r\n").encode(),
        b"sep=;\r\n" + GERMAN.encode(),
        GERMAN.rstrip("\n").encode(),
        (GERMAN + "\n;;;\n").encode(),
    ],
)
def test_what_spreadsheets_write_is_one_and_the_same(raw: bytes) -> None:
    found = read(raw, Options())
    shift = 1 if raw.startswith(b"sep=") else 0
    values = {"name": "Jörg Müller", "number": "20101"}
    assert said(found) == [(2 + shift, "j.mueller@x.test", values)]
    assert found.rows[0].faults == []


def test_headings_are_known_in_seven_languages_and_none_is_two_things() -> None:
    for heading, field in {
        "E-Mail-Adresse": "email",
        "Correo electrónico": "email",
        "PRÉNOM": "first_name",
        "Cognome": "last_name",
        "Toestelnummer": "number",
        "Extensió": "number",
        "Abteilung": "department",
        "Mot de passe": "auth_password",
        "Sede": "site",
        "auth_user": "auth_user",
        "External ID": "external_id",
    }.items():
        assert field_of(heading) == field, heading
    assert all(field_of(name) == name for name in FIELDS)
    assert field_of("Schuhgröße") is None


def test_columns_can_be_mapped_by_hand() -> None:
    raw = b"Wer,Wo,Egal\na@x.test,20101,1\n"
    found = read(raw, Options(mapping={"Wer": "email", "Wo": "number"}))
    assert said(found) == [(2, "a@x.test", {"number": "20101"})]
    assert found.reading["ignored"] == ["Egal"]
    skipped = read(b"email,name\na@x.test,A\n", Options(mapping={"name": ""}))
    assert said(skipped) == [(2, "a@x.test", {})]


def test_line_ends_within_quotation_marks_belong_to_the_cell() -> None:
    raw = b'email,name\r\n"a@x.test","A\r\n""B"""\r\nb@x.test,B\r\n'
    found = read(raw, Options())
    assert [row.number for row in found.rows] == [2, 3]
    assert found.rows[0].said["name"] == 'A\r\n"B"'


def test_our_own_export_comes_back_without_its_apostrophes() -> None:
    text = csv_text([["email", "name", "number"], ["a@x.test", "=A", "+4989123"]], ";")
    found = read(("\ufeff" + text).encode(), Options())
    assert said(found) == [(2, "a@x.test", {"name": "=A", "number": "+4989123"})]


def test_json_says_what_stays_and_what_goes() -> None:
    document = {
        "format": "offhook-people",
        "version": 1,
        "people": [{"email": "a@x.test", "name": "A", "department": None}],
    }
    found = read(json.dumps(document).encode(), Options())
    assert said(found) == [(1, "a@x.test", {"name": "A", "department": None})]


def people(*members: Any, **document: Any) -> bytes:
    whole = {"format": "offhook-people", "version": 1, "people": list(members), **document}
    return json.dumps(whole).encode()


def test_brackets_in_texts_are_no_depth() -> None:
    found = read(people({"email": "a@x.test", "name": '[[[[[{{{{ \\" [[['}), Options())
    assert found.rows[0].faults == []


@pytest.mark.parametrize(
    ("raw", "code", "row", "column"),
    [
        (b"", "file_empty", 1, "1"),
        (b"\xef\xbb\xbf  \r\n", "file_empty", 1, "1"),
        (b"email,name\r\n", "file_empty", 1, "1"),
        (b"PK\x03\x04\x14\x00rest", "file_packed", 1, "1"),
        (b"\x1f\x8b\x08\x00rest", "file_packed", 1, "1"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "file_packed", 1, "1"),
        (b"%PDF-1.7", "file_packed", 1, "1"),
        (b"email,name\r\na@x.test,\x81\x8d", "file_encoding", 2, "1"),
        (b"\xff\xfee\x00m\x00a", "file_encoding", 1, "1"),
        (b"\xef\xbb\xbfemail\r\n\xc3(", "file_encoding", 2, "1"),
        (b"email,name\na@x.test,A\0", "file_binary", 2, "1"),
        (b'email,name\na@x.test,"A\nb@x.test,B\n', "file_csv", 2, "1"),
        (b'email,name\na@x.test,"A"B\n', "file_csv", 2, "1"),
        (b"name,number\nA,20101\n", "column_missing", 1, "email"),
        (b"a@x.test,A,20101\n", "header_missing", 1, "1"),
        (b"email,Mail,name\na@x.test,b@x.test,A\n", "column_twice", 1, "Mail"),
        (b"email" + b",x" * 300 + b"\na@x.test\n", "too_many_columns", 1, "1"),
        (b'{"format": "offhook-people", "version": 1,\n "people": [}', "json_syntax", 2, "13"),
        (b"[]", "json_format", 1, "1"),
        (people(format="other"), "json_format", 1, "format"),
        (people(version=2), "json_version", 1, "version"),
        (people(people={}), "json_format", 1, "people"),
        (people(), "file_empty", 1, "people"),
        (people(extra=1), "member_unknown", 1, "extra"),
        (b'{"format": "a", "format": "b"}', "member_twice", 1, "format"),
        (b"[" * 100_000, "json_deep", 1, "1"),
        (b'{"a":' * 50_000, "json_deep", 1, "1"),
        (b'{"version": ' + b"9" * 5000 + b"}", "json_syntax", 1, "1"),
        (b'{"version": NaN}', "json_syntax", 1, "1"),
    ],
)
def test_a_broken_file_is_refused_with_row_column_and_reason(
    raw: bytes, code: str, row: int, column: str
) -> None:
    with pytest.raises(FileFault) as refused:
        read(raw, Options())
    fault = refused.value
    assert (fault.code, fault.row, fault.column) == (code, row, column)
    assert len(fault.reason) > 10


def test_too_many_rows_are_refused_at_the_first_too_many() -> None:
    lines = "".join(f"p{i}@x.test,P\n" for i in range(10_001))
    with pytest.raises(FileFault) as refused:
        read(("email,name\n" + lines).encode(), Options())
    assert (refused.value.code, refused.value.row) == ("too_many_rows", 10_002)
    member = {"email": "a@x.test"}
    with pytest.raises(FileFault) as refused:
        read(people(*[member] * 10_001), Options())
    assert (refused.value.code, refused.value.row) == ("too_many_rows", 10_001)


@pytest.mark.parametrize(
    ("raw", "row", "column", "code"),
    [
        (b"Mail,Name\na@x.test\n", 2, "Name", "cells_missing"),
        (b"Mail,Name\na@x.test,Lang,Anna\n", 2, "3", "cells_extra"),
        (b"Mail,Name\na@x.test,A\nb@x.test,B\nA@X.test,C\n", 4, "Mail", "email_twice"),
        (b"Mail,Ext\na@x.test,201\nb@x.test,2 01\n", 3, "Ext", "number_twice"),
        (b"Mail,Name\na@x.test," + b"x" * 1001 + b"\n", 2, "Name", "too_long"),
        (people({"email": "a@x.test", "nmae": "A"}), 1, "nmae", "member_unknown"),
        (people({"email": "a@x.test", "number": 101}), 1, "number", "json_type"),
        (people("a@x.test"), 1, "people", "json_format"),
        (people({"email": "a@x.test", "external_id": "\ud800"}), 1, "external_id", "not_text"),
        (people({"email": "a@x.test", "name": "A\0"}), 1, "name", "not_text"),
        (people({"email": "\udfff@x.test", "name": "A"}), 1, "email", "not_text"),
        (people({"email": "a@x.test", "auth_password": "\ud800"}), 1, "auth_password", "not_text"),
        (people({"email": "a@x.test", "\ud800": "A"}), 1, "?", "member_unknown"),
    ],
)
def test_a_broken_row_leaves_the_others_alone(raw: bytes, row: int, column: str, code: str) -> None:
    found = read(raw, Options())
    faulty = {one.number: one.faults for one in found.rows if one.faults}
    assert list(faulty) == [row]
    assert [(fault.column, fault.code) for fault in faulty[row]] == [(column, code)]
    assert len(faulty[row][0].reason) > 10


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        (b"", b'"'),
        (b'{"a": "', b'\\"'),
        (b"[", b" "),
        (b"email\n", b"\n"),
        (b'{"people": [', b'"",'),
        (b"", b"email;"),
        (b"email;x\n", b"'=;"),
    ],
)
def test_the_work_of_refusing_grows_with_the_file_and_no_faster(start: bytes, unit: bytes) -> None:
    def work(size: int) -> float:
        raw = start + unit * (size // len(unit))
        began = time.process_time()
        with pytest.raises(FileFault):
            read(raw, Options())
        return time.process_time() - began

    small = min(work(128 * 1024) for _ in range(2))
    # Eight times as much: quadratic work would be sixty-four times as long.
    assert work(1024 * 1024) < 30 * small + 0.2


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_fault(raw: bytes) -> None:
    for start in (b"", b"email,name\n", b'{"format": "offhook-people", "version": 1, "people": ['):
        try:
            found = read(start + raw, Options())
        except FileFault as fault:
            assert fault.row >= 1 and fault.column
        else:
            assert found.rows


def test_columns_are_shown_with_a_guess_and_some_of_their_cells() -> None:
    raw = (
        "Mail;Telefon;Durchwahl;Kennwort;Raum;;Raum\n"
        "a@x.test;'+4989101;101;geheim;R1;x;y\n"
        "b@x.test;;102;geheim2;R1;x;y\n"
        "c@x.test;+4989103\n"
        "d@x.test;+4989104;104;geheim4;R4;x;y\n"
    ).encode("cp1252")
    found = columns_of(raw, Options())
    assert (found.format, found.separator) == ("csv", "semicolon")
    shown = [(one.name, one.field, one.samples) for one in found.columns]
    # Passwords stay in the file.
    assert shown == [
        ("Mail", "email", ["a@x.test", "b@x.test", "c@x.test"]),
        ("Telefon", "number", ["+4989101", "+4989103", "+4989104"]),
        ("Durchwahl", "number", ["101", "102", "104"]),
        ("Kennwort", "auth_password", []),
        ("Raum", None, ["R1", "R4"]),
    ]
    assert set(found.fields) == set(FIELDS)


def test_what_was_said_of_each_column_reads_a_file_that_guessing_cannot() -> None:
    raw = b"Mail,Telefon,Durchwahl\na@x.test,+4989101,101\n"
    with pytest.raises(FileFault):
        read(raw, Options())
    assert [one.field for one in columns_of(raw, Options()).columns] == ["email"] + ["number"] * 2
    found = read(raw, Options(mapping={"Telefon": ""}))
    assert said(found) == [(2, "a@x.test", {"number": "101"})]


def test_json_has_no_columns_and_what_is_no_file_is_refused() -> None:
    assert columns_of(b' {"format": "offhook-people"}', Options()).columns == []
    for raw, code in ((b"", "file_empty"), (b"PK\x03\x04zip", "file_packed")):
        with pytest.raises(FileFault) as refused:
            columns_of(raw, Options())
        assert refused.value.code == code
