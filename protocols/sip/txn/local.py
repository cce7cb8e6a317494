"""Responses made on this side, when nothing came from the network (RFC 3261 8.1.3.1)."""

from __future__ import annotations

from typing import Final, Literal

from protocols.sip.message import Request, Response

Cause = Literal["timeout", "transport", "cancelled"]

_STATUS: Final[dict[Cause, int]] = {
    "timeout": 408,  # 8.1.3.1: a timeout is treated as a 408
    "transport": 503,  # 8.1.3.1: a fatal transport error as a 503
    "cancelled": 487,  # 9.1: cancelled, and the peer never said so
}


def local_response(request: Request, cause: Cause) -> Response:
    """No peer sent it: no To tag, no dialog, nothing to acknowledge; `local` is True."""
    return Response.for_request(request, _STATUS[cause], local=True)
