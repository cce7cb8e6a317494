"""Media pass-through: CPU per call-second and added delay, ours against rtpengine and Janus.

Calls are set up for real (ICE, DTLS-SRTP), then a generator process sends paced 20 ms packets both
ways and takes the delay from kernel receive times. All systems of one comparison run in turn
within each repeat, so that what else the machine does meets them alike; engines and generator run
with real-time priority where the system grants it, as our worker does by itself.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Iterable
from dataclasses import asdict

from bench.figure import Figure, Options, figure
from bench.media.janus import Janus
from bench.media.run import Result, measure_system, show
from bench.media.systems import Embedded, Rtpengine, System

RTPENGINE_LIMIT = 1.1  # of rtpengine's CPU in user space, from 200 calls up
JANUS_LIMIT = 0.45  # of Janus' CPU at 100 calls
DELAY_LIMIT_US = 5000  # p99 of the added delay while the engine uses about half a core
HALF_A_CORE = 0.5

Make = Callable[[], System]
Runs = dict[tuple[str, int], list[Result]]

_CASES: dict[str, Make] = {
    "embedded": Embedded,
    "rtpengine": Rtpengine,
    "janus": Janus,
    "webrtc-webrtc": lambda: Embedded("webrtc"),
    "connector-rtp": lambda: Embedded("connector"),
    "connector-sdes": lambda: Embedded("connector_sdes"),
}
_PLAN: tuple[tuple[int, tuple[str, ...]], ...] = (
    (20, ("embedded", "rtpengine", "janus")),
    (100, ("embedded", "rtpengine", "janus", "webrtc-webrtc", "connector-rtp", "connector-sdes")),
    (200, ("embedded", "rtpengine")),
    (400, ("embedded", "rtpengine")),
)
_QUICK = ((20, ("embedded", "rtpengine")), (100, ("embedded", "rtpengine")))


def measure(options: Options) -> list[Figure]:
    repeats, seconds = (1, 3.0) if options.quick else (3, 5.0)
    runs: Runs = {}
    for _ in range(repeats):
        for calls, names in _QUICK if options.quick else _PLAN:
            for name in names:
                result = asyncio.run(measure_system(_CASES[name](), calls, seconds))
                show(result)
                runs.setdefault((name, calls), []).append(result)
    return list(_figures(runs))


def _figures(runs: Runs) -> Iterable[Figure]:
    for (name, calls), results in runs.items():
        yield figure(
            "media",
            f"{name} n={calls} CPU",
            [r.cpu_ms for r in results],
            "ms/call-s",
            note=_note(results),
            results=[asdict(r) for r in results],
        )
    for calls in (200, 400):
        yield from _ratio(runs, "rtpengine", calls, RTPENGINE_LIMIT)
    yield from _ratio(runs, "janus", 100, JANUS_LIMIT)
    yield from _delay(runs)


def _ratio(runs: Runs, other: str, calls: int, limit: float) -> Iterable[Figure]:
    """Our CPU over theirs, repeat by repeat."""
    ours, theirs = runs.get(("embedded", calls)), runs.get((other, calls))
    if ours and theirs:
        if len(profiles := {r.profile for r in (*ours, *theirs)}) > 1:
            raise RuntimeError(f"no comparison: embedded and {other} used {sorted(profiles)}")
        ratios = [a.cpu_ms / b.cpu_ms for a, b in zip(ours, theirs, strict=True)]
        yield figure("media", f"embedded / {other} n={calls}", ratios, "x", limit=limit)


def _delay(runs: Runs) -> Iterable[Figure]:
    """The load that comes nearest to half a core, and that of the comparison with rtpengine: of
    all packets, and of those that were sent while the machine ran at its speed."""
    shares = {
        calls: statistics.median(r.engine_share for r in results)
        for (name, calls), results in runs.items()
        if name == "embedded"
    }
    nearest = min(shares, key=lambda calls: abs(shares[calls] - HALF_A_CORE))
    for calls in sorted({nearest, 200} & shares.keys()):
        results = runs["embedded", calls]
        yield figure(
            "media",
            f"embedded n={calls} p99 added delay ({shares[calls]:.0%} of a core)",
            [r.p99_us for r in results],
            "us",
            limit=DELAY_LIMIT_US,
            note=_note(results),
        )
        steady = statistics.median(r.steady_share for r in results)
        yield figure(
            "media",
            f"embedded n={calls} p99 while the machine ran at its speed",
            [r.steady_p99_us for r in results],
            "us",
            limit=DELAY_LIMIT_US,
            note=f"{steady:.0%} of the packets",
        )


def _note(results: list[Result]) -> str:
    """Delay, loss and whatever makes the run doubtful."""
    p50 = statistics.median(r.p50_us for r in results)
    p99 = statistics.median(r.p99_us for r in results)
    lost = max(r.lost / r.sent for r in results)
    text = f"p50 {p50:.0f} p99 {p99:.0f} us, lost {lost:.2%}"
    others = max(r.others_share for r in results)
    generator = max(r.generator_share for r in results)
    if others > 0.15:
        text += f", machine busy with {others:.2f} cores of other work"
    slow = statistics.median(r.slow_share for r in results)
    if slow > 0.002:
        text += f", machine at under a third of its speed for {slow:.1%} of the time"
    if generator > 0.85:
        text += ", generator near its limit"
    return text
