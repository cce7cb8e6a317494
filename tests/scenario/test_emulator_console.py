"""The console: its API operates phones, its stream tells, its guard refuses other pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.support.pbx_rig import PbxRig, pbx_rig


@dataclass
class Web:
    rig: PbxRig
    url: str
    http: aiohttp.ClientSession

    async def ask(self, path: str, status: int = 200, **options: Any) -> Any:
        async with self.http.get(self.url + path, **options) as reply:
            assert reply.status == status, await reply.text()
            return await reply.json()

    async def act(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        async with self.http.post(self.url + path, json=body, **options) as reply:
            assert reply.status == status, await reply.text()
            return await reply.json()


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with pbx_rig(console={"port": 0}) as rig, aiohttp.ClientSession() as http:
        yield Web(rig, rig.emulator.addresses["console"], http)


async def test_two_phones_talk_by_api(web: Web) -> None:
    await web.act("/api/phones/101/say", {"what": "tone:500"})
    row = await web.act("/api/phones/101/dial", {"number": "102"})
    assert row["state"] == "calling"
    await web.rig.phone_is("102", "ringing")
    row = await web.ask("/api/phones/102")
    assert row["peer"] == {"number": "101", "name": "Anna König"}
    await web.act("/api/phones/102/answer")
    await web.rig.phone_is("101", "connected")
    phone = web.rig.pbx.phones["102"]
    await web.rig.until_heard(phone, lambda: phone.end.heard.seconds > 1.2)
    heard = await web.ask("/api/phones/102/heard?seconds=0.5&frequency=500&prompt=speaker")
    assert heard["tone"]["heard"] and heard["correlation"] < 0.5
    assert heard["dominant_hz"] == pytest.approx(500, abs=4)
    async with web.http.get(f"{web.url}/api/phones/102/heard.wav") as reply:
        assert reply.content_type == "audio/wav" and (await reply.read())[:4] == b"RIFF"
    await web.act("/api/phones/101/digits", {"digits": "12"})
    await web.rig.until(lambda: "".join(phone.end.digits) == "12", "two keys")
    await web.act("/api/phones/102/hold", {"on": True})
    assert (await web.ask("/api/phones/102"))["state"] == "holding"
    (call,) = (await web.ask("/api/calls"))["calls"]
    assert call["held_by"] == ["5102"]
    await web.act("/api/phones/102/hangup")
    await web.rig.phone_is("101", "idle")
    await web.rig.nothing_left()
    status = await web.ask("/api/status")
    assert (status["calls"], status["dialogs"], status["media_ports"]) == (0, 0, 0)
    ended = (await web.ask("/api/calls"))["ended"]
    assert [c["state"] for c in ended] == ["ended"]


async def test_auto_answer(web: Web) -> None:
    await web.act("/api/phones/102/auto", {"seconds": 0.1})
    await web.act("/api/phones/101/dial", {"number": "102"})
    await web.rig.phone_is("101", "connected")
    await web.act("/api/phones/101/hangup")
    await web.rig.nothing_left()


async def test_the_ladder_of_a_call_with_a_device(web: Web) -> None:
    line = await web.rig.device("6101")
    call = await line.dial("715")
    await call.seen("answer")
    call.hang_up()
    await web.rig.nothing_left()
    (view,) = (await web.ask("/api/calls"))["ended"]
    messages = (await web.ask(f"/api/calls/{view['id']}/trace"))["messages"]
    assert messages[0]["direction"] == "in" and messages[0]["first_line"].startswith("INVITE")
    lines = " ".join(m["first_line"] for m in messages)
    for part in ("407", "180", "200 OK", "ACK", "BYE"):
        assert part in lines
    assert not any('response="' in m["text"] for m in messages)
    await web.ask("/api/calls/nonsense/trace", 404)


async def test_the_stream_tells_of_phones_and_calls(web: Web) -> None:
    async with web.http.get(f"{web.url}/api/events") as stream:
        assert stream.content_type == "text/event-stream"

        async def until(name: str) -> list[tuple[str, dict[str, Any]]]:
            """Events up to and including the first of this name."""
            rows: list[tuple[str, dict[str, Any]]] = []
            async with asyncio.timeout(5):
                while not rows or rows[-1][0] != name:
                    lines = [await stream.content.readline() for _ in range(3)]
                    rows.append((lines[0][7:-1].decode(), json.loads(lines[1][6:])))
            return rows

        known = await until("ready")  # the stream begins with everything that is known
        phones = {row["number"]: row["state"] for name, row in known if name == "phone"}
        assert phones["103"] == "idle" and "101" in phones
        await web.act("/api/phones/103/lift")
        _, row = (await until("phone"))[-1]
        assert (row["number"], row["state"]) == ("103", "lifted")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/phones/101/answer", {}, 409),
        ("/api/phones/101/digits", {"digits": "1"}, 409),
        ("/api/phones/101/digits", {"digits": ""}, 400),
        ("/api/phones/101/hold", {"on": "maybe"}, 400),
        ("/api/phones/101/dial", {"number": "abc"}, 409),
        ("/api/phones/101/dial", {"number": "1", "x": 1}, 400),
        ("/api/phones/101/say", {"what": "song"}, 409),
        ("/api/phones/101/fly", {}, 404),
        ("/api/phones/999/dial", {"number": "1"}, 404),
        ("/api/phones/101/dial", [1], 400),
    ],
)
async def test_what_cannot_be_done_says_why(web: Web, path: str, body: Any, status: int) -> None:
    problem = await web.act(path, body, status)
    assert problem["status"] == status and problem["detail"]
    await web.rig.nothing_left()


async def test_other_pages_and_other_names_are_refused(web: Web) -> None:
    await web.act("/api/phones/101/lift", {}, 403, headers={"Origin": "https://evil.test"})
    await web.act("/api/phones/101/lift", {}, 403, headers={"Origin": "null"})
    await web.ask("/api/phones", 403, headers={"Host": "rebound.evil.test"})
    async with web.http.post(f"{web.url}/api/phones/101/dial", data={"number": "710"}) as reply:
        assert reply.status == 415
    await web.act("/api/phones/101/lift", {}, headers={"Origin": web.url})
    assert (await web.ask("/api/phones/101"))["state"] == "lifted"


async def test_the_page_is_served_with_a_policy(web: Web) -> None:
    for path in ("/", "/console.js", "/ladder.js", "/console.css", "/tokens.css"):
        async with web.http.get(web.url + path) as reply:
            assert reply.status == 200
            assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    async with web.http.get(f"{web.url}/api.py") as reply:
        assert reply.status == 404


async def test_faults_and_restart_by_api(web: Web) -> None:
    async with web.http.put(f"{web.url}/api/faults", json={"refuse_with": 503}) as reply:
        assert (await reply.json())["refuse_with"] == 503
    async with web.http.put(f"{web.url}/api/faults", json={"refuse_with": 200}) as reply:
        assert reply.status == 400
    line = await web.rig.device("6101")
    assert (await (await line.dial("715")).seen("failure"))[1] == 503
    await web.act("/api/restart", {})
    assert (await web.ask("/api/status"))["registrations"] == {}
