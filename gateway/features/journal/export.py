"""The journal as a file for spreadsheets."""

from __future__ import annotations

from datetime import tzinfo

from gateway.features.journal.models import EntryView
from gateway.http.spreadsheet import local_time

HEADINGS = (
    "started",
    "direction",
    "kind",
    "name",
    "number",
    "answered",
    "seconds",
    "answered on",
    "device",
    "answered by",
    "forwarded to",
    "forwarded by",
    "meant for",
    "reason",
)


def row_of(entry: EntryView, device: str, zone: tzinfo) -> tuple[str, ...]:
    return (
        local_time(entry.started_at, zone),
        entry.direction,
        entry.kind,
        entry.name or "",
        entry.number.display or entry.number.canonical,
        local_time(entry.answered_at, zone),
        str(round(entry.duration_ms / 1000)),
        entry.answered_on or "",
        device,
        entry.answered_by or "",
        entry.forwarded_to or "",
        entry.diverted_by or "",
        entry.original_called or "",
        entry.reason or "",
    )
