"""The lines of this site as the gateway configured them, and how two versions differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class LineConfig:
    """One client extension that this connector registers at the PBX."""

    line_id: str
    auth_user: str
    auth_password: str = field(repr=False)
    device_id: str = ""  # the extension's device name at the PBX
    desk_number: str = ""
    number: str = ""  # canonical number others see

    @property
    def extension(self) -> str:
        """The user part of the address of record at the PBX."""
        return self.device_id or self.auth_user


def parse_lines(rows: Iterable[Mapping[str, Any]]) -> tuple[LineConfig, ...]:
    """Lines of the session answer; a row without id or account is a fault of the gateway."""
    lines = tuple(
        LineConfig(
            line_id=str(row["line_id"]),
            auth_user=str(row["auth_user"]),
            auth_password=str(row["auth_password"]),
            device_id=str(row.get("device_id") or ""),
            desk_number=str(row.get("desk_number") or ""),
            number=str(row.get("number") or ""),
        )
        for row in rows
    )
    if len({line.line_id for line in lines}) != len(lines):
        raise ValueError("two lines with the same line_id")
    return lines


@dataclass(frozen=True, slots=True)
class LineChanges:
    """What to do to get from one set of lines to another."""

    added: tuple[LineConfig, ...]
    removed: tuple[LineConfig, ...]
    changed: tuple[LineConfig, ...]


def compare(old: Iterable[LineConfig], new: Iterable[LineConfig]) -> LineChanges:
    before = {line.line_id: line for line in old}
    after = {line.line_id: line for line in new}
    return LineChanges(
        added=tuple(line for key, line in after.items() if key not in before),
        removed=tuple(line for key, line in before.items() if key not in after),
        changed=tuple(line for key, line in after.items() if key in before and before[key] != line),
    )
