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
    (outstandingReqLimitExceeded). What a user waits for goes before what the session does itself,
    and its time runs from when it was asked for, not from when it went out.
    """

    def __init__(self, window: int, timeout: float) -> None:
        self._window = window
        self._timeout = timeout
        self._next = 0
        self._sent: dict[int, Waiting[P]] = {}
        self._urgent: deque[Waiting[P]] = deque()
        self._background: deque[tuple[Request, P]] = deque()

    def hurry(self, request: Request, purpose: P, now: float) -> None:
        """Someone waits for this one."""
        self._urgent.append(Waiting(request, purpose, now + self._timeout))

    def enqueue(self, request: Request, purpose: P) -> None:
        self._background.append((request, purpose))

    def due(self, now: float) -> Iterator[tuple[int, Request]]:
        """Take what may go out now, with the id to send it under."""
        while len(self._sent) < self._window:
            if self._urgent:
                waiting = self._urgent.popleft()
            elif self._background:
                waiting = Waiting(*self._background.popleft(), now + self._timeout)
            else:
                return
            invoke_id = self._free_id()
            self._sent[invoke_id] = waiting
            yield invoke_id, waiting.request

    def _free_id(self) -> int:
        while self._next in self._sent:
            self._next = (self._next + 1) % (MAX_REQUEST_ID + 1)
        invoke_id = self._next
        self._next = (self._next + 1) % (MAX_REQUEST_ID + 1)
        return invoke_id

    def answered(self, invoke_id: int) -> Waiting[P] | None:
        return self._sent.pop(invoke_id, None)

    def deadline(self) -> float | None:
        """When the first runs out."""
        times = [waiting.deadline for waiting in self._sent.values()]
        if self._urgent:  # in the order in which they were asked for
            times.append(self._urgent[0].deadline)
        return min(times, default=None)

    def expired(self, now: float) -> list[Waiting[P]]:
        gone = [item for item in self._sent.items() if item[1].deadline <= now]
        for invoke_id, _ in gone:
            del self._sent[invoke_id]
        late = [waiting for _, waiting in gone]
        while self._urgent and self._urgent[0].deadline <= now:
            late.append(self._urgent.popleft())
        return late

    def clear(self) -> list[P]:
        """Forget all requests, sent or not; what they were for."""
        purposes = [waiting.purpose for waiting in (*self._sent.values(), *self._urgent)]
        purposes += [purpose for _, purpose in self._background]
        self._sent.clear()
        self._urgent.clear()
        self._background.clear()
        return purposes
