"""Runs sipp, an independent SIP implementation, against us and reads its verdict."""

from __future__ import annotations

import asyncio
import csv
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import HOST, free_port

SCENARIOS = Path(__file__).parent.parent / "interop" / "sipp"


@dataclass(frozen=True, slots=True)
class Verdict:
    """sipp's exit status and the totals of its statistics file."""

    status: int
    successful: int
    failed: int
    unexpected: int
    output: str

    def expect(self, calls: int) -> None:
        """All calls went as the scenario says, none otherwise."""
        got = (self.status, self.successful, self.failed)
        assert got == (0, calls, 0), f"exit status, good, failed = {got}\n{self.output[-4000:]}"


class Sipp:
    """One running sipp process."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self.port = port

    async def verdict(self, within: float = 30.0) -> Verdict:
        """Wait for the end and read the totals."""
        try:
            async with asyncio.timeout(within):
                output, _ = await self._process.communicate()
        except TimeoutError:
            self.stop()
            output, _ = await self._process.communicate()
            raise AssertionError(f"sipp did not end: {output[-4000:]!r}") from None
        with (self._folder / "stat.csv").open() as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        last = rows[-1]
        errors = self._folder / "errors.log"
        text = output.decode(errors="replace") + (errors.read_text() if errors.exists() else "")
        return Verdict(
            self._process.returncode or 0,
            int(last["SuccessfulCall(C)"]),
            int(last["FailedCall(C)"]),
            int(last["FailedUnexpectedMessage(C)"]),
            text,
        )

    def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


async def start_sipp(
    scenario: str,
    folder: Path,
    *,
    transport: str = "UDP",
    remote: str | None = None,
    calls: int = 1,
    rate: int = 20,
    service: str = "bob",
    field: str | None = None,
    auth_uri: str | None = None,
) -> Sipp:
    """Start sipp: as caller towards `remote`, or (None) as callee.

    `field` fills `[field0]`: the whole `[authentication ...]` of a caller. sipp signs its
    remote address unless `auth_uri` (without scheme) says what the Request-URI is.
    """
    port = free_port()
    arguments = ["-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", HOST, "-p", str(port)]
    arguments += ["-t", {"UDP": "u1", "TCP": "t1"}[transport], "-m", str(calls), "-s", service]
    arguments += ["-mp", str(free_port()), "-nostdin", "-timeout", "25", "-timeout_error"]
    arguments += ["-trace_stat", "-stf", str(folder / "stat.csv"), "-fd", "1"]
    arguments += ["-trace_err", "-error_file", str(folder / "errors.log")]
    if field is not None:
        users = folder / "users.csv"
        users.write_text(f"SEQUENTIAL\n{field}\n")
        arguments += ["-inf", str(users)]
    if auth_uri is not None:
        arguments += ["-auth_uri", auth_uri]
    if remote is not None:
        arguments += ["-r", str(rate), remote]
    process = await asyncio.create_subprocess_exec(
        "sipp",
        *arguments,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    if remote is None:
        await _listening(process, port, transport)
    return Sipp(process, port, folder)


async def _listening(process: asyncio.subprocess.Process, port: int, transport: str) -> None:
    """A callee must have its port before the first call: the kernel's tables tell."""
    wanted = f":{port:04X} "
    tables = [Path(f"/proc/net/{transport.lower()}"), Path(f"/proc/net/{transport.lower()}6")]
    async with asyncio.timeout(10):
        while process.returncode is None:
            if any(wanted in table.read_text() for table in tables if table.exists()):
                return
            await asyncio.sleep(0.01)
    raise AssertionError("sipp ended at once")
