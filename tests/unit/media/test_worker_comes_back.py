"""A worker that fails is replaced, however often that takes; one without media ends itself."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from media.engine import MediaError
from media.worker import client, embedded
from media.worker.client import WorkerClient
from media.worker.config import EmbeddedConfig, WorkerConfig, worker_share
from media.worker.embedded import EmbeddedEngine
from media.worker.plane import MediaPlane


class FlakyClient:
    """Starts, but not when ``failures`` says so."""

    failures: ClassVar[list[Exception]] = []
    ended = 0

    def __init__(self, config: WorkerConfig, on_lost: Callable[[Any], None]) -> None:
        self.config, self.on_lost, self.alive = config, on_lost, False

    async def spawn(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.alive = True

    async def discard(self) -> None:
        FlakyClient.ended += 1

    async def aclose(self) -> None:
        self.alive = False

    def die(self) -> None:
        self.alive = False
        self.on_lost(self)


async def test_a_failed_respawn_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "WorkerClient", FlakyClient)
    monkeypatch.setattr(embedded, "RESPAWN_PAUSE_S", 0.0)
    engine = EmbeddedEngine(EmbeddedConfig())
    await engine.start()
    assert await engine.healthy()
    FlakyClient.failures[:] = [MediaError("worker", "port in use"), OSError("no processes left")]
    engine.workers[0].die()  # type: ignore[attr-defined]
    assert not await engine.healthy()
    async with asyncio.timeout(5):
        await engine.ready()
    assert await engine.healthy() and FlakyClient.ended == 2
    await engine.aclose()


async def test_a_half_started_worker_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.Popen
    started: list[subprocess.Popen[bytes]] = []

    def deaf(_command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(["sh", "-c", "echo ready; exec sleep 60"], **options))
        return started[0]

    monkeypatch.setattr(client.subprocess, "Popen", deaf)
    config = worker_share(EmbeddedConfig(), 0, str(tmp_path / "nobody.sock"))
    worker = WorkerClient(config, lambda _client: None)
    with pytest.raises(OSError, match="No such file"):
        await worker.spawn()
    try:
        assert started[0].poll() is not None
    finally:
        started[0].kill()


def test_the_end_of_the_media_thread_is_told() -> None:
    plane, told = MediaPlane(), threading.Event()
    plane.on_death = told.set

    def broken(_events: object, _now: float) -> int:
        raise TypeError("a fault of our own")

    plane._serve = broken  # type: ignore[method-assign]
    plane.start()
    plane.post(lambda: None)
    assert told.wait(5)
    plane.stop()


class BrokenGenerator:
    due = 0.0

    def run(self, _plane: MediaPlane, _now: float) -> bool:
        raise KeyError("nothing")


def test_a_generator_that_fails_is_dropped_alone() -> None:
    plane = MediaPlane()
    plane.add_generator(BrokenGenerator())
    plane._serve([], 1.0)
    assert plane._timeout(1.0) == 1.0  # it is gone
    plane.start()
    plane.stop()
