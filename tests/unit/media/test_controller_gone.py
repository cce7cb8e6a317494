"""What a worker does when its controller has gone: end, unless another one can find it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from media.worker.client import WorkerClient
from media.worker.config import EmbeddedConfig, worker_share
from media.worker.control import ControlServer
from media.worker.worker import Worker


@pytest.mark.parametrize("adoptable", [False, True])
async def test_a_worker_that_nobody_can_find_ends_with_its_controller(
    tmp_path: Path, adoptable: bool
) -> None:
    control_dir = str(tmp_path) if adoptable else ""
    config = worker_share(
        EmbeddedConfig(bind="127.0.0.1", control_dir=control_dir), 0, str(tmp_path / "w.sock")
    )
    loop = asyncio.get_running_loop()
    quit_asked = asyncio.Event()
    worker = Worker(config, loop, lambda _session, _event: None)
    server = ControlServer(worker, config.control_path, quit_asked.set)
    await server.start()
    gone = asyncio.Event()
    controller = WorkerClient(config, lambda _client: gone.set())
    await controller.connect()
    assert not quit_asked.is_set()  # the time until the parent connects is not cut short
    await controller.aclose(leave_running=True)
    if adoptable:
        second = WorkerClient(config, lambda _client: None)
        await second.connect()
        assert await second.call("list") == []
        await second.aclose(leave_running=True)
        assert not quit_asked.is_set()
    else:
        async with asyncio.timeout(5):
            await quit_asked.wait()
    await server.stop()
