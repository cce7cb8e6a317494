"""Resident memory of gateway and connector, media workers included: idle, and added by a call."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from bench.figure import Figure, Options, figure

PARTS = ("gateway", "connector")
CALLS = (
    ("anna@example.test", ("710", "711")),
    ("berta@example.test", ("715", "199")),
)
COUNT = sum(len(numbers) for _, numbers in CALLS)


def measure(options: Options) -> list[Figure]:
    """Idle, then four calls at once, in programs started anew for each round: pages that calls once
    used stay resident, so a second round would count less. A child process has the namespace."""
    rounds = 1 if options.quick else 3
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory", str(rounds)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = {
        name: [float(value) for value in values.split()]
        for name, _, values in (line.partition(":") for line in done.stdout.splitlines())
    }
    figures = []
    for part in PARTS:
        figures += [
            figure("memory", f"{part}, idle", rows[f"{part} idle"], "MiB", note="reported"),
            figure("memory", f"{part}, per call", rows[f"{part} call"], "MiB", note="reported"),
        ]
    return figures


def resident(part: str, root: psutil.Process) -> float:
    """MiB of the part's process and its workers."""
    main = next(child for child in root.children() if part in child.cmdline())
    family = [main, *main.children(recursive=True)]
    return sum(process.memory_info().rss for process in family) / 2**20


async def run(stack: Any) -> dict[str, float]:
    from tests.support.device_client import device

    root = psutil.Process(stack.process.pid)
    idle = {part: resident(part, root) for part in PARTS}
    people = []
    for email, numbers in CALLS:
        person = device(stack.url, email, stack.password(email), hertz=700.0)
        people.append((await person.__aenter__(), person, numbers))
    calls = [
        (phone, await phone.dial(number)) for phone, _, numbers in people for number in numbers
    ]
    for phone, call_id in calls:
        await phone.phase(call_id, "connected")
    rows = {f"{part} idle": idle[part] for part in PARTS}
    rows |= {f"{part} call": (resident(part, root) - idle[part]) / COUNT for part in PARTS}
    for phone, call_id in calls:
        await phone.hang_up(call_id)
        await phone.phase(call_id, "ended")
    for _, person, _ in people:
        await person.__aexit__(None, None, None)
    return rows


def child(rounds: int) -> None:
    from tests.support.demo_stack import demo_stack
    from tests.support.netns import own_network

    address = own_network()
    rows: dict[str, list[float]] = {}
    for _ in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="offhook-bench-"))
        try:
            with demo_stack(folder / "demo", advertise=address) as stack:
                for name, value in asyncio.run(run(stack)).items():
                    rows.setdefault(name, []).append(value)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    for name, values in rows.items():
        print(f"{name}:", *(f"{value:.2f}" for value in values))


if __name__ == "__main__":
    child(int(sys.argv[1]))
