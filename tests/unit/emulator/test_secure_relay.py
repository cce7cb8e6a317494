"""What the relay of an SRTP device does to descriptions, and that packets pass both ways."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from emulator.calls.secure import SecureRelay, wants_srtp
from media.endpoint import ManualPacer, Recorder, RtpEndpoint, ToneSource
from protocols.sdp import Direction, SdpError, SessionDescription
from protocols.sdp.negotiate import Srtp

HOST = "127.0.0.1"


def bound() -> socket.socket:
    face = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    face.setblocking(False)
    face.bind((HOST, 0))
    return face


class Bench:
    """An SRTP device and a plain phone with a relay between."""

    def __init__(self, device: RtpEndpoint, phone: RtpEndpoint, pacer: ManualPacer) -> None:
        self.device, self.phone, self.pacer = device, phone, pacer
        self.relay = SecureRelay(HOST, bound)
        self.at_device, self.at_phone = Recorder(), Recorder()
        device.source, phone.source = ToneSource.sine(620), ToneSource.sine(440)
        device.sinks.append(self.at_device)
        phone.sinks.append(self.at_phone)

    def device_offers(self) -> None:
        inner = self.phone.answer(self.relay.inward(self.device.offer()))
        self.device.accept(self.relay.outward(inner))

    def phone_offers(self) -> None:
        outer = self.device.answer(self.relay.outward(self.phone.offer()))
        self.phone.accept(self.relay.inward(outer))

    async def hear(self) -> None:
        self.at_device.clear()
        self.at_phone.clear()
        for _ in range(30):
            self.pacer.run()
            for _ in range(6):
                await asyncio.sleep(0)
        assert self.at_device.tone(440, 0.5).heard
        assert self.at_phone.tone(620, 0.5).heard


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    pacer = ManualPacer()
    device = await RtpEndpoint.open(HOST, srtp=Srtp.REQUIRED, pacer=pacer)
    phone = await RtpEndpoint.open(HOST, pacer=pacer)
    bench = Bench(device, phone, pacer)
    yield bench
    bench.relay.close()
    bench.relay.close()
    await device.aclose()
    await phone.aclose()


async def test_the_device_offers(bench: Bench) -> None:
    bench.device_offers()
    await bench.hear()


async def test_the_phone_offers(bench: Bench) -> None:
    bench.phone_offers()
    await bench.hear()


async def test_offers_by_turns_keep_the_audio(bench: Bench) -> None:
    bench.device_offers()
    for offer in (bench.phone_offers, bench.device_offers, bench.phone_offers):
        offer()
        await bench.hear()


async def test_each_side_sees_only_its_own_kind(bench: Bench) -> None:
    inner = SessionDescription.parse(bench.relay.inward(bench.device.offer())).media[0]
    assert inner.proto == "RTP/AVP" and not inner.has("crypto")
    assert inner.port != bench.device.port
    answer = bench.phone.answer(bench.relay.inward(bench.device.offer()))
    outer = SessionDescription.parse(bench.relay.outward(answer)).media[0]
    assert outer.proto == "RTP/SAVP" and len(outer.attributes("crypto")) == 1
    assert set(outer.formats) <= set(inner.formats)


async def test_hold_passes_in_both_forms(bench: Bench) -> None:
    bench.device_offers()
    offer = bench.device.offer(Direction.SENDONLY)
    held = SessionDescription.parse(bench.relay.inward(offer)).media[0]
    assert held.direction is Direction.SENDONLY
    bench.relay.rollback()
    old = offer.replace(b"c=IN IP4 127.0.0.1", b"c=IN IP4 0.0.0.0").replace(
        b"sendonly", b"sendrecv"
    )
    seen = SessionDescription.parse(bench.relay.inward(old))
    assert seen.media[0].direction is Direction.SENDONLY
    assert seen.connection is not None and not seen.connection.is_null


async def test_a_refused_offer_leaves_the_keys(bench: Bench) -> None:
    bench.device_offers()
    stranger = await RtpEndpoint.open(HOST, srtp=Srtp.REQUIRED)
    bench.relay.inward(stranger.offer())
    bench.relay.rollback()
    bench.relay._device_peer = (HOST, bench.device.port)
    await bench.hear()
    await stranger.aclose()


async def test_what_does_not_fit_is_refused(bench: Bench) -> None:
    with pytest.raises(SdpError):
        bench.relay.inward(bench.phone.offer())  # plain on a secured line
    bench.device.session.local = replace(bench.device.session.local, crypto=())
    with pytest.raises(SdpError):
        bench.relay.inward(bench.device.offer())
    bench.relay.outward(bench.phone.offer())
    with pytest.raises(SdpError):
        bench.relay.inward(b"rubbish")


async def test_wants_srtp(bench: Bench) -> None:
    assert wants_srtp(bench.device.offer())
    for other in (bench.phone.offer(), None, b"rubbish"):
        assert not wants_srtp(other)
