"""What a connector says of itself, read with distrust."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from gateway.link_ports import LinePicture

#: Of a connector newer than us we know but a few.
MAX_OFFERS = 50
MAX_LINES = 20_000
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class StatusReport:
    """``{"version": .., "layers": [{"layer": .., "state": .., "detail": ..}], "offers": [..],
    "lines": [{"line_id": .., "registered": .., "detail": ..}]}``."""

    layers: dict[str, str]
    details: dict[str, str]
    version: str
    offers: tuple[str, ...]
    lines: tuple[LinePicture, ...]


def read_report(body: bytes) -> StatusReport | None:
    """The connector's own layers, its lines, and what its PBX offers to them."""
    try:
        data: Any = json.loads(body)
        layers = {str(row["layer"]): str(row["state"]) for row in data["layers"]}
        details = {str(row["layer"]): _text(row.get("detail", "")) for row in data["layers"]}
        offers = tuple(str(offer)[:40] for offer in list(data.get("offers", ()))[:MAX_OFFERS])
        lines = tuple(_line(row) for row in list(data.get("lines", ()))[:MAX_LINES])
        return StatusReport(layers, details, _text(data.get("version", ""))[:64], offers, lines)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _line(row: Any) -> LinePicture:
    return LinePicture(
        _text(row["line_id"]), row.get("registered") is True, _text(row.get("detail", ""))
    )


def _text(value: Any) -> str:
    return "".join(char for char in str(value)[:MAX_TEXT] if char.isprintable())
