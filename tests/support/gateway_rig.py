"""A gateway's call side without browser, PBX and database: real SIP over TLS, recorded ports.

The far end of the link is a scripted connector on our own user agent; the media engine is a double
that answers at once and lets a test decide when a leg is connected.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.calls.service import Calls, CallsConfig, build
from gateway.connectors.edge import EdgeConfig, SipEdge
from gateway.connectors.suspicion import DEFAULT_KEEP_ALIVE, KeepAlive
from gateway.connectors.trust import TrustLimits
from gateway.ports import (
    Actor,
    ConnectorIdentity,
    Line,
    Numbers,
    Person,
    Problem,
    SiteProfile,
    UserKey,
)
from media.engine import (
    LegEvent,
    LegProfile,
    LegState,
    MediaError,
    MediaEvent,
    MediaListener,
    Playback,
    PlayTone,
    SessionStats,
    Side,
)
from offhook.demo.ca import LocalCA
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.tcp import StreamFlow
from protocols.aio.tls import client_context
from protocols.aio.useragent import Call, IncomingCall, RequestContext, UserAgent
from protocols.sip.message import Request, Response
from tests.support.api_events import misfit

DOMAIN = "calls.offhook.test"
TENANT, SITE, LINE = "tenant-1", "site-1", "line-1"
INSTANCE = "00000000-0000-4000-8000-000000000001"
ANNA = UserKey(TENANT, "anna")
TIMEOUT = 5.0


async def soon(condition: Callable[[], object], what: str = "condition") -> Any:
    """Wait for something that the loop brings about by itself."""
    async with asyncio.timeout(TIMEOUT):
        # Many sources (SIP, media, sockets) and no common event: look again after each turn.
        while not (value := condition()):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert value, what
    return value


# -- ports -----------------------------------------------------------------------------------------
class FakeLines:
    def __init__(self) -> None:
        self.lines = {LINE: Line(TENANT, SITE, LINE, ANNA.user_id, "101", "5101", "199")}
        self.home = {ANNA: LINE}
        self.profile = SiteProfile(TENANT, SITE, "business", "de", "89", 3)

    async def home_line(self, user: UserKey) -> tuple[Line, SiteProfile] | None:
        line = self.lines.get(self.home.get(user, ""))
        return None if line is None else (line, self.profile)

    async def line(
        self, tenant_id: str, site_id: str, line_id: str
    ) -> tuple[Line, SiteProfile] | None:
        line = self.lines.get(line_id)
        if line is None or (line.tenant_id, line.site_id) != (tenant_id, site_id):
            return None
        return line, self.profile


class FakeNumbers:
    def normalise(self, typed: str, site: SiteProfile) -> Numbers:
        digits = "".join(char for char in typed if char in "0123456789+*#")
        if not digits:
            raise Problem(422, "number_invalid", "This is not a number.")
        return Numbers(digits, digits, digits)

    def from_wire(self, user_part: str, site: SiteProfile) -> Numbers:
        return Numbers(user_part, user_part, user_part)


class FakeDirectory:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    async def name_of(self, tenant_id: str, canonical: str) -> Person | None:
        name = self.names.get(canonical)
        return None if name is None else Person(None, name)


class FakeJournal:
    """Keeps rows as the real journal would; ``broken`` makes every write fail."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.log: list[tuple[str, str]] = []
        self.broken = False

    def _check(self) -> None:
        if self.broken:
            raise OSError("the database is away")

    async def open(self, user: UserKey, call_id: str, **values: Any) -> str:
        self._check()
        self.log.append(("open", call_id))
        self.rows.setdefault(call_id, {"kind": "pending", "user": user, **values})
        return call_id

    async def answered(
        self, user: UserKey, call_id: str, *, device_id: str | None, at: datetime
    ) -> None:
        self._check()
        self.log.append(("answered", call_id))
        self.rows[call_id] |= {"device_id": device_id, "answered_at": at}

    async def settle(self, user: UserKey, call_id: str, **values: Any) -> None:
        self._check()
        self.log.append(("settle", call_id))
        assert self.rows[call_id]["kind"] == "pending", "settled once"
        self.rows[call_id] |= values

    async def unread(self, user: UserKey) -> int:
        return sum(row["kind"] == "missed" for row in self.rows.values())


class FakeDevices:
    def __init__(self) -> None:
        self.ids: dict[UserKey, list[str]] = {}

    def online(self, user: UserKey) -> Sequence[str]:
        return list(self.ids.get(user, []))


