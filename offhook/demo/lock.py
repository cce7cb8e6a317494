"""One demo at a time on one state: two would rewrite each other's configuration and database."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StateRefused(Exception):
    """The demo cannot use this folder; the words say why."""


class StateInUse(StateRefused):
    """Another demo runs on this state."""


@contextmanager
def sole_user(state: Path) -> Iterator[None]:
    """Hold ``state``. The system lets go when the process ends, however it ends."""
    state = state.resolve()  # of "." no name is known
    if not state.name:
        raise StateRefused(f"{state} cannot be the demo's folder")
    lock = state.with_name(f"{state.name}.lock")  # beside it: --fresh removes the folder
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateInUse(f"another demo runs on {state}") from None
        yield
