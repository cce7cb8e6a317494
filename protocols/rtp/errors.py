"""What a hostile or broken peer can cause in this package."""

from __future__ import annotations


class RtpError(Exception):
    """Bytes from the network are not a valid RTP or RTCP packet."""
