"""Where requests and responses go, as far as the message itself tells."""

from __future__ import annotations

from typing import NamedTuple

from protocols.sip.headers import Via
from protocols.sip.message import Request
from protocols.sip.uri import SipUri, parse_uri

DEFAULT_PORTS = {"UDP": 5060, "TCP": 5060, "TLS": 5061}


def next_hop(request: Request) -> SipUri | None:
    """The URI that names the next hop: topmost Route, else the Request-URI (8.1.2).

    None when it is no SIP URI: only a configured route can help then.
    """
    routes = request.routes
    uri = routes[0].uri if routes else parse_uri(request.uri)
    return uri if isinstance(uri, SipUri) else None


def mark_received(request: Request, host: str, port: int) -> None:
    """Write into the top Via where the request really came from (18.2.1, RFC 3581 section 4)."""
    via = request.via
    marked = via
    if via.wants_rport:
        # RFC 3581: with rport the server MUST add received, even if it equals sent-by.
        marked = marked.with_param("received", host).with_param("rport", str(port))
    elif bare(via.host) != host or via.received is not None:
        # A received that the sender wrote itself would send our answer where it likes.
        marked = marked.with_param("received", host)
    if marked is not via:
        request.headers.replace_top("Via", marked)


class ReturnAddress(NamedTuple):
    """Where responses go when the request's own connection is not available."""

    host: str
    port: int | None  # None: RFC 3263 section 5 decides (sent-by is a name without port)


def response_address(via: Via) -> ReturnAddress:
    """RFC 3261 18.2.2 and RFC 3581 section 4, for a Via after `mark_received`."""
    maddr = via.param("maddr")
    if maddr:
        return ReturnAddress(bare(maddr), via.port or DEFAULT_PORTS.get(via.transport, 5060))
    received = via.received
    if received is not None:
        port = via.rport or via.port or DEFAULT_PORTS.get(via.transport, 5060)
        return ReturnAddress(bare(received), port)
    return ReturnAddress(bare(via.host), via.port)


def bare(host: str) -> str:
    """A host without the brackets of an IPv6 reference."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def reference(host: str) -> str:
    """A host as SIP writes it: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
