"""The table of releases: one for programs, the same for people."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from gateway import compatibility

PAGE = Path(__file__).parents[3] / "docs" / "compatibility.md"
NAMES = {
    "OpenScape Business": "business",
    "OpenScape Voice": "voice",
    "OpenScape 4000": "os4000",
}


def test_people_and_programs_read_the_same() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = compatibility.load()
    rows = re.findall(
        r"^\| ([\d.]+) \| (OpenScape \w+) \| (V\d+) \| (\w+) \| (.+) \|$", text, re.MULTILINE
    )
    told = {(ours, NAMES[name], release, state, note) for ours, name, release, state, note in rows}
    assert told == {
        (row.offhook, row.profile, row.release, row.state, row.note) for row in table.rows
    }


def test_there_are_rows_for_this_release() -> None:
    verdict = compatibility.load().look_up("business", "V3", version("offhook"))
    assert verdict.state == "expected"


@pytest.mark.parametrize(
    ("profile", "release", "state"),
    [
        ("business", "V3", "expected"),
        ("business", "v3r2.1", "expected"),
        ("business", "3.2", "expected"),
        ("business", "V1R5", "unsupported"),
        ("business", "V10", "unknown"),
        ("voice", "V10 R3", "expected"),
        ("os4000", "V11", "expected"),
        ("os4000", "", "unknown"),
        ("os4000", "newest", "unknown"),
        ("os4000", "V1111", "unknown"),
        ("nobody", "V3", "unknown"),
    ],
)
def test_a_release_is_found_however_it_is_written(profile: str, release: str, state: str) -> None:
    assert compatibility.load().look_up(profile, release, "0.1").state == state


@pytest.mark.parametrize(
    ("ours", "state"),
    [
        ("0.1", "unsupported"),
        ("v0.1.3", "unsupported"),
        ("0.10", "unknown"),
        ("0.2", "unknown"),
        ("2.0", "unknown"),
        ("10.1", "unknown"),
        ("1", "unknown"),
        ("", "unknown"),
        ("the next one", "unknown"),
    ],
)
def test_nobody_promises_for_a_release_of_ours_without_rows(ours: str, state: str) -> None:
    assert compatibility.load().look_up("business", "V1", ours).state == state


def test_each_release_of_ours_has_its_own_rows() -> None:
    table = compatibility.Compatibility(
        (
            compatibility.Row("0.2", "business", "V1", "tested", "since 0.2"),
            compatibility.Row("0.1", "business", "V1", "unsupported", ""),
        )
    )
    assert table.look_up("business", "V1R2", "0.2.1").note == "since 0.2"
    assert table.look_up("business", "V1R2", "0.1").state == "unsupported"
    assert table.look_up("business", "V2", "0.2").state == "unknown"
