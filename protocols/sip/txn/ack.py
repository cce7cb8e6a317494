"""Requests that a client transaction makes out of another: ACK to a failure, and CANCEL."""

from __future__ import annotations

from collections.abc import Sequence

from protocols.sip.message import HeaderList, Request, Response


def _twin(request: Request, method: str, to: str) -> Request:
    headers = HeaderList()
    # A single Via, equal to the top Via of the original request.
    headers.add("Via", str(request.via))
    for route in request.headers.all("Route"):
        headers.add("Route", route)
    headers.add("Max-Forwards", "70")
    headers.add("From", request.headers.get("From") or "")
    headers.add("To", to)
    headers.add("Call-ID", request.call_id)
    headers.add("CSeq", f"{request.cseq.number} {method}")
    return Request(method, request.uri, headers)


def ack_for(request: Request, response: Response) -> Request:
    """The ACK to a 300-699 response: same branch, To of the response (RFC 3261 17.1.1.3)."""
    to = response.headers.get("To") or request.headers.get("To") or ""
    return _twin(request, "ACK", to)


def cancel_for(request: Request, extra: Sequence[tuple[str, str]] = ()) -> Request:
    """The CANCEL of a request still in progress (RFC 3261 9.1); `extra` such as Reason."""
    cancel = _twin(request, "CANCEL", request.headers.get("To") or "")
    for name, value in extra:
        cancel.headers.add(name, value)
    return cancel
