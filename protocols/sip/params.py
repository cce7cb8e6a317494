"""Semicolon parameters of headers and URIs: ordered, lossless, names compared without case."""

from __future__ import annotations

from protocols.sip.errors import ParseError
from protocols.sip.grammar import is_token, quote, split_outside, unquote

Params = tuple[tuple[str, str | None], ...]


def parse_params(text: str) -> Params:
    """Parse `;a=b;c` (the leading semicolon optional) into pairs; quotes stay as written."""
    pieces = split_outside(text, ";") if '"' in text else text.split(";")
    out: list[tuple[str, str | None]] = []
    for index, piece in enumerate(pieces):
        name, equals, value = piece.partition("=")
        name = name.strip()
        if not name:
            if index == 0 and not piece.strip():
                continue
            raise ParseError(f"empty parameter in {text!r}")
        if not is_token(name):
            raise ParseError(f"parameter name {name!r} is not a token")
        if equals:
            value = value.strip()
            if not value or (value[0] == '"' and (len(value) < 2 or value[-1] != '"')):
                raise ParseError(f"parameter {name!r} has a malformed value")
            out.append((name, value))
        else:
            out.append((name, None))
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
