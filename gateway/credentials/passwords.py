"""Password hashes (argon2id, RFC 9106), computed in threads, a bounded number at a time.

A hash costs tens of milliseconds and 64 MiB: unbounded, a handful of clients could take the whole
machine. An unknown user costs the same as a wrong password, so that timing tells nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

T = TypeVar("T")

MAX_LENGTH = 256
MIN_LENGTH = 12


class TooBusy(Exception):
    """More password checks wait than are allowed to."""


class Passwords:
    def __init__(
        self, *, parallel: int = 2, queue: int = 32, hasher: PasswordHasher | None = None
    ) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="argon2")
        self._limit = parallel + queue
        self._pending = 0
        # Made in the background: a hash takes up to a second on a busy machine.
        self._dummy = self._pool.submit(self._hasher.hash, "no user has this password")

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """``stored`` is ``None`` for an unknown user: the work is done all the same."""
        known = await self._run(self._check, stored, password)
        return known and stored is not None

    def needs_rehash(self, stored: str) -> bool:
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _check(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._dummy.result(), password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    async def _run(self, function: Callable[..., T], *args: str | None) -> T:
        if self._pending >= self._limit:
            raise TooBusy
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        finally:
            self._pending -= 1
