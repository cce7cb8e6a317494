"""Bencoding, as rtpengine's NG protocol speaks it: integers, byte strings, lists, dictionaries."""

from __future__ import annotations

from typing import Any

MAX_DEPTH = 32


class BencodeError(ValueError):
    """Not bencoded."""


def encode(value: object) -> bytes:
    if isinstance(value, bool):
        raise BencodeError("bencoding has no booleans")
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list | tuple):
        return b"l" + b"".join(encode(item) for item in value) + b"e"
    if isinstance(value, dict):
        items = sorted((str(key), item) for key, item in value.items())
        return b"d" + b"".join(encode(k) + encode(v) for k, v in items) + b"e"
    raise BencodeError(f"cannot encode {type(value).__name__}")


def decode(data: bytes) -> Any:
    """The one value that ``data`` is; strings come as ``str``."""
    value, end = _decode(data, 0, 0)
    if end != len(data):
        raise BencodeError("octets after the value")
    return value


def _decode(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH or at >= len(data):
        raise BencodeError("too deep or cut off")
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.find(b"e", at)
        if end < 0:
            raise BencodeError("integer without end")
        return _number(data[at + 1 : end]), end + 1
    if kind in (b"l", b"d"):
        items: list[Any] = []
        at += 1
        while data[at : at + 1] != b"e":
            item, at = _decode(data, at, depth + 1)
            items.append(item)
        if kind == b"l":
            return items, at + 1
        if len(items) % 2:
            raise BencodeError("dictionary with a key but no value")
        if not all(isinstance(key, str) for key in items[::2]):
            raise BencodeError("dictionary whose key is no string")
        return dict(zip(items[::2], items[1::2], strict=True)), at + 1
    colon = data.find(b":", at, at + 12)
    if colon < 0:
        raise BencodeError("neither a value nor a string")
    end = colon + 1 + _number(data[at:colon])
    if end > len(data) or end <= colon:
        raise BencodeError("string longer than the data")
    return data[colon + 1 : end].decode("utf-8", "replace"), end


def _number(text: bytes) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BencodeError("not a number") from error
