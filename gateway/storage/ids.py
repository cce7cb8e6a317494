"""Identifiers: UUIDv7 (RFC 9562 5.7), so that ids sort by the time they were made."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import uuid_utils


def new_id() -> str:
    return str(uuid_utils.uuid7())


def is_id(text: object) -> bool:
    """True for a canonical UUID: anything else cannot be in the database and is not asked for."""
    if not isinstance(text, str) or len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def utc_now() -> datetime:
    return datetime.now(UTC)
