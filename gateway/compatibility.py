"""Which release of a PBX goes with which release of ours: ``compatibility.json``, for people in
docs/compatibility.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("compatibility.json")
_MAJOR = re.compile(r"^\s*v?(\d{1,3})(?!\d)", re.IGNORECASE)
_OURS = re.compile(r"^\s*v?(\d{1,4})\.(\d{1,4})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``tested``: proven against a real one. ``expected``: built for it. ``unsupported``: known not
    to work. ``unknown``: nobody has said which release it is, or it is none that we know."""

    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    #: The release of ours, without its patch level.
    offhook: str
    profile: str
    release: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Compatibility:
    rows: tuple[Row, ...]

    def look_up(self, profile: str, release: str, offhook: str) -> Verdict:
        """By the major version, however it is written: V3, v3r2.1, 3.2. ``offhook`` is a release of
        ours, maybe one to come: what is in no row yet nobody knows."""
        ours = _ours(offhook)
        if all(row.offhook != ours for row in self.rows):
            return Verdict("unknown", "This release of Offhook is not in our table yet.")
        found = _MAJOR.match(release)
        if found is None:
            return Verdict("unknown")
        for row in self.rows:
            if (row.offhook, row.profile, row.release) == (ours, profile, f"V{int(found[1])}"):
                return Verdict(row.state, row.note)
        return Verdict("unknown", "This release is not in our table yet.")


def _ours(release: str) -> str | None:
    """0.1.3 is of 0.1."""
    found = _OURS.match(release)
    return None if found is None else f"{int(found[1])}.{int(found[2])}"


@cache
def load() -> Compatibility:
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return Compatibility(tuple(Row(**row) for row in data["rows"]))
