"""Who may connect and how much a peer may say: the caps an edge facing the internet sets.

Token buckets with an injected clock; one gate may serve several listeners.
"""

from __future__ import annotations

import asyncio
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from protocols.aio.flow import Flow

Clock = Callable[[], float]


class TokenBucket:
    """`rate` per second on average, `burst` at once."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float) -> bool:
        """Take one token if there is one."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class _Buckets:
    """A bucket per key; the least recently used ones go first, for keys can be forged."""

    def __init__(self, rate: float, burst: float, clock: Clock, keep: int = 10_000) -> None:
        self._rate, self._burst, self._clock, self._keep = rate, burst, clock, keep
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._rate, self._burst, now)
            if len(self._buckets) > self._keep:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket.take(now)


class ConnectionGate(Protocol):
    """Asked before a connection costs anything, told when it has ended."""

    def admit(self, host: str) -> bool: ...

    def release(self, host: str) -> None: ...


class ConnectionCaps:
    """At most so many connections in all and per address, and so many new ones per second."""

    def __init__(
        self,
        *,
        total: int = 10_000,
        per_host: int = 100,
        rate: float = 20.0,
        burst: float = 50.0,
        clock: Clock | None = None,
    ) -> None:
        self._total = total
        self._per_host = per_host
        self._rates = _Buckets(rate, burst, clock or _loop_time)
        self._open: Counter[str] = Counter()

    def admit(self, host: str) -> bool:
        if self._open.total() >= self._total or self._open[host] >= self._per_host:
            return False
        if not self._rates.take(host):
            return False
        self._open[host] += 1
        return True

    def release(self, host: str) -> None:
        self._open[host] -= 1
        if self._open[host] <= 0:
            del self._open[host]


class CallableGate:
    """A plain function as a gate."""

    def __init__(self, admit: Callable[[str], bool]) -> None:
        self._admit = admit

    def admit(self, host: str) -> bool:
        return self._admit(host)

    def release(self, host: str) -> None:
        return


class MessageRate:
    """Messages per second: per connection, or per address over UDP."""

    def __init__(self, rate: float, burst: float, clock: Clock | None = None) -> None:
        self._rate, self._burst = rate, burst
        self._clock = clock or _loop_time
        self._streams: weakref.WeakKeyDictionary[Flow, TokenBucket] = weakref.WeakKeyDictionary()
        self._hosts = _Buckets(rate, burst, self._clock)

    def __call__(self, flow: Flow) -> bool:
        """Whether this flow may deliver one more message now."""
        if not flow.reliable:
            return self._hosts.take(flow.peer.host)
        now = self._clock()
        bucket = self._streams.get(flow)
        if bucket is None:
            bucket = self._streams[flow] = TokenBucket(self._rate, self._burst, now)
        return bucket.take(now)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
