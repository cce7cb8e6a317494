"""Semicolon parameters of headers and URIs: ordered, lossless, names compared without case."""

from __future__ import annotations

import re

from protocols.sip.errors import ParseError
from protocols.sip.grammar import quote, unquote

Params = tuple[tuple[str, str | None], ...]


# one parameter; a value is a quoted-string or anything without separators
_PARAM = re.compile(
    r"[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*"
    r'(?:=[ \t]*("(?:[^"\\]|\\.)*"|[^;"\s][^;"]*?)[ \t]*)?(?:;|\Z)',
    re.DOTALL,
).match


def parse_params(text: str) -> Params:
    """Parse `a=b;c` (no leading semicolon) into pairs; quotes stay as written."""
    out: list[tuple[str, str | None]] = []
    position = 0
    size = len(text)
    while position < size:
        match = _PARAM(text, position)
        if match is None:
            raise ParseError(f"malformed parameter in {text[:80]!r}")
        out.append((match[1], match[2]))
        position = match.end()
    if not out or text[-1] == ";":
        raise ParseError(f"empty parameter in {text[:80]!r}")
    return tuple(out)


def get_param(params: Params, name: str) -> str | None:
    """The value of parameter `name`: None when absent, "" when it has no value, unquoted."""
    for key, value in params:
        if key == name or key.lower() == name:
            return "" if value is None else unquote(value)
    return None


def has_param(params: Params, name: str) -> bool:
    """True when the parameter is present, with or without a value."""
    return any(key.lower() == name for key, _ in params)


def set_param(params: Params, name: str, value: str | None) -> Params:
    """Replace (in place) or append a parameter; value None or "" writes the bare name."""
    written = value or None
    if written is not None and not _needs_no_quotes(written):
        written = quote(written)
    out: list[tuple[str, str | None]] = []
    done = False
    for key, old in params:
        if key.lower() == name.lower():
            if not done:
                out.append((key, written))
                done = True
        else:
            out.append((key, old))
    if not done:
        out.append((name, written))
    return tuple(out)


def without_param(params: Params, name: str) -> Params:
    """All parameters except `name`."""
    return tuple(pair for pair in params if pair[0].lower() != name.lower())


def format_params(params: Params) -> str:
    """`;a=b;c`, empty string for none."""
    return "".join([f";{name}" if value is None else f";{name}={value}" for name, value in params])


def _needs_no_quotes(value: str) -> bool:
    # token, host (also an IPv6 reference) and already quoted text go out as they are
    return (value[0] == '"' and value[-1] == '"') or all(
        c.isalnum() or c in "-.!%*_+`'~[]:" for c in value
    )
