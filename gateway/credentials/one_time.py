"""Secrets that are used once: ``<tenant>.<secret>``, of which only the digest is stored.

32 random bytes need no slow hash. The tenant is in the clear, as in a refresh token: it says where
to look, and the lookup proves it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from gateway.storage.ids import is_id

_SECRET_LENGTH = 43  # 32 bytes, base64url without padding
#: The longest text that can be one: for the models of requests.
MAX_LENGTH = 36 + 1 + _SECRET_LENGTH


def new(tenant_id: str) -> tuple[str, bytes]:
    """What the holder gets and what is stored."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    text = f"{tenant_id}.{secret}"
    return text, digest(text)


def tenant_of(text: str) -> str | None:
    """The tenant that a well-formed token names; ``None`` for anything else."""
    tenant_id, _, secret = text.partition(".")
    if not is_id(tenant_id) or len(secret) != _SECRET_LENGTH or not text.isascii():
        return None
    return tenant_id


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
