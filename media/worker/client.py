"""The parent's end of one worker: its process, its control socket, its death."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from media.engine import EngineLost, MediaError, MediaEvent, MediaListener
from media.worker import wire
from media.worker.config import WorkerConfig

log = logging.getLogger(__name__)

START_TIMEOUT_S = 20.0
COMMAND_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0


class WorkerClient:
    """Commands in order over one connection; events to the listener of their session."""

    def __init__(self, config: WorkerConfig, on_lost: Callable[[WorkerClient], None]) -> None:
        self.config = config
        self.addresses: list[tuple[str, int]] = []
        self.listeners: dict[str, MediaListener] = {}
        self.users: dict[str, str] = {}  # whose its sessions are
        self.alive = False
        self._on_lost = on_lost
        self._process: subprocess.Popen[bytes] | None = None
        self._reader_task: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    async def spawn(self) -> None:
        """Start the process, wait for its ready line, connect."""
        read, write = os.pipe()
        try:
            # A session of its own keeps Ctrl-C from it: the parent decides when calls end.
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [
                    sys.executable,
                    "-m",
                    "media.process",
                    json.dumps(self.config.to_json()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=write,
                start_new_session=True,
            )
        except OSError:
            os.close(read)
            raise
        finally:
            os.close(write)
        if await _first_line(read) != b"ready":
            await self._kill()
            raise MediaError("worker", "the media worker did not start; its log says why")
        try:
            await self.connect()
        except (OSError, MediaError):
            await self.discard()  # half started, it would hold the UDP port
            raise

    async def connect(self) -> None:
        """Take control of the worker behind the named socket."""
        reader, writer = await asyncio.open_unix_connection(
            self.config.control_path, limit=wire.MAX_LINE
        )
        self._writer = writer
        self.alive = True
        name = f"media-worker-{self.config.index}"
        self._reader_task = asyncio.create_task(self._read(reader), name=name)
        hello = await self.call("hello")
        self.addresses = [(host, port) for host, port in hello["addresses"]]

    def forget(self, session_id: str) -> None:
        self.users.pop(session_id, None)
        self.listeners.pop(session_id, None)

    async def call(self, command: str, **fields: object) -> Any:
        if not self.alive or self._writer is None:
            raise MediaError("worker", "the media worker is gone")
        self._number += 1
        number = self._number
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._writer.write(wire.encode({"id": number, "do": command, **fields}))
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT_S):
                return await future
        except TimeoutError as error:
            raise MediaError("worker", f"no answer to {command}") from error
        finally:
            self._waiting.pop(number, None)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._dispatch(wire.decode(line))
        except (ConnectionError, ValueError):
            log.warning("lost the control connection of media worker %d", self.config.index)
        finally:
            self._lost()

    def _dispatch(self, message: wire.JsonObject) -> None:
        if "event" in message:
            listener = self.listeners.get(message["session"])
            if listener is not None:
                self._tell(listener, wire.event_from_json(message))
            return
        future = self._waiting.get(message["id"])
        if future is None or future.done():
            return
        if "error" in message:
            code, detail = message["error"]
            future.set_exception(MediaError(code, detail))
        else:
            future.set_result(message["ok"])

    @staticmethod
    def _tell(listener: MediaListener, event: MediaEvent) -> None:
        try:
            listener(event)
        except Exception:
            log.exception("a media listener failed")

    def _lost(self) -> None:
        if not self.alive:
            return
        self.alive = False
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(MediaError("worker", "the media worker is gone"))
        listeners, self.listeners = self.listeners, {}
        for listener in listeners.values():
            self._tell(listener, EngineLost("the media worker ended"))
        self._on_lost(self)

    async def aclose(self) -> None:
        """End the worker."""
        if self.alive:
            with contextlib.suppress(MediaError):
                await self.call("quit")
        await self.discard()

    async def discard(self) -> None:
        """End a worker that came up only in part."""
        await self._disconnect()
        await self._kill()

    async def _disconnect(self) -> None:
        self.alive = False
        task, self._reader_task = self._reader_task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _kill(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait)


async def _first_line(fd: int) -> bytes:
    """What the worker says first, empty when it says nothing in time. Closes ``fd``."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    pipe = os.fdopen(fd, "rb", buffering=0)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            return (await reader.readline()).strip()
    except TimeoutError:
        return b""
    finally:
        transport.close()
