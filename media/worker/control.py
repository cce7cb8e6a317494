"""The worker's end of the control socket.

It serves one controller, the parent that started it. When that is gone nobody can end the calls any
more: the worker ends too, which frees its UDP port for the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import os
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media.engine import LegProfile, MediaError, MediaEvent, Side
from media.worker import wire
from media.worker.config import TurnServer
from media.worker.wire import JsonObject
from media.worker.worker import Worker

log = logging.getLogger(__name__)

FIRST_CONTROLLER_S = 20.0  # a worker that just started waits so long for its parent to connect


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        Path(path).unlink()


class ControlServer:
    def __init__(self, worker: Worker, path: str, on_quit: Callable[[], None]) -> None:
        self.worker = worker
        self.path = path
        self._on_quit = on_quit
        self._server: asyncio.AbstractServer | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._first_controller: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._commands: dict[str, Callable[[JsonObject], Any]] = {
            name.removeprefix("do_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("do_")
        }

    async def start(self) -> None:
        _remove(self.path)
        self._server = await asyncio.start_unix_server(
            self._connected, self.path, limit=wire.MAX_LINE
        )
        os.chmod(self.path, 0o600)  # noqa: PTH101 - one call at start
        self._first_controller = self.worker.loop.call_later(FIRST_CONTROLLER_S, self._on_quit)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        _remove(self.path)

    def emit(self, session_id: str, event: MediaEvent) -> None:
        if self._writer is not None:
            self._writer.write(wire.encode(wire.event_to_json(session_id, event)))

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._spawn(self._serve(reader, writer), "controller")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = self.worker.loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._writer is not None:
            writer.close()  # there is one controller
            return
        if self._first_controller is not None:
            self._first_controller.cancel()
        self._writer = writer
        try:
            while line := await reader.readline():
                self._spawn(self._handle(line, writer), "command")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.warning("control connection broke")
        finally:
            writer.close()
            self._writer = None
            self._on_quit()

    async def _handle(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        """One command. Those of one session run one after the other, in the order they came; a
        session that gathers candidates keeps no other waiting."""
        try:
            request = wire.decode(line)
        except ValueError:
            log.warning("not a command: %d octets", len(line))
            return
        session = str(request.get("session", ""))
        lock = self._locks.setdefault(session, asyncio.Lock())
        async with lock:
            answer = await self._answer(request)
        if session not in self.worker.sessions and not lock.locked():
            self._locks.pop(session, None)
        if not writer.is_closing():
            writer.write(wire.encode(answer))

    async def _answer(self, request: JsonObject) -> JsonObject:
        number = request.get("id")
        try:
            command = self._commands.get(request["do"])
            if command is None:
                raise MediaError("command", f"unknown command {request['do']}")
            result = command(request)
            return {"id": number, "ok": await result if inspect.isawaitable(result) else result}
        except MediaError as error:
            return {"id": number, "error": [error.code, error.detail]}
        except (KeyError, ValueError, TypeError) as error:
            log.exception("control command failed")
            return {"id": number, "error": ["command", f"malformed command: {error!r}"]}
        except OSError as error:
            return {"id": number, "error": ["worker", f"the system refused: {error}"]}

    # -- commands -------------------------------------------------------------------------------

    def do_hello(self, _request: JsonObject) -> JsonObject:
        return {"addresses": self.worker.advertised()}

    def do_list(self, _request: JsonObject) -> list[JsonObject]:
        return [
            {
                "session": s.session_id,
                "user": s.user,
                "attached": s.attached,
                "legs": [
                    {"side": leg.side, "leg": leg.name, "kind": leg.kind, "state": leg.state}
                    for leg in s.legs.values()
                ],
            }
            for s in self.worker.sessions.values()
        ]

    def do_turn(self, request: JsonObject) -> None:
        server = request["server"]
        self.worker.turn = TurnServer(**server) if server is not None else None

    def do_quit(self, _request: JsonObject) -> None:
        self._on_quit()

    def do_open(self, request: JsonObject) -> None:
        self.worker.open(request["session"], request["user"])

    def do_close(self, request: JsonObject) -> None:
        self.worker.close(request["session"])

    async def do_offer(self, request: JsonObject) -> str:
        profile = wire.profile_from_json(request["profile"])
        if not isinstance(profile, LegProfile):
            raise MediaError("command", "an offer needs a profile")
        session = self.worker.session(request["session"])
        return await session.offer(Side(request["side"]), profile, request["leg"])

    async def do_accept(self, request: JsonObject) -> str | None:
        session = self.worker.session(request["session"])
        profile = wire.profile_from_json(request["profile"])
        return await session.accept(Side(request["side"]), request["sdp"], profile, request["leg"])

    def do_attach(self, request: JsonObject) -> None:
        self.worker.session(request["session"]).attach(request["leg"])

    def do_drop(self, request: JsonObject) -> None:
        self.worker.session(request["session"]).drop(request["leg"])

    def do_play(self, request: JsonObject) -> None:
        what = wire.playback_from_json(request["what"])
        session = self.worker.session(request["session"])
        session.play(Side(request["side"]), what, request["leg"])

    def do_stop(self, request: JsonObject) -> None:
        self.worker.session(request["session"]).stop(Side(request["side"]))

    def do_dtmf(self, request: JsonObject) -> None:
        session = self.worker.session(request["session"])
        side, digits = Side(request["side"]), request["digits"]
        session.dtmf(side, digits, request["duration_ms"], request["gap_ms"])

    def do_direction(self, request: JsonObject) -> None:
        session = self.worker.session(request["session"])
        session.direction(Side(request["side"]), request["send"], request["receive"])

    def do_mute(self, request: JsonObject) -> None:
        self.worker.session(request["session"]).mute(request["muted"])

    def do_stats(self, request: JsonObject) -> JsonObject:
        return asdict(self.worker.session(request["session"]).stats())
