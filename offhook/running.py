"""Runs one application until it is told to stop.

SIGTERM and SIGINT cancel the application's task; it unwinds and the process ends with 0. A second
signal ends the process at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import typer

from gateway.logs import redact_text
from settings import Settings, faults

Ready = Callable[[dict[str, Any]], None]


#: Set in the environment of a child whose standard input is a pipe from its supervisor.
SUPERVISED = "OFFHOOK_SUPERVISED"

SettingsT = TypeVar("SettingsT", bound=Settings)


def load_config(kind: type[SettingsT], path: Path | None) -> SettingsT:
    """Read a configuration or end with a message that names key, value and what is allowed."""
    if path is not None and not path.is_file():
        raise typer.BadParameter(f"there is no file {path}")
    try:
        return kind.load(path)
    except ValueError as error:
        where = f"{path} (with the environment)" if path else "The environment (no --config given)"
        typer.secho(f"{where} holds no valid configuration:", err=True)
        for fault in faults(kind, error):
            typer.secho(f"  {redact_text(fault)}", err=True)
        raise typer.Exit(2) from None


def _end_with_supervisor(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    if not os.read(0, 1024):
        loop.remove_reader(0)
        task.cancel()


def run_app(main: Callable[[Ready], Coroutine[Any, Any, None]], ready_fd: int | None) -> None:
    """Run ``main(ready)`` to its end. ``ready_fd``: where to write one JSON line once it serves."""

    def ready(addresses: dict[str, Any]) -> None:
        line = json.dumps(addresses)
        if ready_fd is None:
            typer.echo(f"ready {line}", err=True)
        else:
            with os.fdopen(ready_fd, "w") as pipe:
                pipe.write(line + "\n")

    async def supervised() -> None:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()

        def stop(number: int) -> None:
            loop.remove_signal_handler(number)  # the next one kills
            if task is not None:
                task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop, number)
        if os.environ.get(SUPERVISED) and task is not None:
            # Our supervisor holds the other end: end of file means that it is gone.
            loop.add_reader(0, _end_with_supervisor, loop, task)
        try:
            await main(ready)
        except asyncio.CancelledError:
            return

    try:
        asyncio.run(supervised())
    except OSError as error:
        typer.secho(f"Cannot start: {error.strerror or error}", err=True)
        sys.exit(1)
