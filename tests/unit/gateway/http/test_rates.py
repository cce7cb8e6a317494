"""Requests are counted for each asker and for the company; the answer says what is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import socketio.exceptions

from gateway.http.rates import Buckets
from tests.support.gateway_platform import Bench, Phone, open_bench


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    few = {"quotas": {"requests_per_minute_each": 3, "requests_per_minute": 5, "sockets": 2}}
    async with open_bench(tmp_path, monkeypatch, few) as opened:
        yield opened


async def test_each_asker_has_a_share_of_the_companys(bench: Bench) -> None:
    anna = (await bench.login("anna@example.test"))["access_token"]
    berta = (await bench.login("berta@example.test"))["access_token"]
    mallory = (await bench.login("mallory@other.test"))["access_token"]
    status, _, headers = await bench.call("GET", "/me", anna)
    assert status == 200
    assert headers["RateLimit-Policy"] == '"each";q=3;w=60, "tenant";q=5;w=60'
    assert headers["RateLimit"] == '"each";r=2;t=20, "tenant";r=4;t=12'
    for _ in range(2):
        assert (await bench.call("GET", "/me", anna))[0] == 200
    status, refused, headers = await bench.call("GET", "/me", anna)
    assert (status, refused["code"]) == (429, "rate_limited")
    assert 1 <= int(headers["Retry-After"]) <= 20
    assert headers["RateLimit"].startswith('"each";r=0;t=')
    # What was refused was not taken from the others.
    assert [(await bench.call("GET", "/me", berta))[0] for _ in range(3)] == [200, 200, 429]
    assert (await bench.call("GET", "/me", mallory))[0] == 200


async def test_who_is_not_known_is_not_counted_and_learns_no_quota(bench: Bench) -> None:
    for _ in range(10):
        status, _, headers = await bench.call("GET", "/me", "x")
        assert status == 401 and "RateLimit" not in headers


async def test_a_company_has_so_many_sockets(bench: Bench) -> None:
    anna = (await bench.login("anna@example.test"))["access_token"]
    berta = (await bench.login("berta@example.test"))["access_token"]
    mallory = (await bench.login("mallory@other.test"))["access_token"]
    phones = [await bench.socket(anna), await bench.socket(berta)]
    for phone in phones:
        await phone.next("snapshot")
    refusals: list[object] = []
    extra = Phone()
    extra.client.on("connect_error", refusals.append, namespace="/phone")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await extra.client.connect(
            bench.base,
            namespaces=["/phone"],
            transports=["websocket"],
            auth={"token": anna, "device": {"kind": "web"}},
        )
    assert "too_many_sockets" in str(refusals)
    await (await bench.socket(mallory)).next("snapshot")
    sockets = bench.gateway.phone.sockets
    for socket in list(sockets):
        sockets.remove(socket.sid)
    assert not sockets.by_tenant  # what is counted is forgotten with the last of them


def test_buckets_fill_again_and_the_oldest_are_forgotten() -> None:
    buckets = Buckets(max_keys=2)
    assert buckets.take(("a",), 60, now=0.0) == 59.0
    assert buckets.level(("a",), 60, now=0.5) == 59.5
    assert buckets.level(("a",), 60, now=100.0) == 60.0
    assert buckets.level(("a",), 10, now=0.0) == 10.0  # a quota that was made smaller holds at once
    buckets.take(("b",), 60, now=1.0)
    buckets.take(("c",), 60, now=1.0)
    assert buckets.level(("a",), 60, now=1.0) == 60.0
