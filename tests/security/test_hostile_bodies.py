"""Bodies that are made to break what reads them: packed, deep, huge, odd; and files the same."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import time
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.http.endpoint import API_PREFIX, Access, Endpoint, endpoints_of
from gateway.http.openapi import APIS
from tests.security.test_tenant_walls import ROUTES, Row, filled
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench, open_bench

MB = 1024 * 1024
BODIES: list[Endpoint] = [
    declared for api in APIS for declared in endpoints_of(api) if declared.body is not None
]
UPLOADS: list[Endpoint] = [
    declared for api in APIS for declared in endpoints_of(api) if declared.upload
]


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    plenty = {"quotas": {"requests_per_minute_each": 100_000, "requests_per_minute": 100_000}}
    async with open_bench(tmp_path, monkeypatch, plenty) as opened:
        yield opened


def memory() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Lag:
    """How long the loop was deaf at worst, by the time that this process had."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def measure(self) -> None:
        while True:
            before = time.process_time()
            await asyncio.sleep(0.01)
            self.worst = max(self.worst, time.process_time() - before)


def packed(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(b'{"a": "' + b"A" * (100 * MB) + b'"}')


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"../../{number}.csv", b"0" * (50 * MB))
    return file.getvalue()


JSON_HEADERS = {"Content-Type": "application/json"}
#: What it is -> the body. Every one of them is refused by every endpoint.
MALFORMED: dict[str, bytes] = {
    "deep lists": b"[" * 30_000,
    "deep objects": b'{"a":' * 10_000,
    "deep and closed": b"[" * 20_000 + b"]" * 20_000,
    "a number of 20,000 digits": b'{"limit": ' + b"9" * 20_000 + b"}",
    "no number": b'{"limit": NaN, "name": Infinity}',
    "a lone surrogate": rb'{"name": "\ud800"}',
    "a NUL": rb'{"name": "\u0000"}',
    "no UTF-8": b'{"name": "\xff\xfe\xfd"}',
    "surrogates as bytes": b'{"name": "\xed\xa0\x80"}',
    "no object": b'"name"',
    "a list": b"[]",
    "cut off": b'{"name": "x',
}
ODD: dict[str, Any] = {
    "far too large": {"limit": 2**63, "number": 2**31, "version": -(2**40), "calls": 2**31},
    "infinite": {"delay_ms": 1e308 * 10},
    "of another kind": {"name": {"$gt": ""}, "email": ["a@b.test"], "password": True},
    "SQL": {"name": "'; DROP TABLE user_account; --", "q": "%_'\""},
    "a prototype": {"__proto__": {"role": "admin"}, "constructor": {}},
}


async def send(
    bench: Bench, declared: Endpoint, token: str, data: bytes, headers: dict[str, str]
) -> tuple[int, Any]:
    path = API_PREFIX + declared.path
    row = ROUTES.get((declared.method, path), Row())
    sent = {**row.headers, **headers}
    status, reply, _ = await bench.call(
        declared.method, "/" + filled(path, {}), token, headers=sent, data=data
    )
    return status, reply


async def test_no_body_breaks_any_endpoint(bench: Bench) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    for declared in BODIES:
        if declared.access is Access.CONNECTOR:
            continue  # its key comes first; the body is read by the same code
        for name, body in MALFORMED.items():
            status, reply = await send(bench, declared, admin, body, JSON_HEADERS)
            what = (declared.method, declared.path, name, status)
            # Members that are free may be any number; all else is refused.
            free = declared.path == "/calls/{id}/{verb}" and name == "no number"
            assert 400 <= status < 500 or free, what
        for name, value in ODD.items():
            body = json.dumps(value).encode()
            status, reply = await send(bench, declared, admin, body, JSON_HEADERS)
            assert status < 500, (declared.method, declared.path, name, reply)


