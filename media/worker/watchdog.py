"""Silence of a leg, measured in steps (pure). The session says what each step means."""

from __future__ import annotations

from dataclasses import dataclass

STEPS_S = (0.5, 3.0, 5.0, 30.0)


@dataclass(slots=True)
class SilenceWatch:
    """Feed it the packet counter when due; it reports each step once and the return with 0.0."""

    since: float
    _packets: int = 0
    _passed: int = 0

    def update(self, packets: int, now: float, heard: float = 0.0) -> list[float]:
        """``heard`` is when the newest packet came, where that is known: whoever looks seldom
        then still measures from there."""
        if packets != self._packets:
            self._packets, self.since = packets, heard or now
            if self._passed:
                self._passed = 0
                return [0.0]
            return []
        reached = []
        while self._passed < len(STEPS_S) and now - self.since >= STEPS_S[self._passed]:
            reached.append(STEPS_S[self._passed])
            self._passed += 1
        return reached

    @property
    def due(self) -> float:
        """Nothing is to be told before; while it is silent, the return may come any time."""
        return 0.0 if self._passed else self.since + STEPS_S[0]
