"""What is fuzzed: one target per parser, each made only when it is run.

A target takes any bytes and swallows only what its parser promises to raise. Its imports stand
inside, so that the fuzzer instruments what it needs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Run = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    name: str
    make: Callable[[], Run]
    seeds: Callable[[], Iterable[bytes]]
    max_len: int


TARGETS: dict[str, Target] = {}


def target(
    seeds: Callable[[], Iterable[bytes]], *, max_len: int = 4096
) -> Callable[[Callable[[], Run]], Callable[[], Run]]:
    def register(make: Callable[[], Run]) -> Callable[[], Run]:
        name = make.__name__
        TARGETS[name] = Target(name, make, seeds, max_len)
        return make

    return register
