"""A tenant's admin names hosts in every place that takes one, to reach what is behind the wall.

The canary stands at 127.0.0.1 and ::1: whatever connects to it has been led inside. The client
itself is attacked in test_outbound; here is shown that nothing goes around it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.features.contact_sources import admin_api as contact_sources
from gateway.features.sso import admin_api as sso
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench, open_bench

HOSTS = (
    *("127.0.0.1", "localhost", "localhost.", "0x7f.1", "2130706433", "0", "0.0.0.0"),
    *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254", "10.0.0.1"),
)


@dataclass
class Canary:
    port: int = 0
    hits: int = 0

    def hit(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        writer.close()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with AsyncExitStack() as stack:
        bird = Canary()
        server = await asyncio.start_server(bird.hit, "127.0.0.1", 0)
        bird.port = server.sockets[0].getsockname()[1]
        for one in (server, await asyncio.start_server(bird.hit, "::1", bird.port)):
            stack.push_async_callback(one.wait_closed)
            stack.callback(one.close)
        yield bird


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    for module in (contact_sources, sso):
        monkeypatch.setattr(module, "_TESTS_PER_MINUTE", 1000)
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


async def put(bench: Bench, path: str, token: str, body: dict[str, Any]) -> None:
    status, reply, _ = await bench.call("GET", path, token)
    assert status == 200, reply
    version = {"If-Match": f'"{reply["version"]}"'}
    status, reply, _ = await bench.call("PUT", path, token, json=body, headers=version)
    assert status in (200, 422), reply


async def given_up(bench: Bench, path: str, token: str) -> None:
    async with asyncio.timeout(10):
        while True:
            if (await bench.call("GET", path, token))[1]["items"]:
                return
            await asyncio.sleep(0.01)


async def test_webhooks_lead_nowhere_inside(bench: Bench, canary: Canary) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    for host in HOSTS:
        wanted = {"url": f"https://{host}:{canary.port}/", "events": ["call.ended"]}
        status, made, _ = await bench.call("POST", "/admin/webhooks", admin, json=wanted)
        if status == 201:  # a name: what it stands for is looked up when something is sent
            path = f"/admin/webhooks/{made['webhook']['id']}"
            assert (await bench.call("POST", f"{path}/test", admin, json={}))[0] == 202
            await given_up(bench, f"{path}/deliveries?state=dead", admin)
            await bench.call("DELETE", path, admin)
        else:
            assert made["code"] == "url_refused", (host, made)
    assert canary.hits == 0


@pytest.mark.parametrize("where", ["/admin/directory-sign-in", "/admin/contact-sources/ldap"])
async def test_directories_stand_nowhere_inside(bench: Bench, canary: Canary, where: str) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    asked = {"/admin/directory-sign-in": {"email": "a@b.test", "password": "x"}}
    for host in HOSTS:
        host = host.strip("[]")
        wanted = {"host": host, "port": canary.port, "security": "ldaps", "base_dn": "dc=x"}
        await put(bench, where, admin, wanted)
        body = asked.get(where, {"q": "anna"})
        status, told, _ = await bench.call("POST", f"{where}/test", admin, json=body)
        refused = told["code"] in ("address_refused", "not_set_up", "directory_unreachable")
        assert refused and not told.get("ok"), (host, status, told)
    assert canary.hits == 0


async def test_identity_providers_stand_nowhere_inside(bench: Bench, canary: Canary) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    for number, host in enumerate(HOSTS):
        wanted = {
            "name": f"IdP {number}",
            "issuer": f"https://{host}:{canary.port}/",
            "client_id": "offhook",
            "active": True,
        }
        status, made, _ = await bench.call("POST", "/admin/sso", admin, json=wanted)
        if status == 201:
            path = f"/admin/sso/{made['id']}"
            status, told, _ = await bench.call("POST", f"{path}/test", admin, json={})
            assert status >= 400 or not told.get("ok"), (host, told)
            await bench.http.get(
                f"{bench.base}/api/v1/auth/sso/{made['id']}/start", allow_redirects=False
            )
            await bench.call("DELETE", path, admin)
        else:
            assert status in (409, 422), (host, made)
    assert canary.hits == 0


async def test_the_canary_would_sing(canary: Canary) -> None:
    for address in ("127.0.0.1", "::1"):
        reader, writer = await asyncio.open_connection(address, canary.port)
        assert await reader.read() == b""
        writer.close()
    assert canary.hits == 2
