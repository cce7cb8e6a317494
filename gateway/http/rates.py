"""How many requests a tenant, and each of its users and keys, may make; answers say what is left.

``RateLimit-Policy`` and ``RateLimit`` as draft-ietf-httpapi-ratelimit-headers-10 has them: two
policies, each with its quota ``q`` in a window of ``w`` seconds, ``r`` requests left, and the
seconds ``t`` until all of it is there again.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from gateway.admin_ports import Quotas
from gateway.ports import Problem

WINDOW_S = 60
MAX_KEYS = 50_000

_RATE_HEADERS = web.RequestKey("rate_headers", dict[str, str])


class Buckets:
    """Token buckets of different sizes, each refilled once a window; the oldest are forgotten."""

    def __init__(self, max_keys: int = MAX_KEYS) -> None:
        self._max_keys = max_keys
        self._levels: OrderedDict[tuple[str, ...], tuple[float, float]] = OrderedDict()

    def level(self, key: tuple[str, ...], quota: int, now: float) -> float:
        level, since = self._levels.get(key, (float(quota), now))
        return min(float(quota), level + max(0.0, now - since) * quota / WINDOW_S)

    def take(self, key: tuple[str, ...], quota: int, now: float) -> float:
        """What is left then. Only when ``level`` is 1 or more."""
        left = self.level(key, quota, now) - 1.0
        self._levels.pop(key, None)
        self._levels[key] = (left, now)
        while len(self._levels) > self._max_keys:
            self._levels.popitem(last=False)
        return left


class RequestRates:
    def __init__(self, quotas: Quotas, now: Callable[[], float] = time.monotonic) -> None:
        self._quotas = quotas
        self._now = now
        self._buckets = Buckets()

    def take(self, request: web.Request, tenant_id: str, who: str) -> None:
        """Counts one request; :class:`Problem` 429 when either has none left."""
        quotas, now = self._quotas.of(tenant_id), self._now()
        policies = (
            ("each", (tenant_id, who), max(1, quotas.requests_per_minute_each)),
            ("tenant", (tenant_id,), max(1, quotas.requests_per_minute)),
        )
        levels = [self._buckets.level(key, quota, now) for _, key, quota in policies]
        refused = [
            (1.0 - level) * WINDOW_S / quota
            for (_, _, quota), level in zip(policies, levels, strict=True)
            if level < 1.0
        ]
        if not refused:
            levels = [self._buckets.take(key, quota, now) for _, key, quota in policies]
        request[_RATE_HEADERS] = {
            "RateLimit-Policy": ", ".join(
                f'"{name}";q={quota};w={WINDOW_S}' for name, _, quota in policies
            ),
            "RateLimit": ", ".join(
                f'"{name}";r={max(0, math.floor(level))};t={_full_in(level, quota)}'
                for (name, _, quota), level in zip(policies, levels, strict=True)
            ),
        }
        if refused:
            raise Problem(
                429,
                "rate_limited",
                "Too many requests: wait a little",
                retry_after=math.ceil(max(refused)),
            )


def _full_in(level: float, quota: int) -> int:
    return math.ceil((quota - level) * WINDOW_S / quota)


def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(request.get(_RATE_HEADERS, {}))
