"""Keys in SIP INFO: the two old body types that phones still send (no RFC defines them)."""

from __future__ import annotations

from protocols.rtp.dtmf import DIGITS

_NAMES = {"10": "*", "11": "#", "star": "*", "pound": "#"}


def digit_of(content_type: str, body: bytes) -> str | None:
    """``Signal=5`` of ``application/dtmf-relay``, or the bare key of ``application/dtmf``."""
    text = body[:200].decode("ascii", "replace")
    if content_type == "application/dtmf-relay":
        fields = {
            name.strip().lower(): value.strip()
            for name, found, value in (line.partition("=") for line in text.splitlines())
            if found
        }
        key = fields.get("signal", "")
    elif content_type == "application/dtmf":
        key = text.strip()
    else:
        return None
    key = _NAMES.get(key.lower(), key.upper())
    return key if len(key) == 1 and key in DIGITS else None
