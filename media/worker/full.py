"""Legs that go out to a gateway: full ICE, controlling, usually the DTLS client.

Every leg has a socket of its own: the gateway tells its legs apart by source address. A restart
binds a new socket and changes over when the new path is nominated, so a changed local address
needs no special case.
"""

from __future__ import annotations

import asyncio

from media.engine import LegProfile, LegState, MediaError, Side
from media.worker.addresses import Address, family_of
from media.worker.ice import Credentials
from media.worker.ice_full import AgentState, ControllingAgent
from media.worker.leg import LegHost, LegOwner
from media.worker.leg_socket import LegSocket
from media.worker.port import MediaPort
from media.worker.remote import RemoteDescription
from media.worker.webrtc import MAX_PENDING_DTLS, WebRtcLeg


class _Path:
    """One ICE generation: a socket, an agent, and the sources it has verified."""

    def __init__(self, leg: FullLeg, credentials: Credentials) -> None:
        self.leg = leg
        host = leg.host
        sock, _ = host.ports.take(host.config.rtp_bind, host.now(), pair=False)
        self.agent = ControllingAgent(credentials)
        self.verified: set[Address] = set()
        self.socket = LegSocket(host.plane, sock, leg.port, self.inspect)
        host.plane.post(self.socket.open)

    def inspect(self, slot: int, length: int, source: Address, now: float) -> bool:
        """Media thread: sort a datagram from a socket that is not connected yet."""
        forwarder = self.socket.plane.forwarder
        first = forwarder.first_octet(slot) if length else 255
        hop = self.leg.host.loop.call_soon_threadsafe
        if first < 4:
            hop(self.leg.stun_datagram, self, forwarder.slot_bytes(slot, length), source)
        elif source not in self.verified:
            self.leg.port.dropped += 1
        elif 19 < first < 64:
            if self.leg.port.pending_dtls < MAX_PENDING_DTLS:
                self.leg.port.pending_dtls += 1
                hop(self.leg.dtls_queued, forwarder.slot_bytes(slot, length), source)
        elif 127 < first < 192:
            forwarder.packet(self.leg.port, slot, length, now)
        return False

    def close(self) -> None:
        host = self.leg.host
        host.plane.post(self.socket.close)
        host.ports.give_back(self.socket.local[1], host.now())


class FullLeg(WebRtcLeg):
    lite = False

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        super().__init__(host, owner, side, name, profile)
        self._path: _Path | None = None
        self._next_path: _Path | None = None
        self._ice_timer: asyncio.TimerHandle | None = None

    def _checking(self) -> _Path:
        path = self._next_path or self._path
        if path is None:
            path = self._path = _Path(self, self.credentials)
        return path

    def prepare_offer(self) -> None:
        self._checking()

    def local_candidates(self) -> list[Address]:
        host, port = self._checking().socket.local
        return [(self.host.config.rtp_advertise or host, port)]

    def check_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        super().check_remote(remote, answer=answer)
        if not self._usable(remote):
            raise MediaError("sdp", "no usable candidate for full ICE")

    def _usable(self, remote: RemoteDescription) -> tuple[Address, ...]:
        mine = family_of(self.host.config.rtp_bind)
        return tuple(a for a in remote.candidates if family_of(a[0]) is mine)

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        assert remote.ice is not None
        path = self._checking()
        known = path.agent.remote
        if known is not None and known != remote.ice:
            path = self._restart(answer)
        if path.agent.remote is None:
            path.agent.start(remote.ice, self._usable(remote), self.host.now())
        super().use_remote(remote, answer=answer)
        if self._dtls_peer is None and path.agent.selected is not None:
            self.path_ready(path.agent.selected)  # a new association on the path in use
        self._poll_ice()

    def _restart(self, answer: bool) -> _Path:
        """New credentials and socket; media stays on the old path until the new is nominated."""
        if self._next_path is not None:
            self._next_path.close()
        if not answer:
            self.credentials = Credentials.fresh()
        self._next_path = _Path(self, self.credentials)
        return self._next_path

    # -- checks -------------------------------------------------------------------------------

    def _poll_ice(self) -> None:
        if self._ice_timer is not None:
            self._ice_timer.cancel()
            self._ice_timer = None
        if self.state is LegState.CLOSED:
            return
        now = self.host.now()
        delays = []
        for path in (self._path, self._next_path):
            if path is None:
                continue
            for data, address in path.agent.poll(now):
                path.socket.send(data, address)
            self._judge(path, now)
            delay = path.agent.next_timeout(now)
            if delay is not None:
                delays.append(delay)
        if delays:
            self._ice_timer = self.host.loop.call_later(min(delays), self._poll_ice)

    def _judge(self, path: _Path, now: float) -> None:
        if path is self._path and self._next_path is not None:
            return  # being replaced
        if path.agent.state is AgentState.FAILED:
            self.become(LegState.LOST, "ice_failed")
        elif path.agent.consent_expired(now):
            self.become(LegState.LOST, "consent_expired")

    def stun_datagram(self, path: _Path, data: bytes, source: Address) -> None:
        if self.state is LegState.CLOSED:
            return
        result = path.agent.receive(data, source, self.host.now())
        for reply in result.replies:
            path.socket.send(reply, source)
        if not result.verified:
            return
        self.become_connecting()
        first = not path.verified
        path.verified.add(source)
        if first and path is self._path:
            self.on_port(lambda _port: path.socket.aim(source))
        if result.nominated:
            self._nominated(path, source)
        if first:
            self.path_ready(source)
        self._poll_ice()

    def _nominated(self, path: _Path, source: Address) -> None:
        old = None
        if path is self._next_path:
            old, self._path, self._next_path = self._path, path, None

        def move(_port: MediaPort) -> None:
            path.socket.bind_peer(source)

        self.on_port(move)
        if old is not None:
            old.close()
            if self.state is LegState.LOST and self.port.live:
                self.become(LegState.CONNECTED, "restarted")

    def dtls_queued(self, data: bytes, source: Address) -> None:
        self.port.pending_dtls -= 1
        self.dtls_datagram(data, source)

    def send_control(self, data: bytes, address: Address) -> None:
        for path in (self._next_path, self._path):
            if path is not None and address in path.verified:
                path.socket.send(data, address)
                return

    def release(self) -> None:
        super().release()
        if self._ice_timer is not None:
            self._ice_timer.cancel()
        for path in (self._path, self._next_path):
            if path is not None:
                path.close()
