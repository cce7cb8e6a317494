"""Descriptions that the PBX writes itself, from those of its devices."""

from __future__ import annotations

from protocols.sdp import Direction, SdpError, SessionDescription


def same_version(new: bytes, old: bytes | None) -> bool:
    """RFC 3264 8: the version of ``o=`` says whether anything changed."""
    if old is None:
        return False
    try:
        return SessionDescription.parse(new).origin == SessionDescription.parse(old).origin
    except SdpError:
        return False


def speaking(sdp: bytes) -> bytes:
    """The same description without a hold in it: how a party can be reached."""
    description = SessionDescription.parse(sdp).copy()
    audio = description.audio()
    if audio is None:
        raise SdpError("no audio")
    audio.set_direction(Direction.SENDRECV)
    return description.to_bytes()


def answer_from(offer: bytes, peer: bytes) -> bytes:
    """What ``peer`` would answer to ``offer``, made from what it offered itself."""
    answer = _answer(SessionDescription.parse(offer), peer, Direction.SENDRECV)
    described = SessionDescription.parse(answer).audio()
    if described is None or not described.rtpmaps:
        raise SdpError("no codec in common")
    return answer


def inactive_answer(offer: SessionDescription, peer: bytes | None) -> bytes:
    """An answer that agrees to everything and lets nothing flow."""
    return _answer(offer, peer, Direction.INACTIVE)


def _answer(offer: SessionDescription, peer: bytes | None, direction: Direction) -> bytes:
    base = SessionDescription.parse(peer) if peer is not None else offer
    answer = base.copy()
    answer.media.clear()
    theirs = base.audio()
    done = False
    for offered in offer.media:
        media = offered.__class__(list(offered.lines))
        if offered.kind == "audio" and not offered.rejected and theirs is not None and not done:
            done = True
            known = theirs.rtpmaps.values()
            keep = [pt for pt, m in offered.rtpmaps.items() if any(m.matches(k) for k in known)]
            media = theirs.__class__(list(theirs.lines))
            media.proto = offered.proto
            media.formats = [str(pt) for pt in keep] or offered.formats[:1]
            media.remove_attributes("rtpmap", "fmtp")
            for pt in keep:
                media.add_attribute("rtpmap", f"{pt} {offered.rtpmaps[pt]}")
                fmtp = offered.fmtp(pt)
                if fmtp:
                    media.add_attribute("fmtp", f"{pt} {fmtp}")
            media.port = theirs.port or 9
            media.set_direction(direction)
        else:
            media.port = 0
        answer.add_media(media)
    return answer.to_bytes()
