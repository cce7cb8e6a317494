"""Debian's rtpengine in user space on loopback, started for a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from media.engine import MediaError
from media.rtpengine.ng import NgClient
from tests.support.ports import free_port

BINARY = "/usr/bin/rtpengine"


@asynccontextmanager
async def running_rtpengine(
    directory: Path, *, threads: int = 2, interface: str = "127.0.0.1"
) -> AsyncIterator[tuple[tuple[str, int], int]]:
    """Yields the NG address and the process id."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        BINARY,
        "--config-file=none",
        "--table=-1",
        f"--interface={interface}",
        f"--listen-ng=127.0.0.1:{port}",
        "--port-min=40000",
        "--port-max=50000",
        f"--num-threads={threads}",
        "--delete-delay=0",
        "--foreground",
        "--log-stderr",
        "--log-level=4",
        f"--pidfile={directory / 'rtpengine.pid'}",
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        client = NgClient()
        await client.open("127.0.0.1", port)
        try:
            for _ in range(5):
                try:
                    await client.call("ping")
                    break
                except MediaError:
                    continue
        finally:
            client.close()
        yield ("127.0.0.1", port), process.pid
    finally:
        process.terminate()
        await process.wait()
