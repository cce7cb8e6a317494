"""RFC 4475 against a listening user agent over UDP, TCP and TLS, also one byte at a time.

After each message the server must still answer OPTIONS, and must not have met a surprise of
its own (no internal error counted, nothing logged as one).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from protocols.aio.endpoint import SipEndpoint
from protocols.aio.listener import RequestContext
from protocols.aio.tls import server_context
from protocols.aio.useragent import IncomingCall, UserAgent
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.framer import StreamFramer
from protocols.sip.message import Message, Response
from protocols.sip.parser import parse_datagram
from protocols.sip.registration.registrar import Registrar
from tests.support.pki import TestCa
from tests.support.rfc4475 import ALL, BAD_RESPONSE, DROP, OK, RESPONSE, Torture

HERE = "127.0.0.1"
# answers over UDP go to the port of the Via, not to where the message came from (18.2.2):
# the client sits on 5060 of a loopback address of its own
CLIENT = "127.0.0.77"
STREAMS = ("TCP", "TLS", "TCP byte by byte")

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> TestCa:
    return TestCa(tmp_path_factory.mktemp("pki"))


@dataclass
class Server:
    endpoint: SipEndpoint
    ports: dict[str, int]
    invited: list[IncomingCall]


@contextlib.asynccontextmanager
async def serving(ca: TestCa, secured: bool) -> AsyncIterator[Server]:
    """A user agent that declines every call and registers everybody; `secured`: with digest."""
    endpoint = SipEndpoint()
    ua = UserAgent(endpoint)
    registrar = Registrar(aor_of=lambda uri: uri.user or uri.host)
    digest = DigestServer("example.com", {}.get)
    invited: list[IncomingCall] = []

    def on_invite(call: IncomingCall) -> None:
        invited.append(call)
        call.reject(486)

    def register(ctx: RequestContext) -> None:
        now = asyncio.get_running_loop().time()
        if secured:
            refused = digest.check(ctx.request, now)
            assert isinstance(refused, Refused)
            answer = refused.response
        else:
            answer = registrar.handle(ctx.request, ctx.flow.id, str(ctx.flow.peer), now)
        ctx.respond(answer.status)

    ua.on_invite = on_invite
    ua.handle("REGISTER", register)
    ua.handle("MESSAGE", lambda ctx: ctx.respond(405))
    cert, key = ca.issue("server", dns=["localhost"])
    ports = {
        "UDP": (await endpoint.listen("UDP", HERE)).port,
        "TCP": (await endpoint.listen("TCP", HERE)).port,
        "TLS": (await endpoint.listen("TLS", HERE, ssl_context=server_context(cert, key))).port,
    }
    try:
        yield Server(endpoint, ports, invited)
    finally:
        await ua.aclose()
        await endpoint.aclose()


def options() -> bytes:
    n = next(_numbers)
    return (
        f"OPTIONS sip:alive@{HERE} SIP/2.0\r\nVia: SIP/2.0/TCP {CLIENT};branch=z9hG4bKalive{n}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:t@{CLIENT}>;tag={n}\r\nTo: <sip:alive@{HERE}>\r\n"
        f"Call-ID: alive-{n}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    ).encode()


def is_alive(message: Message) -> bool:
    alive = (message.headers.get("Call-ID") or "").startswith("alive-")
    return isinstance(message, Response) and alive and message.status == 200


def expected_of(torture: Torture, stream: bool) -> int:
    """The status of the answer, 0 for none."""
    if stream and torture.stream is not None:
        return 0 if torture.stream == DROP else torture.stream
    if torture.core in (RESPONSE, BAD_RESPONSE):
        return 0
    if torture.core != OK:
        return torture.core
    if torture.server is not None:
        return torture.server
    return 486 if torture.data.startswith(b"INVITE") else 200


def finals(messages: list[Message]) -> list[int]:
    return [m.status for m in messages if isinstance(m, Response) and m.status >= 200]


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, queue: asyncio.Queue[Message]) -> None:
        self.queue = queue

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.queue.put_nowait(parse_answer(data))


def parse_answer(data: bytes) -> Message:
    """Answers to malformed requests repeat what was malformed: read as much as is needed."""
    try:
        return parse_datagram(data)
    except Exception:
        status = int(data.split(b" ", 2)[1])
        return Response(status)


async def over_udp(server: Server, data: bytes) -> list[Message]:
    """What comes back before the answer to an OPTIONS sent right after."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Message] = asyncio.Queue()
    transports = []
    for port in client_ports(data):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((CLIENT, port))
        sock.setblocking(False)
        transport, _ = await loop.create_datagram_endpoint(lambda: Datagrams(queue), sock=sock)
        transports.append(transport)
    try:
        for item in (data, options().replace(b"/TCP", b"/UDP")):
            transports[0].sendto(item, (HERE, server.ports["UDP"]))
        got: list[Message] = []
        while True:
            async with asyncio.timeout(5):
                message = await queue.get()
            if is_alive(message):
                return got
            got.append(message)
    finally:
        for transport in transports:
            transport.close()


