"""How often one may try (a token bucket per key, forgetting the oldest keys first)."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Hashable

from gateway.ports import Problem

MAX_KEYS = 50_000
_SITE_PREFIX = 64


def subscriber(address: str) -> str:
    """Whom limits count: an IPv4 address, or the /64 that one IPv6 host can choose addresses from
    (RFC 4291 section 2.5.4: interface identifiers have 64 bits)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _SITE_PREFIX), strict=False))


class RateLimiter:
    """``attempts`` per minute (or ``per`` seconds) on average, as many at once."""

    def __init__(self, attempts: int, *, per: float = 60.0, max_keys: int = MAX_KEYS) -> None:
        self._capacity = float(attempts)
        self._rate = attempts / per
        self._max_keys = max_keys
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def wait(self, key: Hashable, now: float) -> float:
        """Take one; 0.0 if allowed, else the seconds until it will be."""
        tokens, since = self._buckets.pop(key, (self._capacity, now))
        tokens = min(self._capacity, tokens + max(0.0, now - since) * self._rate)
        allowed = tokens >= 1.0
        self._buckets[key] = (tokens - 1.0 if allowed else tokens, now)
        while len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - tokens) / self._rate

    def empty(self, key: Hashable, now: float) -> bool:
        """Would the next one be refused? Takes nothing."""
        tokens, since = self._buckets.get(key, (self._capacity, now))
        return tokens + max(0.0, now - since) * self._rate < 1.0

    def reset(self, key: Hashable) -> None:
        self._buckets.pop(key, None)

    def take(self, key: Hashable, now: float) -> None:
        """:class:`Problem` 429 when the bucket is empty."""
        wait = self.wait(key, now)
        if wait > 0:
            raise Problem(
                429, "rate_limited", "Too many attempts: wait a little", retry_after=round(wait + 1)
            )
