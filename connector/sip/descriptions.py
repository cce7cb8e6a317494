"""Session descriptions as they pass between the two legs of a call."""

from __future__ import annotations

from dataclasses import replace

from media.engine import LegProfile, MediaError
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription


def shared_codecs(profile: LegProfile, other: bytes | None) -> LegProfile:
    """B is offered only what A can take, so that media passes without transcoding
    (order kept); without a common codec the profile's list stands and the engine must convert."""
    if other is None:
        return profile
    try:
        description = SessionDescription.parse(other)
    except SdpError:
        return profile
    names = {
        rtpmap.name.upper()
        for media in description.media
        if media.kind == "audio"
        for rtpmap in media.rtpmaps.values()
    }
    common = tuple(codec for codec in profile.codecs if codec.upper() in names)
    return replace(profile, codecs=common) if common else profile


def encoded_or_none(sdp: str | None) -> bytes | None:
    return None if sdp is None else encoded(sdp)


def encoded(sdp: str) -> bytes:
    return sdp.encode("utf-8", "surrogateescape")


def status_of(error: MediaError) -> int:
    """488 when the description is at fault, 503 when we are."""
    return 488 if error.code == "sdp" else 503
