"""The CSTA link goes on whatever its listener makes of the news."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from connector.csta import client as csta_client
from connector.csta.client import CstaClient
from connector.csta.stream import CONNECT_TIMEOUT, StreamCarrier, Where
from protocols.csta.dialects import VOICE
from protocols.csta.events.call import ConnectionClearedEvent
from protocols.csta.ids import ConnectionId
from protocols.csta.link import Incoming, StreamLink
from protocols.csta.message import Event, Message
from protocols.csta.services import monitoring as mo
from protocols.csta.services import system as sy
from protocols.csta.session.actions import ClientAction, Reported
from protocols.csta.session.client import GREETING_TIMEOUT, ClientSession
from protocols.csta.values import SystemState
from tests.support.gateway_ports import soon

ANSWERS: dict[type[Message], Message] = {
    sy.SystemRegister: sy.SystemRegisterResponse(),
    mo.MonitorStart: mo.MonitorStartResponse(monitor_cross_ref_id="7"),
    mo.SnapshotDevice: mo.SnapshotDeviceResponse(),
}


class Switch:
    """The PBX's end: greets, answers, and says what a test wants said."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[type[Message]] = asyncio.Queue()
        self._link = StreamLink(VOICE.style)
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._link, self._writer = StreamLink(VOICE.style), writer
        self.say(9999, sy.SystemStatus(system_status=SystemState.NORMAL))
        while data := await reader.read(65536):
            for item in self._link.feed(data):
                assert isinstance(item, Incoming)
                assert isinstance(item.message, Message)
                if type(item.message) in ANSWERS:
                    self.say(item.invoke_id, ANSWERS[type(item.message)])
                self.asked.put_nowait(type(item.message))
        writer.close()

    def say(self, invoke_id: int, message: Message) -> None:
        assert self._writer is not None
        self._writer.write(self._link.encode(invoke_id, message))

    def report(self) -> None:
        call = ConnectionId("FF0001", "N<101>")
        self.say(9999, ConnectionClearedEvent(dropped_connection=call, monitor_cross_ref_id="7"))

    async def until_asked(self, kind: type[Message]) -> None:
        async with asyncio.timeout(5):
            while await self.asked.get() is not kind:
                pass


class Rig:
    def __init__(self, switch: Switch, port: int) -> None:
        self.switch = switch
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.broken: set[type[ClientAction]] = set()
        self.downs: list[str] = []
        self.client = CstaClient(
            StreamCarrier(Where("127.0.0.1", port), VOICE.style),
            ClientSession(VOICE.heartbeat),
            on_action=self._heard,
            on_down=self.downs.append,
        )

    def _heard(self, action: ClientAction) -> None:
        if type(action) in self.broken:
            raise ValueError("nobody thought of this")
        if isinstance(action, Reported):
            self.events.put_nowait(action.event)


@pytest.fixture
async def rig(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    monkeypatch.setattr(csta_client, "FIRST_RETRY", 0.01)
    switch = Switch()
    server = await asyncio.start_server(switch.serve, "127.0.0.1", 0)
    made = Rig(switch, server.sockets[0].getsockname()[1])
    made.client.watch("101")
    made.client.start()
    await switch.until_asked(mo.SnapshotDevice)
    yield made
    await made.client.aclose()
    server.close()
    await server.wait_closed()


def test_a_pbx_that_is_back_is_found_within_five_seconds() -> None:
    """At worst it comes back while an attempt that cannot succeed any more is under way."""
    assert CONNECT_TIMEOUT + csta_client.LAST_RETRY + GREETING_TIMEOUT <= 5.0


async def test_news_that_nobody_can_take_are_made_good_by_a_snapshot(rig: Rig) -> None:
    rig.broken = {Reported}
    rig.switch.report()
    await rig.switch.until_asked(mo.SnapshotDevice)

    rig.broken = set()
    rig.switch.report()
    async with asyncio.timeout(5):
        await rig.events.get()
    assert rig.downs == []  # on the same connection


async def test_a_link_that_fails_inside_is_made_anew(rig: Rig) -> None:
    def broken(*args: object) -> None:
        raise ValueError("nobody thought of this")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rig.client, "_take", broken)
        patch.setattr(rig.client._session, "resync_all", broken)
        rig.switch.report()
        await soon(lambda: rig.downs)
    await rig.switch.until_asked(mo.SnapshotDevice)

    assert rig.downs[0] == csta_client.INTERNAL


async def test_a_timer_that_fails_ends_the_link_and_not_the_clock(rig: Rig) -> None:
    def broken(now: float) -> list[ClientAction]:
        raise ValueError("nobody thought of this")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rig.client._session, "timer", broken)
        rig.client._fire()
    await rig.switch.until_asked(mo.SnapshotDevice)

    assert rig.downs == [csta_client.INTERNAL]
