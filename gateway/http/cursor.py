"""Cursors: where the next page begins, opaque to clients."""

from __future__ import annotations

import base64
import binascii
import json

from gateway.ports import Problem


def encode(*position: str) -> str:
    raw = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor: str, parts: int) -> list[str]:
    """A cursor is a position, not a permission: a made-up one only gives an odd page."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        position = None
    if (
        not isinstance(position, list)
        or len(position) != parts
        or not all(isinstance(part, str) and "\0" not in part for part in position)
    ):
        raise Problem(422, "bad_cursor", "This cursor is not one of ours")
    return position
