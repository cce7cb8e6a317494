"""TLS flows: verification always, RFC 5922 names, mutual TLS, certificate rotation."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.gates import ConnectionCaps
from protocols.aio.tcp import StreamLimits
from protocols.aio.tls import (
    CertificateFiles,
    TlsError,
    client_context,
    server_context,
    speaks_for,
)
from tests.support.pki import TestCa
from tests.support.sip_requests import FAST, make


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> TestCa:
    return TestCa(tmp_path_factory.mktemp("pki"))


@contextlib.asynccontextmanager
async def endpoints(
    ca: TestCa, **options: object
) -> AsyncIterator[tuple[SipEndpoint, SipEndpoint]]:
    client = SipEndpoint(timers=FAST, tls_client=client_context(ca.ca_file))
    server = SipEndpoint(timers=FAST)
    server.on_request = lambda txn, request, flow: txn.reply(200)
    try:
        yield client, server
    finally:
        await client.aclose()
        await server.aclose()


def names(*, dns: list[str] = [], uris: list[str] = []) -> dict[str, object]:  # noqa: B006
    return {"subjectAltName": [("DNS", d) for d in dns] + [("URI", u) for u in uris]}


@pytest.mark.parametrize(
    ("certificate", "name", "verdict"),
    [
        (names(dns=["pbx.example.com"]), "pbx.example.com", True),
        (names(dns=["PBX.example.com"]), "pbx.Example.com.", True),
        (names(dns=["other.example.com"]), "pbx.example.com", False),
        # RFC 5922 7.2: no wildcard matching
        (names(dns=["*.example.com"]), "pbx.example.com", False),
        # 7.1: sip URIs are what counts when there are any
        (names(uris=["sip:example.com"]), "example.com", True),
        (names(uris=["sip:example.com"], dns=["pbx.example.com"]), "pbx.example.com", False),
        # 7.1: a URI with a user part is not a domain's
        (names(uris=["sip:alice@example.com"]), "example.com", False),
        (names(uris=["https://example.com"], dns=["example.com"]), "example.com", True),
        ({}, "example.com", False),
        ({"subjectAltName": [("IP Address", "192.0.2.4")]}, "192.0.2.4", True),
        ({"subjectAltName": [("IP Address", "192.0.2.4")]}, "192.0.2.5", False),
        ({"subjectAltName": [("DNS", "192.0.2.4")]}, "192.0.2.4", False),
        ({"subjectAltName": [("IP Address", "2001:DB8:0:0:0:0:0:1")]}, "[2001:db8::1]", True),
    ],
)
def test_whom_a_certificate_speaks_for(
    certificate: dict[str, object], name: str, verdict: bool
) -> None:
    assert speaks_for(certificate, name) is verdict


async def test_request_over_tls_by_address(ca: TestCa) -> None:
    pair = ca.issue("by-address", addresses=["127.0.0.1"])
    async with endpoints(ca) as (client, server):
        listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair))
        response = await client.send(make("OPTIONS", f"sips:bob@127.0.0.1:{listener.port}"))
        assert (response.status, response.local) == (200, False)
        assert response.via.transport == "TLS"


async def test_explicit_connection_and_its_certificate(ca: TestCa) -> None:
    pair = ca.issue("by-uri", uris=["sip:service.example"])
    async with endpoints(ca) as (client, server):
        opened: list[Flow] = []
        server.on_flow_opened = opened.append
        listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair))
        flow = await client.connect(
            "TLS", "127.0.0.1", listener.port, server_name="service.example"
        )
        assert flow.secure and flow.peer_certificate is not None
        assert ("URI", "sip:service.example") in flow.peer_certificate["subjectAltName"]
        other = await client.connect(
            "TLS", "127.0.0.1", listener.port, server_name="service.example"
        )
        assert other is not flow  # connect always opens a flow of its own
        response = await client.send(make("OPTIONS", "sip:x@service.example"), flow=flow)
        assert response.status == 200
        assert len(opened) == 2


@pytest.mark.parametrize("wrong", ["name", "ca", "wildcard"])
async def test_unproven_server_is_refused(ca: TestCa, tmp_path: Path, wrong: str) -> None:
    issuer = TestCa(tmp_path, "Somebody else") if wrong == "ca" else ca
    dns = {"name": "other.example", "ca": "service.example", "wildcard": "*.example"}[wrong]
    pair = issuer.issue(f"wrong-{wrong}", dns=[dns])
    async with endpoints(ca) as (client, server):
        listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair))
        with pytest.raises((TlsError, ssl.SSLError)):
            await client.connect("TLS", "127.0.0.1", listener.port, server_name="service.example")
        response = await client.send(make("OPTIONS", f"sips:bob@127.0.0.1:{listener.port}"))
        assert (response.status, response.local) == (503, True)


async def test_context_without_verification_is_refused(ca: TestCa) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    async with endpoints(ca) as (client, _):
        with pytest.raises(ValueError, match="verification"):
            await client.connect("TLS", "127.0.0.1", 9, ssl_context=context)
    with pytest.raises(ValueError, match="verification"):
        SipEndpoint(tls_client=context)


async def test_mutual_tls_lets_only_known_clients_in(ca: TestCa) -> None:
    server_pair = ca.issue("mutual", addresses=["127.0.0.1"])
    client_pair = ca.issue("connector", dns=["connector.example"])
    async with endpoints(ca) as (client, server):
        flows: list[Flow] = []
        server.on_flow_opened = flows.append
        context = server_context(*server_pair, client_ca=ca.ca_file)
        listener = await server.listen("TLS", "127.0.0.1", 0, context)
        known = client_context(ca.ca_file, certfile=client_pair[0], keyfile=client_pair[1])
        flow = await client.connect("TLS", "127.0.0.1", listener.port, ssl_context=known)
        assert (await client.send(make("OPTIONS", "sip:x@y"), flow=flow)).status == 200
        [accepted] = flows
        certificate = accepted.peer_certificate
        assert certificate is not None and speaks_for(certificate, "connector.example")
        # With TLS 1.3 the client hears of the refusal only after its own handshake.
        response = await client.send(make("OPTIONS", f"sips:x@127.0.0.1:{listener.port}"))
        assert (response.status, response.local) == (503, True)
        assert len(flows) == 1


@pytest.mark.parametrize("proven", [True, False])
async def test_connection_is_reused_the_other_way(ca: TestCa, proven: bool) -> None:
    # RFC 5923: with alias and a certificate that speaks for sent-by, else a new connection
    pair = ca.issue("both-ways", addresses=["127.0.0.1"])
    stranger = ca.issue("stranger", dns=["stranger.example"])
    certificate, key = pair if proven else stranger
    context = server_context(*pair, client_ca=ca.ca_file)
    one = SipEndpoint(
        timers=FAST, tls_client=client_context(ca.ca_file, certfile=certificate, keyfile=key)
    )
    two = SipEndpoint(
        timers=FAST, tls_client=client_context(ca.ca_file, certfile=pair[0], keyfile=pair[1])
    )
    ports = []
    for endpoint in (one, two):
        endpoint.on_request = lambda txn, request, flow: txn.reply(200)
        ports.append((await endpoint.listen("TLS", "127.0.0.1", 0, context)).port)
    response = await one.send(make("OPTIONS", f"sips:x@127.0.0.1:{ports[1]}"))
    assert response.status == 200
    response = await two.send(make("OPTIONS", f"sips:x@127.0.0.1:{ports[0]}"))
    assert (response.status, response.local) == (200, False)
    assert len(two.manager.flows) == (1 if proven else 2)
    await one.aclose()
    await two.aclose()


async def test_tls_1_1_is_not_spoken(ca: TestCa) -> None:
    pair = ca.issue("old", addresses=["127.0.0.1"])
    async with endpoints(ca) as (client, server):
        listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair))
        old = client_context(ca.ca_file)
        with pytest.warns(DeprecationWarning):
            old.minimum_version = ssl.TLSVersion.TLSv1
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(OSError):
            await client.connect("TLS", "127.0.0.1", listener.port, ssl_context=old)


async def test_certificate_rotation_without_a_new_listener(ca: TestCa) -> None:
    cert, key = ca.issue("first", dns=["service.example"])
    new_cert, new_key = ca.issue("second", dns=["service.example", "second.example"])
    async with endpoints(ca) as (client, server):
        context = server_context(cert, key)
        files = CertificateFiles(context, cert, key)
        listener = await server.listen("TLS", "127.0.0.1", 0, context)

        async def connect() -> Flow:
            port = listener.port
            return await client.connect("TLS", "127.0.0.1", port, server_name="service.example")

        async def names_seen() -> list[str]:
            certificate = (await connect()).peer_certificate
            assert certificate is not None
            return [value for _, value in certificate["subjectAltName"]]

        before = await connect()
        assert not files.changed()
        new_cert.replace(cert)
        with pytest.raises(OSError):
            files.changed()  # the key is not there yet
        assert await names_seen() == ["service.example"]
        new_key.replace(key)
        assert files.changed()
        files.take_up()
        assert not files.changed()
        assert await names_seen() == ["service.example", "second.example"]
        assert before.alive


async def test_a_pair_is_used_as_it_was_checked(ca: TestCa) -> None:
    cert, key = ca.issue("first", dns=["service.example"])
    new_cert, new_key = ca.issue("second", dns=["service.example", "second.example"])
    context = server_context(cert, key)
    files = CertificateFiles(context, cert, key)
    new_cert.replace(cert)
    new_key.replace(key)
    assert files.changed()
    cert.write_text("half a fi")  # the next one is being written
    files.take_up()
    with pytest.raises(OSError):
        files.changed()
    async with endpoints(ca) as (client, server):
        listener = await server.listen("TLS", "127.0.0.1", 0, context)
        flow = await client.connect("TLS", "127.0.0.1", listener.port, server_name="second.example")
        assert flow.alive


def test_a_missing_certificate_is_told_once(ca: TestCa) -> None:
    cert, key = ca.issue("missing", dns=["service.example"])
    files = CertificateFiles(server_context(cert, key), cert, key)
    saved = cert.read_bytes()
    for _ in range(2):
        cert.unlink()
        with pytest.raises(FileNotFoundError):
            files.changed()
        assert not files.changed()
        cert.write_bytes(saved)
        assert files.changed()


async def test_gate_refuses_before_any_tls_work_and_counts(ca: TestCa) -> None:
    pair = ca.issue("gated", addresses=["127.0.0.1"])
    async with endpoints(ca) as (client, server):
        gate = ConnectionCaps(per_host=1)
        listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair), gate=gate)
        flow = await client.connect("TLS", "127.0.0.1", listener.port)
        with pytest.raises(OSError):
            await client.connect("TLS", "127.0.0.1", listener.port)
        closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        server.on_flow_closed = lambda _, reason: closed.set_result(reason)
        flow.close("done")
        async with asyncio.timeout(5):
            await closed
        await client.connect("TLS", "127.0.0.1", listener.port)  # the place is free again


async def test_rubbish_right_behind_the_handshake(ca: TestCa) -> None:
    """The flow is closed before the accepting task hears of it; the next one must not suffer."""
    pair = ca.issue("rubbish", addresses=["127.0.0.1"])
    trusting = ssl.create_default_context(cafile=str(ca.ca_file))
    async with endpoints(ca) as (client, server):
        gate = ConnectionCaps(per_host=1, rate=1000, burst=1000)
        listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair), gate=gate)
        for _ in range(20):
            closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            server.on_flow_closed = lambda _, reason, closed=closed: closed.set_result(reason)
            reader, writer = await asyncio.open_connection("127.0.0.1", listener.port, ssl=trusting)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(OSError):
                async with asyncio.timeout(5):
                    await reader.read()
            writer.close()
            async with asyncio.timeout(5):
                assert (await closed).startswith("framing")
        response = await client.send(make("OPTIONS", f"sips:x@127.0.0.1:{listener.port}"))
        assert (response.status, response.local) == (200, False)


async def test_handshake_that_never_comes_is_ended(ca: TestCa) -> None:
    pair = ca.issue("silent", addresses=["127.0.0.1"])
    server = SipEndpoint(stream_limits=StreamLimits(handshake=0.05))
    gate = ConnectionCaps(per_host=1)
    listener = await server.listen("TLS", "127.0.0.1", 0, server_context(*pair), gate=gate)
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    with socket.create_connection(("127.0.0.1", listener.port)):
        assert len(server.manager.flows) == 0
    await server.aclose()
