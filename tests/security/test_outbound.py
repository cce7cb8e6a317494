"""Server-side request forgery: a tenant names a host, and tries to reach what is behind the wall.

127.0.0.2 plays the public Internet (the operator allows it here), 127.0.0.1 and ::1 the inside: a
canary listens there, at the same port, and must never hear anything.
"""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web

from gateway import outbound as module
from gateway.addresses import AddressPolicy, is_public
from gateway.config import OutboundConfig
from gateway.outbound import MAX_BYTES, Outbound, OutboundError
from tests.support.callers import signed_in
from tests.support.dns_stub import dns_stub
from tests.support.gateway_platform import open_bench
from tests.support.pki import TestCa

OUTSIDE = "127.0.0.2"
NAME = "login.example.test"


class World:
    """The outside with its web server, the inside with its canary."""

    def __init__(self, folder: Path) -> None:
        self.ca = TestCa(folder)
        self.hits = 0
        self.seen: list[tuple[str, str]] = []
        self.slow = asyncio.Event()
        self.port = 0

    async def open(self, stack: AsyncExitStack) -> None:
        app = web.Application()
        app.router.add_route("*", "/{what}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        stack.callback(self.slow.set)
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*self.ca.issue("outside", dns=[NAME], addresses=[OUTSIDE]))
        self.port = _free_port()
        await web.TCPSite(runner, OUTSIDE, self.port, ssl_context=tls).start()
        inside = ["127.0.0.1", *(["::1"] if socket.has_ipv6 and _has_v6() else [])]
        for address in inside:
            canary = await asyncio.start_server(self._hit, address, self.port)
            stack.push_async_callback(canary.wait_closed)
            stack.callback(canary.close)

    def _hit(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        writer.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        what = request.match_info["what"]
        self.seen.append((request.host, what))
        if what == "redirect":
            raise web.HTTPFound(f"http://127.0.0.1:{self.port}/")
        if what == "long":
            return web.Response(body=b"x" * (MAX_BYTES + 1))
        if what == "bomb":
            body = gzip.compress(b"0" * (64 * MAX_BYTES))
            return web.Response(body=body, headers={"Content-Encoding": "gzip"})
        if what == "never":
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"{")
            await self.slow.wait()
            return response
        if what == "text":
            return web.Response(text="[" * 100_000)
        return web.json_response({"what": what})

    def client(self, lookup: object = None) -> Outbound:
        config = OutboundConfig(allowed_private=(OUTSIDE,), ca_file=self.ca.ca_file)
        return Outbound(config, lookup)  # type: ignore[arg-type]

    def url(self, path: str = "hello", host: str = NAME) -> str:
        return f"https://{host}:{self.port}/{path}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((OUTSIDE, 0))
        return int(probe.getsockname()[1])


def _has_v6() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
        return True


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        made = World(tmp_path)
        await made.open(stack)
        yield made


async def _refusal(client: Outbound, url: str) -> str:
    with pytest.raises(OutboundError) as refused:
        await client.get(url)
    return refused.value.code


async def test_a_name_that_changes_its_mind_reaches_nothing_inside(world: World) -> None:
    """Every second answer leads inside: whoever looks up twice, to check and to connect, is hit."""
    async with dns_stub({NAME: [[OUTSIDE], ["127.0.0.1"]]}) as stub:
        assert [await stub.lookup(NAME) for _ in range(2)] == [[OUTSIDE], ["127.0.0.1"]]
        async with world.client(stub.lookup) as client:
            outcomes = []
            for _ in range(20):
                try:
                    outcomes.append(str((await client.get(world.url())).status))
                except OutboundError as refused:
                    outcomes.append(refused.code)
    assert outcomes == ["200", "address_refused"] * 10
    assert len(stub.asked) == 22, "one look-up for each request"
    assert world.hits == 0


