"""Every parser against inputs that nobody thought of (and those that once broke it)."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.security.fuzz.worker import load

ROOT = Path(__file__).parents[3]
#: Inputs that broke a parser, one folder per target. They stay for good.
FINDS = Path(__file__).parent / "finds"
TARGETS = load()
SHORT, LONG = 10, 30  # seconds


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_former_finds(name: str) -> None:
    target = TARGETS[name]
    run = target.make()
    for data in target.seeds():
        run(data)
    for file in sorted((FINDS / name).glob("*")):
        run(file.read_bytes())


def fuzz(name: str, seconds: int, folder: Path, seed: int) -> None:
    command = [sys.executable, "-m", "tests.security.fuzz.worker", name, str(seconds)]
    done = subprocess.run(
        [*command, str(folder), str(seed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds + 100,
    )
    if done.returncode:
        found = [file for file in folder.iterdir() if file.is_file()]
        for file in found:
            (FINDS / name).mkdir(exist_ok=True)
            shutil.copy(file, FINDS / name / file.name)
        text = "\n".join(str(file.read_bytes()[:400]) for file in found)
        # atheris prints the exception to stdout, libFuzzer its own lines to stderr
        pytest.fail(f"{name}, seed {seed}: {text}\n{done.stdout[-4000:]}\n{done.stderr[-1000:]}")


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_unexpected_escapes(name: str, tmp_path: Path) -> None:
    """The same start every time; how far it gets depends on the machine."""
    fuzz(name, SHORT, tmp_path, seed=1)


@pytest.mark.long
@pytest.mark.timeout(LONG + 120)
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_unexpected_escapes_for_long(name: str, tmp_path: Path) -> None:
    fuzz(name, LONG, tmp_path, seed=random.randrange(1, 2**31))
