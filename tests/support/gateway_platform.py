"""A whole gateway on loopback with fake calls: what tests of the platform talk to."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import socketio
import structlog
from argon2 import PasswordHasher
from blockbuster import blockbuster_ctx

from gateway import main
from gateway.config import GatewayConfig
from gateway.connectors.pbx_door import PbxDoor
from gateway.credentials import passwords as passwords_module
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.provisioning.seed import DemoTenant, seed_demo
from gateway.features.provisioning.service import NewLine, NewUser, ProvisioningService
from gateway.link_ports import HeardStep, LinkPicture, StepState, TrialEnd, TrialStep
from gateway.main import Gateway
from gateway.ports import (
    Actor,
    CallPorts,
    CommandResult,
    ConnectorStatus,
    JsonObject,
    Line,
    Problem,
    UserKey,
)
from gateway.storage.storage import Storage
from tests.support import databases
from tests.support.api_events import a_call
from tests.support.databases import empty_storage as empty_storage

PASSWORD = "correct horse battery"
PBX_PASSWORD = "pbx-secret-do-not-show"
# One plain line per event: the library's default shows tracebacks with a tour of the disk.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class FakeCalls:
    """Remembers what it was asked; ``answer`` decides what a command gets."""

    def __init__(self) -> None:
        self.commands: list[tuple[Actor, str, Mapping[str, Any], str]] = []
        self.live: dict[UserKey, list[JsonObject]] = {}
        self.pickups: dict[UserKey, list[JsonObject]] = {}
        self.online: list[tuple[UserKey, str]] = []
        self.offline: list[tuple[UserKey, str]] = []
        self.answer: Callable[[str], CommandResult] = lambda verb: CommandResult(
            call=a_call(words=verb)
        )
        self.count = 0
        self.draining = False

    async def execute(
        self, actor: Actor, verb: str, body: Mapping[str, Any], command_id: str
    ) -> CommandResult:
        self.commands.append((actor, verb, body, command_id))
        if body.get("call_id") == "foreign":
            raise Problem(404, "call_unknown", "There is no such call")
        return self.answer(verb)

    def calls_of(self, user: UserKey) -> list[JsonObject]:
        return self.live.get(user, [])

    def desk_phone_of(self, user: UserKey) -> JsonObject | None:
        return None

    def pickups_of(self, user: UserKey) -> list[JsonObject]:
        return self.pickups.get(user, [])

    def device_online(self, user: UserKey, device_id: str) -> None:
        self.online.append((user, device_id))

    def device_offline(self, user: UserKey, device_id: str) -> None:
        self.offline.append((user, device_id))

    def active(self) -> int:
        return self.count

    def live_in(self, tenant_id: str) -> int:
        return sum(len(calls) for user, calls in self.live.items() if user.tenant_id == tenant_id)

    def drain(self) -> None:
        self.draining = True

    async def shutdown(self) -> None:
        return None


class FakeConnectors:
    def __init__(self) -> None:
        self.listeners: list[Callable[[str, ConnectorStatus], None]] = []
        self.state = "working"
        self.offers: tuple[str, ...] = ()

    def status(self, tenant_id: str, site_id: str) -> ConnectorStatus:
        there = (("registration", "working", "2026-01-02T10:00:00.000Z"),)
        return ConnectorStatus(site_id, self.state, there, offers=self.offers)

    def subscribe(self, listener: Callable[[str, ConnectorStatus], None]) -> None:
        self.listeners.append(listener)


class FakeCounters:
    def __init__(self) -> None:
        self.refused = {"token refused": 2}


class FakeEdge:
    port = 65061

    def __init__(self) -> None:
        self.counters = FakeCounters()
        self.on_alert: Callable[[Any, str], None] | None = None


class FakeSites:
    """Links that are as a test says."""

    def __init__(self) -> None:
        self.pictures: dict[str, LinkPicture] = {}
        self.calls = 0
        self.announced: list[tuple[str, int]] = []
        self.told = asyncio.Event()
        self.steps: list[tuple[TrialStep, StepState]] = [("connector", "failed")]
        self.end = TrialEnd("connector_down")

    def picture(self, tenant_id: str, site_id: str) -> LinkPicture:
        known = self.pictures.get(site_id)
        return known or LinkPicture(ConnectorStatus(site_id, "unknown"))

    def calls_at(self, tenant_id: str, site_id: str) -> int:
        return self.calls

    async def announce_config(self, tenant_id: str, site_id: str, version: int) -> bool:
        self.announced.append((site_id, version))
        self.told.set()
        return True

    async def try_call(self, line: Line, number: str, heard: HeardStep, *, echo: bool) -> TrialEnd:
        for step, state in self.steps:
            heard(step, state, "")
        return self.end


class FakeStack:
    def __init__(self) -> None:
        self.sites = FakeSites()
        self.calls = FakeCalls()
        self.connectors = FakeConnectors()
        self.edge = FakeEdge()
        self.pbx = PbxDoor()


class Bench:
    """The gateway under test with two tenants, and hands to use it."""

    def __init__(
        self,
        gateway: Gateway,
        stack: FakeStack,
        demo: DemoTenant,
        other: str,
        key: str,
        config: GatewayConfig,
    ) -> None:
        self.gateway = gateway
        self.config = config
        self.calls = stack.calls
        self.connectors = stack.connectors
        self.sites = stack.sites
        self.demo = demo
        self.other_tenant = other
        self.api_key = key
        self.base = str(gateway.addresses["http"])
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._sockets: list[socketio.AsyncClient] = []

    @property
    def origin(self) -> str:
        return "http://localhost:8080"

    async def login(
        self, email: str = "anna@example.test", kind: str = "api", **device: str
    ) -> JsonObject:
        async with self.http.post(
            f"{self.base}/api/v1/auth/login",
            json={"email": email, "password": PASSWORD, "device": {"kind": kind, **device}},
        ) as response:
            body: JsonObject = await response.json(content_type=None)
            assert response.status == 200, body
            return body

    async def call(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> tuple[int, Any, Mapping[str, str]]:
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        url = self.base + ("/api/v1" + path if not path.startswith("//") else path[1:])
        async with self.http.request(method, url, headers=sent, **options) as response:
            if response.content_type == "text/event-stream":  # without end: how it begins
                return response.status, await response.content.readuntil(b"\n\n"), response.headers
            raw = await response.read()
            body = await response.json(content_type=None) if raw[:1] in (b"{", b"[") else raw
            return response.status, body, response.headers

    async def socket(self, token: str, device: JsonObject | None = None) -> Phone:
        phone = Phone()
        self._sockets.append(phone.client)
        await phone.client.connect(
            self.base,
            namespaces=["/phone"],
            transports=["websocket"],
            auth={"token": token, "device": device or {"kind": "web", "name": "test"}},
            wait_timeout=5,
        )
        return phone

    async def aclose(self) -> None:
        for client in self._sockets:
            await client.disconnect()
        await self.http.close()


class Phone:
    """A client of ``/phone`` that keeps every event."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.events: list[tuple[str, JsonObject]] = []
        self.gone = asyncio.Event()
        self._news = asyncio.Event()
        self.client.on("*", self._keep, namespace="/phone")
        self.client.on("disconnect", self._on_disconnect, namespace="/phone")

    def _keep(self, event: str, payload: JsonObject) -> None:
        self.events.append((event, payload))
        self._news.set()

    def _on_disconnect(self, *_reason: object) -> None:
        self.gone.set()

    async def next(self, name: str) -> JsonObject:
        """The first event of this name, seen or to come."""
        return await self.until(lambda event, _: event == name)

    async def until(self, wanted: Callable[[str, JsonObject], bool]) -> JsonObject:
        async with asyncio.timeout(5):
            while True:
                for event, payload in self.events:
                    if wanted(event, payload):
                        return payload
                self._news.clear()
                await self._news.wait()

    async def send(self, verb: str, body: Any) -> JsonObject:
        answer: JsonObject = await self.client.call(verb, body, namespace="/phone", timeout=5)
        return answer


