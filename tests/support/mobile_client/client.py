"""The client: what it knows from events, and what its user can do."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from aiortc import RTCIceServer

from media.endpoint import Sink
from tests.support.media_peers import BrowserPeer, allow_loopback
from tests.support.mobile_client.link import Link
from tests.support.mobile_client.session import Json, Refused, Session

Found = TypeVar("Found")

PATIENCE_S = 10.0
#: After a call that failed the gateway plays busy tone for so long.
TONE_S = 5.0
#: Sound may come too late for its call: it ended, or another device has it.
TOO_LATE = frozenset({"call_unknown", "call_over", "not_ringing", "on_other_device", "superseded"})


class MobileClient:
    """``async with MobileClient(url) as anna``. It speaks a tone of ``hertz`` into its calls.

    ``pre_arm``: the sound path is made while a call still rings, so that who answers is heard at
    once. ``comes_back``: the link is made anew when it breaks.
    """

    def __init__(
        self,
        url: str,
        *,
        kind: str = "android",
        name: str = "Reference phone",
        hertz: float = 1000.0,
        amplitude: float = 0.5,
        pre_arm: bool = True,
        comes_back: bool = True,
    ) -> None:
        allow_loopback()
        self.hertz = hertz
        self.amplitude = amplitude
        self.pre_arm = pre_arm
        self.session = Session(url, kind, name)
        self.link = Link(self.session, self._event, comes_back=comes_back)
        self.calls: dict[str, Json] = {}
        self.people: dict[str, Json] = {}  # how those we watch are seen
        self.user_id = ""
        self.presence: Json = {}  # our own
        self.notices: list[Json] = []
        self.peers: dict[str, BrowserPeer] = {}  # the sound path of each call
        self.sinks: list[Sink] = []  # are given what is heard, of whatever call
        self._leases: dict[str, float] = {}
        self._lease_s = 0.0
        self._taking: set[str] = set()  # calls that are on their way to us from another device
        self._generation = 0
        self._peer_of: dict[int, BrowserPeer] = {}
        self._ice_servers: list[RTCIceServer] = []
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> MobileClient:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.aclose()

    # -- signing in --------------------------------------------------------------------------------
    @property
    def id(self) -> str:
        return self.session.device_id

    async def sign_in(self, email: str, password: str, *, device_id: str | None = None) -> None:
        """Sign in, learn the relays for the sound, and go online: from now on it rings here."""
        await self.session.sign_in(email, password, device_id)
        relays = await self.session.request("POST", "/turn-credentials")
        self._ice_servers = [
            RTCIceServer(urls, relays["username"], relays["credential"]) for urls in relays["urls"]
        ]
        await self.link.open()

    async def network_changed(self) -> None:
        """Another address: the old socket may look alive and be dead, and so may the sound."""
        self.link.renew()
        await self.link.wait_online()
        for call_id, call in self.calls.items():
            if call["device_id"] == self.id and call["phase"] != "ended":
                self._repair(call_id)

    async def lose_socket(self) -> None:
        """The app is killed, or sleeps: no word to the gateway. A call goes on without it."""
        await self.link.close()

    async def aclose(self) -> None:
        await self.link.close()
        for task in list(self._tasks):
            task.cancel()
        await self.close_sound()
        await self.session.aclose()

    # -- what is told ------------------------------------------------------------------------------
    def _event(self, name: str, payload: Json) -> None:
        match name:
            case "snapshot":
                self._picture(payload)
            case "call.created" | "call.updated" | "call.ended":
                self._call(payload["call"])
            case "ring.offer":
                self._rings(payload)
            case "ring.renew" if payload["call_id"] in self._leases:
                self._renew(payload["call_id"])
            case "ring.stop":
                self._leases.pop(payload["call_id"], None)
            case "media.answer":
                self._begin(self._answered(payload))
            case "media.renegotiate":  # also of a call that is to be heard here from now on
                self._repair(payload["call_id"])
            case "media.restart":
                self._restart(payload["call_id"])
            case "presence.changed":
                self._seen(payload["presence"], payload["own"])
            case "notice":
                self.notices.append(payload)
        self._news.set()

    def _picture(self, snapshot: Json) -> None:
        """All there is; what we knew before is void."""
        self.calls = {call["id"]: call for call in snapshot["calls"]}
        self.user_id = snapshot["me"]["user"]["id"]
        self.presence = snapshot["presence"]
        self._leases.clear()  # what still rings is offered anew
        for call in snapshot["calls"]:
            if call["device_id"] == self.id and call["id"] not in self.peers:
                self._resume(call["id"])

    def _call(self, call: Json) -> None:
        """A call is always told whole: the newest replaces what we knew."""
        self.calls[call["id"]] = call
        if call["phase"] == "ended":
            self._leases.pop(call["id"], None)
            # Who was not reached is told by a tone.
            self._let_go(call["id"], 0 if call["answered_at"] else TONE_S)
        elif call["device_id"] == self.id:
            self._taking.discard(call["id"])
        elif call["phase"] == "connected" and not (call["moving"] or call["id"] in self._taking):
            self._let_go(call["id"], 0)  # it is heard elsewhere now

    def _seen(self, person: Json, own: Json | None) -> None:
        self.people[person["user_id"]] = person
        if own is not None:
            self.presence = own

    # -- ringing is a lease, so that no phone rings for ever ---------------------------------------
    def _rings(self, offer: Json) -> None:
        call = offer["call"]
        self.calls[call["id"]] = call
        self._lease_s = offer["lease_ms"] / 1000
        self._renew(call["id"])
        if self.pre_arm:
            self._begin(self._bring(call["id"]))

    def _renew(self, call_id: str) -> None:
        self._leases[call_id] = time.monotonic() + self._lease_s

    @property
    def rings_now(self) -> list[str]:
        """The calls that ring here now; one whose lease has run out is silent."""
        now = time.monotonic()
        return [call_id for call_id, until in self._leases.items() if until > now]

    async def rings(self) -> str:
        """Wait until it rings; which call it is."""
        return await self.until(lambda: next(iter(self.rings_now), None), "it rings")

    # -- calls -------------------------------------------------------------------------------------
    async def dial(self, number: str, **how: Any) -> str:
        """The command and the sound go out side by side; the id of the call."""
        reply = await self.link.command("dial", to=number, **how)
        call_id: str = reply["call"]["id"]
        self.calls.setdefault(call_id, reply["call"])
        await self.bring_sound(call_id)
        return call_id

    async def answer(self, call_id: str) -> None:
        await self.link.command("answer", call_id=call_id)
        if call_id not in self.peers:
            await self.bring_sound(call_id)

    async def do(self, verb: str, **body: Any) -> Json:
        """Any other verb. Offer those that stand in the call's ``actions``."""
        return await self.link.command(verb, **body)

    async def pull(self, call_id: str) -> None:
        """Have the call here. The gateway asks for our sound, and changes over when it is heard."""
        await self.do("pull", call_id=call_id)
        await self.until(lambda: self.calls[call_id]["device_id"] == self.id, "it is here")

    async def hang_up(self, call_id: str) -> None:
        await self.do("hang_up", call_id=call_id)

    # -- sound: one WebRTC connection for each call ------------------------------------------------
    async def bring_sound(self, call_id: str, *, take: bool = False) -> BrowserPeer:
        """Offer a new path for the call's sound; ``media.answer`` brings it up.

        ``take``: the user wants the call here, although it is on another device. An old path goes
        on until the new one is up.
        """
        generation = self._next_generation()
        peer = BrowserPeer(self.hertz, amplitude=self.amplitude, ice_servers=self._ice_servers)
        peer.sinks = self.sinks
        self._peer_of[generation] = peer
        old, self.peers[call_id] = self.peers.get(call_id), peer
        if take:
            self._taking.add(call_id)
        offer: Json = {"call_id": call_id, "sdp": await peer.offer(), "generation": generation}
        await self.link.command("media.offer", **offer, **({"take": True} if take else {}))
        if old is not None:
            self._begin(self._retire(old, peer))
        return peer

    def _next_generation(self) -> int:
        """Greater with every offer of this device, also after the app was started anew."""
        self._generation = max(self._generation + 1, int(time.time() * 1000))
        return self._generation

    async def _bring(self, call_id: str) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await self.bring_sound(call_id)
            except Refused as refused:
                if refused.code not in TOO_LATE:
                    raise

    def _resume(self, call_id: str) -> None:
        """The app was started anew in the middle of a call."""
        self._repair(call_id)

    def _repair(self, call_id: str) -> None:
        self._begin(self._bring(call_id))

    def _restart(self, call_id: str) -> None:
        """The gateway hears nothing of us. An app would restart ICE on the connection that it has;
        aiortc cannot, so a new one is made, unless one is on its way already."""
        peer = self.peers.get(call_id)
        if peer is None or peer.pc.connectionState not in ("new", "connecting"):
            self._repair(call_id)

    async def hears(self, call_id: str, hertz: float, *, seconds: float = 0.5) -> None:
        """Wait until the call sounds like this and like nothing else."""
        share = await self.peers[call_id].hears(hertz, seconds)
        assert share > 0.8, f"{hertz} Hz is not heard: {share}"

    async def _answered(self, payload: Json) -> None:
        """``generation`` says which of our offers it answers; an older one is void."""
        peer = self._peer_of.get(payload["generation"])
        if peer is not None and peer.pc.signalingState == "have-local-offer":
            await peer.answer(payload["sdp"])
            self._news.set()

    async def _retire(self, old: BrowserPeer, new: BrowserPeer) -> None:
        await self.until(lambda: new.pc.connectionState == "connected", "the new path is up")
        await old.close()

    def _let_go(self, call_id: str, after_s: float) -> None:
        if (peer := self.peers.get(call_id)) is not None:
            self._begin(self._close(peer, after_s))

    @staticmethod
    async def _close(peer: BrowserPeer, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await peer.close()

    async def close_sound(self) -> None:
        for peer in self._peer_of.values():
            await peer.close()

    # -- presence ----------------------------------------------------------------------------------
    async def watch(self, *user_ids: str) -> None:
        """Be told how these people are seen, as long as this connection lives."""
        reply = await self.link.command("presence.watch", user_ids=list(user_ids))
        for person in reply["presence"]:
            self.people[person["user_id"]] = person

    def sees(self, user_id: str, state: str) -> Json | None:
        """How that person is seen, if it is like this."""
        person = self.people.get(user_id)
        return person if person and person["state"] == state else None

    async def set_presence(self, **change: Any) -> None:
        """For example ``status={"value": "away"}``; what is left out stays as it is."""
        self.presence = await self.session.request("PATCH", "/presence", change)

    # -- waiting -----------------------------------------------------------------------------------
    async def until(self, holds: Callable[[], Found | None], what: str) -> Found:
        """Wait until an event makes it true."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (found := holds()):
                    await self._some_news()
        except TimeoutError:
            raise AssertionError(f"not so: {what}; {self.calls} {self.notices}") from None
        return found

    async def _some_news(self) -> None:
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            # Sound and the clock have no event: look again from time to time.
            async with asyncio.timeout(0.05):
                await self._news.wait()

    async def phase(self, call_id: str, phase: str) -> Json:
        """Wait until the call is that far."""

        def reached() -> Json | None:
            call = self.calls.get(call_id)
            return call if call and call["phase"] in (phase, "ended") else None

        call = await self.until(reached, f"{phase} of {call_id}")
        assert call["phase"] == phase, call
        return call

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
