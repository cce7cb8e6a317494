"""Mix-minus-one: everyone hears all the others and not themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FRAME = 160  # samples of 20 ms at 8 kHz
FRAME_BYTES = 2 * FRAME
#: How much of a party is kept while it comes faster than it is taken, and how much is gathered
#: before it is heard: packets come in bursts, the clock does not.
_MAX_FRAMES = 8
_PRIME_FRAMES = 2


def mix_minus_one(frames: Sequence[bytes]) -> list[bytes]:
    """One frame of 16 bit samples per party in, one per party out; too loud is clipped."""
    if not frames:
        return []
    spoken = np.frombuffer(b"".join(frames), dtype="<i2").reshape(len(frames), -1).astype(np.int32)
    heard = np.clip(spoken.sum(axis=0) - spoken, -32768, 32767).astype("<i2")
    return [row.tobytes() for row in heard]


class Port:
    """One party's place at a mixer: a sink for what it says, a source of what it hears."""

    def __init__(self) -> None:
        self._said = bytearray()
        self._speaking = False
        self._hears = bytearray()

    def write(self, pcm: bytes) -> None:
        self._said += pcm
        extra = len(self._said) - _MAX_FRAMES * FRAME_BYTES
        if extra > 0:
            del self._said[:extra]

    def read(self, count: int) -> bytes:
        found = bytes(self._hears[: 2 * count])
        del self._hears[: 2 * count]
        return found + bytes(2 * count - len(found))

    def take(self) -> bytes:
        """The next frame it said; silence while too little has come."""
        enough = _PRIME_FRAMES if not self._speaking else 1
        self._speaking = len(self._said) >= enough * FRAME_BYTES
        if not self._speaking:
            return bytes(FRAME_BYTES)
        frame = bytes(self._said[:FRAME_BYTES])
        del self._said[:FRAME_BYTES]
        return frame

    def give(self, frame: bytes) -> None:
        if len(self._hears) >= _PRIME_FRAMES * FRAME_BYTES:
            self._hears.clear()  # nobody listens just now: what comes later must not be late
        self._hears += frame


class Mixer:
    """``tick`` is to be called every 20 ms."""

    def __init__(self) -> None:
        self.ports: list[Port] = []

    def add(self) -> Port:
        port = Port()
        self.ports.append(port)
        return port

    def remove(self, port: Port) -> None:
        self.ports.remove(port)

    def tick(self) -> None:
        heard = mix_minus_one([port.take() for port in self.ports])
        for port, frame in zip(self.ports, heard, strict=True):
            port.give(frame)
