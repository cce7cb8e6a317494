"""A connector that reaches the gateway only through a TURN server (coturn, relay forced)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.engine import LegEvent, LegKind, LegProfile, LegState, MediaError, MediaEvent, Side
from media.worker import EmbeddedConfig, EmbeddedEngine, TurnServer
from tests.support.coturn import turnserver
from tests.support.media_peers import allow_loopback, browser, rtp_phone
from tests.support.ports import free_port

LITE = LegProfile(LegKind.WEBRTC_LITE)
FULL = LegProfile(LegKind.WEBRTC_FULL)
RTP = LegProfile(LegKind.RTP)


@pytest.fixture
async def coturn(tmp_path: Path) -> AsyncIterator[int]:
    port = free_port()
    arguments = (
        f"--listening-port={port}",
        "--listening-ip=127.0.0.1",
        "--relay-ip=127.0.0.1",
        "--allow-loopback-peers",
        "--no-tls",
        "--no-dtls",
        "--no-cli",
        "--lt-cred-mech",
        "--user=site:secret",
        "--realm=offhook.test",
        f"--userdb={tmp_path / 'turndb'}",
        f"--pidfile={tmp_path / 'pid'}",
        f"--log-file={tmp_path / 'log'}",
    )
    async with turnserver(port, "-n", *arguments):
        yield port


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_tone_both_ways_through_a_forced_relay(coturn: int, transport: str) -> None:
    allow_loopback()
    gateway = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
    connector = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
    await gateway.start()
    await connector.start()
    server = TurnServer("127.0.0.1", coturn, "site", "secret", transport=transport, relay_only=True)
    await connector.use_turn(server)
    assert "secret" not in repr(server)
    events: list[MediaEvent] = []
    up = await gateway.open("g", user="anna", listener=events.append)
    down = await connector.open("c", user="anna", listener=events.append)
    async with browser(1000) as page, rtp_phone(440) as phone:
        phone.talk(await down.offer(Side.LINE, RTP))
        await down.accept(Side.LINE, phone.sdp())
        offer = await up.offer(Side.LINE, LITE)
        answer = await down.accept(Side.DEVICE, offer, FULL, leg="gateway")
        assert answer is not None
        assert "typ relay" in answer and "typ host" not in answer
        await down.attach("gateway")
        await up.accept(Side.LINE, answer)
        page_answer = await up.accept(Side.DEVICE, await page.offer(), LITE, leg="page")
        assert page_answer is not None
        await page.answer(page_answer)
        await up.attach("page")
        assert await phone.hears(1000) > 0.8
        assert await page.hears(440) > 0.8
    assert any(
        isinstance(e, LegEvent) and e.leg == "gateway" and e.state is LegState.CONNECTED
        for e in events
    )
    await up.close()
    await down.close()
    await connector.aclose()
    await gateway.aclose()


async def test_wrong_turn_credentials_say_so(coturn: int) -> None:
    connector = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
    await connector.start()
    await connector.use_turn(TurnServer("127.0.0.1", coturn, "site", "wrong", relay_only=True))
    session = await connector.open("c", user="anna", listener=lambda _event: None)
    with pytest.raises(MediaError) as caught:
        await session.offer(Side.DEVICE, FULL, leg="gateway")
    assert caught.value.code == "ice"
    await session.close()
    await connector.aclose()
