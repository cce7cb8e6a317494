"""What a test must leave as it found it: UDP sockets of a namespace, tasks of this process."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

PATIENCE_S = 10.0


def udp_ports() -> set[int]:
    """The local ports of all UDP sockets in this network namespace, whoever has them open."""
    rows = (Path("/proc/self/net/udp")).read_text().splitlines()[1:]
    return {int(row.split()[1].rpartition(":")[2], 16) for row in rows}


def running_tasks() -> Counter[str]:
    """The tasks of the running loop by what they run."""
    return Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())


async def expect_no_more_ports_than(before: set[int]) -> None:
    """Sockets close in processes that tell nobody, so they are looked at."""
    limit = time.monotonic() + PATIENCE_S
    while more := udp_ports() - before:
        assert time.monotonic() < limit, f"left open: UDP ports {sorted(more)}"
        await asyncio.sleep(0.05)


async def expect_no_more_tasks_than(before: Counter[str]) -> None:
    limit = time.monotonic() + PATIENCE_S
    while more := running_tasks() - before:
        assert time.monotonic() < limit, f"left running: {dict(more)}"
        await asyncio.sleep(0.05)
