"""Runs the benches one after the other and writes JSON and a table.

Each bench is a module ``bench.NAME`` with ``measure(options) -> list[Figure]``. Figures carry their
target, so the table shows at a glance what holds. Run it on a quiet machine: load is noted beside.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import traceback
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.figure import Figure, Options, table

BENCHES = (
    "sip_parser",
    "sip_b2bua",
    "media",
    "call_setup",
    "presence",
    "people_import",
    "invitations",
    "memory",
)
PACKAGES = ("aiortc", "aioice", "pylibsrtp", "pyopenssl", "cryptography", "aiohttp")
PROGRAMS = {
    "chromium": ("chromium", "--version"),
    "rtpengine": ("rtpengine", "--version"),
    "janus": ("janus", "--version"),
    "node": ("node", "--version"),
}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    programs = {}
    for name, command in PROGRAMS.items():
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
            programs[name] = (done.stdout or done.stderr).strip().splitlines()[0]
        except (OSError, IndexError):
            programs[name] = "not installed"
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": model,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": os.getloadavg(),
        "packages": {name: version(name) for name in PACKAGES},
        "programs": programs,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="short runs, for a first look")
    parser.add_argument("--json", type=Path, default=Path("bench/results/latest.json"))
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHES]
    if unknown:
        parser.error(f"no bench named {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    facts = machine()
    figures: list[Figure] = []
    failed: list[str] = []
    for name in arguments.names or BENCHES:
        print(f"-- {name}", file=sys.stderr, flush=True)
        try:
            module = importlib.import_module(f"bench.{name}")
            figures += module.measure(Options(quick=arguments.quick))
        except Exception:  # what the others measured is not lost
            traceback.print_exc()
            failed.append(name)
    facts["load_after"] = os.getloadavg()
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    report = {"machine": facts, "figures": [asdict(figure) for figure in figures]}
    arguments.json.write_text(json.dumps(report, indent=2) + "\n")
    print(table(figures))
    missed = [figure for figure in figures if figure.holds is False]
    print(f"\n{len(figures)} figures, {len(missed)} miss their target. JSON: {arguments.json}")
    if failed:
        print(f"No figures, see the error above: {', '.join(failed)}")
    return 1 if missed or failed else 0


if __name__ == "__main__":
    sys.exit(main())
