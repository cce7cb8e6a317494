"""Lines at a PBX whose name moves, whose certificate has another name, or that does not answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from connector.config import PbxLink
from connector.lines import LineConfig
from connector.sip import pbx as pbx_module
from connector.sip.pbx import PbxSide
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.registration import RegistrationClient
from protocols.aio.resolver import ResolveError, Target
from protocols.aio.tls import server_context
from protocols.aio.useragent import UserAgent
from protocols.sip.errors import LocalError
from protocols.sip.message import Request, Response
from protocols.sip.uri import SipUri
from tests.support.connector_rig import FakePbx, Recorder
from tests.support.pki import TestCa

NAME = "pbx.example"
LINES = tuple(LineConfig(f"line-{n}", n, f"secret-{n[1:]}") for n in ("6101", "6102"))


class Names:
    """A resolver whose answer changes."""

    def __init__(self, *hosts: str) -> None:
        self.hosts = hosts
        self.on_asked: Callable[[], None] = lambda: None

    async def resolve(self, uri: SipUri) -> Sequence[Target]:
        self.on_asked()
        if not self.hosts:
            raise ResolveError(f"{uri.host}: no address")
        return [Target("TCP", host, uri.port or 5060, uri.host) for host in self.hosts]


class Site:
    def __init__(self, names: Names, port: int, **link: Any) -> None:
        self.stirred = asyncio.Event()
        self.calls: list[str] = []
        names.on_asked = self.stirred.set
        config = PbxLink(host=NAME, port=port, transport="tcp", domain="pbx.test")
        self.side = PbxSide(
            config.model_copy(update=link),
            user_agent="test",
            on_call=lambda line, incoming: self._called(line.config.line_id, incoming),
            on_lines=self.stirred.set,
            dns=names,
        )

    def _called(self, line_id: str, incoming: Any) -> None:
        self.calls.append(line_id)
        incoming.reject(486)

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(8):
            while not condition():
                self.stirred.clear()
                await self.stirred.wait()

    def registered(self) -> list[bool]:
        return [line.registered for line in self.side.lines.values()]


@contextlib.asynccontextmanager
async def pbxs(*hosts: str) -> AsyncIterator[list[FakePbx]]:
    """Registrars on the same port of several addresses."""
    async with contextlib.AsyncExitStack() as stack:
        made: list[FakePbx] = []
        for host in hosts:
            pbx = FakePbx()
            stack.push_async_callback(pbx.aclose)
            port = made[0].port if made else 0
            await pbx.start(port, host=host, transport="TCP")
            made.append(pbx)
        yield made


async def test_lines_follow_the_name_of_the_pbx(tmp_path: Path) -> None:
    """RFC 3263 4: every attempt looks the name up again; who may call in moves along."""
    async with pbxs("127.0.0.1", "127.0.0.2") as (old, new):
        names = Names("127.0.0.1")
        site = Site(names, old.port)
        await site.side.start()
        await site.side.apply(LINES)
        await site.until(lambda: site.registered() == [True, True])
        assert site.side.addresses.known == {"127.0.0.1"}
        new.on_change = site.stirred.set
        names.hosts = ("127.0.0.2",)
        for flow in list(old.endpoint.manager.flows):
            flow.close("fail-over")
        await site.until(lambda: len(new.registrar.aors()) == 2)
        await site.until(lambda: site.side.addresses.known == {"127.0.0.2"})
        caller = Recorder()
        new.ua.invite(
            target=new.contact("6101"),
            from_="sip:710@pbx.test",
            sdp=None,
            flow=new.endpoint.manager.flows[0],  # by a new connection it would come from .1
            listener=caller,
        )
        await caller.wait("failure 486")
        assert site.calls == ["line-6101"]
        stranger = Recorder()
        old.call("6101", stranger)
        await stranger.wait("failure 403")
        await site.side.aclose()


async def test_who_lost_the_registrations_may_not_call_in_any_more() -> None:
    async with pbxs("127.0.0.2") as (pbx,):
        names = Names("127.0.0.2")
        site = Site(names, pbx.port)
        await site.side.start()
        await site.side.apply(LINES[:1])
        await site.until(lambda: site.registered() == [True])
        names.hosts = ("127.0.0.3",)  # nobody is there
        site.side.lines["line-6101"].registration.refresh()
        await site.until(lambda: site.side.addresses.known == {"127.0.0.3"})
        assert site.registered() == [False]
        former = Recorder()
        pbx.ua.invite(
            target=pbx.contact("6101"),
            from_="sip:710@pbx.test",
            sdp=None,
            flow=pbx.endpoint.manager.flows[0],
            listener=former,
        )
        await former.wait("failure 403")
        await site.side.aclose()


async def test_a_line_that_cannot_sign_off_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    request = RegistrationClient._request

    def broken(self: RegistrationClient, expires: int) -> Request:
        if expires == 0:
            raise LocalError("it cannot be written")
        return request(self, expires)

    monkeypatch.setattr(RegistrationClient, "_request", broken)
    async with pbxs("127.0.0.1") as (pbx,):
        site = Site(Names("127.0.0.1"), pbx.port)
        await site.side.start()
        await site.side.apply(LINES[:1])
        await site.until(lambda: site.registered() == [True])
        changed = LineConfig("line-6101", "6101", "another secret")
        await site.side.apply((changed, LINES[1]))
        assert [line.config for line in site.side.lines.values()] == [LINES[1], changed]
        assert "the deregistration broke" in caplog.text
        await site.side.aclose()


async def test_a_failed_attempt_looks_the_name_up_again() -> None:
    """Nobody is where the name leads first; a look-up that fails changes nothing."""
    async with pbxs("127.0.0.1") as (pbx,):
        names = Names("127.0.0.3")
        site = Site(names, pbx.port)
        await site.side.start()
        await site.side.apply(LINES[:1])
        (line,) = site.side.lines.values()
        await site.until(lambda: line.registration.state.phase == "failed")
        names.hosts = ()
        line.registration.refresh()
        await site.until(lambda: line.registration.state.phase != "failed")
        names.hosts = ("127.0.0.1",)
        line.registration.refresh()
        await site.until(lambda: site.registered() == [True])
        await site.side.aclose()


async def test_the_certificate_may_have_another_name_than_the_address(tmp_path: Path) -> None:
    """RFC 5922: the PBX proves `server_name`, wherever it is reached."""
    ca = TestCa(tmp_path)
    pbx = FakePbx()
    context = server_context(*ca.issue("pbx", dns=["voice.example"]))
    listener = await pbx.endpoint.listen("TLS", "127.0.0.1", 0, context)
    link = PbxLink(
        host="127.0.0.1",
        port=listener.port,
        transport="tls",
        domain="pbx.test",
        ca_file=ca.ca_file,
        server_name="voice.example",
    )
    side = PbxSide(link, user_agent="test", on_call=lambda *_: None, on_lines=lambda: None)
    await side.start()
    await side.apply(LINES)
    async with asyncio.timeout(8):
        await side.all_tried.wait()
    assert all(line.registered for line in side.lines.values())
    await side.aclose()
    await pbx.aclose()


async def test_signing_off_is_not_one_line_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A PBX that fell silent holds nobody up: some at a time, and an end for all of them."""
    monkeypatch.setattr(pbx_module, "SIGN_OFF_AT_ONCE", 4)
    monkeypatch.setattr(pbx_module, "SIGN_OFF_WITHIN", 0.3)
    signing_off = 0
    lines = tuple(LineConfig(f"line-{n}", str(n), "secret") for n in range(6201, 6221))
    endpoint = SipEndpoint()
    ua = UserAgent(endpoint)
    ua.handle("REGISTER", lambda ctx: serve(ctx))
    listener = await endpoint.listen("TCP", "127.0.0.1", 0)
    site = Site(Names("127.0.0.1"), listener.port)

    def serve(ctx: Any) -> None:
        nonlocal signing_off
        if ctx.request.expires == 0:
            signing_off += 1  # and no answer
        else:
            ctx.send(Response.for_request(ctx.request, 200))

    await site.side.start()
    await site.side.apply(lines)
    await site.until(lambda: all(site.registered()))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await site.side.apply(())
    assert loop.time() - began < 1.5
    assert signing_off == 4, "no more than these at a time, and the time was over then"
    assert not site.side.lines
    await site.side.aclose()
    await ua.aclose()
    await endpoint.aclose()
