"""Calls while a part of the chain is down or comes back; each test has a system of its own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.admin_ports import system
from gateway.calls.model import CallsConfig, Limits
from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    async with call_stack(tmp_path) as parts:
        yield parts


async def test_pbx_down_at_dial(parts: Parts) -> None:
    anna = await parts.device()
    await parts.stop_pbx()
    call_id = await anna.dial("710")
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
    call_id = await anna.dial("710")
    ended = await anna.phase(call_id, "ended")
    assert time.monotonic() - started < 1.0
    assert ended["reason"] == "unreachable"
    assert "connection to your phone system is down" in ended["words"]
    assert (await anna.entry(call_id))["kind"] == "failed"
    await anna.do("media.close", call_id=call_id)
    await parts.nothing_left()


async def test_connector_link_lost_and_back_while_a_call_runs(parts: Parts) -> None:
    anna = await parts.device()
    call_id = await anna.dial("715")
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


async def connected_with_desk_phone(parts: Parts, anna: Device, say: str) -> tuple[str, Any]:
    call_id = await anna.dial("102")
    desk = parts.phone("102")
    await anna.until(lambda: desk.state == "ringing", "the desk phone rings")
    desk.say(say)
    desk.answer()
    await anna.phase(call_id, "connected")
    return call_id, desk


async def test_a_browser_that_crashes_leaves_the_far_end_a_tone_and_then_goes(
    tmp_path: Path,
) -> None:
    config = CallsConfig(limits=Limits(comfort=0.2, lost=6.0))
    async with call_stack(tmp_path, calls_config=config) as parts:
        anna = await parts.device(hertz=900)
        anna.repairs = False
        call_id, desk = await connected_with_desk_phone(parts, anna, "tone:500")
        await anna.until(lambda: desk.active.heard.tone(900).heard, "900 Hz at the desk phone")
        watcher = await parts.device()
        watcher.pre_arm = watcher.repairs = False
        await anna.lose_socket()
        await anna.close_sound()
        lost = await watcher.until(
            lambda: (call := watcher.calls[call_id]) and call["media"] == "lost" and call, "lost"
        )
        assert lost["phase"] == "connected", "a closed path is never a hang-up"
        desk.active.heard.clear()
        await watcher.until(
            lambda: desk.active and desk.active.heard.tone(425).level_dbfs > -45,
            "the far end hears the comfort tone",
        )
        ended = await watcher.phase(call_id, "ended")
        assert ended["reason"] == "media_failed"
        assert ended["words"]
        await watcher.until(lambda: desk.active is None, "the desk phone is told")
        assert (await watcher.entry(call_id))["kind"] == "answered"
        await parts.nothing_left()


async def test_a_media_worker_that_dies_costs_a_moment_and_not_the_call(parts: Parts) -> None:
    anna = await parts.device(hertz=900)
    call_id, desk = await connected_with_desk_phone(parts, anna, "tone:500")
    await anna.hears(call_id, 500)
    before = anna.peers[call_id]
    os.kill(parts.engine.workers[0].pid, signal.SIGKILL)
    await anna.event("media.renegotiate", call_id=call_id, fresh=True)
    await anna.until(lambda: anna.peers[call_id] is not before, "a new path")
    await anna.hears(call_id, 500)
    desk.active.heard.clear()
    await anna.until(lambda: desk.active.heard.tone(900).heard, "900 Hz at the desk phone")
    await anna.hang_up(call_id)
    await parts.nothing_left()


async def test_a_connector_that_stops_ends_its_calls_in_order(parts: Parts) -> None:
    anna = await parts.device()
    call_id, desk = await connected_with_desk_phone(parts, anna, "tone:500")
    await parts.stop_connector()
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "hung_up"
    await anna.until(lambda: desk.active is None, "the desk phone is told")
    await parts.nothing_left()


async def test_the_gateway_stops_and_everybody_is_told(parts: Parts) -> None:
    anna = await parts.device()
    call_id, desk = await connected_with_desk_phone(parts, anna, "tone:500")
    await parts.calls.shutdown()
    ended = await anna.phase(call_id, "ended")
    assert ended["reason"] == "node_failed"
    await anna.until(lambda: desk.active is None, "the desk phone is told")
    await parts.nothing_left()


def layer(parts: Parts, name: str) -> str:
    (site,) = parts.edge.directory.sites()
    return {n: state for n, state, _ in parts.edge.directory.status(*site).layers}[name]


async def test_a_pbx_that_is_down_shows_in_its_layer_and_nowhere_else(parts: Parts) -> None:
    anna = await parts.device()
    assert parts.connector_state() == "working"
    await anna.until(lambda: layer(parts, "voice") == "working", "the PBX is seen")
    await parts.stop_connector()
    assert parts.connector_state() == "down"
    await parts.stop_pbx()
    await parts.start_connector()
    await anna.until(lambda: layer(parts, "voice") == "down", "the PBX is missed")
    assert parts.connector_state() == "weak"
    assert [layer(parts, n) for n in ("network", "tls", "key", "registration")] == ["working"] * 4

    def last_told() -> str:
        told = [p["connector"] for e, p in anna.events if e == "connector.changed"]
        return str(told[-1]["state"])

    await anna.until(lambda: last_told() == "weak", "the client is told")


async def test_a_revoked_key_ends_the_link_and_spares_the_call(parts: Parts) -> None:
    anna = await parts.device()
    call_id = await anna.dial("715")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, 440)
    proven = next(flow.context for flow in parts.link_flows())
    keys = parts.gateway.features.keys
    identity = await keys.verify(parts.connector_config.gateway.read_key())
    assert identity is not None and identity.key_id == proven.key_id
    started = time.monotonic()
    await keys.revoke(system(identity.tenant_id, "test"), identity.key_id)
    await anna.until(lambda: parts.connector_state() == "refused", "the link is refused")
    assert time.monotonic() - started < 5.0
    anna.peers[call_id].heard.clear()
    await anna.hears(call_id, 440)
    assert anna.calls[call_id]["phase"] == "connected"
