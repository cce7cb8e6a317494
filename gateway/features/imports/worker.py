"""Takes imports from batch to batch, in turn, and picks them up again after a restart."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.features.imports.steps import ImportSteps

log = structlog.get_logger(__name__)

#: Rows of one transaction: while it is written, a call's journal entry waits for it.
BATCH = 100
_PATIENCE = (1.0, 5.0, 30.0)
#: Classes of PostgreSQL's errors that pass: connection, deadlock, resources, shutdown, system.
_PASSING = ("08", "40", "53", "57", "58")

Job = tuple[str, str]


class ImportWorker:
    def __init__(self, steps: ImportSteps, batch: int = BATCH) -> None:
        self._steps = steps
        self._batch = batch
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._small: set[Job] = set()  # go row by row, since rows contradict each other
        self._failures: dict[Job, int] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        for job in await self._steps.unfinished():
            self._jobs.put_nowait(job)
        self._task = asyncio.create_task(self._run(), name="people-imports")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def wake(self, tenant_id: str, import_id: str) -> None:
        self._jobs.put_nowait((tenant_id, import_id))

    async def _run(self) -> None:
        while True:
            job = await self._jobs.get()
            pause = await self._advance_or_give_up(job)
            if pause is not None:  # behind the others, who do not wait for it
                asyncio.get_running_loop().call_later(pause, self._jobs.put_nowait, job)
            else:
                self._small.discard(job)
                self._failures.pop(job, None)

    async def _advance(self, job: Job) -> bool:
        size = 1 if job in self._small else self._batch
        try:
            return await self._steps.step(*job, size)
        except IntegrityError:
            if size == 1:
                await self._steps.give_up_row(*job)
            self._small.add(job)
            return True

    async def _advance_or_give_up(self, job: Job) -> float | None:
        """After how many seconds it goes on; ``None``: it is over. A database that is away must
        not end the imports, and an import that cannot be done must not be tried for ever."""
        try:
            more = await self._advance(job)
            self._failures.pop(job, None)
            return 0 if more else None
        except Exception as error:
            failures = self._failures[job] = self._failures.get(job, 0) + 1
            log.exception("import.batch_failed", tenant=job[0], import_id=job[1], times=failures)
            if not is_away(error) and await self._ended(job):
                return None
            return _PATIENCE[min(failures, len(_PATIENCE)) - 1]

    async def _ended(self, job: Job) -> bool:
        try:
            await self._steps.fail(*job)
        except Exception:  # away by now
            log.exception("import.not_ended", tenant=job[0], import_id=job[1])
            return False
        return True


def is_away(error: Exception) -> bool:
    """The database, and not what it was asked: the same may well be done later."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(getattr(error, "orig", error), "sqlstate", None) or ""
    return state.startswith(_PASSING) or isinstance(error, OSError | OperationalError | PoolTimeout)
