"""The connector's PBX side at a foreign registrar: lines register, calls go both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from connector.config import PbxLink
from connector.lines import LineConfig
from connector.sip.pbx import PbxLine, PbxSide
from protocols.aio.flow import Transport
from protocols.aio.useragent import IncomingCall
from tests.support.kamailio import HOST, Kamailio, kamailio
from tests.support.kamailio_phones import Phone, phones
from tests.support.sip_calls import ANSWER, OFFER, Recorder

LINES = tuple(LineConfig(f"line-{n}", str(n), f"pw-{n}") for n in (201, 202, 203))


class Connector:
    """A `PbxSide` that writes down the calls it gets."""

    def __init__(self, proxy: Kamailio, transport: Transport) -> None:
        link = PbxLink(
            host=HOST,
            port=proxy.tls_port if transport == "TLS" else proxy.port,
            transport=transport.lower(),  # type: ignore[arg-type]
            domain="pbx.test",
            realm="pbx.test",
            ca_file=proxy.ca_file,
        )
        self.calls: asyncio.Queue[tuple[PbxLine, IncomingCall, Recorder]] = asyncio.Queue()
        self.changed: asyncio.Queue[None] = asyncio.Queue()
        self.side = PbxSide(
            link,
            user_agent="test",
            on_call=self._call,
            on_lines=lambda: self.changed.put_nowait(None),
        )

    def _call(self, line: PbxLine, incoming: IncomingCall) -> None:
        listener = Recorder()
        incoming.take(listener)
        self.calls.put_nowait((line, incoming, listener))


@asynccontextmanager
async def site(tmp_path: Path, transport: Transport) -> AsyncIterator[tuple[Connector, Phone]]:
    async with kamailio(tmp_path) as proxy:
        connector = Connector(proxy, transport)
        await connector.side.start()
        await connector.side.apply(LINES)
        async with asyncio.timeout(10):
            await connector.side.all_tried.wait()
        async with phones(proxy, "UDP", "101") as (desk_phone,):
            yield connector, desk_phone
        async with asyncio.timeout(10):
            await connector.side.ua.idle()
        await connector.side.aclose()


@pytest.fixture(params=["UDP", "TCP", "TLS"])
def transport(request: pytest.FixtureRequest) -> Transport:
    return request.param  # type: ignore[no-any-return]


async def test_lines_register_and_are_called(tmp_path: Path, transport: Transport) -> None:
    async with site(tmp_path, transport) as (connector, desk_phone):
        assert all(line.registered for line in connector.side.lines.values())
        call, caller = desk_phone.dial("202")
        async with asyncio.timeout(10):
            line, incoming, listener = await connector.calls.get()
        assert line.config.line_id == "line-202"
        incoming.ring()
        await caller.seen("progress")
        incoming.accept(ANSWER)
        await caller.seen("answer")
        await listener.seen("established")
        call.hang_up()
        assert (await listener.seen("end"))[1] == "bye"


async def test_a_line_calls_the_desk_phone(tmp_path: Path, transport: Transport) -> None:
    async with site(tmp_path, transport) as (connector, desk_phone):
        side, caller = connector.side, Recorder()
        call = side.invite(side.lines["line-201"], "101", OFFER, (), caller)
        incoming = await desk_phone.callee.call()
        assert incoming.invite.from_.user == "201"
        incoming.accept(ANSWER)
        await caller.seen("answer")
        await desk_phone.callee.seen("established")
        incoming.hang_up()
        assert (await caller.seen("end"))[1] == "bye"
        assert call.state == "terminated"


async def test_wrong_secret_and_a_line_taken_away(tmp_path: Path) -> None:
    async with site(tmp_path, "UDP") as (connector, desk_phone):
        side = connector.side
        wrong = LineConfig("line-204", "204", "guess")
        await side.apply((*LINES[:2], wrong))
        async with asyncio.timeout(10):
            while not side.lines["line-204"].detail:
                await connector.changed.get()
        assert side.lines["line-204"].detail.startswith("401")
        assert side.lines["line-201"].registered
        _, caller = desk_phone.dial("203")
        assert (await caller.seen("failure"))[1] == 404
