"""What the embedded engine promises call control, each with real packets over loopback."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from media.engine import (
    DigitEvent,
    EngineLost,
    FirstAudioEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    MediaError,
    MediaEvent,
    PlayFile,
    PlayTone,
    Side,
    SilenceEvent,
    ToneName,
    find_leg,
)
from media.worker import EmbeddedConfig, EmbeddedEngine, EmbeddedSession
from protocols.rtp.dtmf import event_packets
from tests.support.media_peers import RtpPhone, allow_loopback, browser, rtp_phone, sine

LITE = LegProfile(LegKind.WEBRTC_LITE)
FULL = LegProfile(LegKind.WEBRTC_FULL)
RTP = LegProfile(LegKind.RTP)
SDES = LegProfile(LegKind.SDES)


class Recorder:
    """The events of a session, and waiting for one of them."""

    def __init__(self) -> None:
        self.events: list[MediaEvent] = []
        self._changed = asyncio.Event()

    def __call__(self, event: MediaEvent) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, match: Callable[[MediaEvent], bool], seconds: float = 8.0) -> MediaEvent:
        async with asyncio.timeout(seconds):
            while True:
                for event in self.events:
                    if match(event):
                        return event
                self._changed.clear()
                await self._changed.wait()

    async def state(self, leg: str, state: LegState, seconds: float = 8.0) -> LegEvent:
        event = await self.until(
            lambda e: isinstance(e, LegEvent) and (e.leg, e.state) == (leg, state), seconds
        )
        assert isinstance(event, LegEvent)
        return event

    @property
    def digits(self) -> str:
        return "".join(e.digit for e in self.events if isinstance(e, DigitEvent))


@pytest.fixture(autouse=True)
def _loopback() -> None:
    allow_loopback()


@pytest.fixture(params=["batched", "portable"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[EmbeddedEngine]:
    portable = request.param == "portable"
    made = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1", portable_io=portable))
    await made.start()
    yield made
    await made.aclose()


@pytest.fixture
async def plain_engine() -> AsyncIterator[EmbeddedEngine]:
    made = EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1"))
    await made.start()
    yield made
    await made.aclose()


async def dial_phone(session: EmbeddedSession, phone: RtpPhone) -> None:
    phone.talk(await session.offer(Side.LINE, RTP))
    assert await session.accept(Side.LINE, phone.sdp()) is None


async def join_page(session: EmbeddedSession, page: Any, leg: str = "page") -> None:
    answer = await session.accept(Side.DEVICE, await page.offer(), LITE, leg=leg)
    assert answer is not None
    await page.answer(answer)


async def test_swap_the_device_without_a_jump_on_the_line(engine: EmbeddedEngine) -> None:
    seen = Recorder()
    session = await engine.open("s", user="anna", listener=seen)
    async with rtp_phone(440, payload_type=0) as phone, browser(700) as one, browser(1200) as two:
        await dial_phone(session, phone)
        await join_page(session, one, "one")
        await join_page(session, two, "two")
        await seen.state("one", LegState.CONNECTED)
        await seen.state("two", LegState.CONNECTED)
        await session.attach("one")
        assert await phone.hears(700) > 0.8  # PCMA page, PCMU phone: recoded by table
        await session.attach("two")
        assert await phone.hears(1200) > 0.8
        assert await two.hears(440) > 0.8
        await session.drop("one")
        assert len({p[3] for p in phone.packets}) == 1
        pairs = list(zip(phone.packets, phone.packets[1:], strict=False))
        assert all((b[1] - a[1]) & 0xFFFF == 1 for a, b in pairs)
        # Timestamps go on with the clock: never back, never by more than the swap lasted.
        assert all(0 < (b[2] - a[2]) & 0xFFFFFFFF < 4000 for a, b in pairs)
    await session.close()


async def test_hold_stops_both_directions_and_comes_back(engine: EmbeddedEngine) -> None:
    session = await engine.open("s", user="anna", listener=Recorder())
    async with rtp_phone(440) as phone, browser(700) as page:
        await dial_phone(session, phone)
        await join_page(session, page)
        await session.attach("page")
        assert await phone.hears(700) > 0.8
        await session.direction(Side.LINE, send=False, receive=False)
        offer = await session.offer(Side.LINE, RTP)
        assert "a=inactive" in offer
        count = find_leg(await session.stats(), "line")
        assert count is not None
        await page.sent.more(10)
        later = find_leg(await session.stats(), "line")
        assert later is not None and later.packets_out - count.packets_out <= 1
        await session.accept(Side.LINE, phone.sdp().replace("a=ptime", "a=inactive\r\na=ptime"))
        await session.direction(Side.LINE, send=True, receive=True)
        await session.offer(Side.LINE, RTP)
        await session.accept(Side.LINE, phone.sdp())
        phone.heard.clear()
        assert await phone.hears(700) > 0.8
    await session.close()


async def test_ringback_waits_for_the_leg_and_gives_way_to_the_answer(
    plain_engine: EmbeddedEngine,
) -> None:
    seen = Recorder()
    session = await plain_engine.open("s", user="anna", listener=seen)
    async with rtp_phone(1000) as phone, browser(700) as page:
        await session.play(Side.DEVICE, PlayTone(ToneName.RINGBACK, "us"))
        await join_page(session, page)
        await session.attach("page")
        assert (
            await page.hears(440, seconds=0.3, enough=0.3) > 0.3
        )  # 440 and 480 Hz share the energy
        await dial_phone(session, phone)
        await seen.until(lambda e: isinstance(e, FirstAudioEvent) and e.side is Side.LINE)
        await session.stop(Side.DEVICE)
        assert await page.hears(1000) > 0.8
    await session.close()


async def test_a_file_plays_to_the_line_while_no_device_is_attached(
    plain_engine: EmbeddedEngine, tmp_path: Path
) -> None:
    from media.audio import wav

    path = tmp_path / "prompt.wav"
    wav.write(path, sine(600, 0, 16000))
    session = await plain_engine.open("s", user="anna", listener=Recorder())
    async with rtp_phone(440) as phone:
        await dial_phone(session, phone)
        await session.play(Side.LINE, PlayFile(str(path), loop=True))
        assert await phone.hears(600) > 0.8
        steps = {
            (b[2] - a[2]) & 0xFFFFFFFF
            for a, b in zip(phone.packets, phone.packets[1:], strict=False)
        }
        assert steps == {160}
        with pytest.raises(MediaError) as caught:
            await session.play(Side.LINE, PlayFile("/nowhere.wav"))
        assert caught.value.code == "file"
    await session.close()


async def test_digits_sent_by_command_arrive_once_with_audio_paused(
    plain_engine: EmbeddedEngine,
) -> None:
    session = await plain_engine.open("s", user="anna", listener=Recorder())
    async with rtp_phone(440) as phone, browser(700) as page:
        await dial_phone(session, phone)
        await join_page(session, page)
        await session.attach("page")
        assert await phone.hears(700) > 0.8
        await session.dtmf(Side.LINE, "42#", duration_ms=60, gap_ms=60)
        phone.heard.clear()
        assert await phone.hears(700, seconds=1.0) > 0.8
        events = [p for p in phone.packets if p[0] & 0x7F == 101]
        starts = {p[2]: p[4][0] for p in events}
        assert list(starts.values()) == [4, 2, 11]
        for timestamp in starts:
            mine = [p for p in events if p[2] == timestamp]
            assert mine[0][0] & 0x80 and not any(p[0] & 0x80 for p in mine[1:])
            assert [p[4][1] >> 7 for p in mine].count(1) == 3
        assert len({p[3] for p in phone.packets}) == 1
        pairs = list(zip(phone.packets, phone.packets[1:], strict=False))
        assert all((b[1] - a[1]) & 0xFFFF == 1 for a, b in pairs)
        assert all((b[2] - a[2]) & 0xFFFFFFFF < 8000 for a, b in pairs)
        with pytest.raises(MediaError):
            await session.dtmf(Side.LINE, "7x")
    await session.close()


async def test_two_hundred_digits_with_loss_arrive_exactly_once(
    plain_engine: EmbeddedEngine,
) -> None:
    """5 % of the packets of every digit are lost, among them whole rows of end packets."""
    import random

    seen = Recorder()
    session = await plain_engine.open("s", user="anna", listener=seen)
    loss = random.Random(7)
    sent = "".join(loss.choice("0123456789*#") for _ in range(200))
    async with rtp_phone(440) as phone, browser(700) as page:
        await dial_phone(session, phone)
        await join_page(session, page)
        await session.attach("page")
        await seen.until(lambda e: isinstance(e, FirstAudioEvent) and e.side is Side.LINE)
        assert phone.task is not None
        phone.task.cancel()
        for digit in sent:
            phone.ts = (phone.ts + 1600) & 0xFFFFFFFF
            for packet in event_packets(digit, clock=8000, duration_ms=100):
                if loss.random() < 0.05:
                    phone.seq = (phone.seq + 1) & 0xFFFF
                else:
                    phone.send(packet.payload, 101, phone.ts)
            await asyncio.sleep(0.04)  # paced, else the limit per leg drops them
        phone.send(b"\xd5" * 160, 8)
        await seen.until(lambda _e: len(seen.digits) >= 200)
        assert seen.digits == sent
    await session.close()


async def test_sdes_towards_the_pbx_and_a_plain_phone_is_refused(
    engine: EmbeddedEngine,
) -> None:
    """Two engines face to face: one offers SDES, the other answers."""
    near = await engine.open("near", user="anna", listener=Recorder())
    far = await engine.open("far", user="carla", listener=Recorder())
    async with browser(700) as page, browser(1100) as other:
        offer = await near.offer(Side.LINE, SDES)
        assert "RTP/SAVP" in offer and offer.count("a=crypto:") == 2
        answer = await far.accept(Side.LINE, offer, SDES)
        assert answer is not None and answer.count("a=crypto:") == 1
        assert await near.accept(Side.LINE, answer) is None
        for session, peer in ((near, page), (far, other)):
            await join_page(session, peer)
            await session.attach("page")
        assert await page.hears(1100) > 0.8
        assert await other.hears(700) > 0.8
        row = find_leg(await near.stats(), "line")
        assert row is not None and row.auth_failures == 0
    with pytest.raises(MediaError) as caught:
        await far.accept(Side.LINE, offer.replace("RTP/SAVP", "RTP/AVP"), SDES)
    assert caught.value.code == "sdp"
    await near.close()
    await far.close()


async def test_silence_is_reported_in_steps_and_its_end_too(plain_engine: EmbeddedEngine) -> None:
    seen = Recorder()
    session = await plain_engine.open("s", user="anna", listener=seen)
    async with rtp_phone(440) as phone, browser(700) as page:
        await dial_phone(session, phone)
        await join_page(session, page)
        await session.attach("page")
        await seen.until(lambda e: isinstance(e, FirstAudioEvent) and e.side is Side.LINE)
        assert phone.task is not None
        phone.task.cancel()
        await seen.until(lambda e: isinstance(e, SilenceEvent) and e.seconds == 0.5)
        await seen.until(lambda e: isinstance(e, SilenceEvent) and e.seconds == 3.0)
        phone.send(b"\xd5" * 160, 8)
        await seen.until(lambda e: isinstance(e, SilenceEvent) and e.seconds == 0.0)
        assert all(e.leg == "line" for e in seen.events if isinstance(e, SilenceEvent))
    await session.close()


async def test_a_wrong_fingerprint_never_carries_media(plain_engine: EmbeddedEngine) -> None:
    seen = Recorder()
    session = await plain_engine.open("s", user="anna", listener=seen)
    async with rtp_phone(440) as phone, browser(700) as page:
        await dial_phone(session, phone)
        lines = (await page.offer()).splitlines()
        forged = [
            "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) if "fingerprint" in x else x
            for x in lines
        ]
        answer = await session.accept(Side.DEVICE, "\r\n".join(forged) + "\r\n", LITE, leg="page")
        assert answer is not None
        await session.attach("page")
        await page.answer(answer)
        event = await seen.state("page", LegState.LOST)
        assert event.reason == "fingerprint_mismatch"
        assert not phone.packets
    await session.close()


async def test_a_page_that_leaves_is_lost_and_can_come_back(engine: EmbeddedEngine) -> None:
    seen = Recorder()
    session = await engine.open("s", user="anna", listener=seen)
    async with rtp_phone(440) as phone:
        await dial_phone(session, phone)
        async with browser(700) as page:
            await join_page(session, page, "first")
            await session.attach("first")
            assert await phone.hears(700) > 0.8
        event = await seen.state("first", LegState.LOST)
        assert event.reason == "close_notify"
        async with browser(900) as again:
            await join_page(session, again, "second")
            await session.attach("second")
            await session.drop("first")
            assert await phone.hears(900) > 0.8
            assert len({p[3] for p in phone.packets}) == 1
    await session.close()


async def test_bad_descriptions_are_refused_with_a_reason(plain_engine: EmbeddedEngine) -> None:
    session = await plain_engine.open("s", user="anna", listener=Recorder())
    async with browser(700) as page:
        offer = await page.offer()
        for bad in (
            "",
            "nonsense",
            offer.replace("a=fingerprint", "a=x-fingerprint"),
            offer.replace("a=ice-pwd", "a=x-ice-pwd"),
            offer.replace("a=setup:actpass", ""),
            offer.replace("m=audio", "m=video"),
        ):
            with pytest.raises(MediaError) as caught:
                await session.accept(Side.DEVICE, bad, LITE, leg="page")
            assert caught.value.code == "sdp"
        with pytest.raises(MediaError) as caught:
            opus = LegProfile(LegKind.WEBRTC_LITE, codecs=("opus",))
            await session.accept(Side.DEVICE, offer, opus, leg="page")
        assert caught.value.code == "codec"
        assert (await session.stats()).legs == ()
        await session.drop("never-there")
        with pytest.raises(MediaError):
            await session.attach("never-there")
    await session.close()


async def test_a_dead_worker_tells_its_calls_and_is_replaced(plain_engine: EmbeddedEngine) -> None:
    seen = Recorder()
    session = await plain_engine.open("s", user="anna", listener=seen)
    pid = plain_engine.workers[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await seen.until(lambda e: isinstance(e, EngineLost))
    with pytest.raises(MediaError):
        await session.offer(Side.LINE, RTP)
    await session.close()
    async with asyncio.timeout(15):
        await plain_engine.ready()
    again = await plain_engine.open("s", user="anna", listener=seen)
    assert "m=audio" in await again.offer(Side.LINE, RTP)
    await again.close()


async def test_ipv6_and_an_advertised_address() -> None:
    engine = EmbeddedEngine(
        EmbeddedConfig(
            bind=("127.0.0.1", "::1"), advertise=("192.0.2.7", "2001:db8::7"), rtp_bind="::1"
        )
    )
    await engine.start()
    near = await engine.open("near", user="anna", listener=Recorder())
    far_seen = Recorder()
    far = await engine.open("far", user="carla", listener=far_seen)
    offer = await near.offer(Side.LINE, LITE)
    assert "192.0.2.7" in offer and "2001:db8::7" in offer and "127.0.0.1" not in offer
    reachable = offer.replace("2001:db8::7", "::1").replace("192.0.2.7", "127.0.0.1")
    answer = await far.accept(Side.DEVICE, reachable, FULL, leg="gateway")
    assert answer is not None
    await near.accept(Side.LINE, answer)
    await far_seen.state("gateway", LegState.CONNECTED)
    await near.close()
    await far.close()
    await engine.aclose()


async def test_the_connector_follows_a_gateway_that_lost_its_worker(
    plain_engine: EmbeddedEngine,
) -> None:
    """The re-INVITE brings new ICE credentials and a new certificate: as good as a first call."""
    seen = Recorder()
    gateways = [EmbeddedEngine(EmbeddedConfig(bind="127.0.0.1")) for _ in range(2)]
    down = await plain_engine.open("down", user="anna", listener=seen)
    async with rtp_phone(440) as phone:
        await dial_phone(down, phone)
        await down.attach(None)
        for number, (gateway, tone) in enumerate(zip(gateways, (700, 1200), strict=True)):
            await gateway.start()
            up = await gateway.open("up", user="anna", listener=Recorder())
            async with browser(tone) as page:
                offer = await up.offer(Side.LINE, LITE)
                answer = await down.accept(Side.DEVICE, offer, FULL, leg="link")
                assert answer is not None
                await up.accept(Side.LINE, answer)
                await down.attach("link")
                await join_page(up, page)
                await up.attach("page")
                assert await phone.hears(tone) > 0.8
                assert await page.hears(440) > 0.8
            if number == 0:
                pid = gateway.workers[0].pid
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
            else:
                await up.close()
            await gateway.aclose()
    connected = [e for e in seen.events if isinstance(e, LegEvent) and e.leg == "link"]
    assert [e.state for e in connected].count(LegState.CONNECTED) == 2
    await down.close()
