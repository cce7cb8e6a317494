"""The desk phone holds: the user's Call says so, music is heard, and talking goes on afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.call_stack import Parts, call_stack


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    async with call_stack(tmp_path) as running:
        yield running


async def test_held_and_taken_back(parts: Parts) -> None:
    anna = await parts.device(hertz=900)
    call_id = await anna.dial("710")
    await anna.phase(call_id, "connected")
    desk = parts.phone("710")
    await anna.until(lambda: desk.active is not None, "the desk phone talks")
    desk.hold(True)
    await anna.until(lambda: anna.calls[call_id]["hold"] == "remote", "the Call says held")
    desk.hold(False)
    await anna.until(lambda: anna.calls[call_id]["hold"] == "none", "the Call says talking")
    await anna.until(lambda: desk.active.heard.tone(900).heard, "the desk phone hears 900 Hz")
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")
    await parts.nothing_left()
