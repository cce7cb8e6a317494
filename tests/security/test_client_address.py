"""A user's address stays between the device and the gateway: no byte of it reaches the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.call_stack import call_stack
from tests.support.media_peers import BrowserPeer

HOME = "203.0.113.77"
HINTS = (
    f"a=candidate:77 1 udp 2130706431 {HOME} 40077 typ host generation 0\r\n"
    f"a=candidate:78 1 udp 1694498815 {HOME} 40078 typ srflx raddr 10.77.77.77 rport 9\r\n"
    "a=rtcp:40077 IN IP4 203.0.113.77\r\n"
)
TRACES = (HOME.encode(), b"10.77.77.77", b"40077")


async def test_what_a_browser_says_about_its_network_never_crosses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = BrowserPeer.offer
    offered: list[str] = []

    async def revealing(peer: BrowserPeer, *args: Any, **options: Any) -> str:
        sdp = await honest(peer, *args, **options)
        offered.append(sdp.replace("o=- ", "o=anna-at-home ") + HINTS)
        return offered[-1]

    monkeypatch.setattr(BrowserPeer, "offer", revealing)
    async with call_stack(tmp_path) as parts:
        assert parts.connector is not None
        crossed: list[bytes] = []
        for endpoint in (parts.edge.endpoint, parts.connector.pbx.endpoint):
            endpoint.on_trace = lambda event: crossed.append(event["data"])
        anna = await parts.device()
        call_id = await anna.dial("715")
        await anna.phase(call_id, "connected")
        await anna.hears(call_id, 440)
        await anna.hang_up(call_id)
        await anna.phase(call_id, "ended")
        await parts.sign_off()
        await parts.nothing_left()
    assert offered, "the device did say where it is"
    invites = [data for data in crossed if data.startswith(b"INVITE ")]
    assert len(invites) >= 2, "to the connector and to the PBX"
    everything = b"".join(crossed)
    assert not [trace for trace in (*TRACES, b"anna-at-home") if trace in everything]
