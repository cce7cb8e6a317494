"""Real SIP phones as desk phones on the PBX: baresip (TLS, SDES) and linphone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.demo_stack import DemoStack
from tests.support.phones.baresip import Baresip
from tests.support.phones.linphone import Linphone
from tests.support.softphone import Softphone, open_softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "anna@example.test"
BERTAS_DESK = "5102"
PHONE_TONE = 600.0


def account(demo: DemoStack, *, tls: bool) -> dict[str, Any]:
    pbx = demo.facts["pbx"]
    port = pbx["tls_port"] if tls else pbx["port"]
    return {
        "user": BERTAS_DESK,
        "password": pbx["password"],
        "server": f"127.0.0.1:{port}",
        "says": PHONE_TONE,
    }


@asynccontextmanager
async def anna(demo: DemoStack, browser: Browser) -> AsyncIterator[Softphone]:
    async with open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        yield phone


async def test_baresip_over_tls_and_srtp_calls_and_is_called(
    demo: DemoStack, browser: Browser, tmp_path: Path
) -> None:
    tls = {
        "transport": "tls",
        "media_encryption": "srtp-mand",
        "ca_file": Path(demo.facts["ca"]),
    }
    async with (
        Baresip(tmp_path, **account(demo, tls=True), **tls) as desk,
        anna(demo, browser) as phone,
    ):
        await desk.registered()
        await desk.dial("101")
        await phone.answer()
        await phone.expect_tone(PHONE_TONE)
        await desk.hears(CHROMIUM_TONE_HZ)
        await desk.hang_up()
        await phone.expect_idle(1000)

        await phone.dial("102")
        await desk.event("CALL_INCOMING")
        await desk.accept()
        await phone.expect_in_call()
        await phone.expect_tone(PHONE_TONE)
        await desk.hears(CHROMIUM_TONE_HZ)
        await phone.hang_up()
        await desk.event("CALL_CLOSED", count=2, within=1.0)
        await phone.expect_idle(1000)


async def test_linphone_calls_and_is_called(
    demo: DemoStack, browser: Browser, tmp_path: Path
) -> None:
    async with (
        Linphone(tmp_path, **account(demo, tls=False)) as desk,
        anna(demo, browser) as phone,
    ):
        await desk.registered()
        await desk.dial("101")
        await phone.answer()
        await phone.expect_tone(PHONE_TONE)
        await desk.hears(CHROMIUM_TONE_HZ)
        await phone.hang_up()
        await desk.ended(within=1.0)
        await phone.expect_idle(1000)

        await phone.dial("102")
        await desk.incoming()
        await desk.accept()
        await phone.expect_in_call()
        await phone.expect_tone(PHONE_TONE)
        await desk.hears(CHROMIUM_TONE_HZ)
        await desk.hang_up()
        await phone.expect_idle(1000)
