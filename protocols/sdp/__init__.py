"""Session descriptions (RFC 8866) and the offer/answer model (RFC 3264) for RTP audio.

``model`` keeps every line of a description in order, also those it does not know; ``negotiate`` is
the pure offer/answer engine, ``crypto`` the SDES key lines of RFC 4568. Nothing here does IO.
"""

from protocols.sdp.errors import SdpError
from protocols.sdp.model import MediaDescription, SessionDescription
from protocols.sdp.values import Connection, Direction, Origin, RtpMap

__all__ = [
    "Connection",
    "Direction",
    "MediaDescription",
    "Origin",
    "RtpMap",
    "SdpError",
    "SessionDescription",
]
