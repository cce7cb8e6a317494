"""Connections that send little, late or too much: they end, and others do not notice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.gateway_platform import Bench, open_bench

LIMITS = {
    "http": {
        "port": 0,
        "header_timeout": 0.3,
        "body_timeout": 0.3,
        "max_connections_per_ip": 40,
    }
}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch, LIMITS) as opened:
        yield opened


async def connect(bench: Bench) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = bench.base.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Everything until the other side closes; fails after 3 s."""
    received = b""
    async with asyncio.timeout(3):
        try:
            while data := await reader.read(65536):
                received += data
        except ConnectionResetError:
            pass
    return received


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"\r\n\r\n\r\n",
    ],
)
async def test_half_a_head_is_not_waited_for(bench: Bench, sent: bytes) -> None:
    reader, writer = await connect(bench)
    writer.write(sent)
    assert b" 200 " not in await closed(reader)
    writer.close()
    assert (await bench.call("GET", "//healthz"))[0] == 200


async def test_a_head_that_trickles_in_is_cut_off(bench: Bench) -> None:
    reader, writer = await connect(bench)
    ended = asyncio.create_task(closed(reader))
    for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Padding: aaaaaaaaaaaaaaaaaa":
        if ended.done():
            break
        writer.write(bytes([byte]))
        await asyncio.sleep(0.02)
    assert await ended == b""
    writer.close()


async def test_the_second_head_on_a_connection_has_its_deadline_too(bench: Bench) -> None:
    reader, writer = await connect(bench)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
    # To be idle between two requests is allowed: it outlives the deadline of one who came later.
    dawdler, dawdling = await connect(bench)
    dawdling.write(b"GET")
    await closed(dawdler)
    dawdling.close()
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with asyncio.timeout(3):
        assert b"200 OK" in await reader.readuntil(b"200 OK")
    writer.write(b"GET /healthz HTTP/1.1\r\nHo")
    await closed(reader)
    writer.close()


async def test_a_body_that_does_not_come_is_answered_408(bench: Bench) -> None:
    reader, writer = await connect(bench)
    writer.write(
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    async with asyncio.timeout(3):
        answer = await reader.readuntil(b"\r\n\r\n")
    assert b" 408 " in answer.splitlines()[0] and b"application/problem+json" in answer
    await closed(reader)
    writer.close()


async def open_polling(bench: Bench) -> str:
    """The path of an engine.io session that has not been upgraded to a web socket."""
    path = "/socket.io/?EIO=4&transport=polling"
    status, opened, _ = await bench.call("GET", f"/{path}")
    assert status == 200 and opened[:1] == b"0"
    return f"{path}&sid={json.loads(opened[1:])['sid']}"


@pytest.mark.parametrize("begun", [b"", b"4"])
async def test_a_polling_post_whose_body_does_not_come_is_answered_408(
    bench: Bench, begun: bytes
) -> None:
    path = await open_polling(bench)
    reader, writer = await connect(bench)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n".encode() + begun
    )
    async with asyncio.timeout(3):
        answer = await reader.readuntil(b"\r\n\r\n")
    assert b" 408 " in answer.splitlines()[0]
    await closed(reader)
    writer.close()


async def test_a_polling_post_in_pieces_is_one_message(bench: Bench) -> None:
    path = await open_polling(bench)
    token = (await bench.login())["access_token"]
    hello = json.dumps({"token": token, "device": {"kind": "web", "name": "t"}})
    packet = f"40/phone,{hello}".encode()
    reader, writer = await connect(bench)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(packet)}\r\n\r\n".encode()
        + packet[:20]
    )
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(packet[20:])
    async with asyncio.timeout(3):
        answer = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in answer.splitlines()[0]
    writer.close()
    status, packets, _ = await bench.call("GET", f"/{path}")
    assert status == 200 and packets.startswith(b"40/phone,")


async def test_a_polling_post_that_is_too_large_is_refused(bench: Bench) -> None:
    path = await open_polling(bench)
    assert (await bench.call("POST", f"/{path}", data=b"4" * 70_000))[0] == 413
    unannounced = (b"4" * 10_000 for _ in range(7))

    async def pieces() -> AsyncIterator[bytes]:
        for piece in unannounced:
            yield piece

    assert (await bench.call("POST", f"/{path}", data=pieces()))[0] == 413


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_bad_heads_are_refused(bench: Bench, head: bytes) -> None:
    reader, writer = await connect(bench)
    writer.write(head)
    answer = await closed(reader)
    assert answer == b"" or b" 4" in answer.splitlines()[0]
    writer.close()
    assert (await bench.call("GET", "//healthz"))[0] == 200


async def test_one_address_cannot_take_all_connections(bench: Bench) -> None:
    await bench.call("GET", "//healthz")  # the session's own connection is one of the forty
    opened = [await connect(bench) for _ in range(60)]
    ends = await asyncio.gather(*(closed(r) for r, _ in opened))
    assert ends == [b""] * 60  # the surplus at once, the rest by the head's deadline
    for _, writer in opened:
        writer.close()
    assert (await bench.call("GET", "//healthz"))[0] == 200


async def test_there_is_an_end_to_connections_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides = {"http": {"port": 0, "header_timeout": 20.0, "max_connections": 10}}
    async with open_bench(tmp_path, monkeypatch, overrides) as bench:
        opened = [await connect(bench) for _ in range(10)]
        surplus, surplus_writer = await connect(bench)
        assert await closed(surplus) == b""
        surplus_writer.close()
        reader, writer = opened[0]
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(3):
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        for _, writer in opened:
            writer.close()


async def test_health_answers_while_hundreds_dawdle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides = {"http": {"port": 0, "header_timeout": 1.0, "max_connections_per_ip": 1000}}
    async with open_bench(tmp_path, monkeypatch, overrides) as bench:
        dawdlers = [await connect(bench) for _ in range(300)]
        for _, writer in dawdlers:
            writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        async with asyncio.timeout(0.5):
            assert (await bench.call("GET", "//healthz"))[0] == 200
        for reader, writer in dawdlers:
            await closed(reader)
            writer.close()


async def test_a_bomb_in_a_small_body_is_not_unpacked(bench: Bench) -> None:
    import gzip

    bomb = gzip.compress(b" " * 20_000_000)
    status, _, _ = await bench.call(
        "POST",
        "/auth/login",
        data=bomb,
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )
    assert status in (400, 413)
