"""Takes imports from batch to batch, in turn, and picks them up again after a restart."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import IntegrityError

from gateway.features.imports.steps import ImportSteps

log = structlog.get_logger(__name__)

#: Rows of one transaction: while it is written, a call's journal entry waits for it.
BATCH = 100
_PATIENCE = (1.0, 5.0, 30.0)

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
            if await self._advance_or_wait(job):
                self._jobs.put_nowait(job)  # behind the others
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

    async def _advance_or_wait(self, job: Job) -> bool:
        """A database that is away must not end the imports; it is asked again."""
        try:
            more = await self._advance(job)
            self._failures.pop(job, None)
            return more
        except Exception:
            failures = self._failures[job] = self._failures.get(job, 0) + 1
            log.exception("import.batch_failed", tenant=job[0], import_id=job[1], times=failures)
            await asyncio.sleep(_PATIENCE[min(failures, len(_PATIENCE)) - 1])
            return True
