"""The one error of this package."""

from __future__ import annotations


class SdpError(ValueError):
    """A description that cannot be used: the peer's fault, answered 400 or 488 in SIP."""
