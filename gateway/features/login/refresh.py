"""Refresh tokens: ``<tenant>.<secret>``, each used once, each with one living successor.

The successor is derived with a server key (HMAC-SHA256) from its predecessor and the time at which
that was used, so the same token presented again within the grace gets the *same* answer, although
only digests are stored. Two tabs that refresh at one moment thus do not trip the reuse detection.
A later exchange (the answer was lost) has another time and leads to another successor.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from gateway.storage.ids import is_id

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECRET_LENGTH = 43  # 32 bytes, base64url without padding


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def first_token(tenant_id: str) -> str:
    return f"{tenant_id}.{_encode(secrets.token_bytes(32))}"


def successor(token: str, used_at: datetime, key: bytes) -> str:
    exchange = f"successor of {token} at {(used_at - _EPOCH) // timedelta(microseconds=1)}"
    secret = hmac.new(key, exchange.encode(), hashlib.sha256).digest()
    return f"{token.partition('.')[0]}.{_encode(secret)}"


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def tenant_of(token: str) -> str | None:
    """The tenant that a well-formed token names (a claim, proven by the lookup that follows)."""
    tenant_id, _, secret = token.partition(".")
    if not is_id(tenant_id) or len(secret) != _SECRET_LENGTH or not token.isascii():
        return None
    return tenant_id
