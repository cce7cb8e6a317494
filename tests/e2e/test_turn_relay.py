"""Audio through coturn alone, over UDP, TCP and TLS, with the allow-list configuration."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route

from tests.support.browsers import CHROMIUM_TONE_HZ, chromium
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

    async def prune(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        body["urls"] = [url for url in body["urls"] if wanted(url, way)]
        assert body["urls"], "the gateway offers no such TURN address"
        await route.fulfill(response=answer, body=json.dumps(body))

    async with open_softphone(browser, demo.url, **options) as phone:  # type: ignore[arg-type]
        await phone.page.route("**/api/v1/turn-credentials", prune)
        await phone.page.add_init_script(RELAY_ONLY)
        await phone.page.reload()
        await phone.sign_in(ANNA, demo.password(ANNA))
        yield phone


@pytest.fixture(scope="session")
def trusted_home(demo: DemoStack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose certificate store trusts the demo's CA; verification stays on."""
    return home_that_trusts(demo, tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("way", ["udp", "tls"])
async def test_chromium_talks_through_the_relay_only(
    demo: DemoStack,
    microphone: Path,
    trusted_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    monkeypatch.setenv("HOME", str(trusted_home))
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
