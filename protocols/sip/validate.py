"""Is a well-formed request acceptable at all (RFC 3261 section 8.2, 16.3)? The status if not."""

from __future__ import annotations

from protocols.sip.errors import ParseError
from protocols.sip.message import Request, Response


def verdict(request: Request) -> Response | None:
    """The refusal due before the request reaches any user, None when it may go on."""
    if request.method == "ACK":
        return None
    try:
        if request.max_forwards == 0 and request.method != "OPTIONS":
            return Response.for_request(request, 483)
        request.request_uri  # noqa: B018
        request.contacts  # noqa: B018
        request.routes  # noqa: B018
        request.record_routes  # noqa: B018
    except ParseError as error:
        return Response.for_request(request, error.status or 400, error.reason)
    return None
