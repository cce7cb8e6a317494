"""What a flow may do before it has proven a site, and how often anyone may knock. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

#: Methods that are answered on a flow that has proven nothing yet.
OPEN_METHODS = frozenset({"REGISTER", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class TrustLimits:
    prove_within: float = 10.0  # seconds from connection to an accepted REGISTER
    requests_unproven: int = 20  # then the flow goes
    connections: int = 16  # per address, in `window` seconds
    window: float = 2.0
    addresses: int = 10_000  # remembered at most
    unproven_flows: int = 512
    invites: int = 100  # of one site, in `window` seconds
    news: int = 2000  # NOTIFYs of one site, in `window` seconds


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Admission:
    """A token bucket per key (address, site): ``most`` in ``window`` seconds.

    At most ``keys`` buckets are remembered; the one unused for longest is forgotten.
    """

    def __init__(self, most: int, window: float, keys: int) -> None:
        self._most = float(most)
        self._rate = most / window
        self._keys = keys
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def admit(self, key: Hashable, now: float) -> bool:
        bucket = self._buckets.pop(key, None)
        if bucket is None:
            bucket = _Bucket(self._most, now)
        earned = max(0.0, now - bucket.at) * self._rate
        bucket.tokens = min(self._most, bucket.tokens + earned)
        bucket.at = now
        self._buckets[key] = bucket
        while len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True


@dataclass(slots=True)
class Unproven:
    """Context of a flow that has not proven a site."""

    since: float
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Proven:
    """Context of a flow that speaks for a site."""

    tenant_id: str
    site_id: str
    key_id: str
    instance: str


FlowContext = Unproven | Proven


@dataclass(slots=True)
class Counters:
    """Why requests and flows were turned away, for metrics."""

    refused: dict[str, int] = field(default_factory=dict)

    def count(self, why: str) -> None:
        self.refused[why] = self.refused.get(why, 0) + 1
