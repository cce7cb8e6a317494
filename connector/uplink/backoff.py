"""When to try again: 1 s doubling to 30 s, full jitter, so that sites do not come back in step."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

FIRST_DELAY = 1.0
LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """`delay` draws uniformly from 0 to the current ceiling; `failed` doubles the ceiling."""

    first: float = field(default_factory=lambda: FIRST_DELAY)
    limit: float = LIMIT
    failures: int = 0

    @property
    def ceiling(self) -> float:
        return min(self.limit, self.first * 2.0 ** min(self.failures, 16))

    def delay(self, rng: random.Random) -> float:
        return rng.uniform(0.0, self.ceiling)

    def failed(self) -> Backoff:
        return replace(self, failures=self.failures + 1)

    def succeeded(self) -> Backoff:
        return replace(self, failures=0)
