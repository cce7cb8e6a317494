"""`make test`: run every layer, print each layer's time, end with the totals.

A layer that fails does not stop the next ones: one run tells all. Give names to run only those.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layer:
    """``budget_min``: what it may take on 2 cores; ``paths``: pytest's, or else ``command``;
    ``beside``: the layer before it, if it runs at the same time."""

    name: str
    budget_min: float
    paths: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    beside: str = ""


def beside(files: int) -> tuple[str, ...]:
    """So many files at a time, each worker in a network of its own, which takes root to make."""
    return ("-n", str(files), "--dist", "loadfile") if os.geteuid() == 0 else ()


#: Of tests/unit: one part with its sockets, its database or its processes. The rest is pure.
COMPONENT = tuple(
    f"tests/unit/{folder}"
    for folder in (
        "gateway/calls/test_moves_over_the_link.py",
        "gateway/connectors",
        "gateway/features",
        "gateway/http",
        "gateway/realtime",
        "gateway/storage",
        "gateway/test_lifecycle.py",
        "offhook",
        "protocols/aio",
    )
)

#: What has most of the SQL, once more on PostgreSQL, which the tests start themselves. Any other
#: file of the platform runs there too: pytest --database postgresql.
ON_POSTGRESQL = (
    "tests/unit/gateway/storage",
    "tests/unit/gateway/outbox",
    *(
        f"tests/unit/gateway/features/test_{name}.py"
        for name in ("directory", "journal", "people_templates", "presence", "webhooks")
    ),
    *(
        f"tests/scenario/test_{name}.py"
        for name in (
            "audit",
            "imports",
            "invitations",
            "people",
            "scim",
            "sessions",
            "tenants",
        )
    ),
)

#: Attacks over HTTP and on the gateway alone, two files at a time. The others need both processors.
WALLS = tuple(
    f"tests/security/test_{name}.py"
    for name in (
        "api_conforms",
        "client_address",
        "enumeration",
        "forged_id_tokens",
        "forged_tokens",
        "hostile_bodies",
        "outbound",
        "permission_matrix",
        "secrets_at_rest",
        "stored_markup",
        "tenant_walls",
    )
)

#: Pages and stories in which nothing is timed: two files at a time.
PAGES = tuple(
    f"tests/e2e/test_{name}.py"
    for name in (
        "accessibility",
        "admin_portal",
        "api_docs",
        "contacts",
        "emulator_page",
        "two_tabs",
        "presence",
        "keypad",
        "desk_phone",
        "first_day",
        "pwa",
        "second_factor",
        "settings",
        "single_sign_on",
        "stored_markup",
    )
)

LAYERS = (
    Layer("static", 2, command=("sh", "infra/dev/check.sh", "static")),
    Layer("web-unit", 2, command=("npm", "test", "--silent")),
    Layer(
        "unit",
        1,
        paths=("tests/unit",),
        options=("-n", "2", *(f"--ignore={path}" for path in COMPONENT)),
    ),
    Layer("component", 1, paths=COMPONENT, options=("-n", "2")),
    Layer(
        "postgresql",
        2,
        paths=ON_POSTGRESQL,
        options=("--database", "postgresql", "-n", "2", "--dist", "loadfile"),
    ),
    Layer("walls", 2, paths=WALLS, options=("-n", "2", "--dist", "loadfile")),
    Layer(
        "security",
        2,
        paths=("tests/security",),
        options=("--ignore=tests/security/fuzz", *(f"--ignore={path}" for path in WALLS)),
    ),
    # Not two files at a time: answers to a Via without rport go to port 5060, the one of both.
    Layer("conformance", 2, paths=("tests/conformance",)),
    # It takes its time whatever runs: a given one for each parser.
    Layer("fuzz", 2.5, paths=("tests/security/fuzz",), options=("-n", "2"), beside="conformance"),
    # More than processors: they wait for timers and sound more than they compute.
    Layer("scenario", 7, paths=("tests/scenario",), options=beside(4)),
    Layer("interop", 5, paths=("tests/interop",), options=beside(3)),
    Layer("pages", 2, paths=PAGES, options=beside(2)),
    Layer("e2e", 9, paths=("tests/e2e",), options=tuple(f"--ignore={path}" for path in PAGES)),
)


@dataclass
class Outcome:
    layer: Layer
    seconds: float
    passed: int
    failed: int
    skipped: int


def run_together(layers: list[Layer], scratch: Path) -> list[Outcome]:
    """The first one prints as it goes, the others when they are done."""
    with ThreadPoolExecutor() as threads:
        beside = [
            (layer, scratch / f"{layer.name}.txt", threads.submit(run_layer, layer, scratch, True))
            for layer in layers[1:]
        ]
        outcomes = [run_layer(layers[0], scratch)]
        for layer, said, running in beside:
            outcomes.append(running.result())
            print(f"\n=== {layer.name}, beside {layers[0].name} ===")
            print(said.read_text(), flush=True)
    return outcomes


def run_layer(layer: Layer, scratch: Path, quietly: bool = False) -> Outcome:
    if not quietly:
        print(f"\n=== {layer.name} ===", flush=True)
    started = time.monotonic()
    with (scratch / f"{layer.name}.txt").open("w") if quietly else nullcontext() as said:
        return _run(layer, scratch, started, said)


def _run(layer: Layer, scratch: Path, started: float, said: IO[str] | None) -> Outcome:
    if layer.command:
        status = subprocess.run(layer.command, cwd=ROOT, check=False, stdout=said).returncode
        return Outcome(layer, time.monotonic() - started, int(status == 0), int(status != 0), 0)
    report = scratch / f"{layer.name}.xml"
    argv = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
    argv += [*layer.options, *layer.paths]
    status = subprocess.run(argv, cwd=ROOT, check=False, stdout=said).returncode
    seconds = time.monotonic() - started
    if not report.exists():
        return Outcome(layer, seconds, 0, 1, 0)
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - our own file
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", "0"))
        failed += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        skipped += int(suite.get("skipped", "0"))
    if status not in (0, 1):
        failed = max(failed, 1)
    return Outcome(layer, seconds, total - failed - skipped, failed, skipped)


def main(names: list[str]) -> int:
    chosen = [layer for layer in LAYERS if not names or layer.name in names]
    together: list[list[Layer]] = []
    for layer in chosen:
        if together and together[-1][0].name == layer.beside:
            together[-1].append(layer)
        else:
            together.append([layer])
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = [one for layers in together for one in run_together(layers, Path(scratch))]
    print("\nlayer         time    budget  passed failed skipped")
    for row in outcomes:
        over = "  over budget" if row.seconds > row.layer.budget_min * 60 else ""
        print(
            f"{row.layer.name:<12} {row.seconds:6.1f}s {row.layer.budget_min:5.0f}min"
            f" {row.passed:7d} {row.failed:6d} {row.skipped:7d}{over}"
        )
    passed = sum(row.passed for row in outcomes)
    failed = sum(row.failed for row in outcomes)
    skipped = sum(row.skipped for row in outcomes)
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
