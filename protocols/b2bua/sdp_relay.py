"""What of a session description one leg may see of the other."""

from __future__ import annotations

from protocols.sdp.model import SessionDescription


def is_hold(sdp: SessionDescription) -> bool:
    """True when the peer asks us not to send: sendonly, inactive, or the old 0.0.0.0.

    RFC 3264 section 8.4; `c=0.0.0.0` is the RFC 2543 form that PBXs still use.
    """
    audio = next((m for m in sdp.media if m.kind == "audio" and m.port), None)
    if audio is None:
        return True
    if audio.direction in ("sendonly", "inactive"):
        return True
    return audio.connection_address in ("0.0.0.0", "::")  # noqa: S104 - a value to compare with