def settings(directory: Path, **overrides: Any) -> GatewayConfig:
    values: dict[str, Any] = {
        "database_url": f"sqlite+aiosqlite:///{directory}/gateway.sqlite3",
        "secrets_dir": directory / "secrets",
        "http": {"port": 0},
        "sip_edge": {"cert": directory / "edge.pem", "key": directory / "edge.key"},
        "metrics": {"port": 0},
        "media": {"port": 0},
        "turn": {"urls": ["turn:192.0.2.1:3478"], "secret": "turn-secret"},
        **overrides,
    }
    return GatewayConfig.load(None, **values)


@dataclass(frozen=True)
class Seeded:
    """A directory with database, secrets and key file, made once and copied for each test."""

    directory: Path
    demo: DemoTenant
    other: str


_seeded: Seeded | None = None
_SEEDED = "offhook_seeded"  # on PostgreSQL


async def seeded() -> Seeded:
    global _seeded
    if _seeded is None:
        directory = Path(tempfile.mkdtemp(prefix="offhook-tests-"))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        config = settings(directory, **await databases.copy_of(databases.MIGRATED, _SEEDED))
        storage = await Storage.open(*config.databases)
        secrets = Secrets.load(config.secrets_dir)
        passwords = Passwords(hasher=CHEAP)
        demo = await seed_demo(
            storage,
            secrets,
            passwords,
            user_password=PASSWORD,
            pbx_password=PBX_PASSWORD,
            api_key_file=directory / "connector.key",
        )
        other = await _other_tenant(ProvisioningService(storage, secrets, passwords))
        passwords.close()
        await storage.aclose()
        _seeded = Seeded(directory, demo, other)
    return _seeded


