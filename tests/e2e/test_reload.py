"""A reload is no hang-up: the far end keeps its call and hears one stream go on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.browsers import CHROMIUM_TONE_HZ, FIREFOX_TONE_HZ, chromium, firefox
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.far_end import (
    SLACK_S,
    Listening,
    pause_s,
    streams_to_the_pbx,
    usually_without_s,
)
from tests.support.softphone import Softphone, open_softphone

LIMIT_S = 0.6
WATCHED_S = 4.0
ANNA = "anna@example.test"


@asynccontextmanager
async def opened(name: str, demo: DemoStack, microphone: Path) -> AsyncIterator[Softphone]:
    if name == "chromium":
        async with chromium(microphone) as browser, open_softphone(browser, demo.url) as phone:
            yield phone
    else:
        # Firefox over BiDi takes no permission grants; its preferences allow the microphone.
        async with firefox() as browser, open_softphone(browser, demo.url, permissions=()) as phone:
            yield phone


async def reload_in_a_call(demo: DemoStack, microphone: Path, name: str, hertz: float) -> float:
    """Seconds that the reload cost the far end. The call must go on as the same one."""
    async with opened(name, demo, microphone) as phone, Console(demo.console) as console:
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        if name == "firefox":
            await phone.allow_microphone()
        await phone.expect_in_call()
        await console.expect_heard("715", hertz)
        before = (await phone.state())["calls"][0]["id"]
        with streams_to_the_pbx() as streams:
            usual = await usually_without_s(console, "715", hertz, WATCHED_S)
            listening = await Listening.begin(console, "715", hertz)
            await phone.page.reload()
            await phone.expect_in_call()
            gap = await listening.without_tone_s(watched_s=WATCHED_S, within_s=15) - usual
        assert (await phone.state())["calls"][0]["id"] == before
        await phone.expect_energy(0.02)
        await console.expect_heard("715", hertz, within_s=1)
        # There and back, and through the PBX's own relay: nobody gets a second SSRC.
        assert [len(ssrcs) for ssrcs in streams.ssrcs.values()] == [1, 1, 1, 1]
        await phone.hang_up()
        await phone.expect_idle(1000)
        await console.expect_state("715", "idle", within_s=1.0)
        return gap


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("name", "hertz"), [("chromium", CHROMIUM_TONE_HZ), ("firefox", FIREFOX_TONE_HZ)]
)
async def test_a_reload_keeps_the_call(
    demo: DemoStack, microphone: Path, name: str, hertz: float
) -> None:
    gap = await pause_s(
        lambda: reload_in_a_call(demo, microphone, name, hertz), LIMIT_S, f"{name}, reload"
    )
    assert gap <= LIMIT_S + SLACK_S
