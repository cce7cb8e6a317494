"""Journal writes that a broken database delays but never loses while this node lives.

A write is awaited (facts first), yet at most for a moment: the call itself goes on, and the write
is repeated in the background in the order of its Call. A Call whose write fails waits behind the
others; a write that fails again and again while those of other Calls go through is not waiting for
the database, it is unwritable: it is given up, loudly, and blocks nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.calls.model import CallState
from gateway.calls.trail import TrailStep
from gateway.calls.view import timestamp
from gateway.ports import CutOff, JournalWriter, JsonObject, Numbers, UserKey

logger = logging.getLogger(__name__)

WRITE_TIMEOUT = 2.0
RETRY_AFTER = 1.0
MOST_PENDING = 10_000
#: Failures of one write, each with writes of others going through since the one before.
MOST_STRIKES = 10
#: Seconds. What began before is another call, of which the PBX uses the id again.
LONGEST_CALL = 24 * 3600.0

Write = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class _Waiting:
    """The writes of one Call that wait, and how its first one has fared."""

    writes: deque[Write] = field(default_factory=deque)
    strikes: int = 0
    #: What had been written in all when the first write failed last.
    written: int = 0


def _numbers(state: CallState) -> Numbers:
    return Numbers(state.number.dialled, state.number.canonical, state.number.display)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Journaling:
    """The journal as call control uses it."""

    def __init__(self, writer: JournalWriter, retry_after: float = RETRY_AFTER) -> None:
        self._writer = writer
        self._retry_after = retry_after
        self._backlog: OrderedDict[str, _Waiting] = OrderedDict()
        self._written = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def pending(self) -> int:
        """Writes that wait for the database."""
        return sum(len(waiting.writes) for waiting in self._backlog.values())

    async def open(self, state: CallState, pbx_call: str | None = None) -> None:
        numbers = _numbers(state)

        async def write() -> object:
            return await self._writer.open(
                _user(state),
                state.id,
                direction=state.entry_direction,
                numbers=numbers,
                name=state.name,
                started_at=_moment(state.created_at),
                diverted_by=state.diverted_by,
                original_called=state.original_called,
                pbx_call=pbx_call,
            )

        await self._write(state.id, write)

    async def at_pbx(self, state: CallState, pbx_call: str) -> None:
        """What the PBX calls a Call that goes on at the desk phone."""
        await self._write(state.id, lambda: self._writer.at_pbx(_user(state), state.id, pbx_call))

    async def take_up(self, state: CallState, pbx_call: str) -> CutOff | None:
        """The entry of a desk phone's call that has outlived a node of ours, if there is one."""
        since = _moment(state.created_at - LONGEST_CALL)
        number = state.number.canonical
        try:
            async with asyncio.timeout(WRITE_TIMEOUT):
                return await self._writer.take_up(_user(state), pbx_call, number, since)
        except Exception:
            # then it gets an entry of its own: nothing is lost but the connection of both
            logger.exception("call %s: no entry looked for", state.id)
            return None

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
        # Whose call was fetched is known when it is here; it was opened with what was dialled.
        numbers = None if state.fetch is None else _numbers(state)
        await self._write(
            state.id,
            lambda: self._writer.settle(
                _user(state),
                state.id,
                kind=kind,
                reason=reason,
                name=state.name,
                device_id=state.device_id if state.answered_at is not None else None,
                ended_at=_moment(ended),
                duration_ms=round(talked * 1000),
                answered_on=_answered_on(state),
                answered_by=state.answered_by or None,
                forwarded_to=state.forwarded_to,
                trail=[_step_json(step) for step in state.trail],
                numbers=numbers,
            ),
        )

    async def _write(self, call_id: str, write: Write) -> None:
        if call_id in self._backlog:
            self._postpone(call_id, write)
            return
        try:
            await self._try(write)
        except Exception:
            # Whatever the storage raises: the call must live, and the fact must not be lost.
            logger.exception("call %s: journal write postponed", call_id)
            self._postpone(call_id, write)

    async def _try(self, write: Write) -> None:
        async with asyncio.timeout(WRITE_TIMEOUT):
            await write()
        self._written += 1

    def _postpone(self, call_id: str, write: Write) -> None:
        if self.pending >= MOST_PENDING:
            logger.error("call %s: journal backlog is full, a write is lost", call_id)
            return
        waiting = self._backlog.setdefault(call_id, _Waiting(written=self._written))
        waiting.writes.append(write)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._retry(), name="journal backlog")

    async def _retry(self) -> None:
        while self._backlog:
            await asyncio.sleep(self._retry_after)
            while self._backlog:
                call_id, waiting = next(iter(self._backlog.items()))
                try:
                    await self._try(waiting.writes[0])
                except Exception as error:
                    logger.warning("call %s: journal still not writable: %s", call_id, error)
                    self._failed(call_id, waiting, error)
                    break
                self._next_write(call_id, waiting)

    def _failed(self, call_id: str, waiting: _Waiting, error: Exception) -> None:
        """Let the others go first; count only what the state of the database does not explain."""
        self._backlog.move_to_end(call_id)
        if waiting.written == self._written:
            return
        waiting.strikes += 1
        waiting.written = self._written
        if waiting.strikes >= MOST_STRIKES:
            logger.error("call %s: unwritable, a journal write is lost: %r", call_id, error)
            self._next_write(call_id, waiting)

    def _next_write(self, call_id: str, waiting: _Waiting) -> None:
        waiting.writes.popleft()
        waiting.strikes = 0
        waiting.written = self._written
        if not waiting.writes:
            del self._backlog[call_id]

    async def aclose(self) -> None:
        """One last try, then give up loudly."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        for call_id, waiting in self._backlog.items():
            for write in waiting.writes:
                try:
                    await self._try(write)
                except Exception:
                    logger.exception("call %s: journal write lost", call_id)
        self._backlog.clear()


def _answered_on(state: CallState) -> str | None:
    if (
        state.entry_direction == "in"
        and state.answered_at is not None
        and state.device_id is not None
    ):
        return "app"
    return state.answered_on


def _step_json(step: TrailStep) -> JsonObject:
    return {
        "at": timestamp(step.at),
        "code": step.code,
        "device_id": step.device_id,
        "detail": step.detail,
    }


def _user(state: CallState) -> UserKey:
    return UserKey(state.tenant_id, state.user_id)
