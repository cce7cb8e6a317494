"""What a kind of delivery is given, how it says no, and how often it is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Delivery:
    """``id`` stays the same over all attempts: receivers know a repeat by it."""

    id: str
    tenant_id: str
    kind: str
    payload: Mapping[str, Any]
    secret: str = field(repr=False)
    attempt: int  # 1, 2, 3 ...
    created_at: datetime
    target_id: str | None = None


#: Returns once the other side has it. Any exception is a failed attempt; :class:`GiveUp` the last.
Deliver = Callable[[Delivery], Awaitable[None]]


class Failed(Exception):
    """This attempt came to nothing. The words are shown to admins."""


class GiveUp(Exception):
    """It will never work: the other side said so for good. The words are shown to admins."""


class NotNow(Exception):
    """Nothing was tried, and it counts as no attempt: come back after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Policy:
    """Exponential back-off with full jitter: a random time up to the one that doubles."""

    first: float = 5.0  # s
    longest: float = 3600.0
    attempts: int = 20
    timeout: float = 30.0  # s that one attempt may take
    workers: int = 4  # batches at one time; what hangs in one kind never holds up another
    batch: int = 10  # items of one tenant at a time: then it is the next one's turn
    done_kept: timedelta = timedelta(days=30)
    dead_kept: timedelta = timedelta(days=90)
    #: Waiting ones of one target, and given up ones: the older go. None: no bound.
    most_per_target: int | None = None

    def delay(self, attempt: int, random: Callable[[], float]) -> timedelta:
        """Until the next one, after ``attempt`` attempts; never at once."""
        most = min(self.longest, self.first * 2.0 ** min(attempt - 1, 30))
        return timedelta(seconds=max(0.1, most * random()))
