"""Connector API keys: ``gwc_<id>_<secret>_<crc32>``.

The prefix lets secret scanners find leaked keys, the checksum refuses typing errors without a look
into the database, and 32 random bytes need no slow hash: SHA-256 is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field

PREFIX = "gwc"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_LENGTH = 43  # 32 bytes in base 62
_ID_LENGTH = 12
_FORM = re.compile(r"gwc_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})_([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class NewKey:
    """Shown once; only ``key_id`` and ``digest`` are kept."""

    key_id: str
    text: str = field(repr=False)
    digest: bytes


def _base62(data: bytes, length: int) -> str:
    value = int.from_bytes(data, "big")
    digits = []
    for _ in range(length):
        value, digit = divmod(value, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode('ascii')):08x}"


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("ascii")).digest()


def new_key() -> NewKey:
    key_id = _base62(secrets.token_bytes(8), _ID_LENGTH)
    body = f"{PREFIX}_{key_id}_{_base62(secrets.token_bytes(32), _SECRET_LENGTH)}"
    text = f"{body}_{_checksum(body)}"
    return NewKey(key_id, text, digest(text))


def looks_like_one(text: str) -> bool:
    """By its prefix: an access token never begins so."""
    return text.startswith(f"{PREFIX}_")


def key_id_of(text: str) -> str | None:
    """The id in a well-formed key, ``None`` for anything else."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    body = text.rpartition("_")[0]
    return match[1] if hmac.compare_digest(match[3], _checksum(body)) else None


def matches(text: str, stored: bytes) -> bool:
    return hmac.compare_digest(digest(text), stored)
