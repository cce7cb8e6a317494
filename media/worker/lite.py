"""ICE-lite legs on the worker's one UDP port: browsers, and connectors as seen by the gateway."""

from __future__ import annotations

from aioice import stun

from media.engine import LegProfile, LegState, Side
from media.worker.addresses import Address
from media.worker.ice import Credentials, answer_check
from media.worker.leg import LegHost, LegOwner
from media.worker.mux import MuxSocket
from media.worker.port import MediaPort
from media.worker.remote import RemoteDescription
from media.worker.stun_gate import Generation
from media.worker.webrtc import WebRtcLeg

MAX_VERIFIED = 16  # addresses of one peer at a time


class LiteLeg(WebRtcLeg):
    lite = True

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        super().__init__(host, owner, side, name, profile)
        host.gate.add(self, self.credentials)
        self._nominated: Address | None = None
        self._muxes: dict[Address, MuxSocket] = {}
        self._remote_ufrag: str | None = None

    def local_candidates(self) -> list[Address]:
        return self.host.advertised()

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        assert remote.ice is not None
        if not answer and self._remote_ufrag not in (None, remote.ice.ufrag):
            self._restart()
        self._remote_ufrag = remote.ice.ufrag
        super().use_remote(remote, answer=answer)

    def _restart(self) -> None:
        """RFC 8445 9: fresh credentials; the old ones live on, browsers keep using them."""
        now = self.host.now()
        life = self.host.config.limits.credential_life_s
        self.host.gate.retire(self.credentials, now + life)
        self.credentials = Credentials.fresh()
        self.host.gate.add(self, self.credentials)
        if self.state is LegState.LOST and self.port.live:
            self.become(LegState.CONNECTED, "restarted")

    def check(
        self, mux: MuxSocket, message: stun.Message, source: Address, generation: Generation
    ) -> None:
        """A Binding request that names one of our fragments."""
        result = answer_check(message, source, generation.credentials)
        if result is None:
            self.host.gate.failed(source[0])
            return
        if self.state is LegState.CLOSED:
            return
        if not result.valid:
            mux.send(result.reply, source)
            return
        first = not self.port.verified
        self._verify_source(mux, source)
        # Table before answer: what the peer sends next must find its leg.
        mux.send(result.reply, source)
        self.become_connecting()
        if first or (result.nominated and source != self._nominated):
            if result.nominated:
                self._nominated = source
            self.on_port(lambda port: self._aim(port, mux, source))
        if first or self._dtls_peer is None:
            self.path_ready(source)

    def _verify_source(self, mux: MuxSocket, source: Address) -> None:
        key = mux.key(source)
        if mux.table.get(key) is self.port:
            return
        verified = self.port.verified
        if len(verified) >= MAX_VERIFIED:
            oldest = next(k for k in verified if k != self.port.key)
            old = verified.pop(oldest)
            table = self._muxes[old].table
            if table.get(oldest) is self.port:  # another leg may have proved it since
                del table[oldest]
        if self.port.mux is None:
            self.port.mux = mux
        verified[key] = source
        self._muxes[source] = mux
        mux.table[key] = self.port

    @staticmethod
    def _aim(port: MediaPort, mux: MuxSocket, source: Address) -> None:
        port.mux = mux
        port.aim(source)

    def send_control(self, data: bytes, address: Address) -> None:
        mux = self._muxes.get(address)
        if mux is not None:
            mux.send(data, address)

    def release(self) -> None:
        super().release()
        self.host.gate.remove(self)
        for key, address in self.port.verified.items():
            mux = self._muxes[address]
            if mux.table.get(key) is self.port:
                del mux.table[key]
        self.port.verified.clear()
