"""Starts the demo's processes in order, waits until each serves, stops them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from offhook.demo.banner import show_banner
from offhook.demo.plan import Command, DemoPlan
from offhook.running import SUPERVISED

START_LIMIT_S = 60.0
STOP_LIMIT_S = 15.0


@dataclass(slots=True)
class Child:
    """One process of the demo. ``addresses`` is what it said when it was ready."""

    command: Command
    log: Path
    process: asyncio.subprocess.Process | None = None
    addresses: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.command.name

    async def start(self, log_level: str) -> None:
        """Spawn and wait until it serves. Raises :class:`StartFailed`."""
        try:
            async with asyncio.timeout(START_LIMIT_S):
                if self.command.ready_port is None:
                    await self._start_ours(log_level)
                else:
                    await self._start_foreign(*self.command.ready_port)
        except TimeoutError:
            raise StartFailed(self, f"did not start within {START_LIMIT_S:.0f} s") from None

    async def _start_foreign(self, host: str, port: int) -> None:
        tie = await _tie_to_us()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *tie,
                *self.command.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while self.process.returncode is None:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.05)  # it has no other way to say that it is ready
                continue
            writer.close()
            return
        raise StartFailed(self, "ended while starting")

    async def _start_ours(self, log_level: str) -> None:
        read_end, write_end = os.pipe()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self.command.argv),
                *("--log-level", log_level, "--ready-fd", str(write_end)),
                stdin=asyncio.subprocess.PIPE,  # its end tells the child that we are gone
                stdout=log,
                stderr=log,
                pass_fds=(write_end,),
                env={**os.environ, SUPERVISED: "1"},
                start_new_session=True,  # Ctrl-C reaches us alone; we stop them in order
            )
        os.close(write_end)
        line = await _read_line(read_end)
        if not line:
            raise StartFailed(self, "ended while starting")
        self.addresses = json.loads(line)

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


class StartFailed(Exception):
    """A process of the demo did not come up."""

    def __init__(self, child: Child, why: str) -> None:
        super().__init__(f"{child.name} {why}")
        self.child = child


async def _tie_to_us() -> tuple[str, ...]:
    """What to write before a foreign command so that the kernel ends it with us, however we end: it
    cannot notice by itself. Nothing where that cannot be had: busybox's setpriv knows no such
    option."""
    tie = ("setpriv", "--pdeathsig", "TERM", "--")
    quiet = asyncio.subprocess.DEVNULL
    try:
        trial = await asyncio.create_subprocess_exec(
            *tie, "true", stdin=quiet, stdout=quiet, stderr=quiet
        )
    except OSError:
        return ()
    return tie if await trial.wait() == 0 else ()


async def _read_line(fd: int) -> str:
    reader = asyncio.StreamReader()
    with os.fdopen(fd, "rb") as pipe:
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            return (await reader.readline()).decode()
        finally:
            transport.close()


def run_demo(plan: DemoPlan, log_level: str, ready_fd: int | None = None) -> int:
    """Run until Ctrl-C or until a part ends by itself; the exit status for the shell."""
    try:
        return asyncio.run(_run(plan, log_level, ready_fd))
    except OSError as error:
        typer.secho(f"Cannot start: {error.strerror or error}", err=True)
        return 1


async def _run(plan: DemoPlan, log_level: str, ready_fd: int | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # HUP: the terminal was closed
        loop.add_signal_handler(number, stop.set)
    await plan.prepare()
    children = [Child(command, plan.log(command.name)) for command in plan.commands()]

    def ready() -> None:
        show_banner(plan)
        if ready_fd is not None:
            with os.fdopen(ready_fd, "w") as pipe:
                pipe.write(json.dumps(plan.facts()) + "\n")

    try:
        return await _serve(children, stop, log_level, ready)
    finally:
        with contextlib.suppress(OSError):  # nobody may read any more
            typer.echo("Stopping.", err=True)
        for child in reversed(children):
            await child.stop()


async def _serve(
    children: list[Child], stop: asyncio.Event, log_level: str, ready: Callable[[], None]
) -> int:
    stopping = asyncio.create_task(stop.wait(), name="stop requested")
    try:
        for child in children:
            typer.echo(f"Starting {child.name} ...", err=True)
            starting = asyncio.create_task(child.start(log_level), name=f"start {child.name}")
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                return 0
            await starting
        ready()
        ends = {
            asyncio.create_task(child.process.wait(), name=child.name): child
            for child in children
            if child.process is not None
        }
        await asyncio.wait({*ends, stopping}, return_when=asyncio.FIRST_COMPLETED)
        dead = [child for task, child in ends.items() if task.done()]
        for task in ends:
            task.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
        if stop.is_set():
            return 0
        for child in dead:
            typer.secho(f"{child.name} ended by itself:\n{child.last_words()}", err=True)
        return 1
    except StartFailed as error:
        typer.secho(f"{error}. Its log, {error.child.log}:", err=True)
        typer.secho(error.child.last_words(), err=True)
        return 1
    finally:
        stopping.cancel()
