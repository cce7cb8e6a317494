"""What can go wrong with a SIP message, and whose fault it is.

SipError
├── ParseError    the peer's bytes: carries the status to answer a request with
└── LocalError    our own program asked for a message that must not be written
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.sip.message import Request


class SipError(Exception):
    """Root of all errors of this package."""


class ParseError(SipError):
    """The peer sent something malformed.

    `status` is the answer due when the message was a request (400, 416, 505 ...), None
    means drop without answer. `partial`, when set, holds enough of the request to answer it.
    `body_length` is set when the end of the bad message is known, so that a stream can go on.
    """

    def __init__(
        self,
        reason: str,
        status: int | None = 400,
        partial: Request | None = None,
        body_length: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.partial = partial
        self.body_length = body_length


class LocalError(SipError):
    """Our own code built a message that would break on the wire (CR, LF or NUL in a value)."""
