"""Silence of a leg, measured in steps (pure). The session says what each step means."""

from __future__ import annotations

from dataclasses import dataclass

STEPS_S = (0.5, 3.0, 5.0, 30.0)


@dataclass(slots=True)
class SilenceWatch:
    """Feed it the packet counter often; it reports each step once and the return with 0.0."""

    since: float
    _packets: int = 0
    _passed: int = 0

    def update(self, packets: int, now: float) -> list[float]:
        if packets != self._packets:
            self._packets, self.since = packets, now
            if self._passed:
                self._passed = 0
                return [0.0]
            return []
        reached = []
        while self._passed < len(STEPS_S) and now - self.since >= STEPS_S[self._passed]:
            reached.append(STEPS_S[self._passed])
            self._passed += 1
        return reached