@dataclass
class Sink:
    """Every event that left for clients: (device or None for all, event, payload)."""

    events: list[tuple[str | None, str, dict[str, Any]]] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)

    def to_user(self, user: UserKey, event: str, payload: Mapping[str, Any]) -> None:
        self._keep(None, event, payload)

    def to_device(
        self, user: UserKey, device_id: str, event: str, payload: Mapping[str, Any]
    ) -> None:
        self._keep(device_id, event, payload)

    def _keep(self, device_id: str | None, event: str, payload: Mapping[str, Any]) -> None:
        self.events.append((device_id, event, dict(payload)))
        if (wrong := misfit(event, payload)) is not None:
            self.misfits.append(wrong)

    def of(self, event: str, device: str | None = None) -> list[dict[str, Any]]:
        return [p for d, e, p in self.events if e == event and device in (None, d)]

    async def wait(self, event: str, device: str | None = None, count: int = 1) -> dict[str, Any]:
        await soon(lambda: len(self.of(event, device)) >= count, event)
        return self.of(event, device)[count - 1]

    async def phase(self, phase: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            calls = [p["call"] for _, _, p in self.events if "call" in p]
            return next((call for call in calls if call["phase"] == phase), None)

        return await soon(found, phase)


class FakeTokens:
    """``good`` tokens name a site, an instance and a key."""

    def __init__(self) -> None:
        self.good: dict[str, tuple[str, str, str, str]] = {
            "token-1": (TENANT, SITE, "key-1", INSTANCE)
        }
        self.revoked: list[Callable[[str, str], None]] = []

    async def verify(self, token: str) -> ConnectorIdentity | None:
        found = self.good.get(token)
        if found is None:
            return None
        return ConnectorIdentity(*found, expires_at=datetime.now(UTC) + timedelta(minutes=10))

    def on_revoked(self, listener: Callable[[str, str], None]) -> None:
        self.revoked.append(listener)


# -- media -----------------------------------------------------------------------------------------
class FakeSession:
    """A media session that answers at once; the test says when legs connect."""

    def __init__(self, engine: FakeEngine, session_id: str, listener: MediaListener) -> None:
        self.session_id = session_id
        self.engine = engine
        self.listener = listener
        self.legs: set[str] = set()
        self.attached: str | None = None
        self.log: list[str] = []
        self.closed = False
        self._line_open = False

    def say(self, event: MediaEvent) -> None:
        self.listener(event)

    def connect(self, leg: str) -> None:
        self.say(LegEvent(Side.DEVICE, leg, LegState.CONNECTED))

    async def offer(self, side: Side, profile: LegProfile, *, leg: str = "line") -> str:
        self._check(f"offer {side}")
        self._line_open = True
        return f"v=0\r\no=- {self.session_id} 1 IN IP4 192.0.2.1\r\ns=line offer\r\n"

    async def accept(
        self, side: Side, sdp: str, profile: LegProfile | None = None, *, leg: str = "line"
    ) -> str | None:
        self._check(f"accept {side} {leg}")
        if "bad" in sdp:
            raise MediaError("sdp", "unusable")
        if side is Side.LINE and self._line_open:
            self._line_open = False
            return None
        if side is Side.DEVICE:
            self.legs.add(leg)
        return f"v=0\r\no=- {self.session_id} 1 IN IP4 192.0.2.1\r\ns=answer for {leg}\r\n"

    async def attach(self, leg: str | None) -> None:
        self._check(f"attach {leg}")
        self.attached = leg

    async def drop(self, leg: str) -> None:
        self._check(f"drop {leg}")
        self.legs.discard(leg)

    async def play(self, side: Side, what: Playback, *, leg: str | None = None) -> None:
        tone = what.tone.value if isinstance(what, PlayTone) else what.path
        self._check(f"play {side} {tone}")

    async def stop(self, side: Side) -> None:
        self._check(f"stop {side}")

    async def dtmf(
        self, side: Side, digits: str, *, duration_ms: int = 100, gap_ms: int = 70
    ) -> None:
        self._check(f"dtmf {side} {digits}")

    async def direction(self, side: Side, send: bool, receive: bool) -> None:
        self._check(f"direction {side} {send} {receive}")

    async def stats(self) -> SessionStats:
        return SessionStats()

    async def close(self) -> None:
        self.closed = True
        self.engine.sessions.pop(self.session_id, None)

    def _check(self, what: str) -> None:
        self.log.append(what)
        if self.closed:
            raise MediaError("closed", "the session is closed")
        if self.engine.broken:
            raise MediaError("port", "no port is free")


class FakeEngine:
    capabilities: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.sessions: dict[str, FakeSession] = {}
        self.made: list[FakeSession] = []
        self.broken = False

    async def start(self) -> None: ...

    async def open(self, session_id: str, *, user: str, listener: MediaListener) -> FakeSession:
        if self.broken:
            raise MediaError("port", "no port is free")
        assert session_id not in self.sessions
        session = self.sessions[session_id] = FakeSession(self, session_id, listener)
        self.made.append(session)
        return session

    async def aclose(self) -> None: ...


# -- the other end of the link ---------------------------------------------------------------------
class Listener:
    """Keeps what a call of the scripted connector reports."""

    def __init__(self) -> None:
        self.progress: list[tuple[int, bytes | None]] = []
        self.responses: list[Response] = []
        self.answer: bytes | None = None
        self.failure: int | None = None
        self.ended: str | None = None
        self.end_request: Request | None = None
        self.offers: list[bytes | None] = []
        self.established = False

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self.progress.append((response.status, sdp))

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self.responses.append(response)
        self.answer = sdp or b"(none)"

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self.failure = status
        if response is not None:
            self.responses.append(response)

    def on_established(self, call: Call) -> None:
        self.established = True

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        self.offers.append(sdp)
        call.answer(b"v=0\r\ns=connector answers again\r\n")

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        self.progress.append((status, sdp))

    def on_end(self, call: Call, cause: str, request: Request | None) -> None:
        self.ended, self.end_request = cause, request

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        ctx.respond(200)


class Connector:
    """A scripted connector: flows, REGISTER with Bearer, calls both ways."""

    def __init__(self, ca: Path, port: int) -> None:
        self.endpoint = SipEndpoint(tls_client=client_context(ca), user_agent="connector double")
        self.ua = UserAgent(self.endpoint, contact=lambda _: f"sip:{SITE}@{DOMAIN};transport=tls")
        self.port = port
        self.invited: asyncio.Queue[tuple[IncomingCall, Listener]] = asyncio.Queue()
        self.flows: list[Flow] = []
        self.ua.on_invite = self._on_invite

    def _on_invite(self, call: IncomingCall) -> None:
        listener = Listener()
        call.take(listener)
        self.invited.put_nowait((call, listener))

    async def next_call(self) -> tuple[IncomingCall, Listener]:
        async with asyncio.timeout(TIMEOUT):
            return await self.invited.get()

    async def connect(self) -> Flow:
        flow = await self.endpoint.connect("TLS", "127.0.0.1", self.port, server_name="localhost")
        self.flows.append(flow)
        return flow

    def go_deaf(self, flow: Flow) -> None:
        """The connection stays open and nothing is read from it any more."""
        assert isinstance(flow, StreamFlow) and flow._wire is not None
        flow._wire.pause_reading()

    def listen_again(self, flow: Flow) -> None:
        assert isinstance(flow, StreamFlow) and flow._wire is not None
        flow._wire.resume_reading()

    async def register(
        self,
        flow: Flow,
        token: str | None = "token-1",
        *,
        reg_id: int = 1,
        site: str = SITE,
        instance: str = INSTANCE,
        expires: int = 300,
    ) -> Response:
        aor = f"sip:{site}@{DOMAIN}"
        contact = f'<{aor};transport=tls;ob>;+sip.instance="<urn:uuid:{instance}>";reg-id={reg_id}'
        headers = [("Contact", contact), ("Supported", "path, outbound")]
        headers.append(("Expires", str(expires)))
        if token is not None:
            headers.append(("Authorization", f"Bearer {token}"))
        return await self.ua.request(
            "REGISTER", f"sip:{DOMAIN}", from_=f"<{aor}>", to=f"<{aor}>", headers=headers, flow=flow
        )

    def call(
        self,
        flow: Flow,
        *,
        line: str = LINE,
        domain: str = DOMAIN,
        caller: str = '"Berta" <sip:102@site.example>',
        headers: Sequence[tuple[str, str]] = (),
        sdp: bytes | None = b"v=0\r\no=- 7 1 IN IP4 192.0.2.7\r\ns=connector offer\r\n",
    ) -> tuple[Call, Listener]:
        listener = Listener()
        target = f"sip:{line}@{domain}"
        call = self.ua.invite(
            target=target, from_=caller, sdp=sdp, headers=headers, flow=flow, listener=listener
        )
        return call, listener

    async def aclose(self) -> None:
        await self.ua.aclose()
        await self.endpoint.aclose()


# -- all together ----------------------------------------------------------------------------------
@dataclass
class Rig:
    edge: SipEdge
    calls: Calls
    lines: FakeLines
    journal: FakeJournal
    devices: FakeDevices
    sink: Sink
    tokens: FakeTokens
    directory: FakeDirectory
    engine: FakeEngine
    ca: Path
    commands: int = 0
    connectors: list[Connector] = field(default_factory=list)

    def connector(self) -> Connector:
        connector = Connector(self.ca, self.edge.port)
        self.connectors.append(connector)
        return connector

    async def linked(self, flows: int = 1) -> Connector:
        connector = self.connector()
        for reg_id in range(1, flows + 1):
            response = await connector.register(await connector.connect(), reg_id=reg_id)
            assert response.status == 200, response
        return connector

    def online(self, *devices: str, user: UserKey = ANNA) -> None:
        self.devices.ids[user] = [*self.devices.ids.get(user, []), *devices]
        for device in devices:
            self.calls.device_online(user, device)

    def offline(self, device: str, user: UserKey = ANNA) -> None:
        self.devices.ids[user].remove(device)
        self.calls.device_offline(user, device)

    async def do(self, device: str, verb: str, user: UserKey = ANNA, **body: Any) -> dict[str, Any]:
        self.commands += 1
        actor = Actor(user, f"session of {device}", device)
        result = await self.calls.execute(actor, verb, body, f"command {self.commands}")
        assert result.call is not None
        return result.call

    async def media(
        self,
        device: str,
        call_id: str,
        generation: int = 1,
        *,
        connect: bool = True,
        **more: Any,
    ) -> str:
        """The device offers its path and, unless told otherwise, gets it connected."""
        sdp = f"v=0\r\no=- {generation} 1 IN IP4 0.0.0.0\r\ns=device\r\na=fingerprint:{device}\r\n"
        before = len(self.sink.of("media.answer", device))
        body = {"call_id": call_id, "sdp": sdp, "generation": generation, **more}
        await self.do(device, "media.offer", **body)
        await self.sink.wait("media.answer", device, before + 1)
        session = self.session(call_id)
        leg = max((leg for leg in session.legs if leg.startswith(f"{device}:")), key=len)
        if connect:
            session.connect(leg)
        return leg

    def session(self, call_id: str) -> FakeSession:
        return next(s for s in self.engine.made if s.session_id == call_id)

    async def nothing_left(self) -> None:
        """After its end nothing remains of a Call: owners, sessions, dialogs, transactions."""
        async with asyncio.timeout(TIMEOUT):
            await self.calls.idle()
        assert self.calls.active() == 0
        await soon(lambda: not self.engine.sessions)
        await soon(lambda: not self.edge.ua.calls)
        names = [t.get_name() for t in asyncio.all_tasks() if not t.done()]
        assert not [n for n in names if ("call" in n and "calls:" in n) or n.startswith("media of")]


@asynccontextmanager
async def gateway_rig(
    folder: Path,
    *,
    config: CallsConfig | None = None,
    trust: TrustLimits | None = None,
    clock: Callable[[], float] | None = None,
    keep_alive: KeepAlive = DEFAULT_KEEP_ALIVE,
) -> AsyncIterator[Rig]:
    ca = LocalCA(folder)
    ca.ensure()
    leaf = ca.issue("gateway", ["localhost", "127.0.0.1"])
    tokens, sink = FakeTokens(), Sink()
    extra: dict[str, Any] = {} if clock is None else {"clock": clock}
    edge = SipEdge(
        EdgeConfig(
            "127.0.0.1",
            0,
            leaf.certificate,
            leaf.key,
            DOMAIN,
            trust=trust or TrustLimits(),
            keep_alive=keep_alive,
        ),
        tokens=tokens,
        **extra,
    )
    lines, journal, devices = FakeLines(), FakeJournal(), FakeDevices()
    directory, engine = FakeDirectory(), FakeEngine()
    calls = build(
        lines=lines,
        directory=directory,
        numbers=FakeNumbers(),
        journal=journal,
        devices=devices,
        events=sink,
        engine=engine,
        link=edge.link,
        config=config,
    )
    edge.on_call = calls.incoming
    await edge.start()
    rig = Rig(edge, calls, lines, journal, devices, sink, tokens, directory, engine, ca.certificate)
    try:
        yield rig
    finally:
        for connector in rig.connectors:
            await connector.aclose()
        await calls.shutdown()
        await edge.aclose()
    assert sink.misfits == []
