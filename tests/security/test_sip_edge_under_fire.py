"""Strangers at the SIP edge: floods, rubbish and half-open connections cost nobody a call."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from gateway.connectors.trust import TrustLimits
from protocols.aio.tls import client_context
from tests.support.gateway_ports import soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import Connector

SECONDS = 2.0
OPTIONS = (
    "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TLS x;branch=z9hG4bK{n}\r\nFrom: <sip:a@x>;tag=1\r\n"
    "To: <sip:x>\r\nCall-ID: {n}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
    "Content-Length: 0\r\n\r\n"
)
INVITE = OPTIONS.replace("OPTIONS", "INVITE")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path, trust=TrustLimits(prove_within=1.0)) as rig:
        yield rig


def context(rig: Rig) -> ssl.SSLContext:
    made = client_context(rig.ca)
    made.check_hostname = False
    return made


async def knock(rig: Rig, data: bytes) -> None:
    """Connect, send, read until the edge has had enough."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        async with asyncio.timeout(1.5):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", rig.edge.port, ssl=context(rig), server_hostname="localhost"
            )
            try:
                writer.write(data)
                while await reader.read(65536):
                    pass
            finally:
                writer.transport.abort()


async def half_open(rig: Rig) -> None:
    """A TCP connection that never speaks TLS."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(1.5):
            reader, writer = await asyncio.open_connection("127.0.0.1", rig.edge.port)
            try:
                writer.write(b"\x16\x03\x01")
                await reader.read()
            finally:
                writer.transport.abort()


async def fire(attack: Callable[[], Awaitable[None]], until: float) -> int:
    shots = 0
    while time.monotonic() < until:
        await asyncio.gather(*(attack() for _ in range(4)))
        shots += 4
        await asyncio.sleep(0.005)  # a peer's network, not a busy loop of ours
    return shots


async def calls_meanwhile(rig: Rig, connector: Connector, until: float) -> int:
    """Calls of the proven connector; every one must be set up and ended."""
    done = 0
    while time.monotonic() < until:
        rig.sink.events.clear()
        call = await rig.do("d1", "dial", to="710")
        leg, far = await connector.next_call()
        leg.accept(b"v=0\r\ns=answer\r\n")
        await rig.sink.phase("connected")
        await rig.do("d1", "hang_up", call_id=call["id"])
        await soon(lambda far=far: far.ended)
        done += 1
        await asyncio.sleep(0.05)
    return done


ATTACKS = {
    "requests": "".join(OPTIONS.format(n=n) for n in range(200)).encode(),
    "invites": "".join(INVITE.format(n=n) for n in range(200)).encode(),
    "rubbish": b"\x00\xff" * 20_000,
    "endless header": b"OPTIONS sip:x SIP/2.0\r\nX: " + b"a" * 500_000,
    "forged token": OPTIONS.replace("OPTIONS", "REGISTER")
    .replace("Max-Forwards", "Authorization: Bearer x\r\nMax-Forwards")
    .format(n=1)
    .encode(),
}


@pytest.mark.parametrize("name", [*ATTACKS, "half open"])
async def test_an_attack_costs_nobody_a_call(rig: Rig, name: str) -> None:
    connector = await rig.linked(flows=2)
    before = psutil.Process().memory_info().rss
    until = time.monotonic() + SECONDS

    async def attack() -> None:
        if name == "half open":
            await half_open(rig)
        else:
            await knock(rig, ATTACKS[name])

    shots, calls = await asyncio.gather(fire(attack, until), calls_meanwhile(rig, connector, until))
    assert shots >= 8
    assert calls >= 5
    assert all(flow.alive for flow in connector.flows)
    assert psutil.Process().memory_info().rss - before < 50_000_000
    await rig.nothing_left()


async def test_silent_strangers_are_shown_the_door(rig: Rig) -> None:
    flows = [await rig.connector().connect() for _ in range(5)]
    await soon(lambda: not any(flow.alive for flow in flows))
    assert rig.edge.counters.refused["not proven in time"] == 5
