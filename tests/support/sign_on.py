"""A gateway whose tenant has a provider, a proven domain, and an administrator to say so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gateway.ports import JsonObject
from gateway.storage.models import User
from tests.support.gateway_platform import Bench, open_bench
from tests.support.oidc_provider import Browser
from tests.support.ports import free_port

ADMIN = "anna@example.test"
#: What the operator of the tests lets tenants reach.
LOOPBACK = {"allowed_private": ["localhost", "127.0.0.1"]}


class SignOnBench:
    def __init__(self, bench: Bench, public_url: str) -> None:
        self.bench = bench
        self.public_url = public_url
        self.token = ""
        self.records: dict[str, list[str]] = {}

    async def _txt(self, name: str) -> Sequence[str]:
        return self.records.get(name, [])

    async def open(self) -> None:
        self.bench.gateway.features.sso.domains.lookup = self._txt
        await self.make(ADMIN, "admin")
        self.token = (await self.bench.login(ADMIN))["access_token"]

    @property
    def home(self) -> str:
        """Where a sign-on ends that went well."""
        return f"{self.public_url}/#signed_in"

    @property
    def tenant_id(self) -> str:
        return self.bench.demo.tenant_id

    async def make(self, email: str, role: str) -> None:
        async with self.bench.gateway.features.storage.write(self.tenant_id) as db:
            await db.update(User, User.email == email, role=role)

    async def user(self, email: str) -> User | None:
        async with self.bench.gateway.features.storage.read(self.tenant_id) as db:
            return await db.first(User, User.email == email)

    async def admin(self, method: str, path: str, **options: Any) -> JsonObject:
        """As the administrator; fails if it is refused."""
        status, body, _ = await self.bench.call(method, path, self.token, **options)
        assert status < 300, (status, body)
        return dict(body) if body else {}

    async def connect(self, issuer: str, **wanted: Any) -> JsonObject:
        """An active connection with a proven domain."""
        setup = {
            "name": "Example Login",
            "issuer": issuer,
            "client_id": "offhook-tests",
            "client_secret": "a secret/of+the client:",
            "active": True,
            **wanted,
        }
        made = await self.admin("POST", "/admin/sso", json=setup)
        await self.prove("example.test", made["id"])
        return made

    async def prove(self, domain: str, connection_id: str | None) -> JsonObject:
        wanted = {"domain": domain, "connection_id": connection_id}
        added = await self.admin("POST", "/admin/sign-in-domains", json=wanted)
        self.records[added["dns_name"]] = ["v=spf1 -all", added["dns_value"]]
        return await self.admin("POST", f"/admin/sign-in-domains/{added['id']}/check")

    async def ask_for_much(self, browser: Browser) -> tuple[int, JsonObject]:
        """With the session that the browser has: something that needs a proof of the last
        minutes."""
        url = f"{self.public_url}/api/v1/auth/refresh"
        headers = {"Origin": self.public_url}
        async with browser.http.post(url, json={}, headers=headers) as response:
            token = (await response.json())["access_token"]
        wanted = {"name": "K", "kind": "admin", "scopes": ["people.read"]}
        status, body, _ = await self.bench.call("POST", "/admin/keys", token, json=wanted)
        return status, body

    async def arrive(self, browser: Browser, start_url: str) -> str:
        """Through the stand-in, which asks nothing, to where the gateway sends the browser."""
        url = start_url
        for _ in range(3):
            url, _ = await browser.step(url)
        return url


@asynccontextmanager
async def sign_on_bench(
    directory: Path, monkeypatch: Any, **http: Any
) -> AsyncIterator[SignOnBench]:
    """``http``: more of that part of the configuration."""
    port = free_port()
    public_url = f"http://localhost:{port}"
    overrides = {
        "public_url": public_url,
        "http": {"host": "127.0.0.1", "port": port, **http},
        "outbound": LOOPBACK,
    }
    async with open_bench(directory, monkeypatch, overrides) as bench:
        made = SignOnBench(bench, public_url)
        await made.open()
        yield made
