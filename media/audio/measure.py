"""Judging what was heard: level, one frequency against a control, speech against its original.

Packet counts prove nothing about audio; these do (a tone at the right frequency and none beside
it, or speech that correlates with the file that was played).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RATE = 8000
FLOOR_DBFS = -96.0


def samples(pcm: bytes) -> np.ndarray:
    """PCM as floats from -1 to 1."""
    return np.frombuffer(pcm[: len(pcm) & ~1], dtype="<i2").astype(np.float64) / 32768.0


def level_dbfs(pcm: bytes) -> float:
    """RMS level; a full-scale sine is -3 dBFS, digital silence is the floor."""
    values = samples(pcm)
    if not values.size:
        return FLOOR_DBFS
    power = float(np.mean(values**2))
    return max(FLOOR_DBFS, 10 * float(np.log10(power))) if power > 0 else FLOOR_DBFS


def share(pcm: bytes, frequency: float) -> float:
    """How much of the power lies at ``frequency``: the Goertzel power over the total, 0 to 1."""
    values = samples(pcm)
    total = float(np.sum(values**2))
    if not total:
        return 0.0
    turns = np.exp(-2j * np.pi * frequency * np.arange(values.size) / RATE)
    found = 2 * abs(complex(np.dot(values, turns))) ** 2 / values.size
    return min(1.0, found / total)


@dataclass(frozen=True, slots=True)
class ToneReport:
    """``control`` is the share at a frequency that must be silent: noise has both, a tone one."""

    frequency: float
    share: float
    control: float
    level_dbfs: float

    @property
    def heard(self) -> bool:
        return self.level_dbfs > -45 and self.share > 0.6 and self.control < 0.05


def find_tone(pcm: bytes, frequency: float, control: float | None = None) -> ToneReport:
    """Whether ``frequency`` is what is heard; the control bin defaults to a far inharmonic one."""
    beside = control if control is not None else frequency * 1.37 + 61
    return ToneReport(frequency, share(pcm, frequency), share(pcm, beside), level_dbfs(pcm))


def dominant_frequency(pcm: bytes) -> float | None:
    """The strongest frequency, to within a few hertz; None in silence."""
    values = samples(pcm)
    if values.size < 256 or level_dbfs(pcm) < -60:
        return None
    spectrum = np.abs(np.fft.rfft(values * np.hanning(values.size)))
    spectrum[: max(1, int(50 * values.size / RATE))] = 0
    return float(np.argmax(spectrum)) * RATE / values.size


def correlation(heard: bytes, original: bytes) -> float:
    """The best normalised cross-correlation of ``original`` inside ``heard`` at any delay, 0 to 1.

    ``original`` should be a second or two of speech and ``heard`` somewhat longer.
    """
    whole, part = samples(heard), samples(original)
    if part.size < RATE // 10 or whole.size < part.size:
        return 0.0
    size = 1 << int(np.ceil(np.log2(whole.size + part.size)))
    product = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size))
    lags = whole.size - part.size + 1
    cross = np.fft.irfft(product, size)[:lags]
    sums = np.concatenate(([0.0], np.cumsum(whole**2)))
    energy = sums[part.size :][:lags] - sums[:lags]
    norm = np.sqrt(np.maximum(energy, 1e-9) * max(float(np.sum(part**2)), 1e-9))
    return float(np.clip(np.max(np.abs(cross) / norm), 0.0, 1.0))
