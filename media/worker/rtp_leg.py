"""Plain RTP and SDES-SRTP legs: towards a PBX, a desk phone or our emulator."""

from __future__ import annotations

import os

from media.engine import LegKind, LegProfile, LegState, MediaError, Side
from media.worker.addresses import Address, family_of, is_usable
from media.worker.leg import Leg, LegHost, LegOwner
from media.worker.leg_socket import LegSocket
from media.worker.local import RTP_AVP, RTP_SAVP, LocalDescription
from media.worker.port import MediaPort
from media.worker.remote import RemoteDescription
from media.worker.source_rule import SourceRule
from media.worker.srtp import SrtpContext
from protocols.rtp.srtp import SDES_PROFILES, MasterKeys, profile_by_sdes_name
from protocols.sdp import SdpError
from protocols.sdp.crypto import (
    CryptoLine,
    answer_line,
    choose,
    make_lines,
    match_answer,
    parse_lines,
)

SUITES = tuple(p.sdes_name for p in SDES_PROFILES)


class RtpLeg(Leg):
    secure = False

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        super().__init__(host, owner, side, name, profile)
        sock, rtcp = host.ports.take(host.config.rtp_bind, host.now(), pair=True)
        assert rtcp is not None
        self.rule: SourceRule | None = None
        self._socket = LegSocket(host.plane, sock, self.port, self._inspect)
        self._rtcp = rtcp
        self._rtcp_peer: Address | None = None
        host.plane.post(self._open)

    def _open(self) -> None:
        self.port.rtcp_sock = self._rtcp
        self._socket.open()
        self._socket.plane.add_socket(self._rtcp, self._read_rtcp)

    # -- description --------------------------------------------------------------------------

    def check_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        if "TLS" in remote.proto:
            raise MediaError("sdp", f"this leg does not do {remote.proto}")
        held = remote.address in ("0.0.0.0", "::")  # noqa: S104 - RFC 3264 8.4, never bound
        if not held and not is_usable(remote.address, remote.port):
            raise MediaError("sdp", "no usable media address")
        if not held and family_of(remote.address) is not family_of(self.host.config.rtp_bind):
            raise MediaError("sdp", "the media address is of another family than ours")
        self.check_keys(remote, answer=answer)

    def check_keys(self, remote: RemoteDescription, *, answer: bool) -> None:
        if "SAVP" in remote.proto:
            raise MediaError("sdp", "this leg does plain RTP only")

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        if not is_usable(remote.address, remote.port):
            return  # hold of RFC 2543: keep what we know, the direction does the rest
        announced = (remote.address, remote.port)
        if self.rule is None or self.rule.announced != announced:
            former = self.rule.peer if self.rule is not None else None
            self.rule = SourceRule(announced, authenticated=self.secure, former=former)
            self._move(announced)
        self._rtcp_peer = announced if remote.rtcp_mux else remote.rtcp
        rtcp_peer, muxed = self._rtcp_peer, remote.rtcp_mux

        def apply(port: MediaPort) -> None:
            port.rtcp_address = rtcp_peer
            port.rtcp_sock = None if muxed else self._rtcp
            port.live = True

        self.on_port(apply)
        self.become(LegState.CONNECTED)

    def _move(self, announced: Address) -> None:
        self.on_port(lambda _port: self._socket.aim(announced))

    def describe(self, answering: RemoteDescription | None) -> str:
        host, port = self._socket.local
        remote = answering or self.remote
        return LocalDescription(
            origin=self.origin.next(self.host.config.rtp_advertise or host),
            proto=answering.proto if answering else self.proto(),
            address=(self.host.config.rtp_advertise or host, port),
            formats=self.ours,
            direction=self.local_direction(),
            ssrc=self.port.out.ssrc,
            cname=self.cname,
            ptime_ms=self.profile.ptime_ms,
            rtcp_mux=remote is not None and remote.rtcp_mux,
            crypto=self.crypto_lines(),
            answering=answering,
        ).to_sdp()

    def proto(self) -> str:
        return RTP_AVP

    def crypto_lines(self) -> tuple[str, ...]:
        return ()

    # -- packets, on the media thread -----------------------------------------------------------

    def _inspect(self, slot: int, length: int, source: Address, now: float) -> bool:
        rule, port = self.rule, self.port
        forwarder = self._socket.plane.forwarder
        if rule is None or length < 12 or not rule.admits(source):
            port.dropped += 1
            return False
        if not 127 < forwarder.first_octet(slot) < 192:
            port.dropped += 1
            return False
        before = port.packets_in
        forwarder.packet(port, slot, length, now)
        if port.packets_in == before:
            return False
        if rule.learn(source) and not rule.settled:
            self._socket.aim(source)
        return rule.settled

    def _read_rtcp(self, _now: float) -> int:
        try:
            data, source = self._rtcp.recvfrom(2048)
        except OSError:
            return 0
        rule, port = self.rule, self.port
        known = rule is not None and source[0] in (
            rule.announced[0],
            rule.learnt[0] if rule.learnt else "",
        )
        if known and len(data) >= 8:
            port.plain_rtcp(data)
        else:
            port.dropped += 1
        return 1

    def release(self) -> None:
        plane, rtcp = self.host.plane, self._rtcp
        plane.post(self._socket.close)
        plane.post(lambda: plane.remove_socket(rtcp))
        self.host.ports.give_back(self._socket.local[1], self.host.now())


