"""The whole product as a user starts it: `offhook demo` in a scratch folder, on free ports."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_LIMIT_S = 60.0


@dataclass
class DemoStack:
    """A running demo: where it is, who may sign in, and its console."""

    process: subprocess.Popen[bytes]
    state: Path
    facts: Mapping[str, Any]

    @property
    def url(self) -> str:
        return str(self.facts["web"])

    @property
    def console(self) -> str:
        return str(self.facts["console"])

    def password(self, email: str) -> str:
        return str(self.facts["users"][email])

    def log(self, name: str) -> str:
        return (self.state / "logs" / f"{name}.log").read_text(errors="replace")


@contextmanager
def demo_stack(
    state: Path, *, advertise: str, options: tuple[str, ...] = (), launcher: tuple[str, ...] = ()
) -> Iterator[DemoStack]:
    """Start the demo, wait until it serves, stop it. ``launcher`` is put before the command."""
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [
            *launcher,
            *(sys.executable, "-m", "offhook", "demo", "--state", str(state)),
            *("--advertise", advertise, "--ready-fd", str(write_end), *options),
        ],
        pass_fds=(write_end,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            ready, _, _ = select.select([pipe], [], [], START_LIMIT_S)
            line = pipe.readline() if ready else ""
        if not line:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
            raise RuntimeError(f"the demo did not start:\n{output.decode(errors='replace')}")
        yield DemoStack(process, state, json.loads(line))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
