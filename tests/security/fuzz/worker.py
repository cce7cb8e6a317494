"""Fuzz one target for some seconds: `python -m tests.security.fuzz.worker NAME SECONDS FOLDER`.

Ends with 0 when nothing escaped. Otherwise the input is in FOLDER and the trace on stderr. With
atheris the inputs follow the coverage; where it has no wheel they are blind mutations of the seeds.
"""

from __future__ import annotations

import importlib
import logging
import os
import random
import sys
import time
from pathlib import Path

from tests.security.fuzz.registry import TARGETS, Run, Target

PACKAGES = ["protocols", "media", "gateway", "connector", "emulator", "settings", "aioice"]
MODULES = ("sip_targets", "media_targets", "gateway_targets", "csta_targets")
SLOWEST = 5  # seconds for one input
MOST_MEMORY = 1024  # MB


def load() -> dict[str, Target]:
    for module in MODULES:
        importlib.import_module(f"tests.security.fuzz.{module}")
    return TARGETS


def _blind(run: Run, target: Target, seconds: float, folder: Path, dice: random.Random) -> None:
    seeds = list(target.seeds())
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(data) + 1)
            match dice.randrange(3):
                case 0:
                    data[at : at + 1] = bytes([dice.randrange(256)])
                case 1:
                    del data[at : at + dice.randint(1, 20)]
                case 2:
                    other = dice.choice(seeds)
                    cut = dice.randrange(len(other) + 1)
                    data[at:at] = other[cut : cut + dice.randint(1, 30)]
        data = data[: target.max_len]
        try:
            run(bytes(data))
        except Exception:
            (folder / "crash-blind").write_bytes(data)
            raise


def main(name: str, seconds: int, folder: Path, seed: int) -> None:
    logging.disable(logging.CRITICAL)
    target = load()[name]
    try:
        import atheris
    except ImportError:
        _blind(target.make(), target, seconds, folder, random.Random(seed))
        return
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(data)
    with atheris.instrument_imports(include=PACKAGES, enable_loader_override=False):
        run = target.make()
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={target.max_len}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-artifact_prefix={folder}{os.sep}",
        f"-seed={seed}",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
