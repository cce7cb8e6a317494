"""A program that is not ours is started by the demo on systems of different kinds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from offhook.demo.plan import Command
from offhook.demo.supervisor import Child
from tests.support.ports import HOST, free_port

#: util-linux has the option, busybox does not.
FULL = '#!/bin/sh\necho "$1 $2" >> "$0.used"\nshift 3\nexec "$@"\n'
SMALL = "#!/bin/sh\nexit 1\n"


@pytest.mark.parametrize(("script", "tied"), [(FULL, True), (SMALL, False), (None, False)])
async def test_it_ends_with_us_where_the_system_can_do_that_and_starts_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, tied: bool
) -> None:
    tool = tmp_path / "setpriv"
    if script is None:
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        tool.write_text(script)
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    port = free_port()
    code = (
        "import signal, socket\n"
        f"server = socket.create_server(({HOST!r}, {port}))\n"
        "signal.pause()\n"
    )
    child = Child(Command("relay", (sys.executable, "-c", code), (HOST, port)), tmp_path / "log")
    try:
        await child.start("info")
        assert child.process is not None and child.process.returncode is None
        used = tmp_path / "setpriv.used"
        calls = used.read_text().splitlines() if used.exists() else []
        assert calls == (["--pdeathsig TERM"] * 2 if tied else [])  # the trial and the program
    finally:
        await child.stop()
