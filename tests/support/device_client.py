"""A headless device: signs in, keeps the event stream, and brings its sound by aiortc.

It knows the public API and nothing else, so it is an independent judge of the gateway.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio

from tests.support.media_peers import BrowserPeer, allow_loopback

Json = dict[str, Any]
PATIENCE = 10.0
_generations = itertools.count(1)


class Refused(AssertionError):
    """The gateway refused a command."""

    def __init__(self, verb: str, problem: Json) -> None:
        super().__init__(f"{verb}: {problem}")
        self.code = problem.get("code")
        self.problem = problem


async def _unless_over(work: Awaitable[Any]) -> None:
    """A call may end while its sound is still on the way; that is no failure of a test."""
    try:
        await work
    except Refused as refusal:
        if refusal.code not in ("call_unknown", "call_over", "not_ringing", "on_other_device"):
            raise


class Device:
    """One signed-in device. ``pre_arm``: it brings its sound up while a call still rings."""

    def __init__(self, url: str, hertz: float, *, pre_arm: bool = True) -> None:
        allow_loopback()
        self.url = url
        self.hertz = hertz
        self.pre_arm = pre_arm
        self.repairs = True  # brings its sound again when asked to
        self.id = ""
        self.token = ""
        self.events: list[tuple[str, Json]] = []
        self.calls: dict[str, Json] = {}
        self.peers: dict[str, BrowserPeer] = {}
        self._peer_of: dict[int, BrowserPeer] = {}
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._socket = socketio.AsyncClient(reconnection=False)
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._commands = itertools.count(1)
        self._socket.on("*", self._on_event, namespace="/phone")

    # -- session -----------------------------------------------------------------------------------
    async def sign_in(self, email: str, password: str, *, device_id: str | None = None) -> None:
        device: Json = {"kind": "api", "name": "headless"}
        if device_id is not None:
            device["id"] = device_id
        body = {"email": email, "password": password, "device": device}
        reply = await self.rest("POST", "/auth/login", json=body)
        self.token, self.id = reply["access_token"], reply["device_id"]
        await self._socket.connect(
            self.url,
            namespaces=["/phone"],
            transports=["websocket"],
            auth={"token": self.token, "device": {"id": self.id, "kind": "api"}},
            wait_timeout=5,
        )
        await self.event("snapshot")

    async def rest(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = f"{self.url}/api/v1{path}"
        async with self._http.request(method, url, headers=headers, **options) as response:
            body = await response.json(content_type=None)
            assert response.status < 300, (response.status, body)
            return body

    async def journal(self) -> list[Json]:
        page = await self.rest("GET", "/journal")
        entries: list[Json] = page["items"] if "items" in page else page["entries"]
        return entries

    async def entry(self, call_id: str) -> Json:
        """The one settled journal entry of a call."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [e for e in await self.journal() if e["call_id"] == call_id]
                assert len(found) <= 1, found
                if found and found[0]["kind"] != "pending":
                    return found[0]
                await self._changed()

    # -- events ------------------------------------------------------------------------------------
    def _on_event(self, event: str, payload: Json) -> None:
        self.events.append((event, payload))
        if "call" in payload:
            self.calls[payload["call"]["id"]] = payload["call"]
        if event == "snapshot":
            self.calls = {call["id"]: call for call in payload["calls"]}
        elif event == "media.answer":
            self._start(self._answered(payload))
        elif event == "ring.offer" and self.pre_arm:
            self._start(self.bring_sound(payload["call"]["id"]))
        elif event == "media.renegotiate" and payload["fresh"] and self.repairs:
            self._start(self.bring_sound(payload["call_id"]))
        self._news.set()

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(_unless_over(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _changed(self) -> None:
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await self._news.wait()

    async def until(self, condition: Callable[[], Any], what: str = "") -> Any:
        try:
            async with asyncio.timeout(PATIENCE):
                while not (value := condition()):
                    await self._changed()
        except TimeoutError:
            seen = [name for name, _ in self.events]
            raise AssertionError(f"{what} did not happen; {seen} {self.calls}") from None
        return value

    async def event(self, name: str, **match: Any) -> Json:
        def found() -> Json | None:
            for event, payload in self.events:
                if event == name and all(payload.get(k) == v for k, v in match.items()):
                    return payload
            return None

        value: Json = await self.until(found, name)
        return value

    async def phase(self, call_id: str, phase: str) -> Json:
        call: Json = await self.until(
            lambda: (
                (call := self.calls.get(call_id))
                and (call["phase"] == phase or call["phase"] == "ended")
                and call
            ),
            f"phase {phase}",
        )
        assert call["phase"] == phase, call
        return call

    # -- commands ----------------------------------------------------------------------------------
    async def do(self, verb: str, **body: Any) -> Json:
        body.setdefault("command_id", f"{self.id}-{id(self)}-{next(self._commands)}")
        reply: Json = await self._socket.call(verb, body, namespace="/phone", timeout=5)
        if not reply["ok"]:
            raise Refused(verb, reply["problem"])
        return reply

    async def dial(self, number: str) -> str:
        """Dial and bring the sound; the id of the call."""
        reply = await self.do("dial", to=number)
        call_id: str = reply["call"]["id"]
        self.calls.setdefault(call_id, reply["call"])
        await self.bring_sound(call_id)
        return call_id

    async def ringing(self) -> str:
        """Wait for a call to ring; its id."""
        call_id: str = (await self.event("ring.offer"))["call"]["id"]
        return call_id

    async def answer(self, call_id: str) -> None:
        await self.do("answer", call_id=call_id)
        if call_id not in self.peers:
            await self.bring_sound(call_id)

    async def hang_up(self, call_id: str) -> None:
        await self.do("hang_up", call_id=call_id)

    # -- sound -------------------------------------------------------------------------------------
    async def bring_sound(self, call_id: str, *, take: bool = False) -> BrowserPeer:
        """A new PeerConnection for the call, as after a reload or at its start.

        ``take``: the user wants the call here, although it is on another device.
        """
        generation = next(_generations)
        peer = BrowserPeer(self.hertz)
        self._peer_of[generation] = peer
        old, self.peers[call_id] = self.peers.get(call_id), peer
        sdp = await peer.offer()
        offer: Json = {"call_id": call_id, "sdp": sdp, "generation": generation}
        await self.do("media.offer", **offer, **({"take": True} if take else {}))
        if old is not None:
            self._start(self._retire(call_id, old, peer))
        return peer

    async def _retire(self, call_id: str, old: BrowserPeer, new: BrowserPeer) -> None:
        """As browsers do: the old connection goes when the new one is up."""
        await self.until(lambda: new.pc.connectionState == "connected", "new sound path")
        await old.close()

    async def _answered(self, payload: Json) -> None:
        peer = self._peer_of.get(payload["generation"])
        if peer is not None and peer.pc.signalingState == "have-local-offer":
            await peer.answer(payload["sdp"])
            self._news.set()

    async def hears(self, call_id: str, hertz: float, *, seconds: float = 0.5) -> None:
        share = await self.peers[call_id].hears(hertz, seconds)
        assert share > 0.8, f"{hertz} Hz is not heard: {share}"

    async def lose_socket(self) -> None:
        """The tab is gone, the connection to the server with it."""
        await self._socket.disconnect()

    async def close_sound(self) -> None:
        for peer in list(self._peer_of.values()):
            await peer.close()

    async def aclose(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await self.close_sound()
        if self._socket.connected:
            await self._socket.disconnect()
        await self._http.close()


@asynccontextmanager
async def device(
    url: str,
    email: str,
    password: str,
    *,
    hertz: float = 1000.0,
    pre_arm: bool = True,
    device_id: str | None = None,
) -> AsyncIterator[Device]:
    made = Device(url, hertz, pre_arm=pre_arm)
    try:
        await made.sign_in(email, password, device_id=device_id)
        yield made
    finally:
        await made.aclose()
