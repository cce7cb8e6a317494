"""Writing a leg's own SDP: every line that browsers were seen to need (RFC 8829, RFC 9429)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from media.worker.addresses import Address
from media.worker.dtls import Fingerprint
from media.worker.ice import Credentials
from media.worker.remote import Format, RemoteDescription
from protocols.sdp import Connection, Direction, MediaDescription, Origin, SessionDescription

RTP_AVP, RTP_SAVP, DTLS_SAVPF = "RTP/AVP", "RTP/SAVP", "UDP/TLS/RTP/SAVPF"


@dataclass(slots=True)
class LocalOrigin:
    """RFC 3264 8: one session id for the leg's life, the version one higher per description."""

    session_id: int = field(default_factory=lambda: secrets.randbits(62))
    version: int = 0

    def next(self, address: str) -> Origin:
        self.version += 1
        family = "IP6" if ":" in address else "IP4"
        return Origin("-", self.session_id, self.version, address, family)


@dataclass(slots=True)
class WebRtcParameters:
    credentials: Credentials
    fingerprint: Fingerprint
    setup: str
    lite: bool
    candidates: Sequence[str]  # values of a=candidate


@dataclass(slots=True)
class LocalDescription:
    """All that goes into one description of ours."""

    origin: Origin
    proto: str
    address: Address
    formats: Sequence[Format]
    direction: Direction
    ssrc: int
    cname: str
    ptime_ms: int = 20
    mid: str = "0"
    bundle: bool = False
    rtcp_mux: bool = False
    rtcp_port: int | None = None
    webrtc: WebRtcParameters | None = None
    crypto: Sequence[str] = ()
    answering: RemoteDescription | None = None

    def to_sdp(self) -> str:
        host, port = self.address
        session = SessionDescription.new(self.origin, address=host)
        if self.webrtc is not None and self.webrtc.lite:
            session.add_attribute("ice-lite")
        if self.bundle:
            session.add_attribute("group", f"BUNDLE {self.mid}")
        sections = self.answering.sections if self.answering else (("audio", self.proto, ""),)
        mine = self.answering.index if self.answering else 0
        for index, (kind, proto, fmt) in enumerate(sections):
            if index == mine:
                session.add_media(self._audio(host, port))
            else:  # RFC 3264 6: refuse what we do not do, in its place
                session.add_media(MediaDescription.new(kind, 0, proto, [fmt]))
        return session.to_str()

    def _audio(self, host: str, port: int) -> MediaDescription:
        media = MediaDescription.new("audio", port, self.proto, [str(f.pt) for f in self.formats])
        media.connection = Connection.of(host)
        if self.webrtc is not None:
            media.add_attribute("mid", self.mid)
        media.set_direction(self.direction)
        if self.rtcp_mux:
            media.add_attribute("rtcp-mux")
        if self.rtcp_port is not None:
            media.add_attribute("rtcp", str(self.rtcp_port))
        for fmt in self.formats:
            media.add_attribute("rtpmap", f"{fmt.pt} {fmt.codec.rtpmap}")
            if fmt.fmtp:
                media.add_attribute("fmtp", f"{fmt.pt} {fmt.fmtp}")
        media.add_attribute("ptime", str(self.ptime_ms))
        for line in self.crypto:
            media.add_attribute("crypto", line)
        if self.webrtc is not None:
            self._ice(media, self.webrtc)
        media.add_attribute("ssrc", f"{self.ssrc} cname:{self.cname}")
        return media

    @staticmethod
    def _ice(media: MediaDescription, webrtc: WebRtcParameters) -> None:
        for line in webrtc.candidates:
            media.add_attribute("candidate", line)
        media.add_attribute("end-of-candidates")
        media.add_attribute("ice-ufrag", webrtc.credentials.ufrag)
        media.add_attribute("ice-pwd", webrtc.credentials.pwd)
        print_ = webrtc.fingerprint
        media.add_attribute("fingerprint", f"{print_.algorithm} {print_.value}")
        media.add_attribute("setup", webrtc.setup)


def host_candidates(addresses: Sequence[Address]) -> list[str]:
    """a=candidate values for our own addresses (RFC 8839 5.1), in order of preference."""
    lines = []
    for index, (host, port) in enumerate(addresses):
        # RFC 8445 5.1.2: type preference 126 (host), then the order of the addresses.
        priority = (126 << 24) | ((65535 - index) << 8) | 255
        lines.append(f"{index + 1} 1 udp {priority} {host} {port} typ host")
    return lines
