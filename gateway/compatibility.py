"""Which release of a PBX goes with this release of ours: ``compatibility.json``, for people in
docs/compatibility.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("compatibility.json")
_MAJOR = re.compile(r"^\s*v?(\d{1,3})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``tested``: proven against a real one. ``expected``: built for it. ``unsupported``: known not
    to work. ``unknown``: nobody has said which release it is, or it is none that we know."""

    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    profile: str
    release: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Compatibility:
    offhook: str
    rows: tuple[Row, ...]

    def look_up(self, profile: str, release: str) -> Verdict:
        """By the major version, however it is written: V3, v3r2.1, 3.2."""
        found = _MAJOR.match(release)
        if found is None:
            return Verdict("unknown")
        for row in self.rows:
            if (row.profile, row.release) == (profile, f"V{int(found[1])}"):
                return Verdict(row.state, row.note)
        return Verdict("unknown", "This release is not in our table yet.")


@cache
def load() -> Compatibility:
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return Compatibility(data["offhook"], tuple(Row(**row) for row in data["rows"]))
