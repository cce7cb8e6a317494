"""Is a readable request acceptable before any user sees it (RFC 3261 section 8.2)?

The parser has judged framing, start line and the headers all layers route by. Here come the
other headers, the scheme, hops and extensions. What depends on a user's methods, bodies or
dialogs (405, 481, 415 of a session) is judged where those are known.
"""

from __future__ import annotations

from collections.abc import Callable

from protocols.sip.errors import ParseError
from protocols.sip.headers_misc import MediaType, Warning_, parse_retry_after
from protocols.sip.message import Request, Response
from protocols.sip.params import parse_params
from protocols.sip.uri import AbsoluteUri, SipUri

#: Option tags some part of this stack honours; each user narrows them to what it does itself.
KNOWN_EXTENSIONS = frozenset(
    ("100rel", "timer", "replaces", "norefersub", "path", "outbound", "gruu", "tdialog", "histinfo")
)

# headers whose malformed value makes the whole request malformed (RFC 3261 section 8.2.2, 16.3)
_TYPED: tuple[Callable[[Request], object], ...] = (
    lambda r: r.request_uri,
    lambda r: r.contacts,
    lambda r: r.routes,
    lambda r: r.record_routes,
    lambda r: r.vias,
    lambda r: r.max_forwards,
    lambda r: r.expires,
    lambda r: r.media_type,
    lambda r: r.event,
    lambda r: r.subscription_state,
    lambda r: r.session_expires,
    lambda r: r.rack,
    lambda r: r.replaces,
    lambda r: [Warning_.parse(value) for value in r.headers.values("Warning")],
    lambda r: [parse_retry_after(value) for value in r.headers.all("Retry-After")],
)


def verdict(request: Request) -> Response | None:
    """The refusal due to this request, None when it may go on. An ACK is never answered; a
    refusal for one means: drop it."""
    try:
        for view in _TYPED:
            view(request)
        uri = request.request_uri
        _check_contact(request)
    except ParseError as error:
        return Response.for_request(request, error.status or 400, error.reason)
    if isinstance(uri, SipUri) and (uri.headers or uri.param("method") is not None):
        # 19.1.1: neither headers nor a method parameter belong into a Request-URI
        return Response.for_request(request, 400, "Headers in the Request-URI")
    if isinstance(uri, AbsoluteUri) or _foreign_address(request):
        return Response.for_request(request, 416)
    if request.method == "ACK":
        return None
    return _hops(request) or _extensions(request) or _accepted(request)


def _check_contact(request: Request) -> None:
    """`*` stands alone, only in REGISTER, only with Expires: 0 (section 10.2.2)."""
    lines = request.headers.all("Contact")
    if not any(line.strip() == "*" for line in lines):
        return
    if len(lines) > 1 or request.method != "REGISTER" or request.expires != 0:
        raise ParseError("Contact * must stand alone in a REGISTER with Expires 0")


def _foreign_address(request: Request) -> bool:
    # RFC 4475 section 3.3.4: an address of record we could never register
    return request.method == "REGISTER" and isinstance(request.to.uri, AbsoluteUri)


def _hops(request: Request) -> Response | None:
    """483 for a request nobody may forward any more.

    A new request that reaches us is carried on (RFC 7332 makes a B2BUA count hops); inside a
    dialog we are its end, where the count is of no interest.
    """
    if request.max_forwards == 0 and request.to.tag is None and request.method != "CANCEL":
        return Response.for_request(request, 483)
    return None


def _extensions(request: Request) -> Response | None:
    if request.method == "CANCEL":
        return None  # 8.2.2.3: Require is ignored in CANCEL and ACK
    unknown = [
        tag for tag in request.headers.values("Require") if tag.lower() not in KNOWN_EXTENSIONS
    ]
    if not unknown:
        return None
    response = Response.for_request(request, 420)
    response.headers.add("Unsupported", ", ".join(unknown))
    return response


def _accepted(request: Request) -> Response | None:
    """406 when an INVITE wants no session description that we could write (section 21.4.7)."""
    if request.method != "INVITE" or "Accept" not in request.headers:
        return None
    for value in request.headers.values("Accept"):
        kind, _, params = value.partition(";")
        kind = kind.strip().lower()
        if params:
            try:
                parse_params(params)
            except ParseError as error:
                return Response.for_request(request, 400, error.reason)
        if kind in ("application/sdp", "application/*", "*/*"):
            return None
    return Response.for_request(request, 406)


def unsupported_body(request: Request, understood: frozenset[str]) -> Response | None:
    """415 when the body is of a kind the receiver cannot read and must read (section 8.2.3)."""
    if not request.body:
        return None
    try:
        kind = request.media_type
        encoding = (request.headers.get("Content-Encoding") or "identity").strip().lower()
    except ParseError as error:
        return Response.for_request(request, 400, error.reason)
    disposition = request.headers.get("Content-Disposition") or ""
    if "handling=optional" in disposition.replace(" ", "").lower():
        return None
    if _readable(kind, understood) and encoding == "identity":
        return None
    response = Response.for_request(request, 415)
    response.headers.add("Accept", ", ".join(sorted(understood)))
    response.headers.add("Accept-Encoding", "identity")
    return response


def _readable(kind: MediaType | None, understood: frozenset[str]) -> bool:
    return kind is not None and (kind.value in understood or kind.type.lower() == "multipart")
