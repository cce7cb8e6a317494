"""Memory for what comes again with message after message: a user's address, a phone's Contact."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")

# peers choose the texts, so both their number and their length are bounded
_ENTRIES = 4096
_LENGTH = 256


def remember(known: dict[str, T], text: str, value: T) -> T:
    """Keep what `text` was read as; a full memory is emptied. Values must be immutable.

    Used as `known.get(text) or remember(known, text, read(text))`: a plain dict is looked up
    faster, and touches less memory, than an lru_cache or a dict with `__missing__`.
    """
    if len(text) <= _LENGTH:
        if len(known) >= _ENTRIES:
            known.clear()
        known[text] = value
    return value
