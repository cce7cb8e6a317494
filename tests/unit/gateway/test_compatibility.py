"""The table of releases: one for programs, the same for people."""

from __future__ import annotations

import re
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
    rows = re.findall(r"^\| (OpenScape \w+) \| (V\d+) \| (\w+) \| (.+) \|$", text, re.MULTILINE)
    told = {(NAMES[name], release, state, note) for name, release, state, note in rows}
    assert told == {(row.profile, row.release, row.state, row.note) for row in table.rows}
    assert f"Offhook {table.offhook} works" in text


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
    assert compatibility.load().look_up(profile, release).state == state
