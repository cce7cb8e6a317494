"""A site's one TURN name carries the calls of a whole site, through coturn as it is configured."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aioice.turn import create_turn_endpoint

from gateway.config import TurnConfig
from gateway.features.turn_credentials.service import TurnCredentials
from offhook.demo.ca import Leaf
from offhook.demo.turn import TurnPlan
from tests.support.pki import TestCa

SECRET = "shared-with-coturn"
CALLS = 30


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[int]:
    plan = TurnPlan(
        address="127.0.0.1",
        port=free_port(),
        tls_port=free_port(),
        min_port=49400,
        max_port=49499,
        secret=SECRET,
        realm="offhook.test",
        peers=["127.0.0.1"],
    )
    leaf = Leaf(*TestCa(tmp_path).issue("turn", dns=["localhost"]))
    process = await asyncio.create_subprocess_exec(
        "turnserver",
        "-c",
        str(plan.write(tmp_path / "coturn", leaf)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", plan.port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.05)
    yield plan.port
    process.terminate()
    await process.wait()


async def test_a_sites_name_carries_more_calls_than_a_browsers_would(relay: int) -> None:
    config = TurnConfig(urls=(f"turn:127.0.0.1:{relay}",), secret=SECRET)  # type: ignore[arg-type]
    issued = TurnCredentials(config).issue("site-01a20019-14a5-7472-8cdf-edbe29ad83c0")
    legs = []
    try:
        for _ in range(CALLS):
            leg, _ = await create_turn_endpoint(
                asyncio.DatagramProtocol,
                ("127.0.0.1", relay),
                username=str(issued["username"]),
                password=str(issued["credential"]),
            )
            legs.append(leg)
    finally:
        for leg in legs:
            leg.close()
    assert len({leg.get_extra_info("sockname") for leg in legs}) == CALLS