def client_ports(data: bytes) -> list[int]:
    """5060 and 5061 (a Via may say TLS), and the port of the top Via if it names another."""
    via = re.search(rb"^(?:via|v)[ \t]*:[^;,\r\n]*?:([0-9]+)", data, re.IGNORECASE | re.MULTILINE)
    return [5060, 5061] if via is None else list(dict.fromkeys((5060, 5061, int(via[1]))))


async def dial(
    server: Server, ca: TestCa, transport: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = ssl.create_default_context(cafile=str(ca.ca_file)) if transport == "TLS" else None
    return await asyncio.open_connection(
        HERE,
        server.ports[transport[:3]],
        ssl=context,
        server_hostname="localhost" if context else None,
    )


async def collect(reader: asyncio.StreamReader, got: bytearray, alive: asyncio.Event) -> None:
    """Everything that comes until the end of the connection."""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65536):
            got += chunk
            if b"Call-ID: alive-" in got:
                alive.set()
    alive.set()


async def over_stream(server: Server, ca: TestCa, transport: str, torture: Torture) -> list[int]:
    """Final statuses until the server closes, or until it answers an OPTIONS sent after."""
    reader, writer = await dial(server, ca, transport)
    got, alive = bytearray(), asyncio.Event()
    reading = asyncio.create_task(collect(reader, got, alive))
    step = 1 if "byte" in transport else len(torture.data)
    # what waits for more would take the OPTIONS for its body
    data = torture.data if torture.stream == DROP else torture.data + options()
    try:
        with contextlib.suppress(ConnectionError):  # the server may close at any byte
            for start in range(0, len(data), step):
                writer.write(data[start : start + step])
                await writer.drain()
                if step == 1:
                    await asyncio.sleep(0)  # lets the write go out as a segment of its own
        if torture.stream != DROP:
            async with asyncio.timeout(5):
                await alive.wait()
    finally:
        writer.close()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    lines = [line for line in bytes(got).split(b"\r\n") if line.startswith(b"SIP/2.0 ")]
    return [int(line[8:11]) for line in lines if line[8:9] != b"1"]


async def answers_options(server: Server, ca: TestCa, transport: str) -> bool:
    """A new connection is served as ever."""
    reader, writer = await dial(server, ca, transport)
    framer = StreamFramer()
    try:
        writer.write(options())
        async with asyncio.timeout(5):
            while True:
                for frame in framer.feed(await reader.read(65536)):
                    if isinstance(frame, Response):
                        return is_alive(frame)
    finally:
        writer.close()


def no_surprise(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    assert server.endpoint.counters["internal errors"] == 0
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("torture", ALL, ids=lambda t: t.name)
async def test_over_udp(torture: Torture, ca: TestCa, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(ca, torture.name == "regaut01") as server:
        got = finals(await over_udp(server, torture.data))
        expected = expected_of(torture, stream=False)
        assert set(got) == ({expected} if expected else set())
        if torture.core == RESPONSE:
            assert server.endpoint.counters["unmatched responses"] == 1
        if torture.core == BAD_RESPONSE:
            assert server.endpoint.counters["malformed"] == 1
        no_surprise(server, caplog)


@pytest.mark.parametrize("transport", STREAMS)
@pytest.mark.parametrize("torture", ALL, ids=lambda t: t.name)
async def test_over_a_stream(
    torture: Torture, transport: str, ca: TestCa, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(ca, torture.name == "regaut01") as server:
        statuses = await over_stream(server, ca, transport, torture)
        expected = expected_of(torture, stream=True)
        if torture.name == "dblreq":
            assert statuses[:2] == [200, 400]
        elif expected:
            assert statuses[0] == expected
        else:
            # nothing but the OPTIONS, if the connection lived to see it
            assert statuses in ([], [200])
        assert await answers_options(server, ca, transport[:3])
        no_surprise(server, caplog)
