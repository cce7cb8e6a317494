"""How soon a change of presence is seen by somebody who watches 2,000 colleagues.

A whole gateway on loopback: a colleague's PATCH over HTTP leaves, and the watcher's socket gets
``presence.changed``. Others change theirs at the same time, as in a company at nine o'clock.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import socketio
import structlog
from argon2 import PasswordHasher

from bench.figure import Figure, Options, figure
from gateway.config import GatewayConfig
from gateway.connectors.wiring import open_calls
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.provisioning.service import NewUser, ProvisioningService
from gateway.main import Gateway, open_gateway
from gateway.storage.storage import Storage
from media.worker import EmbeddedConfig, EmbeddedEngine
from offhook.demo.ca import LocalCA

WATCHED = 2000
AT_ONCE = 10  # colleagues who change theirs at the same moment
PASSWORD = "correct horse battery"


def measure(options: Options) -> list[Figure]:
    # Sign-ins would be logged among the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rounds = 5 if options.quick else 30
    seconds = sorted(asyncio.run(_measure(rounds)))
    p95 = seconds[int(len(seconds) * 0.95)]
    spread = (seconds[0] * 1000, p95 * 1000, seconds[-1] * 1000)
    return [
        Figure(
            "presence",
            f"a change is seen by who watches {WATCHED:,}, p95 of {len(seconds)}",
            p95 * 1000,
            "ms",
            spread,
            limit=250.0,
        ),
        figure("presence", "the same, median", [s * 1000 for s in seconds], "ms"),
    ]


async def _measure(rounds: int) -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = _config(folder)
        people = await _company(config)
        async with _running(config) as gateway, aiohttp.ClientSession() as http:
            url = str(gateway.addresses["http"])
            watcher = await _Watcher.connect(http, url, people)
            try:
                tokens = [await _sign_in(http, url, f"p{i}@bench.test") for i in range(AT_ONCE)]
                return await _changes(http, url, watcher, people[:AT_ONCE], tokens, rounds)
            finally:
                await watcher.client.disconnect()


async def _changes(
    http: aiohttp.ClientSession,
    url: str,
    watcher: _Watcher,
    people: list[str],
    tokens: list[str],
    rounds: int,
) -> list[float]:
    taken: list[float] = []

    async def change(person: str, token: str, note: str) -> None:
        seen = watcher.expect(person, note)
        started = time.perf_counter()
        headers = {"Authorization": f"Bearer {token}"}
        body = {"note": {"text": note}}
        async with http.patch(f"{url}/api/v1/presence", json=body, headers=headers) as reply:
            assert reply.status == 200, await reply.text()
        async with asyncio.timeout(10):
            taken.append(await seen - started)

    for number in range(rounds):
        pairs = zip(people, tokens, strict=True)
        await asyncio.gather(*(change(p, t, f"note {number}") for p, t in pairs))
    return taken


class _Watcher:
    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self._expected: dict[tuple[str, str], asyncio.Future[float]] = {}
        self.client.on("presence.changed", self._changed, namespace="/phone")

    @classmethod
    async def connect(cls, http: aiohttp.ClientSession, url: str, people: list[str]) -> _Watcher:
        made = cls()
        token = await _sign_in(http, url, "watcher@bench.test")
        auth = {"token": token, "device": {"kind": "api"}}
        await made.client.connect(
            url, namespaces=["/phone"], transports=["websocket"], auth=auth, wait_timeout=5
        )
        for start in range(0, len(people), 1000):
            body = {"user_ids": people[start : start + 1000]}
            answer: Any = await made.client.call("presence.watch", body, namespace="/phone")
            assert answer["ok"], answer
        return made

    def expect(self, person: str, note: str) -> asyncio.Future[float]:
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._expected[person, note] = future
        return future

    def _changed(self, payload: dict[str, Any]) -> None:
        seen = payload["presence"]
        future = self._expected.pop((seen["user_id"], seen["note"]), None)
        if future is not None:
            future.set_result(time.perf_counter())


async def _sign_in(http: aiohttp.ClientSession, url: str, email: str) -> str:
    body = {"email": email, "password": PASSWORD, "device": {"kind": "api", "name": "bench"}}
    async with http.post(f"{url}/api/v1/auth/login", json=body) as reply:
        answer = await reply.json()
        assert reply.status == 200, answer
        return str(answer["access_token"])


async def _company(config: GatewayConfig) -> list[str]:
    """One watcher and 2,000 colleagues. Their passwords are hashed cheaply: no part of this."""
    storage = await Storage.open(*config.databases)
    passwords = Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    provisioning = ProvisioningService(storage, Secrets.load(config.secrets_dir), passwords)
    try:
        tenant = await provisioning.create_tenant("Bench")
        await provisioning.create_user(tenant, NewUser("watcher@bench.test", "Watcher", PASSWORD))
        return [
            await provisioning.create_user(
                tenant, NewUser(f"p{i}@bench.test", f"Person {i}", PASSWORD)
            )
            for i in range(WATCHED)
        ]
    finally:
        passwords.close()
        await storage.aclose()


def _config(folder: Path) -> GatewayConfig:
    ca = LocalCA(folder / "ca")
    ca.ensure()
    leaf = ca.issue("edge", ["localhost"])
    return GatewayConfig.load(
        None,
        database_url=f"sqlite+aiosqlite:///{folder / 'gateway.sqlite3'}",
        secrets_dir=folder / "secrets",
        http={"host": "127.0.0.1", "port": 0},
        sip_edge={"host": "127.0.0.1", "port": 0, "cert": leaf.certificate, "key": leaf.key},
        metrics={"port": None},
        media={"port": 0},
    )


@asynccontextmanager
async def _running(config: GatewayConfig) -> AsyncIterator[Gateway]:
    async with AsyncExitStack() as stack:
        engine = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
        stack.push_async_callback(engine.aclose)
        await engine.start()
        yield await stack.enter_async_context(open_gateway(config, open_calls, engine))
