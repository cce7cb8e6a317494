"""One run: n calls set up for real, then paced by the generator, then counted."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.media.peers import Flow, packets
from bench.media.systems import System, cpu_seconds, first_in_line

WARMUP = 75  # periods of 20 ms that are sent but not measured
SETUP_AT_ONCE = 8
AFTER_SLOW_US = 10_000


class NoCompiler(RuntimeError):
    """The generator is a C program; without a compiler there is nothing to measure with."""


def build(directory: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompiler("the media bench needs a C compiler (cc) for its load generator")
    target = directory / "load"
    source = Path(__file__).with_name("load.c")
    subprocess.run([compiler, "-O2", "-o", str(target), str(source)], check=True)
    return target


@dataclass(frozen=True, slots=True)
class Result:
    system: str
    calls: int
    profile: str  # of SRTP, as the first call negotiated it
    cpu_ms: float  # per call-second
    engine_share: float  # of one core
    generator_share: float
    slow_share: float  # of the time, in which the machine ran at under a third of its speed
    others_share: float  # what else the machine did, in cores
    setup_cpu_ms: float  # per call
    sent: int
    lost: int
    p50_us: float
    p99_us: float
    p999_us: float
    max_us: float
    steady_p99_us: float  # of the packets that were sent while the machine ran at its speed
    steady_share: float  # of all packets


async def measure_system(system: System, calls: int, seconds: float) -> Result:
    _raise_file_limit()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        load = build(directory)
        await system.start()
        try:
            before = cpu_seconds(system.pids())
            flows = await _set_up(system, calls)
            setup = (cpu_seconds(system.pids()) - before) * 1000 / calls
            _write(directory, flows, WARMUP + int(seconds * 50))
            return await _load(load, directory, system, calls, setup, flows)
        finally:
            await system.stop()


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _set_up(system: System, calls: int) -> list[Flow]:
    gate = asyncio.Semaphore(SETUP_AT_ONCE)

    async def one(number: int) -> tuple[Flow, Flow]:
        async with gate:
            return await system.call(number)

    pairs = await asyncio.gather(*(one(i) for i in range(calls)))
    return [flow for pair in pairs for flow in pair]


def _write(directory: Path, flows: list[Flow], count: int) -> None:
    offset = 0
    with (directory / "packets").open("wb") as file, (directory / "plan").open("w") as plan:
        for index, flow in enumerate(flows):
            data, size = packets(count, flow.keys, flow.ssrc)
            file.write(data)
            host, port = flow.to
            plan.write(f"{flow.sock.fileno()} {index ^ 1} {port} {host} {size} {count} {offset}\n")
            offset += len(data)


async def _load(
    load: Path, directory: Path, system: System, calls: int, setup: float, flows: list[Flow]
) -> Result:
    process = await asyncio.create_subprocess_exec(
        *first_in_line(),
        str(load),
        str(directory / "plan"),
        str(directory / "packets"),
        str(directory / "delays"),
        str(WARMUP),
        str(directory / "slow"),
        stdout=asyncio.subprocess.PIPE,
        pass_fds=[flow.sock.fileno() for flow in flows],
    )
    assert process.stdout is not None
    marks: list[tuple[float, float, float]] = []
    for expected in (b"begin", b"end"):
        line = (await process.stdout.readline()).strip()
        if line != expected:
            raise RuntimeError(f"the generator said {line!r} instead of {expected!r}")
        marks.append((time.monotonic(), cpu_seconds(system.pids()), _idle()))
    report = json.loads(await process.stdout.readline())
    await process.wait()
    if not report["from_web"] or not report["from_line"]:
        raise RuntimeError(f"{system.name} carried one direction only: {report}")
    for flow in flows:
        flow.sock.close()
    wall = marks[1][0] - marks[0][0]
    cpu = marks[1][1] - marks[0][1]
    generator = report["cpu_s"] / report["wall_s"]
    busy = (os.cpu_count() or 1) - (marks[1][2] - marks[0][2]) / wall
    rows = np.fromfile(directory / "delays", dtype=np.int32).reshape(-1, 3)
    spans = np.fromfile(directory / "slow", dtype=np.int32).reshape(-1, 2)
    delays, sent_at = rows[:, 1], rows[:, 2]
    lost = report["sent"] - report["received"]
    # A packet that never came counts as one that came too late, or losing it would pay.
    late = np.concatenate([delays.astype(float), np.full(max(lost, 0), np.inf)])
    p50, p99, p999, most = np.percentile(late, [50, 99, 99.9, 100], method="higher")
    steady = delays[~within(sent_at, spans)]
    return Result(
        system=system.name,
        calls=calls,
        profile=next(f.keys.profile.name for f in flows if f.keys is not None),
        cpu_ms=cpu * 1000 / (calls * wall),
        engine_share=cpu / wall,
        generator_share=generator,
        slow_share=report["slow_share"],
        others_share=busy - cpu / wall - generator,
        setup_cpu_ms=setup,
        sent=report["sent"],
        lost=lost,
        p50_us=float(p50),
        p99_us=float(p99),
        p999_us=float(p999),
        max_us=float(most),
        steady_p99_us=float(np.percentile(steady, 99, method="higher")),
        steady_share=len(steady) / len(delays),
    )


def within(sent_at: NDArray[np.int32], spans: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which packets were sent while the machine was slow, or so shortly after it that what had
    gathered meanwhile was before them. When they arrived has no part in it, or whoever is late
    would be forgiven for it."""
    reached = np.zeros(len(sent_at), dtype=bool)
    for begin, end in spans:
        reached |= (sent_at >= begin) & (sent_at <= end + AFTER_SLOW_US)
    return reached


def _idle() -> float:
    """Seconds that the cores together were idle. The kernel takes these from its clock; what it
    calls busy it samples at its tick, which misses a process that naps between two ticks."""
    fields = Path("/proc/stat").read_text().split(maxsplit=6)
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


def show(result: Result) -> None:
    print(
        f"{result.system:16} n={result.calls:4} {result.cpu_ms:5.2f} ms/call-s "
        f"engine {result.engine_share:4.0%} gen {result.generator_share:4.0%} "
        f"others {result.others_share:4.0%} slow {result.slow_share:5.2%} "
        f"setup {result.setup_cpu_ms:4.1f} ms {result.profile} "
        f"lost {result.lost}/{result.sent} "
        f"p50 {result.p50_us:.0f} p99 {result.p99_us:.0f} p99.9 {result.p999_us:.0f} "
        f"max {result.max_us:.0f} us, steady ({result.steady_share:.0%}) "
        f"p99 {result.steady_p99_us:.0f} us",
        file=sys.stderr,
        flush=True,
    )
