"""A mail server in a process of its own that counts letters and keeps none."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Sink:
    """``per_minute``: more than so many in a minute are refused with 421, as large providers do."""

    def __init__(self, per_minute: int | None) -> None:
        self._per_minute = per_minute
        self._minute = 0
        self._in_minute = 0
        self.taken = 0
        self.refused = 0
        self.last = 0.0

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Session, _envelope: Envelope
    ) -> str:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._in_minute = minute, 0
        if self._per_minute is not None and self._in_minute >= self._per_minute:
            self.refused += 1
            return "421 4.7.0 too many letters, come back in a minute"
        self._in_minute += 1
        self.taken += 1
        self.last = time.monotonic()
        return "250 OK"


async def _serve(told: Connection, per_minute: int | None) -> None:
    sink, loop = _Sink(per_minute), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="localhost", loop=loop), "127.0.0.1", 0
    )
    told.send(server.sockets[0].getsockname()[1])
    while await asyncio.to_thread(told.recv):
        told.send((sink.taken, sink.refused, sink.last))
    server.close()


def _run(told: Connection, per_minute: int | None) -> None:
    asyncio.run(_serve(told, per_minute))


class MailSink:
    def __init__(self, port: int, told: Connection) -> None:
        self.port = port
        self._told = told

    def seen(self) -> tuple[int, int, float]:
        """Taken, refused, and when the last one came (of the machine's monotonic clock)."""
        self._told.send(True)
        taken, refused, last = self._told.recv()
        return taken, refused, last


@contextmanager
def mail_sink(per_minute: int | None = None) -> Iterator[MailSink]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, per_minute), daemon=True)
    process.start()
    try:
        yield MailSink(ours.recv(), ours)
        ours.send(False)
        process.join(5)
    finally:
        process.terminate()
