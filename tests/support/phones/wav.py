"""WAV files that phones play, and the ones that grow while they record."""

from __future__ import annotations

import asyncio
import math
import struct
import time
import wave
from collections.abc import Callable
from pathlib import Path

from tests.support.tones import goertzel

RATE = 8000
TONE_SECONDS = 120


def write_tone(path: Path, frequency: float) -> Path:
    """A sine at a quarter of full scale, 8 kHz, 16 bit, mono: what the phone says."""
    second = b"".join(
        struct.pack("<h", round(8192 * math.sin(2 * math.pi * frequency * n / 8000)))
        for n in range(8000)
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(second * TONE_SECONDS)
    return path


def samples_so_far(path: Path | None, last_seconds: float) -> list[float]:
    """The last samples of a file that is still written: its header may say 0 bytes (baresip) or
    be 44 zeros (linphone)."""
    if path is None or not path.exists():
        return []
    raw = path.read_bytes()
    start = raw.find(b"data", 0, 200)
    pcm = raw[start + 8 if start > 0 else 44 :]
    wanted = int(last_seconds * RATE) * 2
    pcm = pcm[: len(pcm) & ~1][-wanted:]
    return [value / 32768 for (value,) in struct.iter_unpack("<h", pcm)]


def is_tone(samples: list[float], frequency: float) -> bool:
    """Whether the samples are mainly that sine, and loud enough to be meant."""
    if len(samples) < RATE // 4:
        return False
    power = sum(value * value for value in samples) / len(samples)
    if power < 1e-4:
        return False
    amplitude = goertzel(samples, frequency, RATE)
    return amplitude * amplitude / 2 > 0.7 * power


async def hears(heard: Callable[[float], list[float]], frequency: float, within: float) -> None:
    """Wait until the last half second is that tone. Files have no events, so it looks again."""
    end = time.monotonic() + within
    while not is_tone(heard(0.5), frequency):
        assert time.monotonic() < end, f"{frequency} Hz not heard within {within} s"
        await asyncio.sleep(0.05)