async def test_the_canary_would_sing(world: World) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    assert await reader.read() == b"", "closed by the canary"
    writer.close()
    assert world.hits == 1


@pytest.mark.parametrize(
    "answers",
    [
        [OUTSIDE, "127.0.0.1"],
        ["93.184.215.14", "10.0.0.5"],
        [OUTSIDE, "::ffff:127.0.0.1"],
        [OUTSIDE, "64:ff9b::7f00:1"],
        [OUTSIDE, "2002:7f00:1::"],
        [OUTSIDE, "fd00::1"],
    ],
)
async def test_one_bad_address_among_good_ones_refuses_all(
    world: World, answers: Sequence[str]
) -> None:
    async with (
        dns_stub({NAME: [answers]}) as stub,
        world.client(stub.lookup) as client,
    ):
        assert await _refusal(client, world.url()) == "address_refused"
    assert (world.hits, world.seen) == (0, [])


INSIDE_HOSTS = (
    "127.0.0.1",
    "localhost",
    "LOCALHOST",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "①②⑦.0.0.1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "[::1%25lo]",
    "169.254.169.254",
    "10.0.0.1",
    "user@127.0.0.1",
    f"{NAME}:443@127.0.0.1",
    f"127.0.0.1\\@{NAME}",
    "",
)


async def test_no_way_of_writing_an_inside_address_gets_there(world: World) -> None:
    """With the machine's own resolver, which understands all the odd ones."""
    async with world.client() as client:
        outcomes = {host: await _refusal(client, world.url(host=host)) for host in INSIDE_HOSTS}
    refused = ("address_refused", "url_refused")
    assert {host: code for host, code in outcomes.items() if code not in refused} == {}
    assert world.hits == 0


NO_HTTPS_URLS = (
    f"http://{NAME}/",
    "ftp://files.example.test/",
    "file:///etc/passwd",
    "gopher://example.test/",
    "//example.test/",
    "https:///path",
    "https://exa mple.test/",
    "https://example.test/\r\nHost: inside",
    "https://example.test:99999/",
    "https://" + "a" * 3000,
    "javascript:alert(1)",
    "",
)


async def test_what_is_no_https_url_is_not_even_looked_up(world: World) -> None:
    async with dns_stub({NAME: [[OUTSIDE]]}) as stub, world.client(stub.lookup) as client:
        outcomes = {url: await _refusal(client, url) for url in NO_HTTPS_URLS}
    assert set(outcomes.values()) == {"url_refused"}, outcomes
    assert stub.asked == []


async def test_a_redirect_is_not_followed(world: World) -> None:
    async with dns_stub({NAME: [[OUTSIDE]]}) as stub, world.client(stub.lookup) as client:
        assert await _refusal(client, world.url("redirect")) == "redirected"
    assert world.hits == 0


async def test_the_certificate_must_be_that_of_the_name(world: World) -> None:
    other = "other.example.test"
    async with dns_stub({other: [[OUTSIDE]]}) as stub, world.client(stub.lookup) as client:
        assert await _refusal(client, world.url(host=other)) == "tls_failed"
        assert (await client.get(world.url(host=OUTSIDE))).status == 200
    async with (
        dns_stub({NAME: [[OUTSIDE]]}) as stub,
        Outbound(OutboundConfig(allowed_private=(OUTSIDE,)), stub.lookup) as stranger,
    ):
        assert await _refusal(stranger, world.url()) == "tls_failed"
    assert world.seen == [(f"{OUTSIDE}:{world.port}", "hello")]


async def test_size_and_time_are_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with dns_stub({NAME: [[OUTSIDE]]}) as stub, world.client(stub.lookup) as client:
        assert await _refusal(client, world.url("long")) == "too_large"
        assert len((await client.get(world.url("bomb"))).body) < MAX_BYTES, "left as it came"
        with pytest.raises(OutboundError, match="not JSON"):
            await client.get_json(world.url("text"))
        monkeypatch.setattr(module, "TIMEOUT", 0.3)
        assert await _refusal(client, world.url("never")) == "timed_out"


