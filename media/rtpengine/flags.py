"""What to ask of rtpengine for each kind of leg, and stand-in descriptions. Pure."""

from __future__ import annotations

from typing import Any

from media.engine import LegKind, LegProfile, MediaError
from media.worker.negotiate import offered_formats
from protocols.sdp import SdpError, SessionDescription

Flags = dict[str, Any]

_COMMON: Flags = {"replace": ["origin"], "flags": ["trust-address", "strict-source"]}


def towards(kind: LegKind) -> Flags:
    """Flags for the description that is written towards a leg of this kind."""
    if kind in (LegKind.WEBRTC_LITE, LegKind.WEBRTC_FULL):
        return {
            **_COMMON,
            "ICE": "force",
            "DTLS": "passive",
            "transport-protocol": "UDP/TLS/RTP/SAVPF",
            "rtcp-mux": ["require"],
        }
    protocol = "RTP/SAVP" if kind is LegKind.SDES else "RTP/AVP"
    dtls = {"DTLS": "off"} if kind is LegKind.RTP else {"DTLS": "off", "SDES": "on"}
    return {
        **_COMMON,
        **dtls,
        "ICE": "remove",
        "transport-protocol": protocol,
        "rtcp-mux": ["demux"],
    }


def stand_in(profile: LegProfile) -> str:
    """A silent party, for a side that has not spoken yet: held, nowhere to send to."""
    formats = offered_formats(profile)
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        f"m=audio 9 RTP/AVP {' '.join(str(f.pt) for f in formats)}",
    ]
    lines += [f"a=rtpmap:{f.pt} {f.codec.rtpmap}" for f in formats]
    return "\r\n".join([*lines, "a=sendrecv", ""])


def as_answer(sdp: str, ours: str) -> str:
    """A description that was an offer, fit to be shown as an answer: a definite DTLS role,
    the opposite of what we wrote in ``ours`` (RFC 5763 5)."""
    try:
        remote, local = SessionDescription.parse(sdp), SessionDescription.parse(ours)
    except SdpError as error:
        raise MediaError("sdp", str(error)) from error
    audio, mine = remote.audio(), local.audio()
    if audio is None or mine is None or audio.inherited("setup") != "actpass":
        return sdp
    role = "passive" if mine.inherited("setup") == "active" else "active"
    remote.remove_attributes("setup")
    audio.set_attribute("setup", role)
    return remote.to_str()


def cleaned(sdp: str, *, webrtc: bool) -> str:
    """rtpengine's text without what belongs to the other leg: names of its browser, its streams."""
    try:
        session = SessionDescription.parse(sdp)
    except SdpError as error:
        raise MediaError("rtpengine", f"unreadable description: {error}") from error
    session.remove_attributes("msid-semantic", "extmap-allow-mixed", "ice-options")
    if not webrtc:
        session.remove_attributes("group", "fingerprint", "setup", "ice-lite")
    for media in session.media:
        media.remove_attributes("msid", "ssrc", "extmap", "rtcp-fb", "extmap-allow-mixed")
        if not webrtc:
            media.remove_attributes("mid", "end-of-candidates", "candidate", "setup", "fingerprint")
            media.remove_attributes("ice-ufrag", "ice-pwd", "ice-options")
    return session.to_str()


def port_and_address(sdp: str) -> tuple[str, int]:
    """Where a description wants media: what must not change unnoticed."""
    try:
        audio = SessionDescription.parse(sdp).audio()
    except SdpError as error:
        raise MediaError("rtpengine", str(error)) from error
    if audio is None:
        raise MediaError("rtpengine", "a description without audio")
    return audio.connection_address or "", audio.port
