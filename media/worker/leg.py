"""What every kind of leg has: its place in the session, formats, direction, state, one port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from media.engine import LegKind, LegProfile, LegState, MediaError, Side
from media.worker.config import TurnServer, WorkerConfig
from media.worker.dtls import Identity
from media.worker.local import LocalOrigin
from media.worker.mux import MuxSocket
from media.worker.negotiate import (
    accepted_formats,
    audio_format,
    chosen_formats,
    offered_formats,
)
from media.worker.plane import MediaPlane
from media.worker.port import MediaPort
from media.worker.ports import PortRange
from media.worker.remote import Format, RemoteDescription, read_description
from media.worker.stun_gate import StunGate
from protocols.rtp.dtmf import DtmfReceiver, ReceivedDigit
from protocols.sdp import Direction


class LegHost(Protocol):
    """What a worker lends its legs."""

    loop: asyncio.AbstractEventLoop
    config: WorkerConfig
    plane: MediaPlane
    identity: Identity
    ports: PortRange
    turn: TurnServer | None
    gate: StunGate

    @property
    def full_leg(self) -> MakeLeg:
        """Makes WEBRTC_FULL legs: straight to the gateway, or through a TURN server."""

    @property
    def muxes(self) -> Sequence[MuxSocket]: ...

    def advertised(self) -> list[tuple[str, int]]:
        """The mux's addresses as SDP names them."""

    def now(self) -> float: ...


class LegOwner(Protocol):
    """The session, as its legs see it. Called on the control thread."""

    def leg_state(self, leg: Leg, state: LegState, reason: str) -> None: ...

    def leg_digit(self, leg: Leg, digit: ReceivedDigit, regenerate: bool) -> None: ...

    def leg_first_audio(self, leg: Leg) -> None: ...

    def leg_rtcp(self, leg: Leg, data: bytes) -> None: ...


MakeLeg = Callable[[LegHost, LegOwner, Side, str, LegProfile], "Leg"]


