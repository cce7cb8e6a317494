"""Call progress tones by country as data (ITU-T E.180 supplement 2), and DTMF pairs (ITU-T Q.23).

A tone is a set of frequencies sounded together and a cadence of (on, off) milliseconds that
repeats. One period is computed once and then only sliced, so a running tone costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

RATE = 8000
_RAMP_MS = 5  # soft edges, else every burst begins with a click


@dataclass(frozen=True, slots=True)
class Tone:
    """``cadence`` is empty for a continuous tone; ``level_db`` is the peak below full scale."""

    frequencies: tuple[int, ...]
    cadence: tuple[tuple[int, int], ...] = ()
    level_db: float = -15.0


# comfort is our own: a soft double beep while a lost leg is waited for, distinct from any network
# tone because of its long pause.
COUNTRIES: dict[str, dict[str, Tone]] = {
    "de": {
        "dial": Tone((425,)),
        "ringback": Tone((425,), ((1000, 4000),)),
        "busy": Tone((425,), ((480, 480),)),
        "reorder": Tone((425,), ((240, 240),)),
        "comfort": Tone((425,), ((120, 120), (120, 2640)), -24.0),
    },
    "eu": {
        "dial": Tone((425,)),
        "ringback": Tone((425,), ((1000, 4000),)),
        "busy": Tone((425,), ((500, 500),)),
        "reorder": Tone((425,), ((250, 250),)),
        "comfort": Tone((425,), ((120, 120), (120, 2640)), -24.0),
    },
    "us": {
        "dial": Tone((350, 440)),
        "ringback": Tone((440, 480), ((2000, 4000),)),
        "busy": Tone((480, 620), ((500, 500),)),
        "reorder": Tone((480, 620), ((250, 250),)),
        "comfort": Tone((440,), ((120, 120), (120, 2640)), -24.0),
    },
    "uk": {
        "dial": Tone((350, 440)),
        "ringback": Tone((400, 450), ((400, 200), (400, 2000))),
        "busy": Tone((400,), ((375, 375),)),
        "reorder": Tone((400,), ((400, 350), (225, 525))),
        "comfort": Tone((400,), ((120, 120), (120, 2640)), -24.0),
    },
}

_LOW = (697, 770, 852, 941)
_HIGH = (1209, 1336, 1477, 1633)
DTMF: dict[str, tuple[int, int]] = {
    digit: (_LOW[row], _HIGH[column])
    for row, digits in enumerate(("123A", "456B", "789C", "*0#D"))
    for column, digit in enumerate(digits)
}


def tone(name: str, country: str = "de") -> Tone:
    """The tone of a country; an unknown country gets the general European one."""
    plan = COUNTRIES.get(country.lower(), COUNTRIES["eu"])
    try:
        return plan[name]
    except KeyError:
        raise ValueError(f"no such tone: {name}") from None


def _burst(frequencies: tuple[int, ...], count: int, level_db: float, ramp: bool) -> np.ndarray:
    times = np.arange(count) / RATE
    total = np.zeros(count)
    for frequency in frequencies:
        total += np.sin(2 * np.pi * frequency * times)
    total *= 32767 * 10 ** (level_db / 20) / max(1, len(frequencies))
    edge = min(RATE * _RAMP_MS // 1000, count // 2)
    if ramp and edge:
        shape = np.linspace(0, 1, edge)
        total[:edge] *= shape
        total[-edge:] *= shape[::-1]
    return total


def _pcm(samples: np.ndarray) -> bytes:
    return samples.round().astype("<i2").tobytes()


@lru_cache(maxsize=32)
def period(what: Tone) -> bytes:
    """One whole period as PCM. Repeating it has no seam: a continuous tone lasts a second, and
    whole hertz fit into that."""
    if not what.cadence:
        return _pcm(_burst(what.frequencies, RATE, what.level_db, ramp=False))
    parts = []
    for on, off in what.cadence:
        parts.append(_burst(what.frequencies, RATE * on // 1000, what.level_db, ramp=True))
        parts.append(np.zeros(RATE * off // 1000))
    return _pcm(np.concatenate(parts))


def sine(frequency: int, seconds: float, level_db: float = -15.0) -> bytes:
    """A plain tone of that length."""
    return _pcm(_burst((frequency,), int(RATE * seconds), level_db, ramp=True))


def dtmf(digit: str, duration_ms: int = 100, level_db: float = -9.0) -> bytes:
    """In-band DTMF of one key."""
    pair = DTMF.get(digit.upper())
    if pair is None:
        raise ValueError(f"not a DTMF digit: {digit!r}")
    return _pcm(_burst(pair, RATE * duration_ms // 1000, level_db, ramp=True))
