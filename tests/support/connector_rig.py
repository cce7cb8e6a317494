"""A connector between a scripted gateway and a scripted PBX, on loopback, without real media."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from connector.config import ConnectorConfig
from connector.main import Connector
from protocols.aio.call import Call
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow, Transport
from protocols.aio.listener import RequestContext
from protocols.aio.tls import server_context
from protocols.aio.useragent import IncomingCall, UserAgent
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.message import Request, Response
from protocols.sip.registration.registrar import Registrar
from tests.support.fake_media import FakeEngine, sdp
from tests.support.pki import TestCa

SITE = "0192f7d2-0000-7000-8000-000000000001"
DOMAIN = "offhook.invalid"
LINES = [
    {
        "line_id": "line-101",
        "device_id": "6101",
        "number": "101",
        "desk_number": "5101",
        "auth_user": "6101",
        "auth_password": "secret-101",
    },
    {
        "line_id": "line-102",
        "device_id": "6102",
        "number": "102",
        "desk_number": "5102",
        "auth_user": "6102",
        "auth_password": "wrong",
    },
]


class Recorder:
    """A call listener that remembers every event and lets tests wait for one."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self._changed = asyncio.Event()

    def _add(self, name: str, detail: Any = None) -> None:
        self.events.append((name, detail))
        self._changed.set()

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._add(f"progress {response.status}", (response, sdp))

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._add("answer", (response, sdp))

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self._add(f"failure {status}", response)

    def on_established(self, call: Call) -> None:
        self._add("established")

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        self._add("offer", sdp)

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        self._add(f"offer result {status}", sdp)

    def on_end(self, call: Call, cause: str, request: Request | None) -> None:
        self._add(f"end {cause}", request)

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        self._add(f"request {ctx.request.method}", ctx)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    async def wait(self, name: str, timeout: float = 5.0) -> Any:
        async with asyncio.timeout(timeout):
            while True:
                for seen, detail in self.events:
                    if seen == name:
                        return detail
                self._changed.clear()
                await self._changed.wait()


@dataclass
class Peer:
    """A scripted SIP side: calls that came in wait in `incoming`."""

    endpoint: SipEndpoint
    ua: UserAgent
    incoming: asyncio.Queue[tuple[IncomingCall, Recorder]] = field(default_factory=asyncio.Queue)

    def take_all(self) -> None:
        def on_invite(call: IncomingCall) -> None:
            recorder = Recorder()
            call.take(recorder)
            self.incoming.put_nowait((call, recorder))

        self.ua.on_invite = on_invite

    async def next_call(self) -> tuple[IncomingCall, Recorder]:
        async with asyncio.timeout(5):
            return await self.incoming.get()

    async def aclose(self) -> None:
        await self.ua.aclose()
        await self.endpoint.aclose()


class FakePbx(Peer):
    """Registrar with digest on UDP; `users` maps account to password."""

    def __init__(self) -> None:
        endpoint = SipEndpoint(user_agent="Fake-PBX")
        super().__init__(endpoint, UserAgent(endpoint))
        self.users = {"6101": "secret-101", "6102": "secret-102"}
        self.registrar = Registrar()
        self.digest = DigestServer("pbx.test", self.users.get)
        self.port = 0
        self.on_change: Callable[[], None] = lambda: None
        self.ua.handle("REGISTER", self._register)
        self.take_all()

    async def start(
        self, port: int = 0, *, host: str = "127.0.0.1", transport: Transport = "UDP"
    ) -> None:
        self.port = (await self.endpoint.listen(transport, host, port)).port

    def _register(self, ctx: RequestContext) -> None:
        now = asyncio.get_running_loop().time()
        verdict = self.digest.check(ctx.request, now)
        if isinstance(verdict, Refused):
            challenge = verdict.response
            ctx.respond(
                challenge.status,
                headers=[(n, v) for n, v in challenge.headers if n == "WWW-Authenticate"],
            )
            return
        answer = self.registrar.handle(ctx.request, ctx.flow.id, str(ctx.flow.peer), now)
        ctx.respond(
            answer.status,
            headers=[(n, v) for n, v in answer.headers if n in ("Contact", "Expires", "Date")],
        )
        self.on_change()

    def contact(self, user: str) -> str:
        now = asyncio.get_running_loop().time()
        for aor in self.registrar.aors():
            if aor.startswith(user):
                return self.registrar.bindings(aor, now)[0].contact
        raise LookupError(user)

    def call(
        self,
        user: str,
        recorder: Recorder,
        offer: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        from_: str = '"Otto" <sip:710@pbx.test>',
    ) -> Call:
        return self.ua.invite(
            target=self.contact(user),
            from_=from_,
            to=f"<sip:{user}@pbx.test>",
            sdp=(offer if offer is not None else sdp(7000)).encode(),
            headers=headers,
            listener=recorder,
        )


