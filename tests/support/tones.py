"""How tests hear: the level of one frequency in samples, and of one where nothing should be."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence


def goertzel(samples: Sequence[float], frequency: float, rate: int) -> float:
    """Amplitude of ``frequency`` in ``samples`` (a full-scale sine of amplitude 1 gives 1)."""
    count = len(samples)
    if not count:
        return 0.0
    coefficient = 2.0 * math.cos(2.0 * math.pi * frequency / rate)
    previous = before = 0.0
    for sample in samples:
        previous, before = sample + coefficient * previous - before, previous
    power = previous * previous + before * before - coefficient * previous * before
    return 2.0 * math.sqrt(max(power, 0.0)) / count


def longest_gap_s(pcm: bytes, frequency: float, rate: int = 8000, frame_ms: int = 20) -> float:
    """The longest stretch without the tone between its first and its last frame.

    ``pcm``: 16 bit mono. A frame counts as tone from a twentieth of full scale on.
    """
    samples = array("h", pcm)
    size = rate * frame_ms // 1000
    present = [
        goertzel([value / 32768 for value in samples[start : start + size]], frequency, rate) > 0.05
        for start in range(0, len(samples) - size + 1, size)
    ]
    if True not in present:
        return float("inf")
    first, last = present.index(True), len(present) - 1 - present[::-1].index(True)
    longest = run = 0
    for heard in present[first : last + 1]:
        run = 0 if heard else run + 1
        longest = max(longest, run)
    return longest * frame_ms / 1000
