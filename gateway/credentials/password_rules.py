"""Which passwords are refused: too short, easily guessed, known from a breach. All offline.

There are no rules of composition and no expiry (NIST SP 800-63B-4 section 3.1.1.2).
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import threading
from collections.abc import Sequence
from pathlib import Path

from gateway.ports import Problem

#: Guesses that an attacker with our hashes would need: fewer, and it is refused.
_GUESSES = 1e8
_LOOKED_AT = 72  # characters: what comes after makes it only better
_LINE = 256  # bytes; the longest line of the file that is read

# The library keeps the words about the person in a table of the module.
_estimating = threading.Lock()


class PasswordRules:
    def __init__(self, breached: Path | None = None) -> None:
        self._breached = breached

    async def check(self, password: str, min_length: int, about: Sequence[str] = ()) -> None:
        """Raises :class:`Problem` 422; ``about``: names and addresses that are easily guessed."""
        if len(password) < min_length:
            raise Problem(
                422,
                "password_too_short",
                f"The password needs {min_length} characters",
                min_length=min_length,
            )
        if await asyncio.to_thread(_easy, password, about):
            raise Problem(422, "password_too_easy", "This password is easily guessed")
        if self._breached is not None and await asyncio.to_thread(
            is_listed, self._breached, password
        ):
            raise Problem(
                422, "password_breached", "This password is known from a breach of another service"
            )


def _easy(password: str, about: Sequence[str]) -> bool:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # its lists take a moment to read

    words = [word for text in about for word in (text, *re.split(r"\W+", text)) if word]
    with _estimating:
        found = zxcvbn(password[:_LOOKED_AT], user_inputs=words)
    guesses = float(found["guesses"])
    return math.isfinite(guesses) and guesses < _GUESSES


def is_listed(file: Path, password: str) -> bool:
    """Binary search by bytes: such files have gigabytes. What follows a digest (":42") is
    ignored."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        # The last line that is not behind ``wanted`` begins at or after low, before high.
        while high - low > _LINE:
            middle = (low + high) // 2
            lines.seek(middle)
            lines.readline(_LINE)  # the rest of a line that began before
            start = lines.tell()
            if start >= high:
                high = middle
                continue
            if _digest(lines.readline(_LINE)) <= wanted:
                low = start
            else:
                high = middle
        lines.seek(low)
        while lines.tell() <= high:
            line = lines.readline(_LINE)
            digest = _digest(line)
            if not line or digest > wanted:
                return False
            if digest and wanted.startswith(digest):
                return True
    return False


def _digest(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().upper()