class SdesLeg(RtpLeg):
    """RTP/SAVP with keys in the description (RFC 4568); only behind signalling over TLS."""

    secure = True

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        super().__init__(host, owner, side, name, profile)
        self._offered: tuple[CryptoLine, ...] = ()
        self._mine: CryptoLine | None = None
        self._theirs: CryptoLine | None = None
        self._srtp: SrtpContext | None = None  # to pass its directions on; the media thread uses it

    def proto(self) -> str:
        return RTP_SAVP

    def prepare_offer(self) -> None:
        if self._mine is not None:
            self._offered = (self._mine,)  # a renewed offer keeps the key in use (7.1.4)
        elif not self._offered:
            self._offered = make_lines(os.urandom)

    def check_keys(self, remote: RemoteDescription, *, answer: bool) -> None:
        lines = parse_lines(remote.crypto)
        if "SAVP" not in remote.proto:
            raise MediaError("sdp", "this leg needs RTP/SAVP")
        if not answer:
            if choose(lines, SUITES) is None:
                raise MediaError("sdp", "no usable a=crypto line")
            return
        try:
            match_answer(self._offered, lines)
        except SdpError as error:
            raise MediaError("sdp", str(error)) from error

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        lines = parse_lines(remote.crypto)
        if answer:
            mine, theirs = match_answer(self._offered, lines)
        else:
            chosen = choose(lines, SUITES)
            assert chosen is not None  # check_keys made sure
            theirs = chosen
            same = self._mine is not None and self._mine.suite == theirs.suite
            mine = (
                CryptoLine(theirs.tag, theirs.suite, self._mine.key)
                if same and self._mine is not None
                else answer_line(theirs, os.urandom)
            )
        self._install(mine, theirs)
        super().use_remote(remote, answer=answer)

    def _install(self, mine: CryptoLine, theirs: CryptoLine) -> None:
        """Each direction is renewed only when its own key changed."""
        send_as = self._srtp if _same_key(mine, self._mine) else None
        receive_as = self._srtp if _same_key(theirs, self._theirs) else None
        self._mine, self._theirs = mine, theirs
        if send_as is not None and receive_as is not None:
            return
        profile = profile_by_sdes_name(mine.suite)
        assert profile is not None  # SUITES lists only these
        keys = MasterKeys(profile, local=mine.key, remote=theirs.key)
        srtp = self._srtp = SrtpContext(keys, send_as=send_as, receive_as=receive_as)

        def install(port: MediaPort) -> None:
            port.srtp = srtp

        self.on_port(install)

    def crypto_lines(self) -> tuple[str, ...]:
        if self.offer_open or self._mine is None:
            return tuple(str(line) for line in self._offered)
        return (str(self._mine),)


def _same_key(line: CryptoLine, before: CryptoLine | None) -> bool:
    return before is not None and (line.suite, line.key) == (before.suite, before.key)


def rtp_leg(host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile) -> RtpLeg:
    kind = SdesLeg if profile.kind is LegKind.SDES else RtpLeg
    return kind(host, owner, side, name, profile)
