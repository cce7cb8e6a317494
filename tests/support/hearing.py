"""What an ear hears: which of the tones in play, the PBX's music, and for how long none of them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable

import numpy as np

from media.audio import measure, wav

RATE = 8000
FRAME = RATE // 50
#: What a phone says is louder by far, what is left of it in a frame that holds another tone is not.
AUDIBLE = 0.05
#: Of full scale: the loudest sample of a frame in which nothing is said. The PBX's music is louder
#: at its softest.
SILENCE = 0.005


def tones_of(pcm: bytes, among: Collection[int]) -> frozenset[int]:
    """Those that are heard: well above what lies beside them. They must be 100 Hz apart."""
    return frozenset(
        hertz
        for hertz in among
        if measure.share(pcm, hertz) > 20 * measure.share(pcm, hertz + 50) + 0.01
    )


def is_music(pcm: bytes) -> bool:
    """Whether these 0.6 s or more are part of the music on hold."""
    return measure.correlation(wav.prompt("music-on-hold"), pcm) > 0.8


class Timeline:
    """A sink that keeps what came with the time at which it came, cut into frames of 20 ms."""

    def __init__(self) -> None:
        self._frames: list[tuple[float, bytes]] = []

    def write(self, pcm: bytes) -> None:
        now = time.monotonic()
        size = 2 * FRAME
        for at in range(0, len(pcm) - size + 1, size):
            self._frames.append((now, pcm[at : at + size]))

    def clear(self) -> None:
        self._frames.clear()

    def times_of(self, tones: Collection[int]) -> list[float]:
        """When frames came that hold one of these tones; with none named, any sound."""
        if not self._frames:
            return []
        samples = np.frombuffer(b"".join(pcm for _, pcm in self._frames), dtype="<i2")
        frames = samples.reshape(-1, FRAME) / 32768
        if tones:
            turns = np.exp(-2j * np.pi * np.outer(np.arange(FRAME), list(tones)) / RATE)
            heard = (np.abs(frames @ turns) * 2 / FRAME).max(axis=1) > AUDIBLE
        else:
            heard = np.abs(frames).max(axis=1) > SILENCE
        return [at for (at, _), loud in zip(self._frames, heard, strict=True) if loud]


def longest_pause_s(ears: Iterable[Timeline], tones: Collection[int] = ()) -> float:
    """The longest time in which none of the ears heard any of the tones (or any sound), between
    the first frame that did and the last one. Two frames that follow one another are no pause."""
    times = np.sort([at for ear in ears for at in ear.times_of(tones)])
    assert len(times) > 1, f"{sorted(tones)} Hz: not heard at all"
    return max(0.0, float(np.diff(times).max()) - FRAME / RATE)
