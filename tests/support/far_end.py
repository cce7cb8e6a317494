"""What a desk phone at the far end notices of trouble at ours: pauses, and new streams."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from array import array
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.desk_phones import Console
from tests.support.tones import goertzel

RATE = 8000
BYTES_PER_S = 2 * RATE
ETH_P_IP = 0x0800
UDP = 17
#: A recording is cut into frames of 20 ms and fetched over HTTP: two frames and a fetch that had to
#: wait for its turn. Everything else of a measured pause is somebody's fault.
SLACK_S = 0.1
TRIES = 3


def tone_s(pcm: bytes, hertz: float) -> float:
    """How many seconds of the recording are this tone, looked at in frames of 20 ms."""
    samples, size = array("h", pcm), RATE // 50
    frames = (samples[at : at + size] for at in range(0, len(samples) - size + 1, size))
    heard = sum(goertzel([v / 32768 for v in frame], hertz, RATE) > 0.05 for frame in frames)
    return heard / 50


@dataclass
class Listening:
    """Counts the time in which a phone hears nothing of a tone, by the clock.

    What did not arrive is not in the phone's recording either: a pause shows as seconds in which
    the recording did not grow, and a tone of somebody else as frames without ours. Both ends of
    the time are taken as a fetch starts, a moment before the phone looks at its recording.
    """

    console: Console
    phone: str
    hertz: float
    since: float
    already: int

    @classmethod
    async def begin(cls, console: Console, phone: str, hertz: float) -> Listening:
        since = time.monotonic()
        already = len(await console.recording(phone))
        return cls(console, phone, hertz, since, already)

    async def without_tone_s(self, *, watched_s: float, within_s: float) -> float:
        """Seconds without the tone, once ``watched_s`` more were recorded."""
        enough = int(watched_s * BYTES_PER_S)
        while True:
            elapsed = time.monotonic() - self.since
            grown = (await self.console.recording(self.phone))[self.already :]
            if len(grown) >= enough:
                return elapsed - tone_s(grown, self.hertz)
            assert elapsed < within_s, f"{len(grown) / BYTES_PER_S:.1f} s in {elapsed:.1f} s"
            await asyncio.sleep(0.25)


async def usually_without_s(console: Console, phone: str, hertz: float, watched_s: float) -> float:
    """What is measured while nothing happens: what the browser drops under load, and the way of
    measuring. It is no part of a pause."""
    listening = await Listening.begin(console, phone, hertz)
    return await listening.without_tone_s(watched_s=watched_s, within_s=3 * watched_s)


async def pause_s(scenario: Callable[[], Awaitable[float]], limit_s: float, what: str) -> float:
    """The pause that the scenario measures, for the limit and the slack to be held against.

    A busy machine only ever adds to a pause, the product's share is in every try: measured up to
    three times, until one is short enough.
    """
    gaps: list[float] = []
    while len(gaps) < TRIES and (not gaps or min(gaps) > limit_s + SLACK_S):
        gaps.append(await scenario())
        print(f"{what}: {gaps[-1]:.2f} s without audio")
    return min(gaps)


class Streams:
    """RTP on the loopback address, which is where the connector talks to the PBX: the SSRCs of
    each destination. SRTP leaves the header in the clear (RFC 3711 3.1)."""

    def __init__(self) -> None:
        self.ssrcs: dict[int, set[int]] = defaultdict(set)

    def feed(self, packet: bytes) -> None:
        header = (packet[0] & 0x0F) * 4
        if packet[9] != UDP or packet[16:20] != bytes((127, 0, 0, 1)):
            return
        rtp = packet[header + 8 :]
        # Version 2 and a payload type that is not RTCP's (RFC 5761 4).
        if len(rtp) < 12 or rtp[0] >> 6 != 2 or 64 <= rtp[1] & 0x7F < 96:
            return
        (port,) = struct.unpack_from("!H", packet, header + 2)
        (ssrc,) = struct.unpack_from("!I", rtp, 8)
        self.ssrcs[port].add(ssrc)


@contextmanager
def streams_to_the_pbx() -> Iterator[Streams]:
    """Watch the loopback interface of this namespace while the block runs."""
    streams = Streams()
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP)) as sniffer:
        sniffer.bind(("lo", ETH_P_IP))
        sniffer.setblocking(False)
        loop.add_reader(sniffer, lambda: streams.feed(sniffer.recv(2048)))
        try:
            yield streams
        finally:
            loop.remove_reader(sniffer)
