"""Strangers at the media port: floods during set-up, rubbish on a running call, lost flights.

The attacker has sockets of its own and knows the port, not the ICE password. Every call has to
connect under every attack, and a running one must keep its audio.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import struct
import time
from collections.abc import AsyncIterator

import pytest

from media.engine import LegKind, LegProfile, LegState, MediaEvent, Side, find_leg
from media.worker import EmbeddedConfig, EmbeddedEngine, Limits
from media.worker.dtls import DtlsAssociation, DtlsState, Identity
from media.worker.remote import read_description
from tests.support.media_attacks import ATTACKS, FATAL_ALERT, HELLO, flood
from tests.support.media_peers import allow_loopback, browser, rtp_phone

LITE = LegProfile(LegKind.WEBRTC_LITE)
RTP = LegProfile(LegKind.RTP)
CALLS = 20


@pytest.fixture
async def engine() -> AsyncIterator[EmbeddedEngine]:
    allow_loopback()
    made = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
    await made.start()
    yield made
    await made.aclose()


def media_address(engine: EmbeddedEngine) -> tuple[str, int]:
    host, port = engine.workers[0].addresses[0]
    return host, port


@pytest.mark.parametrize("name", ATTACKS)
async def test_every_call_connects_under_attack(engine: EmbeddedEngine, name: str) -> None:
    connected = 0
    async with flood(media_address(engine), ATTACKS[name], 500):
        for number in range(CALLS):
            events: list[MediaEvent] = []
            done = asyncio.Event()

            def on_event(
                event: MediaEvent, events: list[MediaEvent] = events, done: asyncio.Event = done
            ) -> None:
                events.append(event)
                if getattr(event, "state", None) is LegState.CONNECTED:
                    done.set()

            session = await engine.open(f"s{number}", user="anna", listener=on_event)
            async with browser(700) as page:
                answer = await session.accept(Side.DEVICE, await page.offer(), LITE, leg="page")
                assert answer is not None
                await page.answer(answer)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(5):
                        await done.wait()
                        connected += 1
            await session.close()
    assert connected == CALLS


async def test_rubbish_srtp_leaves_a_running_call_alone(engine: EmbeddedEngine) -> None:
    """From strangers and, worse, from the peer's own verified address."""
    session = await engine.open("s", user="anna", listener=lambda _event: None)

    def rubbish_rtp() -> bytes:
        head = struct.pack("!BBHII", 0x80, 8, random.randrange(65536), 0, 0x4242)
        return head + os.urandom(176)

    async with rtp_phone(440) as phone, browser(700) as page:
        phone.talk(await session.offer(Side.LINE, RTP))
        await session.accept(Side.LINE, phone.sdp())
        answer = await session.accept(Side.DEVICE, await page.offer(), LITE, leg="page")
        assert answer is not None
        await page.answer(answer)
        await session.attach("page")
        assert await phone.hears(700) > 0.8
        line = read_description(await session.offer(Side.LINE, RTP))
        await session.accept(Side.LINE, phone.sdp())
        async with (
            flood(media_address(engine), rubbish_rtp, 2500),
            flood((line.address, line.port), rubbish_rtp, 2500),
        ):
            start = time.monotonic()
            await phone.received.more(150)
            took = time.monotonic() - start
        assert 150 / took >= 45  # of 50 frames a second
        assert await phone.hears(700) > 0.8
        assert await page.hears(440) > 0.8
        stats = await session.stats()
        assert all(row.state is LegState.CONNECTED for row in stats.legs)
        row = find_leg(stats, "page")
        assert row is not None and row.auth_failures == 0  # strangers never reach the keys
        assert {p[3] for p in phone.packets} == {phone.packets[0][3]}
    await session.close()


