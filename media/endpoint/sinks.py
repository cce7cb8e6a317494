"""What an endpoint hears. A sink is given decoded PCM in order, gaps already filled."""

from __future__ import annotations

from typing import Protocol

from media.audio import measure, wav

RATE = 8000


class Sink(Protocol):
    def write(self, pcm: bytes) -> None: ...


class Recorder:
    """Keeps the last ``seconds`` of what was heard, or the first when ``head`` is set."""

    def __init__(self, seconds: float = 60.0, *, head: bool = False) -> None:
        self._limit = int(seconds * RATE) * 2
        self._head = head
        self._pcm = bytearray()
        self.total = 0

    def write(self, pcm: bytes) -> None:
        self.total += len(pcm) // 2
        if self._head:
            self._pcm += pcm[: max(0, self._limit - len(self._pcm))]
            return
        self._pcm += pcm
        # Trim rarely: deleting from the front moves the whole buffer.
        if len(self._pcm) > 2 * self._limit:
            del self._pcm[: len(self._pcm) - self._limit]

    @property
    def full(self) -> bool:
        return len(self._pcm) >= self._limit

    @property
    def seconds(self) -> float:
        return min(len(self._pcm), self._limit) / 2 / RATE

    def pcm(self, last_seconds: float | None = None) -> bytes:
        """What is kept, or only its last seconds."""
        limit = self._limit if last_seconds is None else int(last_seconds * RATE) * 2
        if self._head and last_seconds is None:
            return bytes(self._pcm)
        return bytes(self._pcm[-limit:]) if limit else b""

    def wav(self) -> bytes:
        return wav.to_bytes(self.pcm())

    def tone(self, frequency: float, last_seconds: float = 1.0) -> measure.ToneReport:
        return measure.find_tone(self.pcm(last_seconds), frequency)

    def clear(self) -> None:
        self._pcm.clear()


class SilenceWatch:
    """How long the far end has said nothing above ``threshold_dbfs``."""

    def __init__(self, threshold_dbfs: float = -45.0) -> None:
        self._threshold = threshold_dbfs
        self._silent = 0
        self.spoke = False

    def write(self, pcm: bytes) -> None:
        if measure.level_dbfs(pcm) > self._threshold:
            self._silent, self.spoke = 0, True
        else:
            self._silent += len(pcm) // 2

    @property
    def silent_seconds(self) -> float:
        return self._silent / RATE
