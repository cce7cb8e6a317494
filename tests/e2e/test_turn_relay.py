"""Audio through coturn alone, over UDP, TCP and TLS, with the allow-list configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route

from tests.support.browsers import CHROMIUM_TONE_HZ, FIREFOX_TONE_HZ, chromium, firefox
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import Softphone, open_softphone
from tests.support.trust import home_that_trusts

ANNA = "anna@example.test"

#: Only relay candidates: the direct path is closed to the page.
RELAY_ONLY = """
    const Direct = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Direct {
      constructor(config) { super({ ...config, iceTransportPolicy: "relay" }); }
    };
"""


def wanted(url: str, way: str) -> bool:
    scheme, _, rest = url.partition(":")
    if way == "tls":
        return scheme == "turns"
    return scheme == "turn" and rest.endswith(f"transport={way}")


@asynccontextmanager
async def relayed(
    browser: Browser, demo: DemoStack, way: str, **options: object
) -> AsyncIterator[Softphone]:
    """A signed-in page that is told one TURN address and may use nothing else."""

    told = asyncio.Event()

    async def prune(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        body["urls"] = [url for url in body["urls"] if wanted(url, way)]
        assert body["urls"], "the gateway offers no such TURN address"
        await route.fulfill(response=answer, body=json.dumps(body))
        told.set()

    async with open_softphone(browser, demo.url, **options) as phone:  # type: ignore[arg-type]
        await phone.page.route("**/api/v1/turn-credentials", prune)
        await phone.page.add_init_script(RELAY_ONLY)
        await phone.page.reload()
        await phone.sign_in(ANNA, demo.password(ANNA))
        async with asyncio.timeout(10):
            await told.wait()
        yield phone


@pytest.fixture
def ca(demo: DemoStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's CA. Both browsers trust it for a relay over TLS; verification stays on."""
    ca = Path(demo.facts["ca"])
    monkeypatch.setenv("HOME", str(home_that_trusts(ca, tmp_path / "home")))
    return ca


@pytest.mark.parametrize("way", ["udp", "tls"])
async def test_chromium_talks_through_the_relay_only(
    demo: DemoStack, microphone: Path, ca: Path, way: str
) -> None:
    async with (
        chromium(microphone) as browser,
        relayed(browser, demo, way) as phone,
        Console(demo.console) as console,
    ):
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.expect_tone(440)
        await console.expect_heard("715", CHROMIUM_TONE_HZ)
        assert await phone.chosen_candidate_types() == {"relay"}
        await phone.hang_up()
        await phone.expect_idle(1000)


async def test_firefox_talks_through_the_relay_over_tls(demo: DemoStack, ca: Path) -> None:
    async with (
        firefox(ca=ca) as browser,
        relayed(browser, demo, "tls", permissions=()) as phone,
        Console(demo.console) as console,
    ):
        await phone.dial("715")
        await phone.allow_microphone()
        await phone.expect_in_call()
        await phone.expect_energy(0.02)
        await console.expect_heard("715", FIREFOX_TONE_HZ)
        assert await phone.chosen_candidate_types() == {"relay"}
        await phone.hang_up()
        await phone.expect_idle(1000)