class FakeGateway(Peer):
    """Session endpoint over HTTP and SIP edge over TLS; accepts `token`."""

    def __init__(self, ca: TestCa) -> None:
        endpoint = SipEndpoint(user_agent="Fake-Gateway")
        super().__init__(
            endpoint, UserAgent(endpoint, contact=lambda _: f"sip:gw@{DOMAIN};transport=tls")
        )
        self._ca = ca
        self.key = "gwc_test_key"
        self.token = "token-1"
        self.sessions = 0
        self.config_version = 1
        self.lines: list[dict[str, Any]] = [LINES[0]]
        self.http_status = 200
        self.refuse_register = 0
        self.flows: dict[int, Flow] = {}
        self.registers: list[Request] = []
        self.statuses: list[bytes] = []
        self.edge_port = 0
        self.http_port = 0
        self.flow_timer = "20"
        self._runner: web.AppRunner | None = None
        self.on_change: Callable[[], None] = lambda: None
        self.ua.handle("REGISTER", self._register)
        self.ua.handle("NOTIFY", self._notify)
        self.ua.select_flow = lambda _: self.flow
        self.take_all()

    async def start(self, http_port: int = 0) -> None:
        cert, key = self._ca.issue("edge", dns=["localhost"])
        listener = await self.endpoint.listen(
            "TLS", "127.0.0.1", self.edge_port, ssl_context=server_context(cert, key)
        )
        self.edge_port = listener.port
        app = web.Application()
        app.router.add_post("/api/v1/connector/session", self._session)
        app.router.add_get("/api/v1/connector/config", self._config)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", http_port)
        await site.start()
        self.http_port = self._runner.addresses[0][1]

    async def aclose(self) -> None:
        await super().aclose()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def flow(self) -> Flow | None:
        return next((f for _, f in sorted(self.flows.items()) if f.alive), None)

    def _body(self) -> dict[str, Any]:
        return {
            "site": {
                "id": SITE,
                "country": "de",
                "area_code": "89",
                "exit_code": "0",
                "extension_digits": 3,
                "codecs": ["PCMA"],
            },
            "service_domain": DOMAIN,
            "edges": [{"host": "localhost", "port": self.edge_port}],
            "config_version": self.config_version,
            "lines": self.lines,
            "turn": {},
        }

    async def _session(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"title": "The key was refused"}, status=401)
        if self.http_status != 200:
            return web.json_response({"title": "no"}, status=self.http_status)
        self.sessions += 1
        self._tell()
        return web.json_response({**self._body(), "token": self.token, "expires_in": 600})

    async def _config(self, request: web.Request) -> web.Response:
        if int(request.query["since"]) == self.config_version:
            return web.Response(status=204)
        return web.json_response(self._body())

    def _register(self, ctx: RequestContext) -> None:
        request = ctx.request
        self.registers.append(request)
        if self.refuse_register:
            ctx.respond(self.refuse_register)
        elif request.headers.get("Authorization") != f"Bearer {self.token}":
            ctx.respond(401, headers=[("WWW-Authenticate", 'Bearer scope="sip"')])
        else:
            contact = request.contacts[0]
            if request.expires:
                self.flows[int(contact.param("reg-id") or 0)] = ctx.flow
            ctx.respond(
                200,
                headers=[
                    ("Contact", f"{contact};expires={request.expires}"),
                    ("Flow-Timer", self.flow_timer),
                    ("Require", "outbound"),
                ],
            )
        self._tell()

    def _notify(self, ctx: RequestContext) -> None:
        event = ctx.request.event
        if event is not None and event.package == "offhook-status":
            self.statuses.append(ctx.request.body)
        ctx.respond(200)
        self._tell()

    def _tell(self) -> None:
        self.on_change()

    def call(
        self,
        number: str,
        recorder: Recorder,
        line: str = "line-101",
        headers: tuple[tuple[str, str], ...] = (),
        offer: str | None = None,
    ) -> Call:
        return self.ua.invite(
            target=f"sip:{number}@{SITE}.{DOMAIN};user=phone",
            from_=f"<sip:{line}@{DOMAIN}>",
            sdp=(offer if offer is not None else sdp(9000)).encode(),
            headers=headers,
            flow=self.flow,
            listener=recorder,
        )


