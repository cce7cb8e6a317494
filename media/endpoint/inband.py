"""DTMF heard as tones (ITU-T Q.24): for far ends that send no telephone-events.

A block of 25 ms counts as a key when one low and one high frequency carry nearly all of its power,
at similar levels. A key is reported once, after two such blocks, and again only after a pause.
Speech rarely passes the share test for two blocks (talk-off, Q.24 2.6).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from media.audio import measure, tones

RATE = 8000
_BLOCK = 200
_ON_BLOCKS = 2
_OFF_BLOCKS = 1
_SHARE = 0.75
_TWIST = 6.3  # 8 dB between the two tones, either way
_FLOOR_DBFS = -40.0

_LOW = sorted({pair[0] for pair in tones.DTMF.values()})
_HIGH = sorted({pair[1] for pair in tones.DTMF.values()})
_KEYS = {pair: key for key, pair in tones.DTMF.items()}
_TURNS = np.exp(-2j * np.pi * np.outer([*_LOW, *_HIGH], np.arange(_BLOCK)) / RATE)


class InbandDigits:
    """A sink; ``on_digit`` is told each key once."""

    def __init__(self, on_digit: Callable[[str], None]) -> None:
        self._on_digit = on_digit
        self._pending = b""
        self._key: str | None = None
        self._blocks = 0
        self._quiet = 0
        self._told = False

    def write(self, pcm: bytes) -> None:
        self._pending += pcm
        size = 2 * _BLOCK
        while len(self._pending) >= size:
            block, self._pending = self._pending[:size], self._pending[size:]
            self._heard(key_in(block))

    def _heard(self, key: str | None) -> None:
        if key is not None and key == self._key:
            self._blocks, self._quiet = self._blocks + 1, 0
        elif key is not None:
            self._key, self._blocks, self._quiet, self._told = key, 1, 0, False
        else:
            self._quiet += 1
            if self._quiet > _OFF_BLOCKS:
                self._key, self._blocks, self._told = None, 0, False
        if self._key is not None and self._blocks >= _ON_BLOCKS and not self._told:
            self._told = True
            self._on_digit(self._key)


def key_in(block: bytes) -> str | None:
    """The key that a block of 25 ms sounds, or None."""
    values = measure.samples(block)
    total = float(np.sum(values**2))
    if values.size != _BLOCK or measure.level_dbfs(block) < _FLOOR_DBFS:
        return None
    power = 2 * np.abs(_TURNS @ values) ** 2 / _BLOCK
    low, high = power[: len(_LOW)], power[len(_LOW) :]
    a, b = int(np.argmax(low)), int(np.argmax(high))
    pair = float(low[a]), float(high[b])
    if sum(pair) < _SHARE * total or max(pair) > _TWIST * max(min(pair), 1e-12):
        return None
    return _KEYS[_LOW[a], _HIGH[b]]
