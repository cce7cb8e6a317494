"""What an endpoint says. A source gives exactly the number of samples asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from media.audio import tones

_MAX_LIVE = 8000  # one second of 16 bit samples: older live audio is dropped, not delayed


class Source(Protocol):
    def read(self, count: int) -> bytes:
        """``count`` samples of PCM, padded with silence when there are none."""


def _padded(pcm: bytes, count: int) -> bytes:
    return pcm + bytes(2 * count - len(pcm))


class Silence:
    def read(self, count: int) -> bytes:
        return bytes(2 * count)


class PcmSource:
    """Plays samples from memory. ``on_end`` is called once, when the last one was taken."""

    def __init__(
        self, pcm: bytes, *, loop: bool = False, on_end: Callable[[], None] | None = None
    ) -> None:
        self._pcm = pcm
        self._loop = loop and bool(pcm)
        self._on_end = on_end
        self._place = 0

    @property
    def done(self) -> bool:
        return not self._loop and self._place >= len(self._pcm)

    def read(self, count: int) -> bytes:
        want = 2 * count
        found = self._pcm[self._place : self._place + want]
        self._place += len(found)
        while self._loop and len(found) < want:
            self._place = min(want - len(found), len(self._pcm))
            found += self._pcm[: self._place]
        if self.done and self._on_end is not None:
            ended, self._on_end = self._on_end, None
            ended()
        return _padded(found, count)


class ToneSource(PcmSource):
    """A call progress tone, or any plain frequency, until it is replaced."""

    def __init__(self, tone: tones.Tone) -> None:
        super().__init__(tones.period(tone), loop=True)

    @classmethod
    def named(cls, name: str, country: str = "de") -> ToneSource:
        return cls(tones.tone(name, country))

    @classmethod
    def sine(cls, frequency: int, level_db: float = -15.0) -> ToneSource:
        return cls(tones.Tone((frequency,), (), level_db))


class LiveSource:
    """Samples pushed from elsewhere. What is not taken within half a second is dropped."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def push(self, pcm: bytes) -> None:
        self._buffer += pcm
        if len(self._buffer) > _MAX_LIVE:
            del self._buffer[: len(self._buffer) - _MAX_LIVE]

    def read(self, count: int) -> bytes:
        found = bytes(self._buffer[: 2 * count])
        del self._buffer[: 2 * count]
        return _padded(found, count)


class EchoSource(LiveSource):
    """Says what it hears: add it to the endpoint's sinks too. Optionally speaks a prompt first."""

    def __init__(self, intro: bytes = b"") -> None:
        super().__init__()
        self._intro = PcmSource(intro)

    def write(self, pcm: bytes) -> None:
        if self._intro.done:
            self.push(pcm)

    def read(self, count: int) -> bytes:
        return super().read(count) if self._intro.done else self._intro.read(count)
