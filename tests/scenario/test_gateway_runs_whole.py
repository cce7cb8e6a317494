"""The real thing: ``run`` with media workers, SIP edge and HTTP, from start to a clean end."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from gateway.config import GatewayConfig
from gateway.credentials import passwords as passwords_module
from gateway.features.provisioning.seed import seed_demo_of
from gateway.main import run
from tests.support.gateway_platform import CHEAP, PASSWORD, no_tasks_but, settings
from tests.support.pki import TestCa


async def started(config: GatewayConfig) -> tuple[asyncio.Task[None], dict[str, Any]]:
    told: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(run(config, told.set_result))
    await asyncio.wait([task, told], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    return task, await told


@pytest.mark.parametrize("how", ["cancelled", "SIGTERM"])
async def test_everything_starts_serves_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(passwords_module, "PasswordHasher", lambda: CHEAP)
    ca = TestCa(tmp_path)
    cert, key = ca.issue("edge", dns=["localhost"])
    config = settings(tmp_path, sip_edge={"port": 0, "cert": cert, "key": key})
    key_file = tmp_path / "key"
    await seed_demo_of(config, user_password=PASSWORD, pbx_password="p", api_key_file=key_file)
    before, children = asyncio.all_tasks(), set(psutil.Process().children(recursive=True))
    task, addresses = await started(config)
    host, port = addresses["sip_edge"].split(":")
    assert int(port) > 0
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{addresses['http']}/readyz") as response:
            assert response.status == 200
        async with http.post(
            f"{addresses['http']}/api/v1/connector/session",
            json={
                "instance": "11111111-2222-4333-8444-555555555555",
                "version": "1",
                "profile": "business",
            },
            headers={"Authorization": f"Bearer {key_file.read_text().strip()}"},
        ) as response:
            session = await response.json()
    assert session["edges"] == [{"host": "localhost", "port": int(port)}]
    # The edge is there, with the certificate that connectors verify.
    context = ssl.create_default_context(cafile=str(ca.ca_file))
    _, writer = await asyncio.open_connection(
        host, int(port), ssl=context, server_hostname="localhost"
    )
    writer.close()
    assert set(psutil.Process().children(recursive=True)) - children  # media workers
    if how == "SIGTERM":
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(10):
            await task  # no call to wait for: it ends by itself
    else:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(10):
                await task
    await no_tasks_but(before)
    left = set(psutil.Process().children(recursive=True)) - children
    _, alive = psutil.wait_procs(list(left), timeout=5)
    assert not alive
