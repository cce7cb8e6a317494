"""The latest events of one tenant, for readers that come back and for those that are slow.

Readers hold a number and no events of their own: whoever is too slow loses the place, and no memory
grows.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

MOST_EVENTS = 2_000
MOST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Happened:
    number: int
    type: str
    user_id: str | None
    data: str  # JSON, without line breaks


class Buffer:
    """Numbers are good within one ``epoch``: another node, or a buffer made anew, has another."""

    def __init__(self, most_events: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self.epoch = secrets.token_hex(6)
        self.last = 0
        self._most_events = most_events
        self._most_bytes = most_bytes
        self._bytes = 0
        self._events: deque[Happened] = deque()

    def add(self, type: str, user_id: str | None, data: str) -> None:
        self.last += 1
        self._events.append(Happened(self.last, type, user_id, data))
        self._bytes += len(data)
        while len(self._events) > self._most_events or self._bytes > self._most_bytes:
            self._bytes -= len(self._events.popleft().data)

    def holds(self, number: int) -> bool:
        """Everything after ``number`` is here."""
        return self.last - len(self._events) <= number <= self.last

    def after(self, number: int, most: int) -> Iterator[Happened]:
        """At most so many, in order. Only if it ``holds`` the number."""
        first = number - (self.last - len(self._events))
        for place in range(first, min(first + most, len(self._events))):
            yield self._events[place]

    def id_of(self, number: int) -> str:
        return f"{self.epoch}-{number}"

    def number_of(self, text: str) -> int | None:
        """The place that a ``Last-Event-ID`` names; None if it is not of this buffer."""
        epoch, _, number = text.partition("-")
        if epoch != self.epoch or not (number.isascii() and number.isdigit()) or len(number) > 15:
            return None
        return int(number) if self.holds(int(number)) else None
