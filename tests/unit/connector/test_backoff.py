"""1 s doubling to 30 s with full jitter."""

from __future__ import annotations

import random

from connector.uplink.backoff import Backoff


def test_ceiling_doubles_to_its_limit_and_resets() -> None:
    backoff, ceilings = Backoff(), []
    for _ in range(8):
        ceilings.append(backoff.ceiling)
        backoff = backoff.failed()
    assert ceilings == [1, 2, 4, 8, 16, 30, 30, 30]
    assert backoff.succeeded().ceiling == 1


def test_full_jitter_uses_the_whole_range() -> None:
    rng, backoff = random.Random(7), Backoff(failures=3)
    delays = [backoff.delay(rng) for _ in range(500)]
    assert min(delays) < 0.2
    assert max(delays) > 7.8
    assert all(0 <= delay <= 8 for delay in delays)


def test_many_failures_do_not_overflow() -> None:
    assert Backoff(failures=10**6).ceiling == 30
