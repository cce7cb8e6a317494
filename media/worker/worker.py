"""The control thread of a worker: sessions, STUN and DTLS dispatch, the periodic tick."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from media.engine import MediaError, MediaEvent
from media.worker import ice
from media.worker.addresses import Address
from media.worker.config import TurnServer, WorkerConfig
from media.worker.dtls import Identity
from media.worker.full import FullLeg
from media.worker.leg import MakeLeg
from media.worker.lite import LiteLeg
from media.worker.mux import MuxSocket
from media.worker.plane import MediaPlane, local_address, udp_socket
from media.worker.ports import PortRange
from media.worker.session import Session
from media.worker.stun_gate import StunGate
from media.worker.webrtc import MAX_PENDING_DTLS, WebRtcLeg

log = logging.getLogger(__name__)

TICK_S = 0.1
SESSIONS_PER_SLICE = 40
MAX_PENDING_STUN = 512


class Worker:
    """Implements :class:`media.worker.leg.LegHost`."""

    def __init__(
        self,
        config: WorkerConfig,
        loop: asyncio.AbstractEventLoop,
        emit: Callable[[str, MediaEvent], None],
        *,
        through_turn: MakeLeg,
    ) -> None:
        self.config = config
        self.loop = loop
        self.emit = emit
        self._through_turn = through_turn
        self.identity = Identity()
        self.plane = MediaPlane(portable=config.portable_io)
        low, high = config.rtp_ports
        self.ports = PortRange(low, high, config.limits.quarantine_s)
        self.turn: TurnServer | None = None
        limits = config.limits
        self.gate = StunGate(limits.stun_per_source, limits.stun_failures_per_host)
        self.sessions: dict[str, Session] = {}
        self._pending_stun = 0
        self._unticked: list[Session] = []
        self._slices = 1
        self._timer: asyncio.TimerHandle | None = None
        self._muxes: list[MuxSocket] = []

    @property
    def muxes(self) -> Sequence[MuxSocket]:
        return self._muxes

    @property
    def full_leg(self) -> MakeLeg:
        """What makes WEBRTC_FULL legs now."""
        return self._through_turn if self.turn is not None or self.config.full_ice else FullLeg

    def now(self) -> float:
        return time.monotonic()

    def start(self) -> None:
        port = self.config.port
        for host in self.config.binds:
            sock = udp_socket(host, port)
            port = port or local_address(sock)[1]
            mux = MuxSocket(sock, self._on_stun, self._on_dtls)
            self._muxes.append(mux)
            self.plane.add_mux(mux)
        self.plane.start()
        self._timer = self.loop.call_later(TICK_S, self._tick)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for session in list(self.sessions.values()):
            session.close()
        self.sessions.clear()
        self.plane.stop()
        for mux in self._muxes:
            mux.sock.close()

    def advertised(self) -> list[Address]:
        bound = [local_address(mux.sock) for mux in self._muxes]
        if self.config.advertise:
            return [(host, bound[0][1]) for host in self.config.advertise]
        return bound

    # -- sessions -------------------------------------------------------------------------------

    def open(self, session_id: str, user: str) -> Session:
        if session_id in self.sessions:
            raise MediaError("session", f"session {session_id} exists")
        if sum(len(s.legs) for s in self.sessions.values()) >= self.config.limits.max_legs:
            raise MediaError("full", "the worker carries as many legs as it may")
        session = Session(self, session_id, user, self.emit)
        self.sessions[session_id] = session
        return session

    def session(self, session_id: str) -> Session:
        session = self.sessions.get(session_id)
        if session is None:
            raise MediaError("session", f"no session {session_id}")
        return session

    def close(self, session_id: str) -> None:
        session = self.sessions.pop(session_id, None)
        if session is not None:
            session.close()

    def _tick(self) -> None:
        """Every session that is due, once per ``TICK_S``, not too many at a time: while this thread
        computes, the media thread waits for the interpreter."""
        now = self.now()
        if not self._unticked:
            self._unticked = list(self.sessions.values())
            self._slices = -(-len(self._unticked) // SESSIONS_PER_SLICE) or 1
            self.gate.expire(now)
        for session in self._unticked[:SESSIONS_PER_SLICE]:
            if now >= session.due and not session.closed:
                session.tick(now)
        del self._unticked[:SESSIONS_PER_SLICE]
        self._timer = self.loop.call_later(TICK_S / self._slices, self._tick)

    # -- datagrams: first on the media thread, then hopped ----------------------------------------

    def _on_stun(self, mux: MuxSocket, data: bytes, source: Address) -> None:
        proven = mux.key(source) in mux.table
        ufrag = self.gate.admit(data, source, self.now(), proven=proven)
        if ufrag is None:
            return
        if self._pending_stun >= MAX_PENDING_STUN:
            self.gate.dropped += 1
            return
        self._pending_stun += 1
        self.loop.call_soon_threadsafe(self._stun, mux, data, source, ufrag)

    def _stun(self, mux: MuxSocket, data: bytes, source: Address, ufrag: str) -> None:
        self._pending_stun -= 1
        generation = self.gate.find(ufrag)
        message = ice.parse(data)
        if generation is None or message is None:
            return
        leg = generation.leg
        if isinstance(leg, LiteLeg):
            leg.check(mux, message, source, generation)

    def _on_dtls(self, mux: MuxSocket, data: bytes, source: Address) -> None:
        port = mux.table.get(mux.key(source))
        if port is None or port.pending_dtls >= MAX_PENDING_DTLS:
            return
        port.pending_dtls += 1
        self.loop.call_soon_threadsafe(self._dtls, port.owner, data, source)

    @staticmethod
    def _dtls(leg: WebRtcLeg, data: bytes, source: Address) -> None:
        leg.port.pending_dtls -= 1
        leg.dtls_datagram(data, source)
