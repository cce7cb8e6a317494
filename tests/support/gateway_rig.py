"""A gateway's call side without browser, PBX and database: real SIP over TLS, recorded ports.

The far end of the link is a scripted connector on our own user agent; the media engine is a double
that answers at once and lets a test decide when a leg is connected.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.calls.model import CallsConfig
from gateway.calls.service import Calls, build
from gateway.connectors.edge import EdgeConfig, SipEdge
from gateway.connectors.suspicion import DEFAULT_KEEP_ALIVE, KeepAlive
from gateway.connectors.trust import TrustLimits
from gateway.ports import (
    Actor,
    UserKey,
)
from offhook.demo.ca import LocalCA
from tests.support.gateway_media import FakeEngine, FakeSession
from tests.support.gateway_ports import (
    ANNA,
    TIMEOUT,
    FakeDevices,
    FakeDirectory,
    FakeJournal,
    FakeLines,
    FakeNumbers,
    FakeTokens,
    Sink,
    soon,
)
from tests.support.scripted_connector import DOMAIN, Connector


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