async def test_a_body_is_read_up_to_its_own_limit(bench: Bench) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    for declared in BODIES:
        if declared.access is Access.CONNECTOR:
            continue
        too_much = b'{"a": "' + b"a" * (declared.max_body + 1) + b'"}'
        status, reply = await send(bench, declared, admin, too_much, JSON_HEADERS)
        # Without the operator's permission nothing is read at all.
        assert status in (413, 403), (declared.method, declared.path, reply)
        if declared.max_body > 65_536:  # more than what aiohttp takes by itself
            fits = b'{"a": "' + b"a" * (declared.max_body - 20) + b'"}'
            status, reply = await send(bench, declared, admin, fits, JSON_HEADERS)
            assert status == 422, (declared.method, declared.path, reply)


@pytest.mark.parametrize(
    "encoding,pack", [("gzip", gzip.compress), ("deflate", zlib.compress)], ids=["gzip", "deflate"]
)
async def test_a_packed_bomb_is_not_unpacked(
    bench: Bench, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    bomb = await asyncio.to_thread(packed, pack)
    assert len(bomb) < 200_000
    before, lag = memory(), Lag()
    measuring = asyncio.create_task(lag.measure())
    for declared in [*BODIES[:5], *UPLOADS]:
        headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
        if declared.upload:
            headers["Content-Type"] = declared.upload[0]
        status, reply = await send(bench, declared, admin, bomb, headers)
        assert status in (400, 413, 415), (declared.path, reply)
    measuring.cancel()
    assert memory() - before < 20 * MB
    assert lag.worst < 0.5


def hostile_files() -> dict[str, bytes]:
    vcard = b"BEGIN:VCARD\nVERSION:3.0\n"
    return {
        "a ZIP bomb": zip_bomb(),
        "nothing": b"",
        "NUL": b"\0" * MB,
        "one line": b"a" * (4 * MB),
        "quotes": b'"' * MB,
        "an open quote": b'email;name\r\n"' + b"x\r\n" * 300_000,
        "commas": b"," * MB,
        "columns": b";".join(b"c%d" % n for n in range(100_000)),
        "rows": b"email;name\r\n" + b"a@b.test;A\r\n" * 200_000,
        "deep JSON": b"[" * 500_000,
        "huge number": b'{"format": ' + b"9" * 500_000 + b"}",
        "cards that never end": b"BEGIN:VCARD\n" * 150_000,
        "cards inside cards": vcard * 20_000 + b"END:VCARD\n" * 20_000,
        "a card folded a million times": vcard + b"NOTE:\n" + b" x\n" * 300_000 + b"END:VCARD\n",
        "a card of groups": vcard + b"a." * 200_000 + b"TEL:1\nEND:VCARD\n",
        "parameters": vcard + b"TEL" + b";TYPE=a" * 100_000 + b":1\nEND:VCARD\n",
        "quoted-printable": vcard + b"N;ENCODING=QUOTED-PRINTABLE:" + b"=" * MB + b"\nEND:VCARD\n",
        "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        "UTF-16 of nothing": b"\xff\xfe" + b"\0" * MB,
        "UTF-7": b"+ADw-script+AD4-,x\r\n",
    }


async def test_no_file_holds_up_the_calls(bench: Bench) -> None:
    admin = await signed_in(bench, "admin", "ada@walls.test")
    files = await asyncio.to_thread(hostile_files)
    before = memory()
    for declared in UPLOADS:
        for name, data in files.items():
            lag = Lag()
            measuring = asyncio.create_task(lag.measure())
            started = time.process_time()
            kind = "text/vcard" if "text/vcard" in declared.upload else declared.upload[0]
            status, reply = await send(bench, declared, admin, data, {"Content-Type": kind})
            took = time.process_time() - started
            measuring.cancel()
            what = (declared.path, name, status, f"{took:.2f} s, deaf {lag.worst:.2f} s")
            assert status < 500, (what, reply)
            assert lag.worst < 0.5 and took < 5.0, what
    assert memory() - before < 150 * MB
