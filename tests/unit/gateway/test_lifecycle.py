"""Stopping: drain, drain that takes too long, stop at once; nothing is left."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from gateway import main
from gateway.bus import Bus, BusEventSink, ClientEvent
from gateway.http.health import LoopLag
from gateway.lifecycle import Lifecycle, background
from gateway.ports import Problem, UserKey
from tests.support.gateway_platform import FakeStack, open_bench, settings


async def test_a_drain_waits_for_the_last_call() -> None:
    lifecycle = Lifecycle(10)
    calls = [2]
    told: list[str] = []
    lifecycle.on_drain.append(lambda: told.append("drain"))
    running = asyncio.create_task(lifecycle.run_until_drained(lambda: calls[0]))
    await asyncio.sleep(0)
    lifecycle.admits("dial")
    lifecycle.drain()
    lifecycle.drain()
    assert told == ["drain"] and lifecycle.draining
    for verb in ("dial", "consult"):
        with pytest.raises(Problem, match="503"):
            lifecycle.admits(verb)
    lifecycle.admits("hang_up")
    await asyncio.sleep(0)
    assert not running.done()
    calls[0] = 0
    async with asyncio.timeout(2):
        await running


async def test_the_gateway_takes_all_open_files_it_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowered = 1000

    class Engine:
        def __init__(self, _config: object) -> None:
            pass

        async def start(self) -> None:
            raise RuntimeError("that far and no further")

        async def aclose(self) -> None:
            pass

    monkeypatch.setattr(main, "EmbeddedEngine", Engine)
    monkeypatch.setattr("gateway.logs.install", lambda: None)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowered, hard))
    try:
        with pytest.raises(RuntimeError, match="no further"):
            await main.run(settings(tmp_path))
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_without_media_the_gateway_is_not_ready(tmp_path: Path) -> None:
    class Engine:
        good = True

        async def healthy(self) -> bool:
            return self.good

    @asynccontextmanager
    async def open_calls(*_parts: object) -> AsyncIterator[FakeStack]:
        yield FakeStack()

    engine = Engine()
    config = settings(tmp_path)
    async with (
        main.open_gateway(config, open_calls, engine) as gateway,  # type: ignore[arg-type]
        aiohttp.ClientSession(str(gateway.addresses["http"])) as http,
    ):
        for good, status in ((True, 200), (False, 503)):
            engine.good = good
            async with http.get("/readyz") as response:
                assert response.status == status
                assert (await response.json())["checks"]["media"] is good


async def test_a_drain_does_not_wait_for_ever() -> None:
    lifecycle = Lifecycle(0.05)
    lifecycle.drain()
    async with asyncio.timeout(2):
        await lifecycle.run_until_drained(lambda: 1)


async def test_sigterm_drains_and_a_second_one_stops() -> None:
    lifecycle = Lifecycle(60)

    async def serve() -> None:
        async with lifecycle.on_sigterm():
            await lifecycle.run_until_drained(lambda: 1)

    task = asyncio.create_task(serve())
    await asyncio.sleep(0)
    for _ in range(2):
        assert not task.done()
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(5):
            await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(2):
            await task
    assert lifecycle.draining


async def test_owned_tasks_end_with_their_scope() -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    async def failing() -> None:
        raise RuntimeError

    tasks = asyncio.create_task(for_ever()), asyncio.create_task(failing())
    async with background(*tasks):
        await asyncio.sleep(0)
    assert tasks[0].cancelled() and tasks[1].done()


async def test_a_gateway_with_live_sockets_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``open_bench`` fails on any task that is left."""
    async with open_bench(tmp_path, monkeypatch) as bench:
        phones = [await bench.socket((await bench.login())["access_token"]) for _ in range(3)]
        for phone in phones:
            await phone.next("snapshot")
        bench._sockets.clear()  # the clients do not say good-bye
    for phone in phones:
        async with asyncio.timeout(5):
            await phone.gone.wait()
        await phone.client.disconnect()


async def test_a_listener_that_fails_harms_nobody() -> None:
    bus = Bus()
    heard: list[str] = []

    def broken(_event: ClientEvent) -> None:
        raise RuntimeError

    bus.subscribe(ClientEvent, broken)
    bus.subscribe(ClientEvent, lambda event: heard.append(event.event))
    sink = BusEventSink(bus)
    sink.to_user(UserKey("t", "u"), "one", {})
    sink.to_device(UserKey("t", "u"), "d", "two", {})
    assert heard == ["one", "two"]


async def test_a_blocked_loop_is_seen() -> None:
    import time

    lag = LoopLag()
    async with background(asyncio.create_task(lag.measure())):
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251 - blocking is what is measured
        async with asyncio.timeout(2):
            while lag.worst < 0.15:  # noqa: ASYNC110 - it measures by itself
                await asyncio.sleep(0.01)
