"""Certificate stores for browsers: the demo's CA is trusted, verification stays on."""

from __future__ import annotations

import subprocess
from pathlib import Path


def store_that_trusts(ca: Path, folder: Path) -> Path:
    """An NSS store in ``folder``: what Chromium reads below the home and Firefox in a profile."""
    folder.mkdir(parents=True, exist_ok=True)
    base = ("certutil", "-d", f"sql:{folder}")
    subprocess.run([*base, "-N", "--empty-password"], check=True)
    subprocess.run([*base, "-A", "-t", "C,,", "-n", "demo", "-i", str(ca)], check=True)
    return folder


def home_that_trusts(ca: Path, home: Path) -> Path:
    """Make ``home`` a home folder in which Chromium trusts the CA."""
    for store in (home / ".pki" / "nssdb", home / ".local" / "share" / "pki" / "nssdb"):
        store_that_trusts(ca, store)
    return home
