"""What a peer's SDP says about one audio leg, read once and typed."""

from __future__ import annotations

from dataclasses import dataclass

from media.engine import MediaError
from media.worker.addresses import Address, is_usable
from media.worker.dtls import Fingerprint
from media.worker.ice import Credentials
from protocols.rtp.codecs import Codec
from protocols.sdp import Direction, MediaDescription, SdpError, SessionDescription

MAX_CANDIDATES = 16


@dataclass(frozen=True, slots=True)
class Format:
    """A payload type with its meaning."""

    pt: int
    codec: Codec
    fmtp: str = ""


@dataclass(frozen=True, slots=True)
class RemoteDescription:
    """The audio section of an offer or answer, session-level values already folded in."""

    proto: str
    address: str
    port: int
    rtcp: Address | None
    rtcp_mux: bool
    formats: tuple[Format, ...]
    direction: Direction
    index: int  # of the audio section
    sections: tuple[tuple[str, str, str], ...]  # kind, proto, first format of every section
    mid: str
    bundled: bool
    setup: str
    ice: Credentials | None
    ice_lite: bool
    candidates: tuple[Address, ...]
    candidate_lines: tuple[str, ...]
    fingerprints: tuple[Fingerprint, ...]
    crypto: tuple[str, ...]
    ptime: int
    cname: str = ""


def read_description(sdp: str) -> RemoteDescription:
    """Parse a peer's description; :class:`MediaError` ``sdp`` for anything unusable."""
    try:
        session = SessionDescription.parse(sdp)
        audio = session.audio()
        if audio is None or audio.rejected:
            raise MediaError("sdp", "no audio section")
        return _read(session, audio)
    except SdpError as error:
        raise MediaError("sdp", str(error)) from error


def _read(session: SessionDescription, audio: MediaDescription) -> RemoteDescription:
    formats = tuple(
        Format(pt, Codec(m.name, m.clock, m.channels), audio.fmtp(pt) or "")
        for pt, m in audio.rtpmaps.items()
    )
    ufrag, pwd = audio.inherited("ice-ufrag"), audio.inherited("ice-pwd")
    mid = audio.attribute("mid") or ""
    groups = [g.split() for g in session.attributes("group")]
    address = audio.connection_address or ""
    return RemoteDescription(
        proto=audio.proto,
        address=address,
        port=audio.port,
        rtcp=_rtcp_address(audio, address),
        rtcp_mux=audio.has("rtcp-mux"),
        formats=formats,
        direction=audio.direction,
        index=session.media.index(audio),
        sections=tuple((m.kind, m.proto, (m.formats or ["0"])[0]) for m in session.media),
        mid=mid,
        bundled=any(g[:1] == ["BUNDLE"] and mid in g[1:] for g in groups),
        setup=audio.inherited("setup") or "",
        ice=Credentials(ufrag, pwd) if ufrag and pwd else None,
        ice_lite=session.has("ice-lite"),
        candidates=tuple(_candidates(audio)),
        candidate_lines=tuple(audio.attributes("candidate")[:MAX_CANDIDATES]),
        fingerprints=_fingerprints(session, audio),
        crypto=tuple(audio.attributes("crypto")),
        ptime=audio.ptime or 20,
    )


def _rtcp_address(audio: MediaDescription, address: str) -> Address | None:
    """RFC 3605 a=rtcp, else the port above (RFC 3550 11); None when it is not usable."""
    value = (audio.attribute("rtcp") or "").split()
    port = int(value[0]) if value and _is_number(value[0]) else audio.port + 1
    host = value[3] if len(value) == 4 else address
    return (host, port) if is_usable(host, port) else None


def _candidates(audio: MediaDescription) -> list[Address]:
    """UDP candidates with a literal address. mDNS names are harmless: the peer comes to us."""
    found: list[tuple[int, Address]] = []
    for value in audio.attributes("candidate"):
        parts = value.split()
        if len(parts) < 8 or parts[1] != "1" or parts[2].lower() != "udp":
            continue
        if not (_is_number(parts[3]) and _is_number(parts[5])):
            continue
        host, port = parts[4], int(parts[5])
        if is_usable(host, port):
            found.append((int(parts[3]), (host, port)))
    found.sort(key=lambda item: -item[0])
    return [address for _, address in found[:MAX_CANDIDATES]]


def _is_number(text: str) -> bool:
    """`isdigit` alone takes superscripts and any length, and `int` raises for both."""
    return text.isascii() and text.isdigit() and len(text) <= 10


def _fingerprints(session: SessionDescription, audio: MediaDescription) -> tuple[Fingerprint, ...]:
    """RFC 8122 5: m-section first, else session level; several lines may name one certificate."""
    lines = audio.attributes("fingerprint") or session.attributes("fingerprint")
    pairs = [line.split() for line in lines]
    return tuple(Fingerprint(p[0].lower(), p[1]) for p in pairs if len(p) == 2)
