"""How tests hear: the level of one frequency in samples, and of one where nothing should be."""

from __future__ import annotations

import math
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
