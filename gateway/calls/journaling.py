"""Journal writes that a broken database delays but never loses while this node lives.

A write is awaited (facts first), yet at most for a moment: the call itself goes on, and the write
is repeated in the background in the order of its Call.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from gateway.calls.model import CallState
from gateway.ports import JournalWriter, Numbers, UserKey

logger = logging.getLogger(__name__)

WRITE_TIMEOUT = 2.0
RETRY_AFTER = 1.0
MOST_PENDING = 10_000

Write = Callable[[], Awaitable[object]]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Journaling:
    """The journal as call control uses it."""

    def __init__(self, writer: JournalWriter, retry_after: float = RETRY_AFTER) -> None:
        self._writer = writer
        self._retry_after = retry_after
        self._backlog: deque[tuple[str, Write]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def pending(self) -> int:
        """Writes that wait for the database."""
        return len(self._backlog)

    async def open(self, state: CallState) -> None:
        numbers = Numbers(state.number.dialled, state.number.canonical, state.number.display)

        async def write() -> object:
            return await self._writer.open(
                _user(state),
                state.id,
                direction=state.direction,
                numbers=numbers,
                name=state.name,
                started_at=_moment(state.created_at),
                diverted_by=state.diverted_by,
            )

        await self._write(state.id, write)

    async def answered(self, state: CallState, device_id: str | None) -> None:
        at = _moment(state.answered_at or state.created_at)
        await self._write(
            state.id,
            lambda: self._writer.answered(_user(state), state.id, device_id=device_id, at=at),
        )

    async def settle(self, state: CallState, kind: str) -> None:
        ended = state.ended_at or state.created_at
        talked = 0.0 if state.answered_at is None else max(0.0, ended - state.answered_at)
        reason = "" if state.reason is None else state.reason.value
        await self._write(
            state.id,
            lambda: self._writer.settle(
                _user(state),
                state.id,
                kind=kind,
                reason=reason,
                device_id=state.device_id if state.answered_at is not None else None,
                ended_at=_moment(ended),
                duration_ms=round(talked * 1000),
            ),
        )

    async def _write(self, call_id: str, write: Write) -> None:
        if any(waiting == call_id for waiting, _ in self._backlog):
            self._postpone(call_id, write)
            return
        try:
            async with asyncio.timeout(WRITE_TIMEOUT):
                await write()
        except Exception:
            # Whatever the storage raises: the call must live, and the fact must not be lost.
            logger.exception("call %s: journal write postponed", call_id)
            self._postpone(call_id, write)

    def _postpone(self, call_id: str, write: Write) -> None:
        if len(self._backlog) >= MOST_PENDING:
            logger.error("call %s: journal backlog is full, a write is lost", call_id)
            return
        self._backlog.append((call_id, write))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._retry(), name="journal backlog")

    async def _retry(self) -> None:
        while self._backlog:
            await asyncio.sleep(self._retry_after)
            while self._backlog:
                call_id, write = self._backlog[0]
                try:
                    async with asyncio.timeout(WRITE_TIMEOUT):
                        await write()
                except Exception as error:
                    logger.warning("call %s: journal still not writable: %s", call_id, error)
                    break
                self._backlog.popleft()

    async def aclose(self) -> None:
        """One last try, then give up loudly."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        for call_id, write in self._backlog:
            try:
                async with asyncio.timeout(WRITE_TIMEOUT):
                    await write()
            except Exception:
                logger.exception("call %s: journal write lost", call_id)
        self._backlog.clear()


def _user(state: CallState) -> UserKey:
    return UserKey(state.tenant_id, state.user_id)
