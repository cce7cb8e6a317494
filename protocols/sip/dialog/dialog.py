"""One dialog as an immutable value: ids, CSeq both ways, route set, remote target.

```
 INVITE/SUBSCRIBE/REFER + 1xx with tag          2xx, ACK             BYE, 481, 408
      (none) ----------------------> early ----------------> confirmed ---------> (dropped)
             ------------------------- 2xx ----------------->
```
The owner (INVITE session, subscription) drops the value when its last usage ends (RFC 5057).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from protocols.sip.errors import ParseError
from protocols.sip.headers import NameAddr
from protocols.sip.message import HeaderList, Request, Response
from protocols.sip.uri import SipUri

#: Methods whose Contact replaces the remote target (RFC 3261 12.2, 3311 5.1, 6665 4.4.1, 3515).
TARGET_REFRESH = frozenset({"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"})


class Order(enum.Enum):
    """Where the CSeq of a received request stands (RFC 3261 section 12.2.2)."""

    IN_ORDER = "in order"
    TOO_LOW = "too low"  # answer 500


@dataclass(frozen=True, slots=True)
class Dialog:
    """`local` and `remote` are the From and To of our own requests, tags included."""

    call_id: str
    local_tag: str
    remote_tag: str
    local: str
    remote: str
    target: str
    route_set: tuple[str, ...] = ()
    local_cseq: int = 0
    remote_cseq: int | None = None
    secure: bool = False
    confirmed: bool = False

    @property
    def id(self) -> tuple[str, str, str]:
        return self.call_id, self.local_tag, self.remote_tag

    def request(
        self,
        method: str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> tuple[Dialog, Request]:
        """The next request of this dialog (RFC 3261 section 12.2.1.1)."""
        bumped = replace(self, local_cseq=self.local_cseq + 1)
        return bumped, bumped._build(method, bumped.local_cseq, headers, body, content_type)

    def ack(
        self,
        cseq: int,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> Request:
        """The ACK to a 2xx: CSeq number of the INVITE (RFC 3261 section 13.2.2.4)."""
        return self._build("ACK", cseq, headers, body, content_type)

    def _build(
        self,
        method: str,
        cseq: int,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        content_type: str | None,
    ) -> Request:
        uri, routes = _routing(self.target, self.route_set)
        return build_request(
            method,
            uri,
            routes=routes,
            from_=self.local,
            to=self.remote,
            call_id=self.call_id,
            cseq=cseq,
            headers=headers,
            body=body,
            content_type=content_type,
        )

    def receive(self, request: Request) -> tuple[Dialog, Order]:
        """Take the CSeq of a request of the peer; ACK and CANCEL never come here."""
        number = request.cseq.number
        if self.remote_cseq is not None and number < self.remote_cseq:
            return self, Order.TOO_LOW
        return replace(self, remote_cseq=number), Order.IN_ORDER

    def refresh_target(self, message: Request | Response) -> Dialog:
        """Take the Contact of a target refresh request or of the 2xx to ours; a message without
        a usable Contact changes nothing."""
        target = _contact(message)
        return self if target is None or target == self.target else replace(self, target=target)

    def confirm(self, response: Response) -> Dialog:
        """An early dialog became confirmed: route set and target are taken from the 2xx again
        (RFC 3261 section 13.2.2.4)."""
        refreshed = self.refresh_target(response)
        return replace(refreshed, confirmed=True, route_set=_reversed_routes(response))

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Dialog:
        return cls(**{**data, "route_set": tuple(data["route_set"])})


def from_response(request: Request, response: Response) -> Dialog | None:
    """The dialog a response (101..299) to our request makes (RFC 3261 section 12.1.2).

    None when it makes none: 100, or a 1xx without To tag. A 2xx without tag comes from a peer of
    RFC 2543 and makes a dialog with an empty one.
    """
    remote_tag = response.to.tag
    if response.status <= 100 or (remote_tag is None and response.status < 200):
        return None
    target = _contact(response)
    if target is None:
        # 12.1.1 wants a Contact; a 18x without one is common and may still become a dialog.
        target = request.uri
    return Dialog(
        call_id=request.call_id,
        local_tag=request.from_.tag or "",
        remote_tag=remote_tag or "",
        local=request.headers.get("From") or "",
        remote=response.headers.get("To") or "",
        target=target,
        route_set=_reversed_routes(response),
        local_cseq=request.cseq.number,
        remote_cseq=None,
        secure=request.uri.lower().startswith("sips:"),
        confirmed=response.status >= 200,
    )


def from_invitation(request: Request, local_tag: str) -> Dialog:
    """The dialog we make by answering a request (RFC 3261 section 12.1.1). Raises ParseError 400
    when it has no Contact."""
    target = _contact(request)
    if target is None:
        raise ParseError(f"{request.method} without a usable Contact", 400)
    to = request.headers.get("To") or ""
    return Dialog(
        call_id=request.call_id,
        local_tag=local_tag,
        # a peer of RFC 2543 sends no tag: the empty one stands for it (12.1.1)
        remote_tag=request.from_.tag or "",
        local=to if request.to.tag else f"{to};tag={local_tag}",
        remote=request.headers.get("From") or "",
        target=target,
        route_set=tuple(str(route) for route in request.record_routes),
        local_cseq=0,
        remote_cseq=request.cseq.number,
        secure=request.uri.lower().startswith("sips:"),
    )


def build_request(
    method: str,
    uri: str,
    *,
    from_: str,
    to: str,
    call_id: str,
    cseq: int,
    routes: Iterable[str] = (),
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    content_type: str | None = None,
) -> Request:
    """A request without Via (the endpoint adds it) in the usual order of headers."""
    items = [("Route", route) for route in routes]
    items += [
        ("Max-Forwards", "70"),
        ("From", from_),
        ("To", to),
        ("Call-ID", call_id),
        ("CSeq", f"{cseq} {method}"),
        *headers,
    ]
    if body:
        items.append(("Content-Type", content_type or "application/sdp"))
    return Request(method, uri, HeaderList(items), body)


def _routing(target: str, route_set: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Request-URI and Route headers (RFC 3261 section 12.2.1.1)."""
    if not route_set:
        return target, ()
    first = NameAddr.parse(route_set[0]).uri
    if isinstance(first, SipUri) and first.param("lr") is None:
        # A strict router: its URI becomes the Request-URI, the target goes last.
        return str(first._replace(headers=())), (*route_set[1:], f"<{target}>")
    return target, route_set


def _reversed_routes(response: Response) -> tuple[str, ...]:
    """12.1.2. A 2xx has to be acknowledged whatever is in it, so a malformed Record-Route counts
    as none (requests with one were refused before they came here)."""
    try:
        return tuple(str(route) for route in reversed(response.record_routes))
    except ParseError:
        return ()


def _contact(message: Request | Response) -> str | None:
    try:
        contact = message.contact
    except ParseError:
        return None
    return None if contact is None else str(contact.uri)
