"""Certificate stores for browsers: the demo's CA is trusted, verification stays on."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.demo_stack import DemoStack


def home_that_trusts(demo: DemoStack, home: Path) -> Path:
    """Make ``home`` a home folder in which Chromium trusts the demo's CA."""
    for store in (home / ".pki" / "nssdb", home / ".local" / "share" / "pki" / "nssdb"):
        store.mkdir(parents=True)
        base = ("certutil", "-d", f"sql:{store}")
        subprocess.run([*base, "-N", "--empty-password"], check=True)
        ca = ("-A", "-t", "C,,", "-n", "demo", "-i", str(demo.facts["ca"]))
        subprocess.run([*base, *ca], check=True)
    return home
