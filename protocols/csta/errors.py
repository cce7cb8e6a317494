"""What can go wrong with a CSTA message, and whose fault it is.

CstaError
├── ParseError    the peer's bytes
└── LocalError    our own program asked for a message that must not be written
"""

from __future__ import annotations


class CstaError(Exception):
    """Root of all errors of this package."""


class ParseError(CstaError):
    """The peer sent something that cannot be used. `name`: the message's, if readable."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


class LocalError(CstaError):
    """Our own code asked for something that would break on the wire."""
