"""DTLS-SRTP legs: the part that ICE-lite and full ICE share.

Order of proof: a source passes STUN, only then its DTLS is read; DTLS gives keys; the fingerprint
of the signalled description must match the certificate; only then media passes, either way
(RFC 5763 5, RFC 8842 5). A description may arrive after DTLS is done: the keys wait for it.
"""

from __future__ import annotations

import asyncio

from media.engine import LegProfile, LegState, MediaError, Side
from media.worker.addresses import Address
from media.worker.dtls import DtlsAssociation, DtlsState, Fingerprint
from media.worker.ice import Credentials
from media.worker.leg import Leg, LegHost, LegOwner
from media.worker.local import (
    DTLS_SAVPF,
    LocalDescription,
    WebRtcParameters,
    host_candidates,
)
from media.worker.port import MediaPort
from media.worker.remote import RemoteDescription
from media.worker.srtp import SrtpContext

MAX_PENDING_DTLS = 64


class WebRtcLeg(Leg):
    lite = True

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        super().__init__(host, owner, side, name, profile)
        self.credentials = Credentials.fresh()
        self.dtls: DtlsAssociation | None = None
        self.fingerprints: tuple[Fingerprint, ...] | None = None
        self.setup = "actpass"
        self.mid = "0"
        self._dtls_timer: asyncio.TimerHandle | None = None
        self._dtls_peer: Address | None = None

    # -- description --------------------------------------------------------------------------

    def check_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        if remote.ice is None:
            raise MediaError("sdp", "a=ice-ufrag or a=ice-pwd is missing")
        if not remote.fingerprints:
            raise MediaError("sdp", "a=fingerprint is missing")
        allowed = ("active", "passive") if answer else ("active", "passive", "actpass")
        if remote.setup not in allowed:
            raise MediaError("sdp", "a=setup is missing or not possible here")
        if "TLS" not in remote.proto or not remote.rtcp_mux:
            raise MediaError("sdp", "this leg needs DTLS-SRTP with a=rtcp-mux")

    def role_for(self, setup: str) -> bool:
        """Are we the DTLS client, given the peer's a=setup (RFC 5763 5)?"""
        if setup == "actpass":
            return not self.lite
        return setup == "passive"

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        client = self.role_for(remote.setup)
        self.mid = remote.mid or self.mid
        changed = self.fingerprints is not None and set(self.fingerprints) != set(
            remote.fingerprints
        )
        self.fingerprints = remote.fingerprints
        if changed or (self.dtls is not None and self.dtls.state is DtlsState.FAILED):
            # RFC 8842 4: another certificate, another association, on whatever path comes now.
            self._forget_association()
            if self.state is not LegState.NEW:
                self.become(LegState.CONNECTING, "new_association")
        if self.dtls is None:
            self._new_association(client)
        assert self.dtls is not None
        self.setup = "active" if self.dtls.client else "passive"
        self._after_dtls()

    def describe(self, answering: RemoteDescription | None) -> str:
        candidates = self.local_candidates()
        return LocalDescription(
            origin=self.origin.next(candidates[0][0]),
            proto=answering.proto if answering else DTLS_SAVPF,
            address=candidates[0],
            formats=self.ours,
            direction=self.local_direction(),
            ssrc=self.port.out.ssrc,
            cname=self.cname,
            ptime_ms=self.profile.ptime_ms,
            mid=self.mid,
            bundle=answering.bundled if answering else True,
            rtcp_mux=True,
            webrtc=WebRtcParameters(
                credentials=self.credentials,
                fingerprint=self.host.identity.fingerprint,
                setup=self.setup if answering or self.remote else "actpass",
                lite=self.lite,
                candidates=self.candidate_lines(),
            ),
            answering=answering,
        ).to_sdp()

    def local_candidates(self) -> list[Address]:
        raise NotImplementedError

    def candidate_lines(self) -> list[str]:
        return host_candidates(self.local_candidates())

    def send_control(self, data: bytes, address: Address) -> None:
        raise NotImplementedError

    # -- DTLS ---------------------------------------------------------------------------------

    def _new_association(self, client: bool) -> None:
        retries = self.host.config.limits.handshake_retries
        self.dtls = DtlsAssociation(self.host.identity, client, max_retries=retries)
        if client and self._dtls_peer is not None:
            self._send_all(self.dtls.start(self.host.now()), self._dtls_peer)

    def _forget_association(self) -> None:
        self.dtls = None
        self._dtls_peer = None

        def hold(port: MediaPort) -> None:
            port.live = False
            port.srtp = None

        self.on_port(hold)

    def path_ready(self, address: Address) -> None:
        """A verified path exists: a DTLS client begins on it."""
        self._dtls_peer = address
        if self.dtls is not None and self.dtls.client and self.dtls.state is DtlsState.NEW:
            self._send_all(self.dtls.start(self.host.now()), address)
            self._after_dtls()

    def dtls_datagram(self, data: bytes, source: Address) -> None:
        """From a verified source only. Answers go back to where the datagram came from."""
        if self.state is LegState.CLOSED:
            return
        self.become_connecting()
        self._dtls_peer = source
        if self.dtls is None:
            # A peer that answers our offer may be faster than its answer; it is the client then.
            if self.remote is not None or not self.offer_open:
                return
            self._new_association(client=False)
        assert self.dtls is not None
        self._send_all(self.dtls.feed(data, self.host.now()), source)
        self._after_dtls()

    def become_connecting(self) -> None:
        if self.state is LegState.NEW:
            self.become(LegState.CONNECTING)

    def _send_all(self, datagrams: list[bytes], address: Address) -> None:
        for datagram in datagrams:
            self.send_control(datagram, address)

    def _after_dtls(self) -> None:
        dtls = self.dtls
        if dtls is None:
            return
        if dtls.state is DtlsState.CONNECTED and not self.port.live:
            self._verify(dtls)
        elif dtls.state is DtlsState.CLOSED and self.state is not LegState.LOST:
            self.become(LegState.LOST, "close_notify")
        elif dtls.state is DtlsState.FAILED:
            self.become(LegState.LOST, "dtls_failed")
        self._arm_timer()

    def _verify(self, dtls: DtlsAssociation) -> None:
        if self.fingerprints is None or dtls.keys is None or dtls.peer_certificate is None:
            return  # the description with the fingerprint is still to come
        if self.state in (LegState.CONNECTED, LegState.CLOSED):
            return
        certificate = dtls.peer_certificate
        if not any(f.matches(certificate) for f in self.fingerprints):
            self._forget_association()
            self.become(LegState.LOST, "fingerprint_mismatch")
            return
        srtp = SrtpContext(dtls.keys)

        def install(port: MediaPort) -> None:
            port.srtp = srtp
            port.live = True

        self.on_port(install)
        self.become(LegState.CONNECTED)

    def _arm_timer(self) -> None:
        if self._dtls_timer is not None:
            self._dtls_timer.cancel()
            self._dtls_timer = None
        if self.dtls is None or self.state is LegState.CLOSED:
            return
        delay = self.dtls.next_timeout(self.host.now())
        if self.dtls.client and self.dtls.state is DtlsState.NEW and self.dtls.failures:
            delay = 0.2  # begin anew after a broken handshake
        if delay is not None:
            self._dtls_timer = self.host.loop.call_later(delay, self._dtls_timeout)

    def _dtls_timeout(self) -> None:
        self._dtls_timer = None
        if self.dtls is None or self._dtls_peer is None:
            return
        now = self.host.now()
        if self.dtls.state is DtlsState.NEW:
            self._send_all(self.dtls.start(now), self._dtls_peer)
        else:
            self._send_all(self.dtls.handle_timeout(now), self._dtls_peer)
        self._after_dtls()

    def release(self) -> None:
        if self._dtls_timer is not None:
            self._dtls_timer.cancel()
        if self.dtls is not None and self._dtls_peer is not None:
            self._send_all(self.dtls.close(), self._dtls_peer)
