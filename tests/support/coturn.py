"""Runs coturn on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from offhook.demo.ca import Leaf
from offhook.demo.turn import TurnPlan
from tests.support.pki import TestCa
from tests.support.ports import HOST, free_port

SECRET = "shared-with-coturn"


@asynccontextmanager
async def turnserver(port: int, *arguments: str) -> AsyncIterator[None]:
    """coturn with these arguments, from when it takes connections at `port` until the end."""
    process = await asyncio.create_subprocess_exec(
        "turnserver",
        *arguments,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection(HOST, port)
                    break
                except OSError:
                    await asyncio.sleep(0.05)  # it has no other way to say that it is ready
        writer.close()
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def relay_as_configured(folder: Path, *peers: str) -> AsyncIterator[TurnPlan]:
    """coturn with the configuration that we ship; `peers` are the media workers."""
    plan = TurnPlan(
        address=HOST,
        port=free_port(),
        tls_port=free_port(),
        min_port=49400,
        secret=SECRET,
        realm="offhook.test",
        peers=[*peers] or [HOST],
    )
    leaf = Leaf(*TestCa(folder).issue("turn", dns=["localhost"]))
    async with turnserver(plan.port, "-c", str(plan.write(folder / "coturn", leaf))):
        yield plan
