"""A worker ends with its controller: nobody else could end its calls."""

from __future__ import annotations

import asyncio
from pathlib import Path

from media.full_ice.leg import FullIceLeg
from media.worker.client import WorkerClient
from media.worker.config import EmbeddedConfig, worker_share
from media.worker.control import ControlServer
from media.worker.worker import Worker


async def test_a_worker_ends_with_its_controller(tmp_path: Path) -> None:
    config = worker_share(EmbeddedConfig(bind="127.0.0.1"), 0, str(tmp_path / "w.sock"))
    loop = asyncio.get_running_loop()
    quit_asked, gone = asyncio.Event(), asyncio.Event()
    worker = Worker(config, loop, lambda _session, _event: None, through_turn=FullIceLeg)
    server = ControlServer(worker, config.control_path, quit_asked.set)
    await server.start()
    controller = WorkerClient(config, lambda _client: gone.set())
    await controller.connect()
    reader, writer = await asyncio.open_unix_connection(config.control_path)
    assert await reader.read() == b""  # there is one controller
    writer.close()
    assert await controller.call("list") == []
    assert not quit_asked.is_set() and not gone.is_set()  # the first one stays in control
    await controller.discard()
    async with asyncio.timeout(5):
        await quit_asked.wait()
    await server.stop()
