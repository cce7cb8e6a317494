"""The embedded engine, seen from gateway and connector: workers as processes of their own."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media.engine import (
    LegProfile,
    MediaError,
    MediaListener,
    Playback,
    SessionStats,
    Side,
)
from media.worker import wire
from media.worker.client import WorkerClient
from media.worker.config import EmbeddedConfig, TurnServer, WorkerConfig, worker_share

CAPABILITIES = frozenset(
    {"webrtc_lite", "webrtc_full", "rtp", "sdes", "tones", "files", "dtmf", "multi_leg"}
)

log = logging.getLogger(__name__)

# A worker that carries FULL sessions gets no more while another has room: one that is busy forwards
# for less per packet than two that are half idle, but beyond this its longest delays grow.
FULL = 100
START_NEXT = 25  # sessions on every worker that runs: time to have another ready
RESPAWN_PAUSE_S = 0.5  # between attempts, doubled each time
RESPAWN_PAUSE_MAX_S = 15.0


class EmbeddedSession:
    """A session inside a worker: every call is one command on its control socket. Commands given
    without waiting for one another are carried out in the order given."""

    def __init__(self, session_id: str, worker: WorkerClient) -> None:
        self.session_id = session_id
        self._worker = worker

    async def _do(self, command: str, **fields: object) -> Any:
        return await self._worker.call(command, session=self.session_id, **fields)

    async def offer(self, side: Side, profile: LegProfile, *, leg: str = "line") -> str:
        sdp: str = await self._do(
            "offer", side=side, profile=wire.profile_to_json(profile), leg=leg
        )
        return sdp

    async def accept(
        self, side: Side, sdp: str, profile: LegProfile | None = None, *, leg: str = "line"
    ) -> str | None:
        answer: str | None = await self._do(
            "accept", side=side, sdp=sdp, profile=wire.profile_to_json(profile), leg=leg
        )
        return answer

    async def attach(self, leg: str | None) -> None:
        await self._do("attach", leg=leg)

    async def drop(self, leg: str) -> None:
        await self._do("drop", leg=leg)

    async def play(self, side: Side, what: Playback, *, leg: str | None = None) -> None:
        await self._do("play", side=side, what=wire.playback_to_json(what), leg=leg)

    async def stop(self, side: Side) -> None:
        await self._do("stop", side=side)

    async def dtmf(
        self, side: Side, digits: str, *, duration_ms: int = 100, gap_ms: int = 70
    ) -> None:
        await self._do("dtmf", side=side, digits=digits, duration_ms=duration_ms, gap_ms=gap_ms)

    async def direction(self, side: Side, send: bool, receive: bool) -> None:
        await self._do("direction", side=side, send=send, receive=receive)

    async def mute(self, muted: bool) -> None:
        await self._do("mute", muted=muted)

    async def stats(self) -> SessionStats:
        return wire.stats_from_json(await self._do("stats"))

    async def close(self) -> None:
        self._worker.forget(self.session_id)
        try:
            await self._do("close")
        except MediaError:
            pass  # a worker that is gone has closed it already


class EmbeddedEngine:
    """Implements :class:`media.engine.MediaEngine`. A worker that dies takes its calls along and
    is started anew for the next ones. The first runs from the start; each other one is started
    when those before it fill up."""

    capabilities = CAPABILITIES

    def __init__(self, config: EmbeddedConfig | None = None) -> None:
        self.config = config or EmbeddedConfig()
        self.workers: list[WorkerClient] = []
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._shares: list[WorkerConfig] = []
        self._respawns: set[asyncio.Task[None]] = set()
        self._closing = False
        self._turn: TurnServer | None = None

    async def start(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="offhook-media-")
        for index in range(self.config.workers):
            path = str(Path(self._directory.name) / f"{index}.sock")
            self._shares.append(worker_share(self.config, index, path))
        first = WorkerClient(self._shares[0], self._worker_lost)
        self.workers.append(first)
        try:
            await first.spawn()
        except BaseException:
            await self.aclose()
            raise

    def _worker_lost(self, worker: WorkerClient) -> None:
        if self._closing:
            return
        fresh = WorkerClient(worker.config, self._worker_lost)
        self.workers[self.workers.index(worker)] = fresh
        self._start(fresh, worker)

    def _start(self, fresh: WorkerClient, old: WorkerClient | None = None) -> None:
        task = asyncio.get_running_loop().create_task(
            self._bring_up(fresh, old), name=f"media-start-{fresh.config.index}"
        )
        self._respawns.add(task)
        task.add_done_callback(self._respawns.discard)

    def _grow(self) -> None:
        """Start the next worker while those that run still have room."""
        index = len(self.workers)
        if index < len(self._shares) and all(len(w.users) >= START_NEXT for w in self.workers):
            fresh = WorkerClient(self._shares[index], self._worker_lost)
            self.workers.append(fresh)
            self._start(fresh)

    async def healthy(self) -> bool:
        """Is there a worker for the next call?"""
        return any(worker.alive for worker in self.workers)

    async def ready(self) -> None:
        """Wait for workers that are being started or replaced."""
        await asyncio.gather(*self._respawns)

    async def _bring_up(self, fresh: WorkerClient, old: WorkerClient | None) -> None:
        if old is not None:
            await old.aclose()
        pause = RESPAWN_PAUSE_S
        while True:
            try:
                await fresh.spawn()
                if self._turn is not None:
                    await fresh.call("turn", server=asdict(self._turn))
            except (OSError, MediaError) as error:
                if fresh not in self.workers:
                    return  # it came up and was lost: that has started the next attempt
                log.error("media worker %d does not start: %s", fresh.config.index, error)
                await fresh.discard()
            else:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, RESPAWN_PAUSE_MAX_S)

    async def open(self, session_id: str, *, user: str, listener: MediaListener) -> EmbeddedSession:
        worker = self._worker_for(user)
        worker.users[session_id] = user
        worker.listeners[session_id] = listener
        self._grow()
        try:
            await worker.call("open", session=session_id, user=user)
        except MediaError:
            worker.forget(session_id)
            raise
        return EmbeddedSession(session_id, worker)

    def _worker_for(self, user: str) -> WorkerClient:
        """The user's worker while any of the user's calls is on it, else the first that has room,
        else the least loaded."""
        alive = [worker for worker in self.workers if worker.alive]
        if not alive:
            raise MediaError("worker", "no media worker is running")
        for worker in alive:
            if user in worker.users.values():
                return worker
        roomy = [worker for worker in alive if len(worker.users) < FULL]
        return roomy[0] if roomy else min(alive, key=lambda worker: len(worker.users))

    async def use_turn(self, server: TurnServer | None) -> None:
        """WEBRTC_FULL legs made from now on may go through this relay; ``None``: straight."""
        self._turn = server
        fields = asdict(server) if server is not None else None
        await asyncio.gather(*(w.call("turn", server=fields) for w in self.workers if w.alive))

    async def sessions(self) -> list[wire.JsonObject]:
        """What every worker carries."""
        found: list[wire.JsonObject] = []
        for worker in self.workers:
            if worker.alive:
                found += await worker.call("list")
        return found

    async def aclose(self) -> None:
        self._closing = True
        for task in list(self._respawns):
            task.cancel()
        await asyncio.gather(*self._respawns, return_exceptions=True)
        await asyncio.gather(*(w.aclose() for w in self.workers))
        if self._directory is not None:
            self._directory.cleanup()
            self._directory = None