@dataclass
class Rig:
    gateway: FakeGateway
    pbx: FakePbx
    connector: Connector
    engine: FakeEngine
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, true: Callable[[], bool], timeout: float = 8.0) -> None:
        """Wait for a condition; looked at again after everything that anyone saw."""
        async with asyncio.timeout(timeout):
            while not true():
                self.stirred.clear()
                await self.stirred.wait()


def make_config(
    folder: Path,
    ca: TestCa,
    gateway: FakeGateway,
    pbx: FakePbx,
    **changes: Any,
) -> ConnectorConfig:
    values: dict[str, Any] = {
        "instance_file": folder / f"instance-{uuid.uuid4().hex}",
        "drain_timeout": 0.2,
        "gateway": {
            "url": f"http://127.0.0.1:{gateway.http_port}",
            "api_key": "gwc_test_key",
            "ca_file": ca.ca_file,
        },
        "pbx": {"host": "127.0.0.1", "port": pbx.port, "domain": "pbx.test"},
    }
    return ConnectorConfig.load(None, **(values | changes))


@contextlib.asynccontextmanager
async def rig(
    folder: Path,
    prepare: Callable[[FakeGateway, FakePbx], None] | None = None,
    wait_ready: bool = True,
    before_start: Callable[[FakeGateway, FakePbx], None] | None = None,
) -> AsyncIterator[Rig]:
    """Everything started; on exit everything is taken apart and looked at for remains."""
    ca = TestCa(folder)
    gateway, pbx, engine = FakeGateway(ca), FakePbx(), FakeEngine()
    if before_start is not None:
        before_start(gateway, pbx)
    await pbx.start()
    await gateway.start()
    if prepare is not None:
        prepare(gateway, pbx)
    before = set(asyncio.all_tasks())
    connector = Connector(make_config(folder, ca, gateway, pbx), engine=engine)
    everything = Rig(gateway, pbx, connector, engine)
    gateway.on_change = pbx.on_change = connector.uplink.on_change = everything.stirred.set
    try:
        await connector.start()
        if wait_ready:
            async with asyncio.timeout(10):
                await connector.ready()
        yield everything
    finally:
        await connector.aclose()
        left = [t for t in asyncio.all_tasks() - before if "connector" in repr(t.get_coro())]
        await gateway.aclose()
        await pbx.aclose()
    assert not left, f"tasks left behind: {left}"
    assert not connector.uplink.ua.calls
    assert not connector.pbx.ua.calls
    assert not engine.live, "media sessions left behind"
