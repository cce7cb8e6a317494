"""Two hosts: the browser's address changes in mid-call, or only the relay can be reached."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Route

from tests.support.browsers import CHROMIUM_TONE_HZ, FIREFOX_TONE_HZ, chromium, firefox
from tests.support.demo_stack import DemoStack, demo_stack
from tests.support.desk_phones import Console
from tests.support.far_end import SLACK_S, Listening, pause_s, usually_without_s
from tests.support.netns import Topology, inside, run
from tests.support.rest_client import RestClient
from tests.support.softphone import Softphone, open_softphone
from tests.support.trust import home_that_trusts

ANNA = "anna@example.test"
SERVER, CLIENT, LATER = "10.78.1.1", "10.78.1.2", "10.78.1.3"


@dataclass
class Hosts:
    """``client`` is where the browser lives, ``server`` where the demo runs."""

    topology: Topology
    client: str
    server: str
    interface: str
    demo: DemoStack
    home: Path

    def move(self, old: str, new: str) -> None:
        """The browser's host gets another address, as a laptop between networks does."""
        base = ("ip", "-n", self.client, "addr")
        run(*base, "del", f"{old}/24", "dev", self.interface)
        run(*base, "add", f"{new}/24", "dev", self.interface)
        run("ip", "-n", self.client, "route", "add", "default", "via", SERVER)


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    topology = Topology()
    try:
        client, server = topology.host("cli"), topology.host("srv")
        interface, _ = topology.link(client, f"{CLIENT}/24", server, f"{SERVER}/24")
        topology.route(client, SERVER)
        topology.route(server, CLIENT)
        launcher = ("ip", "netns", "exec", server)
        state = tmp_path_factory.mktemp("far-demo")
        with demo_stack(state, advertise=SERVER, launcher=launcher) as demo:
            home = home_that_trusts(Path(demo.facts["ca"]), tmp_path_factory.mktemp("home"))
            yield Hosts(topology, client, server, interface, demo, home)
    finally:
        topology.remove()


@dataclass
class Caller:
    phone: Softphone
    console: Console
    tone_hz: float


@asynccontextmanager
async def caller(hosts: Hosts, name: str, tone: Path) -> AsyncIterator[Caller]:
    """A browser on the client host, signed in; afterwards no call is left."""
    demo = hosts.demo
    async with AsyncExitStack() as stack:
        console = Console(demo.console, namespace=hosts.server)
        await stack.enter_async_context(console)
        with inside(hosts.client):
            browser: Browser = await stack.enter_async_context(
                chromium(tone) if name == "chromium" else firefox(ca=Path(demo.facts["ca"]))
            )
        options: dict[str, Any] = {"permissions": ()} if name == "firefox" else {}
        # Firefox counts a socket that found no network as an error of the page.
        options["expected_error"] = "Firefox can’t establish a connection to the server at wss:"
        url = str(demo.facts["secure_web"])
        phone = await stack.enter_async_context(open_softphone(browser, url, **options))
        hertz = CHROMIUM_TONE_HZ if name == "chromium" else FIREFOX_TONE_HZ
        try:
            yield Caller(phone, console, hertz)
        finally:
            api = RestClient(demo.url, ANNA, demo.password(ANNA), namespace=hosts.server)
            async with api:
                for call in (await api.get("/calls"))["items"]:
                    await api.post(f"/calls/{call['id']}/hang_up")


async def dial(person: Caller, *, asks: bool) -> None:
    await person.phone.dial("715")
    if asks:
        await person.phone.allow_microphone()
    await person.phone.expect_in_call()
    await person.phone.expect_energy(0.02)
    await person.console.expect_heard("715", person.tone_hz)


async def sending_ssrc(phone: Softphone) -> set[int]:
    """A new peer connection, hence a new DTLS association, would send with another SSRC."""
    rows = await phone.page.evaluate("() => window.__offhook.stats()")
    return {row["ssrc"] for row in rows if row["type"] == "outbound-rtp"}


#: How much of the recording after the change is looked at: longer than any repair takes.
WATCHED_S = 8.0


async def move_in_a_call(hosts: Hosts, microphone: Path, name: str) -> float:
    """Seconds without audio. Afterwards both hear each other over the same peer connection."""
    async with caller(hosts, name, microphone) as person:
        await person.phone.sign_in(ANNA, hosts.demo.password(ANNA))
        await dial(person, asks=name == "firefox")
        before = await sending_ssrc(person.phone)
        heard = (person.console, "715", person.tone_hz)
        usual = await usually_without_s(*heard, WATCHED_S)
        listening = await Listening.begin(*heard)
        hosts.move(CLIENT, LATER)
        try:
            gap = await listening.without_tone_s(watched_s=WATCHED_S, within_s=30) - usual
            await person.console.expect_heard("715", person.tone_hz, within_s=1)
            await person.phone.expect_more_energy(0.02)
            if name == "chromium":
                await person.phone.expect_tone(440)
            assert await sending_ssrc(person.phone) == before, "another peer connection"
            await person.phone.hang_up()
            await person.phone.expect_idle()  # the socket may still be on its way back
        finally:
            hosts.move(LATER, CLIENT)
        return gap


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("name", "limit_s"), [("chromium", 2.5), ("firefox", 0.5)])
async def test_a_new_address_keeps_the_call(
    hosts: Hosts, microphone: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit_s: float
) -> None:
    monkeypatch.setenv("HOME", str(hosts.home))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(hosts.demo.facts["ca"]))
    gap = await pause_s(
        lambda: move_in_a_call(hosts, microphone, name), limit_s, f"{name}, another address"
    )
    assert gap <= limit_s + SLACK_S


#: Only relay candidates: the direct path is closed to the page.
RELAY_ONLY = """
    const Direct = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Direct {
      constructor(config) { super({ ...config, iceTransportPolicy: "relay" }); }
    };
"""


@pytest.mark.parametrize(
    ("name", "way"),
    [("chromium", "udp"), ("chromium", "tcp"), ("firefox", "udp"), ("firefox", "tcp")],
)
async def test_audio_through_the_relay_alone(
    hosts: Hosts, microphone: Path, monkeypatch: pytest.MonkeyPatch, name: str, way: str
) -> None:
    monkeypatch.setenv("HOME", str(hosts.home))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(hosts.demo.facts["ca"]))

    told = asyncio.Event()

    async def prune(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        body["urls"] = [u for u in body["urls"] if re.fullmatch(rf"turn:.*transport={way}", u)]
        await route.fulfill(response=answer, body=json.dumps(body))
        told.set()

    async with caller(hosts, name, microphone) as person:
        await person.phone.page.route("**/api/v1/turn-credentials", prune)
        await person.phone.page.add_init_script(RELAY_ONLY)
        await person.phone.page.reload()
        await person.phone.sign_in(ANNA, hosts.demo.password(ANNA))
        async with asyncio.timeout(10):
            await told.wait()
        await dial(person, asks=name == "firefox")
        assert await person.phone.chosen_candidate_types() == {"relay"}
        await person.phone.hang_up()
        await person.phone.expect_idle(3000)
