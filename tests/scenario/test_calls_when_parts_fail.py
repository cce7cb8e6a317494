"""Calls while a part of the chain is down or comes back; each test has a system of its own."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.call_stack import Parts, call_stack


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    async with call_stack(tmp_path) as parts:
        yield parts


async def test_pbx_down_at_dial(parts: Parts) -> None:
    anna = await parts.device()
    await parts.stop_pbx()
    call_id = await anna.dial("110")
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "unreachable"
    assert ended["words"]
    await anna.do("media.close", call_id=call_id)
    await parts.nothing_left()


async def test_connector_down_at_dial_is_told_at_once(parts: Parts) -> None:
    anna = await parts.device()
    await parts.stop_connector()
    await anna.until(
        lambda: any(
            payload["connector"]["state"] == "down"
            for event, payload in anna.events
            if event == "connector.changed"
        ),
        "the client is told that the connector is down",
    )
    started = time.monotonic()
    call_id = await anna.dial("110")
    ended = await anna.phase(call_id, "ended")
    assert time.monotonic() - started < 1.0
    assert ended["reason"] == "unreachable"
    assert "connection to your phone system is down" in ended["words"]
    assert (await anna.entry(call_id))["kind"] == "failed"
    await anna.do("media.close", call_id=call_id)
    await parts.nothing_left()


async def test_connector_link_lost_and_back_while_a_call_runs(parts: Parts) -> None:
    anna = await parts.device()
    call_id = await anna.dial("115")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 440)
    cut = parts.link_flows()
    for flow in cut:
        flow.close("cut by the test")
    await anna.until(
        lambda: [e for e, p in anna.events if e == "connector.changed"], "the client is told"
    )
    anna.peers[call_id].heard.clear()
    await anna.hears(call_id, 440)
    assert anna.calls[call_id]["phase"] == "connected"
    await anna.until(lambda: set(parts.link_flows()) - set(cut), "the connector is back")
    await anna.until(
        lambda: anna.events[-1][0] and parts.connector_state() == "working", "registered again"
    )
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")
    await anna.until(lambda: not parts.pbx.agent.calls, "the PBX is told")
    await parts.nothing_left()
