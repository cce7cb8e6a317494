"""A worker that fails is replaced, however often that takes; one without media ends itself."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from media.engine import MediaError
from media.worker import client, embedded
from media.worker.client import WorkerClient
from media.worker.config import EmbeddedConfig, WorkerConfig, worker_share
from media.worker.embedded import EmbeddedEngine, EmbeddedSession
from media.worker.plane import MediaPlane


class FlakyClient:
    """Starts, but not when ``failures`` says so."""

    failures: ClassVar[list[Exception]] = []
    ended = 0
    refuses = ""

    def __init__(self, config: WorkerConfig, on_lost: Callable[[Any], None]) -> None:
        self.config, self.on_lost, self.alive = config, on_lost, False
        self.users: dict[str, str] = {}
        self.listeners: dict[str, Any] = {}

    forget = WorkerClient.forget

    async def spawn(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.alive = True

    async def discard(self) -> None:
        FlakyClient.ended += 1

    async def call(self, command: str, **_fields: object) -> None:
        if self.refuses == command:
            raise MediaError("full", "no more")

    async def aclose(self) -> None:
        self.alive = False

    def die(self) -> None:
        self.alive = False
        self.on_lost(self)


async def test_a_failed_respawn_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "WorkerClient", FlakyClient)
    monkeypatch.setattr(embedded, "RESPAWN_PAUSE_S", 0.0)
    monkeypatch.setattr(FlakyClient, "ended", 0)
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


@pytest.fixture
async def engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EmbeddedEngine]:
    """Three workers at most; two sessions fill one, and the next is started at the first."""
    monkeypatch.setattr(embedded, "WorkerClient", FlakyClient)
    monkeypatch.setattr(embedded, "RESPAWN_PAUSE_S", 0.0)
    monkeypatch.setattr(embedded, "FULL", 2)
    monkeypatch.setattr(embedded, "START_NEXT", 1)
    made = EmbeddedEngine(EmbeddedConfig(workers=3))
    await made.start()
    yield made
    await made.aclose()


async def open_for(engine: EmbeddedEngine, *users: str) -> list[EmbeddedSession]:
    """One session each, named after the user and how many came before."""
    opened = []
    for user in users:
        number = sum(len(worker.users) for worker in engine.workers)
        opened.append(await engine.open(f"{user}-{number}", user=user, listener=lambda _e: None))
        await engine.ready()
    return opened


def load(engine: EmbeddedEngine) -> list[list[str]]:
    return [list(worker.users.values()) for worker in engine.workers]


async def test_a_worker_is_filled_before_the_next_gets_any(engine: EmbeddedEngine) -> None:
    assert load(engine) == [[]]  # the others cost nothing yet
    await open_for(engine, "anna")
    assert load(engine) == [["anna"], []]
    await open_for(engine, "bert", "carl", "dora", "emil", "fred", "gerd")
    assert load(engine) == [["anna", "bert", "gerd"], ["carl", "dora"], ["emil", "fred"]]


async def test_all_sessions_of_a_user_are_on_one_worker(engine: EmbeddedEngine) -> None:
    first, *_ = await open_for(engine, "anna", "bert", "anna", "carl")
    assert load(engine) == [["anna", "bert", "anna"], ["carl"], []]
    await first.close()
    await open_for(engine, "anna")
    assert load(engine) == [["bert", "anna", "anna"], ["carl"], []]


async def test_who_has_no_session_left_goes_where_there_is_room(engine: EmbeddedEngine) -> None:
    opened = await open_for(engine, "anna", "bert", "carl")
    for session in opened:
        await session.close()
    await open_for(engine, "carl")
    assert load(engine) == [["carl"], [], []]


async def test_a_session_that_was_refused_does_not_count(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FlakyClient, "refuses", "open")
    with pytest.raises(MediaError):
        await open_for(engine, "anna")
    assert load(engine)[0] == []


async def test_a_further_worker_that_does_not_start_is_tried_again(engine: EmbeddedEngine) -> None:
    FlakyClient.failures[:] = [MediaError("worker", "port in use")]
    await open_for(engine, "anna")
    assert [worker.alive for worker in engine.workers] == [True, True]


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
