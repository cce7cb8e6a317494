"""Responses made on this side, when nothing came from the network (RFC 3261 8.1.3.1)."""

from __future__ import annotations

from typing import Literal

from protocols.sip.message import Request, Response

Cause = Literal["timeout", "transport", "resolve", "cancelled"]

_STATUS: dict[Cause, tuple[int, str]] = {
    "timeout": (408, "Request Timeout"),
    "transport": (503, "Service Unavailable"),
    "resolve": (503, "Service Unavailable"),
    "cancelled": (487, "Request Terminated"),
}


class LocalResponse(Response):
    """A response that no peer sent: no To tag, no dialog, nothing to acknowledge."""

    local = True
    cause: Cause = "transport"


def local_response(request: Request, cause: Cause) -> LocalResponse:
    """Treat a timeout as 408 and a fatal transport error as 503 (RFC 3261 8.1.3.1)."""
    status, reason = _STATUS[cause]
    made = Response.for_request(request, status, reason)
    response = LocalResponse(made.status, made.reason, made.headers, made.body)
    response.cause = cause
    return response


def is_local(response: Response) -> bool:
    """Whether this side made `response` because the network gave none."""
    return isinstance(response, LocalResponse)
