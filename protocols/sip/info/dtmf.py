"""Digits in INFO: the legacy `application/dtmf-relay` and `application/dtmf` bodies.

RFC 6086 wants an Info-Package; phones and PBXs send these bodies without one (the usage RFC 2976
left open), so neither is demanded nor sent here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RELAY = "application/dtmf-relay"
PLAIN = "application/dtmf"
DEFAULT_DURATION_MS = 160

_DIGIT = re.compile(r"[0-9A-D*#!]")
_CODES = {"10": "*", "11": "#", "12": "A", "13": "B", "14": "C", "15": "D", "16": "!"}


class InfoDigitError(ValueError):
    """Not a digit in a form we know."""


@dataclass(frozen=True, slots=True)
class InfoDigit:
    """`digit` is one of 0-9 * # A-D, or `!` for a hook flash."""

    digit: str
    duration_ms: int = DEFAULT_DURATION_MS

    @classmethod
    def parse(cls, content_type: str | None, body: bytes) -> InfoDigit:
        text = body[:256].decode("ascii", "replace")
        if content_type == PLAIN:
            return cls(_digit(text))
        if content_type != RELAY:
            raise InfoDigitError(f"{content_type} carries no digits")
        values: dict[str, str] = {}
        for line in text.splitlines():
            name, equals, value = line.partition("=")
            if equals:
                values[name.strip().lower()] = value.strip()
        duration = values.get("duration", "")
        milliseconds = int(duration) if duration.isdecimal() else DEFAULT_DURATION_MS
        return cls(_digit(values.get("signal", "")), min(max(milliseconds, 40), 5000))

    def to_relay(self) -> bytes:
        return f"Signal={self.digit}\r\nDuration={self.duration_ms}\r\n".encode()


def _digit(text: str) -> str:
    word = text.strip().upper()
    word = _CODES.get(word, word)  # RFC 4733 event numbers, as some PBXs write them
    if _DIGIT.fullmatch(word) is None:
        raise InfoDigitError(f"{text[:20]!r} is no digit")
    return word
