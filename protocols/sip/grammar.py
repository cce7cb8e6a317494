"""Tokens, quoted strings, escapes and list splitting (RFC 3261 section 25.1)."""

from __future__ import annotations

import re

ABNFTOKEN = r"[A-Za-z0-9\-.!%*_+`'~]+"
_token = re.compile(ABNFTOKEN).fullmatch
_display_words = re.compile(rf"{ABNFTOKEN}(?:[ \t]+{ABNFTOKEN})*").fullmatch
_bad_escape = re.compile(r"%(?![0-9A-Fa-f]{2})").search
_escape_triplet = re.compile(r"%([0-9A-Fa-f]{2})")
_quoted_pair = re.compile(r"\\(.)", re.DOTALL)


def is_token(text: str) -> bool:
    """True when `text` is one `token`."""
    return _token(text) is not None


def is_display_words(text: str) -> bool:
    """True when `text` may stand unquoted as a display name: `*(token LWS)`."""
    return _display_words(text) is not None


def has_bad_escape(text: str) -> bool:
    """True when a percent sign is not followed by two hex digits."""
    return "%" in text and _bad_escape(text) is not None


def unescape(text: str) -> str:
    """Undo percent escapes; octets that are not UTF-8 survive as surrogates."""
    if "%" not in text:
        return text
    raw = text.encode("utf-8", "surrogateescape")
    out = bytearray()
    i = 0
    while i < len(raw):
        triplet = raw[i : i + 3].decode("latin-1")
        if _escape_triplet.fullmatch(triplet):
            out.append(int(triplet[1:], 16))
            i += 3
        else:
            out.append(raw[i])
            i += 1
    return out.decode("utf-8", "surrogateescape")


def escape(text: str, allowed: str) -> str:
    """Percent-escape every character that is neither alphanumeric nor in `allowed`."""
    if text.isascii() and (text.isalnum() or all(c.isalnum() or c in allowed for c in text)):
        return text
    out: list[str] = []
    for byte in text.encode("utf-8", "surrogateescape"):
        char = chr(byte)
        keep = byte < 0x80 and (char.isalnum() or char in allowed)
        out.append(char if keep else f"%{byte:02X}")
    return "".join(out)


def quote(text: str) -> str:
    """Write `text` as a quoted-string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquote(text: str) -> str:
    """The content of a quoted-string; other text is returned unchanged."""
    if len(text) >= 2 and text[0] == '"' and text[-1] == '"':
        inner = text[1:-1]
        return _quoted_pair.sub(r"\1", inner) if "\\" in inner else inner
    return text


def end_of_quoted(text: str, start: int) -> int:
    """Index just after the quoted-string that opens at `start`; -1 when it never closes."""
    i = start + 1
    size = len(text)
    while i < size:
        char = text[i]
        if char == "\\":
            i += 2
            continue
        if char == '"':
            return i + 1
        i += 1
    return -1


def split_outside(text: str, separator: str) -> list[str]:
    """Split at `separator` where it stands outside quoted strings and angle brackets."""
    if separator not in text:
        return [text.strip()]
    if '"' not in text and "<" not in text:
        return [part.strip() for part in text.split(separator)]
    parts: list[str] = []
    begin = i = 0
    depth = 0
    size = len(text)
    while i < size:
        char = text[i]
        if char == '"' and not depth:
            after = end_of_quoted(text, i)
            if after < 0:
                break
            i = after
            continue
        if char == "<":
            depth = 1
        elif char == ">":
            depth = 0
        elif char == separator and not depth:
            parts.append(text[begin:i].strip())
            begin = i + 1
        i += 1
    parts.append(text[begin:].strip())
    return parts


def split_list(value: str) -> list[str]:
    """The elements of a comma-separated header value (RFC 3261 section 7.3)."""
    return [part for part in split_outside(value, ",") if part]


def first_element(value: str) -> str:
    """The first of `split_list`; empty when the list has none, as in `Via: ,`."""
    elements = split_list(value)
    return elements[0] if elements else ""