async def test_proxies_of_the_environment_are_not_used(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{world.port}")
    async with dns_stub({NAME: [[OUTSIDE]]}) as stub, world.client(stub.lookup) as client:
        assert (await client.get_json(world.url())) == {"what": "hello"}
    assert world.hits == 0


async def test_plain_http_only_to_what_the_operator_names() -> None:
    config = OutboundConfig(allowed_private=("directory.corp.example", "10.1.0.0/16"))
    async with Outbound(config) as client:
        assert client.check_url("http://directory.corp.example/x").scheme == "http"
        assert client.check_url("http://10.1.2.3/").host == "10.1.2.3"
        for url in ("http://10.2.0.1/", "http://corp.example/", "http://8.8.8.8/"):
            with pytest.raises(OutboundError):
                client.check_url(url)


async def test_a_named_host_may_be_private_and_no_other_is() -> None:
    async def lookup(_host: str) -> Sequence[str]:
        return ["10.9.0.1"]

    policy = AddressPolicy(["directory.corp.example"], lookup)
    assert await policy.resolve("Directory.corp.example.") == ["10.9.0.1"]
    with pytest.raises(Exception, match="not a host of the public"):
        await policy.resolve("evil.corp.example")


def test_the_ranges() -> None:
    public = ("93.184.215.14", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00::1")
    inside = (
        *("0.1.2.3", "10.255.0.1", "100.64.0.1", "100.127.255.255", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.2.1"),
        *("192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
        *("::", "::1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1"),
        *("100::1", "2001::1", "2001:db8::1", "2002:808:808::1", "fc00::1", "fd12::1"),
        *("fe80::1", "fec0::1", "ff02::1", "3fff::1", "5f00::1"),
    )
    assert [text for text in public if not is_public(ipaddress.ip_address(text))] == []
    assert [text for text in inside if is_public(ipaddress.ip_address(text))] == []


async def test_a_webhook_whose_name_turns_inside_or_sends_elsewhere_reaches_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every second look-up leads inside, be it at set-up or at a delivery."""
    config = {"outbound": {"allowed_private": [OUTSIDE], "ca_file": world.ca.ca_file}}
    async with (
        dns_stub({NAME: [[OUTSIDE], ["127.0.0.1"]]}) as stub,
        open_bench(tmp_path / "gateway", monkeypatch, config) as bench,
    ):
        monkeypatch.setattr(bench.gateway.features.webhooks.outbound.policy, "_lookup", stub.lookup)
        boss = await signed_in(bench, "admin", "adele@example.test")
        wanted = {"url": world.url(), "events": ["key.created"]}
        status, made, _ = await bench.call("POST", "/admin/webhooks", boss, json=wanted)
        assert status == 201
        path = f"/admin/webhooks/{made['webhook']['id']}"

        async def outcome() -> str:
            await bench.call("POST", f"{path}/test", boss)
            async with asyncio.timeout(10):
                while True:
                    _, page, _ = await bench.call("GET", f"{path}/deliveries", boss)
                    if page["items"][0]["state"] != "waiting":
                        return str(page["items"][0]["error"])
                    await asyncio.sleep(0.01)

        assert await outcome() == f"{NAME} is not a host of the public Internet"
        assert await outcome() == ""
        changed = wanted | {"url": world.url("redirect"), "paused": False}
        answers = [
            (await bench.call("PUT", path, boss, json=changed, headers={"If-Match": '"1"'}))[0]
            for _ in range(2)
        ]
        assert answers == [422, 200]
        assert await outcome() == f"{NAME} is not a host of the public Internet"
        assert await outcome() == f"{NAME} sends us elsewhere"
    assert world.seen == [(f"{NAME}:{world.port}", what) for what in ("hello", "redirect")]
    assert world.hits == 0
