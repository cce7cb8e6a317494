"""Two systems that correct each other's settings would do so for ever: this stops ours. Pure."""

from __future__ import annotations

from collections import deque

CHANGES, WITHIN, REST = 3, 2.0, 60.0


class LoopGuard:
    """Three changes within two seconds stop the next ones for a minute."""

    def __init__(self) -> None:
        self._changes: deque[float] = deque(maxlen=CHANGES)
        self._until = 0.0

    def admits(self, now: float) -> bool:
        if now < self._until:
            return False
        if len(self._changes) == CHANGES and now - self._changes[0] < WITHIN:
            self._until = now + REST
            self._changes.clear()
            return False
        self._changes.append(now)
        return True