async def test_an_rtp_stranger_neither_hears_nor_speaks(engine: EmbeddedEngine) -> None:
    """RTP bleed and injection on the PBX side: a socket on another address sprays the port."""
    session = await engine.open("s", user="anna", listener=lambda _event: None)
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.2", 0))
    stranger.setblocking(False)
    async with rtp_phone(440) as phone, browser(700) as page:
        line = read_description(await session.offer(Side.LINE, RTP))
        packet = struct.pack("!BBHII", 0x80, 8, 1, 0, 0x666) + b"\x55" * 160
        for _ in range(50):
            stranger.sendto(packet, (line.address, line.port))
        await session.accept(Side.LINE, phone.sdp())
        for _ in range(50):
            stranger.sendto(packet, (line.address, line.port))
        answer = await session.accept(Side.DEVICE, await page.offer(), LITE, leg="page")
        assert answer is not None
        await page.answer(answer)
        await session.attach("page")
        assert await phone.hears(700) > 0.8
        row = find_leg(await session.stats(), "line")
        assert row is not None and row.packets_in == 0 and row.dropped >= 50
        with pytest.raises(BlockingIOError):
            stranger.recv(100)
    stranger.close()
    await session.close()


async def test_a_peer_with_keys_cannot_flood(engine: EmbeddedEngine) -> None:
    """The phone itself sends 40 times too fast: no more than its share is taken."""
    session = await engine.open("s", user="anna", listener=lambda _event: None)
    async with rtp_phone(440) as phone:
        phone.talk(await session.offer(Side.LINE, RTP))
        await session.accept(Side.LINE, phone.sdp())
        end = time.monotonic() + 1.0
        sent = 0
        while time.monotonic() < end:
            for _ in range(20):
                phone.send(b"\xd5" * 160, 8)
                sent += 1
            await asyncio.sleep(0.01)
        row = find_leg(await session.stats(), "line")
        limit = Limits().audio_pps
        assert row is not None and sent > 2 * limit
        assert row.packets_in <= 2.2 * limit and row.dropped > 0
    await session.close()


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_server_flight_costs_little(lost: int) -> None:
    """The client repeats its hello as browsers do; the server's flight goes out again at once.

    Both ends are stepped on one virtual clock: the cost is what a user would wait.
    """
    server, client = DtlsAssociation(Identity(), False), DtlsAssociation(Identity(), True)
    now, losses = 0.0, lost
    to_server = client.start(now)
    hello, repeat_at = to_server, 0.05  # browsers repeat after 50 ms, then double
    wait = 0.05
    while client.state is not DtlsState.CONNECTED or server.state is not DtlsState.CONNECTED:
        assert now < 0.5, "took too long"
        to_client = [d for x in to_server for d in server.feed(x, now)]
        to_client += server.handle_timeout(now)
        if to_client and losses:
            losses -= 1
            to_client = []
        to_server = [d for x in to_client for d in client.feed(x, now)]
        if not to_server and client.state is not DtlsState.CONNECTED and now >= repeat_at:
            to_server, wait = hello, wait * 2
            repeat_at = now + wait
        now += 0.005
    assert losses == 0
    assert server.keys is not None and client.keys is not None
    assert server.keys.local == client.keys.remote


@pytest.mark.parametrize(
    "poison", [FATAL_ALERT, HELLO, HELLO[:60], os.urandom(200), b"\x16\xfe\xfd" + bytes(40)]
)
def test_poison_from_the_peers_own_address_is_survived(poison: bytes) -> None:
    """A spoofed datagram before the handshake is done: no alert goes out, a fresh try succeeds."""
    server = DtlsAssociation(Identity(), False)
    client = DtlsAssociation(Identity(), True)
    now = 0.0
    answers = server.feed(poison, now)
    assert not any(a[0] == 21 for a in answers), "an alert would end the browser's handshake"
    for attempt in range(8):
        now += 0.1
        flight = client.start(now) if attempt == 0 else client.handle_timeout(now)
        for _ in range(6):
            back = [d for x in flight for d in server.feed(x, now)]
            flight = [d for x in back for d in client.feed(x, now)]
        if server.state is DtlsState.CONNECTED and client.state is DtlsState.CONNECTED:
            break
    assert server.state is DtlsState.CONNECTED
    assert client.state is DtlsState.CONNECTED