@asynccontextmanager
async def open_bench(
    directory: Path,
    monkeypatch: Any,
    overrides: Mapping[str, Any] | None = None,
    *,
    config: GatewayConfig | None = None,
) -> AsyncIterator[Bench]:
    """Passwords are hashed cheaply; all else is what runs in production. ``config``: of a bench
    before this one, whose gateway starts again."""
    monkeypatch.setattr(passwords_module, "PasswordHasher", lambda: CHEAP)
    made = await seeded()
    if config is None:
        await asyncio.to_thread(shutil.copytree, made.directory, directory, dirs_exist_ok=True)
        database = await databases.copy_of(_SEEDED)
        config = settings(directory, **{**database, **(overrides or {})})
    stack = FakeStack()

    @asynccontextmanager
    async def open_calls(
        _config: GatewayConfig, _ports: CallPorts, _engine: object
    ) -> AsyncIterator[FakeStack]:
        yield stack

    before = asyncio.all_tasks()
    async with main.open_gateway(config, open_calls, object()) as gateway:  # type: ignore[arg-type]
        key = (directory / "connector.key").read_text().strip()
        bench = Bench(gateway, stack, made.demo, made.other, key, config)
        try:
            # From here on nothing of ours may block the loop: it raises where it happens.
            with blockbuster_ctx("gateway") as guard:
                # A logged traceback shows source lines; crashes are rare enough for that.
                for function in guard.functions.values():
                    function.can_block_in("linecache.py", {"checkcache", "updatecache"})
                    function.can_block_in("rich/traceback.py", {"_render_stack"})
                yield bench
        finally:
            await bench.aclose()
    await no_tasks_but(before)


async def no_tasks_but(expected: set[asyncio.Task[Any]]) -> None:
    """Tasks that were told to end get a moment to do so; any other is a leak."""
    loop = asyncio.get_running_loop()
    until = loop.time() + 2
    while left := asyncio.all_tasks() - expected - {asyncio.current_task()}:
        assert loop.time() < until, f"leaked tasks: {left}"
        await asyncio.wait(left, timeout=0.05)


async def _other_tenant(provisioning: ProvisioningService) -> str:
    """Another company with the same extension numbers."""
    tenant_id = await provisioning.create_tenant("Other AG")
    site_id = await provisioning.create_site(
        tenant_id, "Main", profile="business", country="ch", area_code="44", extension_digits=3
    )
    line = NewLine("line-101", "101", "5101", "6101", "6101", "other-pbx-secret")
    new = NewUser("mallory@other.test", "Mallory Other", PASSWORD)
    await provisioning.create_user(tenant_id, new, site_id, line)
    return tenant_id
