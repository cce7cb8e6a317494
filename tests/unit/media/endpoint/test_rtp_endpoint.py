"""Endpoints talking over loopback with time by hand."""

import asyncio
import random
import socket
from collections.abc import Callable

import pytest

from media.audio import measure, tones, wav
from media.endpoint import (
    EchoSource,
    LiveSource,
    LoopPacer,
    ManualPacer,
    PcmSource,
    Recorder,
    RtpEndpoint,
    ToneSource,
)
from media.endpoint.sinks import SilenceWatch
from media.endpoint.stream import Incoming, Outgoing
from protocols.rtp.packet import RtpPacket
from protocols.sdp import Direction, SdpError
from protocols.sdp.negotiate import Srtp

HOST = "127.0.0.1"


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until packets that are already in the socket have been read."""
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 - nothing in the endpoint signals this
            await asyncio.sleep(0)


class Pair:
    """Two endpoints and a clock. ``run`` sends frames and waits until they arrived."""

    def __init__(self, a: RtpEndpoint, b: RtpEndpoint, pacer: ManualPacer) -> None:
        self.a, self.b, self.pacer = a, b, pacer

    async def run(self, frames: int) -> None:
        for _ in range(frames):
            due = (self.a.stats.packets_out, self.b.stats.packets_out)
            self.pacer.run()
            sent = (self.a.stats.packets_out - due[0], self.b.stats.packets_out - due[1])
            want = (self._seen(self.b) + sent[0], self._seen(self.a) + sent[1])
            await until(
                lambda want=want: self._seen(self.b) >= want[0] and self._seen(self.a) >= want[1]
            )

    @staticmethod
    def _seen(end: RtpEndpoint) -> int:
        stats = end.stats
        return stats.packets_in + stats.dropped + stats.auth_failures + stats.wrong_source


@pytest.fixture(params=[Srtp.OFF, Srtp.REQUIRED], ids=["rtp", "sdes"])
async def pair(request: pytest.FixtureRequest):
    pacer = ManualPacer()
    a = await RtpEndpoint.open(HOST, srtp=request.param, pacer=pacer)
    b = await RtpEndpoint.open(HOST, srtp=request.param, pacer=pacer)
    a.accept(b.answer(a.offer()))
    yield Pair(a, b, pacer)
    await a.aclose()
    await b.aclose()


async def test_a_tone_is_heard_at_its_frequency_and_nothing_else(pair: Pair) -> None:
    heard_a, heard_b = Recorder(), Recorder()
    pair.a.source, pair.b.source = ToneSource.sine(440), ToneSource.sine(620)
    pair.a.sinks.append(heard_a)
    pair.b.sinks.append(heard_b)
    await pair.run(50)
    assert heard_b.tone(440).heard and not heard_b.tone(620).heard
    assert heard_a.tone(620).heard and not heard_a.tone(440).heard
    assert heard_a.seconds == pytest.approx(1.0)


async def test_speech_comes_back_from_an_echo(pair: Pair) -> None:
    echo, heard = EchoSource(), Recorder()
    pair.a.source = PcmSource(wav.prompt("speaker"))
    pair.a.sinks.append(heard)
    pair.b.source = echo
    pair.b.sinks.append(echo)
    await pair.run(120)
    assert measure.correlation(heard.pcm(), wav.prompt("speaker")[8000:24000]) > 0.95


async def test_digits_arrive_once_and_in_order(pair: Pair) -> None:
    got: list[str] = []
    pair.b.on_digit = lambda digit: got.append(digit.digit)
    assert pair.a.send_digits("0123456789*#ABCD")
    while pair.a.sending_digits:
        await pair.run(1)
    assert "".join(got) == "0123456789*#ABCD"


async def test_hold_stops_the_held_side_and_resume_starts_it(pair: Pair) -> None:
    heard = Recorder()
    pair.a.sinks.append(heard)
    pair.b.source = ToneSource.sine(440)
    pair.a.accept(pair.b.answer(pair.a.offer(Direction.SENDONLY)))
    await pair.run(10)
    assert pair.b.stats.packets_out == 0 and heard.total == 0
    pair.a.accept(pair.b.answer(pair.a.offer(Direction.SENDRECV)))
    await pair.run(50)
    assert heard.tone(440).heard


async def test_packets_of_a_stranger_are_not_heard(pair: Pair) -> None:
    heard = Recorder()
    pair.b.sinks.append(heard)
    await pair.run(1)
    before = heard.total
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(RtpPacket(8, 1, 1, 7, b"\xd5" * 160).to_bytes(), (HOST, pair.b.port))
        await until(lambda: pair.b.stats.wrong_source + pair.b.stats.auth_failures > 0)
    assert heard.total == before


async def test_a_refused_offer_changes_nothing(pair: Pair) -> None:
    before = pair.b.negotiated
    with pytest.raises(SdpError):
        pair.b.answer(
            b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            b"m=audio 4000 RTP/AVP 18\r\n"
        )
    assert pair.b.negotiated == before


async def test_the_port_is_learnt_once_from_the_described_address() -> None:
    pacer = ManualPacer()
    end = await RtpEndpoint.open(HOST, pacer=pacer)
    end.answer(
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        b"m=audio 9 RTP/AVP 8\r\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((HOST, 0))
        peer.settimeout(2)
        peer.sendto(RtpPacket(8, 1, 1, 7, b"\xd5" * 160).to_bytes(), (HOST, end.port))
        await until(lambda: end.stats.packets_in > 0)
        pacer.run()
        assert RtpPacket.parse(peer.recv(2048)).payload_type == 8
    await end.aclose()


async def test_a_late_packet_of_the_former_peer_redirects_nothing() -> None:
    def described(port: int) -> bytes:
        return (
            b"v=0\r\no=- 1 %d IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            b"m=audio %d RTP/AVP 8\r\n"
        ) % (port, port)

    pacer = ManualPacer()
    end = await RtpEndpoint.open(HOST, pacer=pacer)
    voice = [RtpPacket(8, n, 160 * n, 7, b"\xd5" * 160).to_bytes() for n in (1, 2)]
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second,
    ):
        for peer in (first, second):
            peer.bind((HOST, 0))
            peer.settimeout(2)
        end.answer(described(first.getsockname()[1]))
        first.sendto(voice[0], (HOST, end.port))
        await until(lambda: end.stats.packets_in == 1)
        end.answer(described(second.getsockname()[1]))
        first.sendto(voice[1], (HOST, end.port))
        await until(lambda: end.stats.packets_in == 2)
        pacer.run()
        assert RtpPacket.parse(second.recv(2048)).payload_type == 8
    await end.aclose()


async def test_a_port_range_is_kept_and_freed() -> None:
    first = await RtpEndpoint.open(HOST, ports=(39400, 39401))
    assert first.port == 39400
    with pytest.raises(OSError, match="no free RTP port"):
        await RtpEndpoint.open(HOST, ports=(39400, 39401))
    await first.aclose()
    await first.aclose()
    again = await RtpEndpoint.open(HOST, ports=(39400, 39401))
    await again.aclose()


async def test_the_loop_pacer_stops_with_its_last_listener() -> None:
    pacer, done = LoopPacer(), asyncio.Event()
    pacer.add(done.set)
    async with asyncio.timeout(2):
        await done.wait()
    pacer.remove(done.set)
    assert not pacer.running


def test_loss_becomes_silence_of_the_same_length() -> None:
    out, incoming = Outgoing(1), Incoming({8: "PCMA"})
    source = ToneSource.sine(440)
    packets = [out.next(source) for _ in range(10)]
    heard = b"".join(incoming.receive(p).pcm for i, p in enumerate(packets) if i not in (3, 4))
    assert len(heard) == 10 * 320
    assert heard[3 * 320 : 5 * 320] == bytes(640)
    assert incoming.lost == 2
    assert incoming.receive(packets[3]).pcm == b""  # too late
    assert incoming.dropped == 1


def test_a_restarted_source_is_followed() -> None:
    incoming = Incoming({8: "PCMA"})
    incoming.receive(RtpPacket(8, 1, 1000, 1, b"\xd5" * 160).to_bytes())
    heard = incoming.receive(RtpPacket(8, 60000, 900_000, 2, b"\xd5" * 160).to_bytes())
    assert len(heard.pcm) == 320 and incoming.lost == 0


@pytest.mark.parametrize("data", [b"", b"\x80" * 11, b"\x00" * 40, b"\x8f\x08" + bytes(12)])
def test_rubbish_is_dropped(data: bytes) -> None:
    incoming = Incoming({8: "PCMA"})
    assert incoming.receive(data).pcm == b""
    assert incoming.dropped == 1


def test_two_hundred_digits_survive_five_percent_loss() -> None:
    rng = random.Random(7)
    out = Outgoing(1, event_payload_type=101)
    incoming = Incoming({8: "PCMA"}, event_payload_type=101)
    digits = "".join(rng.choice("0123456789*#") for _ in range(200))
    out.queue_digits(digits)
    got, source = [], ToneSource.sine(440)
    while out.sending_digits:
        packet = out.next(source)
        if rng.random() >= 0.05:
            got += [d.digit for d in incoming.receive(packet).digits]
    got += [d.digit for d in incoming.receive(out.next(source)).digits]
    assert "".join(got) == digits


def test_sources_and_recorder_limits() -> None:
    ended: list[int] = []
    source = PcmSource(b"\1\0" * 200, on_end=lambda: ended.append(1))
    assert source.read(160) == b"\1\0" * 160 and not ended
    assert source.read(160) == b"\1\0" * 40 + bytes(240) and ended == [1]
    source.read(160)
    assert ended == [1]
    assert PcmSource(b"\1\0\2\0", loop=True).read(5) == b"\1\0\2\0\1\0\2\0\1\0"
    assert PcmSource(b"", loop=True).read(2) == bytes(4)
    live = LiveSource()
    live.push(bytes(20_000))
    assert len(live._buffer) == 8000
    last, first = Recorder(0.1), Recorder(0.1, head=True)
    for value in range(40):
        frame = value.to_bytes(2, "little") * 160
        last.write(frame)
        first.write(frame)
    assert last.pcm()[-2:] == b"\x27\0" and len(last.pcm()) == 1600
    assert first.pcm()[:2] == b"\0\0" and first.full
    assert len(last.pcm(0.05)) == 800


def test_silence_watch() -> None:
    watch = SilenceWatch()
    watch.write(bytes(16000))
    assert watch.silent_seconds == 1.0 and not watch.spoke
    watch.write(tones.sine(440, 0.1))
    assert watch.silent_seconds == 0.0 and watch.spoke
