"""The media engine on a pool of rtpengine nodes.

rtpengine describes a call as an offer of one party and an answer of the other. Our sides speak in
any order, so a silent stand-in takes the place of a side that has not spoken yet, and the real
description replaces it by a re-offer. Limits, named in ``capabilities`` by absence: one device leg
at a time (accepting another replaces it), no tones, files or digits of its own, no events but
those that polling shows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import Any

from media.engine import (
    EngineLost,
    FirstAudioEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    LegStats,
    LocalSdpChanged,
    MediaError,
    MediaListener,
    Playback,
    SessionStats,
    Side,
    SilenceEvent,
)
from media.rtpengine import flags
from media.rtpengine.ng import NgClient
from media.rtpengine.query import StreamFigures, figures_of
from media.worker.watchdog import SilenceWatch

log = logging.getLogger(__name__)

POLL_S = 0.25
FAILED_POLLS = 3
CAPABILITIES = frozenset({"webrtc_lite", "rtp", "sdes"})


@dataclass(frozen=True, slots=True)
class RtpengineConfig:
    """The NG sockets of the nodes, ``(host, port)`` each."""

    nodes: tuple[tuple[str, int], ...]
    poll_s: float = POLL_S


@dataclass(slots=True)
class _Leg:
    side: Side
    name: str
    profile: LegProfile
    remote: str = ""  # the last description of the peer
    local: str = ""  # the last of ours
    offering: bool = False
    state: LegState = LegState.NEW
    first_audio: bool = False
    watch: SilenceWatch | None = None
    figures: StreamFigures = field(default_factory=StreamFigures)

    @property
    def webrtc(self) -> bool:
        return self.profile.kind in (LegKind.WEBRTC_LITE, LegKind.WEBRTC_FULL)


class RtpengineSession:
    """One NG call: tag ``device`` is always the offering party, ``line`` the answering one."""

    def __init__(self, session_id: str, node: NgClient, listener: MediaListener) -> None:
        self.session_id = session_id
        self._node = node
        self._listener = listener
        self._legs: dict[Side, _Leg] = {}
        self._failures = 0
        self.closed = False

    # -- descriptions -----------------------------------------------------------------------------

    async def offer(self, side: Side, profile: LegProfile, *, leg: str = "line") -> str:
        mine = self._take_leg(side, leg, profile)
        other = self._legs.get(_other(side))
        spoken = other.remote if other is not None and other.remote else flags.stand_in(profile)
        mine.local = await self._ng_offer(_other(side), spoken, profile.kind)
        mine.offering = True
        return mine.local

    async def accept(
        self, side: Side, sdp: str, profile: LegProfile | None = None, *, leg: str = "line"
    ) -> str | None:
        known = self._legs.get(side)
        ours_open = known is not None and known.name == leg and known.offering
        if known is not None and ours_open and profile is None:
            await self._ng_answer(_other(side), side, sdp, self._kind(_other(side), known))
            known.remote, known.offering = sdp, False
            self._become(known, LegState.CONNECTING)
            return None
        if profile is None:
            if known is None or known.name != leg:
                raise MediaError("leg", "a new leg needs a profile")
            profile = known.profile
        mine = self._take_leg(side, leg, profile)
        mine.offering = False  # a peer that offers did not take ours
        other = self._legs.get(_other(side))
        other_kind = self._kind(_other(side), mine)
        towards_other = await self._ng_offer(side, sdp, other_kind)
        if other is not None and other.remote:
            self._note_change(other, towards_other)
            spoken = flags.as_answer(other.remote, other.local or towards_other)
        else:
            spoken = flags.stand_in(profile)
        mine.remote = sdp
        mine.local = await self._ng_answer(side, _other(side), spoken, profile.kind)
        self._become(mine, LegState.CONNECTING)
        return mine.local

    async def _ng_offer(self, speaker: Side, sdp: str, towards: LegKind) -> str:
        reply = await self._node.call(
            "offer",
            call_id=self.session_id,
            from_tag=speaker.value,
            to_tag=_other(speaker).value,
            sdp=sdp,
            # Without it the first description may make rtpengine a DTLS client before the roles
            # are agreed, and a browser that is client itself gives up.
            DTLS_reverse="passive",
            **flags.towards(towards),
        )
        return flags.cleaned(reply["sdp"], webrtc=towards not in (LegKind.RTP, LegKind.SDES))

    async def _ng_answer(self, offerer: Side, speaker: Side, sdp: str, towards: LegKind) -> str:
        reply = await self._node.call(
            "answer",
            call_id=self.session_id,
            from_tag=offerer.value,
            to_tag=speaker.value,
            sdp=sdp,
            **flags.towards(towards),
        )
        return flags.cleaned(reply["sdp"], webrtc=towards not in (LegKind.RTP, LegKind.SDES))

    def _kind(self, side: Side, fallback: _Leg) -> LegKind:
        leg = self._legs.get(side)
        return leg.profile.kind if leg is not None else fallback.profile.kind

    def _take_leg(self, side: Side, name: str, profile: LegProfile) -> _Leg:
        if profile.kind is LegKind.WEBRTC_FULL:
            raise MediaError("kind", "rtpengine does not begin ICE on our behalf")
        if (side is Side.LINE) != (name == "line"):
            raise MediaError("leg", 'the line has one leg, named "line"; a device leg is not')
        leg = self._legs.get(side)
        if leg is None or leg.name != name:
            leg = self._legs[side] = _Leg(side, name, profile)
        leg.profile = profile
        return leg

    def _note_change(self, leg: _Leg, description: str) -> None:
        if leg.local and flags.port_and_address(leg.local) != flags.port_and_address(description):
            self._tell(LocalSdpChanged(leg.side, leg.name))
        leg.local = leg.local or description

    # -- the rest of the interface ----------------------------------------------------------

    async def attach(self, leg: str | None) -> None:
        if leg is None:
            await self._node.call("block media", call_id=self.session_id)
            return
        device = self._legs.get(Side.DEVICE)
        if device is None or device.name != leg:
            raise MediaError("leg", f"no leg named {leg}")
        await self._node.call("unblock media", call_id=self.session_id)

    async def drop(self, leg: str) -> None:
        found = next((x for x in self._legs.values() if x.name == leg), None)
        if found is not None:
            del self._legs[found.side]
            self._become(found, LegState.CLOSED)

    async def play(self, side: Side, what: Playback, *, leg: str | None = None) -> None:
        raise MediaError("unsupported", "tones and files are played by the embedded worker")

    async def stop(self, side: Side) -> None:
        """Nothing can be playing."""

    async def dtmf(
        self, side: Side, digits: str, *, duration_ms: int = 100, gap_ms: int = 70
    ) -> None:
        raise MediaError("unsupported", "digits are sent by the embedded worker")

    async def direction(self, side: Side, send: bool, receive: bool) -> None:
        """Hold is written into the descriptions by the caller; here the packets stop."""
        tag = _other(side).value if not send else side.value
        command = "unblock media" if send and receive else "block media"
        await self._node.call(command, call_id=self.session_id, from_tag=tag)

    async def mute(self, muted: bool) -> None:
        command = "silence media" if muted else "unsilence media"
        await self._node.call(command, call_id=self.session_id, from_tag=Side.DEVICE.value)

    async def stats(self) -> SessionStats:
        await self.poll(asyncio.get_running_loop().time())
        return SessionStats(tuple(_stats(leg) for leg in self._legs.values()))

    async def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        with contextlib.suppress(MediaError):
            await self._node.call(
                "delete", call_id=self.session_id, from_tag="device", delete_delay=0
            )
        for leg in self._legs.values():
            leg.state = LegState.CLOSED

    # -- what polling shows -----------------------------------------------------------------

    async def poll(self, now: float) -> None:
        try:
            reply = await self._node.call("query", call_id=self.session_id)
        except MediaError as error:
            self._failures += 1
            if self._failures == FAILED_POLLS and not self.closed:
                self._tell(EngineLost(error.detail))
            return
        self._failures = 0
        if self.closed:
            return
        for side, leg in list(self._legs.items()):
            self._apply(leg, figures_of(reply, side.value), now)

    def _apply(self, leg: _Leg, figures: StreamFigures, now: float) -> None:
        before, leg.figures = leg.figures, figures
        ready = figures.packets_in > 0 if leg.webrtc else bool(leg.remote)
        if ready and leg.state in (LegState.NEW, LegState.CONNECTING):
            self._become(leg, LegState.CONNECTED)
            leg.watch = SilenceWatch(now)
        if figures.packets_in and not leg.first_audio:
            leg.first_audio = True
            self._tell(FirstAudioEvent(leg.side, leg.name))
        if leg.watch is not None and figures.packets_in >= before.packets_in:
            for seconds in leg.watch.update(figures.packets_in, now):
                self._tell(SilenceEvent(leg.side, leg.name, seconds))

    def _become(self, leg: _Leg, state: LegState) -> None:
        if leg.state is not state:
            leg.state = state
            self._tell(LegEvent(leg.side, leg.name, state))

    def _tell(self, event: Any) -> None:
        self._listener(event)


def _other(side: Side) -> Side:
    return Side.DEVICE if side is Side.LINE else Side.LINE


def _stats(leg: _Leg) -> LegStats:
    figures = leg.figures
    return LegStats(
        side=leg.side,
        leg=leg.name,
        state=leg.state,
        codec=figures.codec,
        packets_in=figures.packets_in,
        bytes_in=figures.bytes_in,
        packets_out=figures.packets_out,
        bytes_out=figures.bytes_out,
        dropped=figures.errors,
    )


class RtpengineEngine:
    """Implements :class:`media.engine.MediaEngine`."""

    capabilities = CAPABILITIES

    def __init__(self, config: RtpengineConfig) -> None:
        self.config = config
        self._nodes: list[NgClient] = []
        self._sessions: dict[str, tuple[RtpengineSession, NgClient, str]] = {}
        self._poller: asyncio.Task[None] | None = None

    async def start(self) -> None:
        for host, port in self.config.nodes:
            node = NgClient()
            await node.open(host, port)
            self._nodes.append(node)
        await asyncio.gather(*(node.call("ping") for node in self._nodes))
        self._poller = asyncio.create_task(self._poll(), name="rtpengine-poll")

    async def open(
        self, session_id: str, *, user: str, listener: MediaListener
    ) -> RtpengineSession:
        if session_id in self._sessions:
            raise MediaError("session", f"session {session_id} exists")
        session = RtpengineSession(session_id, self._node_for(user), listener)
        self._sessions[session_id] = (session, session._node, user)
        return session

    def _node_for(self, user: str) -> NgClient:
        """All sessions of a user on one node, else the node with the fewest."""
        if not self._nodes:
            raise MediaError("rtpengine", "not started")
        known = next((n for _, n, u in self._sessions.values() if u == user), None)
        loads = [n for _, n, _ in self._sessions.values()]
        return known or min(self._nodes, key=loads.count)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self.config.poll_s)
            for name, (session, _, _) in list(self._sessions.items()):
                if session.closed:
                    del self._sessions[name]
                else:
                    await session.poll(asyncio.get_running_loop().time())

    async def aclose(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._poller
        for session, _, _ in list(self._sessions.values()):
            await session.close()
        for node in self._nodes:
            node.close()
