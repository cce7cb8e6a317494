"""What the doctor says about ports, certificates and servers."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from offhook.doctor.certificates import certificate
from offhook.doctor.network import advertised, answers, port_is_free
from offhook.doctor.relay import relays
from offhook.doctor.verdict import State
from tests.support.pki import TestCa
from tests.support.ports import HOST, free_port


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_is_free_until_somebody_has_it(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind((HOST, 0))
        port = other.getsockname()[1]
        if kind == socket.SOCK_STREAM:
            other.listen()
        taken = port_is_free("media", kind, HOST, port)
        assert taken.state is State.WARN and f"{HOST}:{port}" in taken.words
    assert port_is_free("media", kind, HOST, port).state is State.OK


def test_a_certificate_for_the_name_with_its_own_key(tmp_path: Path) -> None:
    ca = TestCa(tmp_path)
    cert, key = ca.issue("edge", dns=["edge.example.test"])
    _, another_key = ca.issue("other", dns=["edge.example.test"])
    good = certificate("edge", cert, key, "edge.example.test")
    assert good.state in (State.OK, State.WARN) and "days" in good.words  # CA: 30 days, WARN at 30
    wrong_name = certificate("edge", cert, key, "phone.example.test")
    assert wrong_name.state is State.FAIL and "edge.example.test" in wrong_name.words
    assert certificate("edge", cert, another_key, "edge.example.test").state is State.FAIL
    missing = certificate("edge", tmp_path / "none.pem", key, "edge.example.test")
    assert missing.state is State.FAIL and "none.pem" in missing.words


def test_media_addresses_that_nobody_elsewhere_can_use() -> None:
    assert [row.state for row in advertised(("127.0.0.1",))] == [State.WARN]
    elsewhere = advertised(("198.51.100.7",))
    assert elsewhere[0].state is State.WARN and "NAT" in elsewhere[0].advice
    assert [row.state for row in advertised(())] == [State.WARN]


@pytest.fixture
async def tls_port(tmp_path: Path) -> AsyncIterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*TestCa(tmp_path).issue("web", dns=["localhost"]))
    server = await asyncio.start_server(lambda _, w: w.close(), HOST, 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_server_has_to_prove_its_name(tls_port: int, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(tmp_path / "Test-CA.pem"))
    good = await answers("gateway", "localhost", tls_port, trusting)
    assert good.state is State.OK and "TLS" in good.words
    stranger = await answers("gateway", "localhost", tls_port, ssl.create_default_context())
    assert stranger.state is State.FAIL and "CA file" in stranger.advice
    other_name = await answers("gateway", HOST, tls_port, trusting)
    assert other_name.state is State.FAIL and "certificate" in other_name.words


async def test_nobody_there_and_no_such_name() -> None:
    refused = await answers("PBX", HOST, free_port())
    assert refused.state is State.FAIL and "does it run" in refused.advice.lower()
    unknown = await answers("PBX", "no-such-host.invalid", 443)
    assert unknown.state is State.FAIL and "name" in unknown.words and "DNS" in unknown.advice


async def test_relay_addresses_that_lead_nowhere() -> None:
    offer = {"urls": ["http://turn.example", f"turn:{HOST}:{free_port()}?transport=tcp"]}
    wrong, closed = await relays(offer)
    assert wrong.state is State.FAIL and "cannot be tried" in wrong.words
    assert closed.state is State.FAIL and HOST in closed.words
