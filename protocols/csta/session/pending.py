"""Requests that wait: for their turn, then for their answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from protocols.csta.framing import MAX_REQUEST_ID
from protocols.csta.message import Request

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Waiting(Generic[P]):
    """A request on the wire and what its answer is for."""

    request: Request
    purpose: P
    deadline: float


class RequestTable(Generic[P]):
    """Invoke ids go round from 0000 to 9998, so that a late answer meets no newer request.

    At most `window` requests are on the wire: a switching function refuses more than it can hold
    (outstandingReqLimitExceeded). What a user waits for goes before what the session does itself.
    """

    def __init__(self, window: int, timeout: float) -> None:
        self._window = window
        self._timeout = timeout
        self._next = 0
        self._sent: dict[int, Waiting[P]] = {}
        self._urgent: deque[tuple[Request, P]] = deque()
        self._background: deque[tuple[Request, P]] = deque()

    def enqueue(self, request: Request, purpose: P, *, urgent: bool) -> None:
        (self._urgent if urgent else self._background).append((request, purpose))

    def due(self, now: float) -> Iterator[tuple[int, Request]]:
        """Take what may go out now, with the id to send it under."""
        while len(self._sent) < self._window:
            queue = self._urgent or self._background
            if not queue:
                return
            request, purpose = queue.popleft()
            invoke_id = self._free_id()
            self._sent[invoke_id] = Waiting(request, purpose, now + self._timeout)
            yield invoke_id, request

    def _free_id(self) -> int:
        while self._next in self._sent:
            self._next = (self._next + 1) % (MAX_REQUEST_ID + 1)
        invoke_id = self._next
        self._next = (self._next + 1) % (MAX_REQUEST_ID + 1)
        return invoke_id

    def answered(self, invoke_id: int) -> Waiting[P] | None:
        return self._sent.pop(invoke_id, None)

    def deadline(self) -> float | None:
        """The first to run out: all wait equally long, so it is the oldest."""
        oldest = next(iter(self._sent.values()), None)
        return None if oldest is None else oldest.deadline

    def expired(self, now: float) -> list[Waiting[P]]:
        gone = [item for item in self._sent.items() if item[1].deadline <= now]
        for invoke_id, _ in gone:
            del self._sent[invoke_id]
        return [waiting for _, waiting in gone]

    def purposes(self) -> list[P]:
        """Of all requests, sent or not."""
        queued = (*self._urgent, *self._background)
        return [w.purpose for w in self._sent.values()] + [purpose for _, purpose in queued]

    def clear(self) -> list[P]:
        purposes = self.purposes()
        self._sent.clear()
        self._urgent.clear()
        self._background.clear()
        return purposes