class Leg:
    """Base of all legs, on the control thread. Subclasses add transport and keys."""

    secure = True

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        self.host = host
        self.owner = owner
        self.side = side
        self.name = name
        self.profile = profile
        self.state = LegState.NEW
        self.waiting_since = host.now()  # for its peer: made, or connecting anew
        self.connected_at: float | None = None
        self.port = MediaPort(name, secure=self.secure)
        self.port.owner = self
        self.port.quota = host.config.limits.audio_pps
        self.port.max_sources = host.config.limits.ssrc_per_leg
        self.origin = LocalOrigin()
        self.cname = f"{self.origin.session_id:x}"
        self.ours: tuple[Format, ...] = ()  # numbers that the peer uses towards us
        self.theirs: tuple[Format, ...] = ()  # numbers that we use towards the peer
        self.sends = self.receives = True  # what we want (hold)
        self.remote: RemoteDescription | None = None
        self.offer_open = False
        self._before_offer: tuple[LegProfile, tuple[Format, ...]] = (profile, ())
        self.wire_callbacks()

    @property
    def kind(self) -> LegKind:
        return self.profile.kind

    def wire_callbacks(self) -> None:
        """Callbacks come on the media thread; the control thread acts on them."""
        hop = self.host.loop.call_soon_threadsafe

        def on_digit(digit: ReceivedDigit, regenerate: bool) -> None:
            hop(self.owner.leg_digit, self, digit, regenerate)

        def on_rtcp(data: bytes) -> None:
            hop(self.owner.leg_rtcp, self, data)

        self.port.on_digit = on_digit

        def on_first() -> None:
            hop(self.owner.leg_first_audio, self)

        self.port.on_first = on_first
        self.port.on_rtcp = on_rtcp

    # -- offer and answer (RFC 3264) ----------------------------------------------------------

    def offer(self, profile: LegProfile) -> str:
        if profile.kind is not self.profile.kind:
            raise MediaError("kind", "a leg cannot change its kind")
        if not self.offer_open:
            self._before_offer = (self.profile, self.ours)
        self.offer_open = True
        self.profile = profile
        try:
            # A renewed offer keeps the numbers in use (RFC 3264 8.3.2: never remap a payload type).
            if not self.ours or self.remote is None:
                self.ours = offered_formats(profile)
            self.prepare_offer()
            return self.describe(None)
        except Exception:
            self.withdraw_offer()
            raise

    def withdraw_offer(self) -> None:
        """Our open offer was refused or never left: what was agreed before stays in force
        (RFC 3261 14.1)."""
        if self.offer_open:
            self.offer_open = False
            self.profile, self.ours = self._before_offer

    def accept(self, sdp: str, profile: LegProfile | None) -> str | None:
        """``sdp`` answers our open offer, if there is one; ``profile`` is for an offer only."""
        remote = read_description(sdp)
        if self.offer_open:
            formats = accepted_formats(self.ours, remote.formats)
            if audio_format(formats) is None:
                raise MediaError("codec", "the answer has no codec of the offer")
            self.check_remote(remote, answer=True)
            self.offer_open = False
            self._use(remote, self.ours, formats, answer=True)
            return None
        if profile is not None:
            self.profile = profile
        formats = chosen_formats(self.profile, remote.formats)
        self.check_remote(remote, answer=False)
        self._use(remote, formats, formats, answer=False)
        return self.describe(remote)

    def _use(
        self,
        remote: RemoteDescription,
        ours: tuple[Format, ...],
        theirs: tuple[Format, ...],
        *,
        answer: bool,
    ) -> None:
        self.remote, self.ours, self.theirs = remote, ours, theirs
        audio = audio_format(theirs)
        clock = audio.codec.clock if audio is not None else 8000
        port = self.port

        def apply() -> None:
            if port.clock != clock or port.dtmf.clock != clock:
                port.clock = port.out.clock = clock
                port.dtmf = DtmfReceiver(clock)

        self.host.plane.post(apply)
        self.use_remote(remote, answer=answer)

    def local_direction(self) -> Direction:
        """What we want, cut to what the peer's description allows (RFC 3264 6.1)."""
        if self.remote is None or self.offer_open:
            return Direction.of(self.sends, self.receives)
        peer = self.remote.direction
        return Direction.of(self.sends and peer.receives, self.receives and peer.sends)

    @property
    def may_send(self) -> bool:
        return self.sends and (self.remote is None or self.remote.direction.receives)

    @property
    def codec(self) -> str:
        audio = audio_format(self.theirs)
        return audio.codec.name if audio is not None else ""

    # -- to be filled by the kinds ------------------------------------------------------------

    async def prepare(self, sdp: str | None) -> None:
        """What has to be awaited before an offer (``None``) or before ``sdp`` is answered."""

    def prepare_offer(self) -> None:
        """Whatever an offer needs before it can be written."""

    def check_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        """Raise :class:`MediaError` when this kind of leg cannot use ``remote``."""

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        raise NotImplementedError

    def describe(self, answering: RemoteDescription | None) -> str:
        raise NotImplementedError

    def release(self) -> None:
        """Free sockets, keys and timers."""

    # -- life ---------------------------------------------------------------------------------

    def become(self, state: LegState, reason: str = "") -> None:
        if self.state in (state, LegState.CLOSED):
            return
        self.state = state
        if state is LegState.CONNECTING:
            self.waiting_since = self.host.now()
        elif state is LegState.CONNECTED:
            self.connected_at = self.host.now()
        self.owner.leg_state(self, state, reason)

    def on_port(self, change: Callable[[MediaPort], None]) -> None:
        """Change the port on the thread that owns it."""
        port = self.port
        self.host.plane.post(lambda: change(port))

    def close(self) -> None:
        if self.state is LegState.CLOSED:
            return

        def shut(port: MediaPort) -> None:
            port.live = False
            port.sink = None
            port.srtp = None

        self.on_port(shut)
        self.release()
        self.become(LegState.CLOSED)
