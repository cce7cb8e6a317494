"""What the phone drivers share: a child process whose output can be waited on."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Child:
    """Runs a program; keeps its output as lines; `line(pattern)` waits for one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def start(
        self, *command: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self._process = await asyncio.create_subprocess_exec(
            # when the test run is killed, the kernel ends the phone with it
            *("setpriv", "--pdeathsig", "KILL", "--"),
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,  # a Ctrl-C at the test run does not reach it halfway
        )
        self._reader = asyncio.create_task(self._read(), name=f"{self.name} output")

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        rest = b""
        while chunk := await self._process.stdout.read(65536):
            # prompts and progress end in CR or in nothing at all
            *complete, rest = re.split(rb"\r\n|\n|\r", rest + chunk)
            for line in complete:
                self._add(line)
            if rest:
                self._add(rest, partial=True)
        self._changed.set()

    def _add(self, raw: bytes, partial: bool = False) -> None:
        text = _COLOURS.sub("", raw.decode("utf-8", "replace")).rstrip()
        if text and not partial:
            self.lines.append(text)
        self._changed.set()

    def write(self, line: str) -> None:
        """Type a line into the program."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def line(self, pattern: str, *, after: int = 0, within: float = 10.0) -> str:
        """The first line from number `after` on that matches; waits for it."""
        wanted = re.compile(pattern)
        seen = after
        try:
            async with asyncio.timeout(within):
                while True:
                    self._changed.clear()
                    while seen < len(self.lines):
                        seen += 1
                        if wanted.search(self.lines[seen - 1]):
                            return self.lines[seen - 1]
                    if self._reader is not None and self._reader.done():
                        raise AssertionError(f"{self.name} ended\n{self.tail()}")
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(
                f"{self.name}: no {pattern!r} within {within} s\n{self.tail()}"
            ) from None

    def tail(self, count: int = 40) -> str:
        return "\n".join(self.lines[-count:])

    async def stop(self, grace: float = 3.0) -> None:
        """Ask it to end, make it end, read the rest of its output."""
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(grace):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._reader is not None:
            await self._reader
