"""Real SIP phones as desk phones on the PBX: baresip (TLS, SDES) and linphone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.support.browsers import CHROMIUM_TONE_HZ, chromium
from tests.support.demo_stack import DemoStack
from tests.support.phones.baresip import Baresip
from tests.support.phones.linphone import Linphone
from tests.support.softphone import Softphone, open_softphone

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
async def anna(demo: DemoStack, microphone: Path) -> AsyncIterator[Softphone]:
    async with chromium(microphone) as browser, open_softphone(browser, demo.url) as phone:
        await phone.sign_in(ANNA, demo.password(ANNA))
        yield phone


async def answer(phone: Softphone) -> None:
    await expect(phone.incoming).to_be_visible(timeout=10_000)
    await phone.settle_slot()
    await phone.incoming.get_by_role("button", name="Answer").click()
    await phone.expect_in_call()


async def test_baresip_over_tls_and_srtp_calls_and_is_called(
    demo: DemoStack, microphone: Path, tmp_path: Path
) -> None:
    tls = {
        "transport": "tls",
        "media_encryption": "srtp-mand",
        "ca_file": Path(demo.facts["ca"]),
    }
    async with (
        Baresip(tmp_path, **account(demo, tls=True), **tls) as desk,
        anna(demo, microphone) as phone,
    ):
        await desk.registered()
        await desk.dial("101")
        await answer(phone)
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
    demo: DemoStack, microphone: Path, tmp_path: Path
) -> None:
    async with (
        Linphone(tmp_path, **account(demo, tls=False)) as desk,
        anna(demo, microphone) as phone,
    ):
        await desk.registered()
        await desk.dial("101")
        await answer(phone)
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
