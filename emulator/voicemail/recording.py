"""Recording one message: until a key, a pause, or the end of the tape."""

from __future__ import annotations

import asyncio

from media.audio import measure
from media.endpoint import Recorder
from media.endpoint.sinks import SilenceWatch

RATE = 8000
_SHORTEST = 0.5


class MessageSink:
    """A sink that keeps audio and knows when the caller has stopped talking."""

    def __init__(self, max_seconds: float, silence_seconds: float) -> None:
        self._recorder = Recorder(max_seconds, head=True)
        self._watch = SilenceWatch()
        self._silence = silence_seconds
        self.done = asyncio.Event()

    def write(self, pcm: bytes) -> None:
        if self.done.is_set():
            return
        self._recorder.write(pcm)
        self._watch.write(pcm)
        if self._recorder.full or self._watch.silent_seconds >= self._silence:
            self.done.set()

    def message(self) -> bytes | None:
        """What was said, without the pause at its end; None when that is nothing."""
        if not self._watch.spoke:
            return None
        pcm = trimmed(self._recorder.pcm())
        return pcm if len(pcm) >= 2 * RATE * _SHORTEST else None


def trimmed(pcm: bytes, threshold_dbfs: float = -45.0) -> bytes:
    """Without silence at the end, but for a short breath."""
    step = 320
    end = len(pcm)
    while end > 0 and measure.level_dbfs(pcm[max(0, end - step) : end]) <= threshold_dbfs:
        end -= step
    return pcm[: min(len(pcm), max(0, end) + 10 * step)] if end > 0 else b""
