"""REFER and its progress reports (RFC 3515, 4488, 7647, 3892, 3420): pure, both sides.

Who is asked (`ReferRequest`, `ReferReport`) answers 202 or 200, tells "100 Trying" at once and the
outcome at the end. Who asks (`ReferProgress`) reads the NOTIFYs. Carrying the call out is the
owner's business, and so is which dialog the NOTIFYs travel in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from protocols.sip.errors import ParseError
from protocols.sip.grammar import unescape
from protocols.sip.headers import NameAddr, Replaces
from protocols.sip.message import Request, reason_phrase
from protocols.sip.uri import SipUri, Uri

CONTENT_TYPE = "message/sipfrag;version=2.0"
#: How long the implicit subscription of a REFER lives if nothing ends it before.
LIFETIME = 180

_STATUS_LINE = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})(?: ([^\r\n]*))?")
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReferRequest:
    """What a REFER asks for. `uri` has no headers left; they were taken apart."""

    uri: Uri
    method: str
    replaces: Replaces | None
    headers: Headers  # others that Refer-To wants in the new request, unescaped
    referred_by: str | None
    wants_reports: bool  # False: Refer-Sub: false
    id: str  # of the implicit subscription: the CSeq number of the REFER

    @classmethod
    def parse(cls, request: Request) -> ReferRequest:
        """Raises ParseError with the status to answer: 400 for no or more than one Refer-To
        (RFC 3515 section 2.4.2)."""
        lines = request.headers.values("Refer-To")
        if len(lines) != 1:
            raise ParseError("REFER needs exactly one Refer-To", 400)
        address = NameAddr.parse(lines[0])
        uri = address.uri
        method, replaces = "INVITE", None
        others: list[tuple[str, str]] = []
        if isinstance(uri, SipUri):
            method = uri.param("method") or "INVITE"
            for name, value in uri.headers:
                if name.lower() == "replaces":
                    replaces = Replaces.parse(unescape(value))
                else:
                    others.append((name, unescape(value)))
            uri = uri.without_param("method")._replace(headers=())
        sub = (request.headers.get("Refer-Sub") or "true").partition(";")[0].strip().lower()
        return cls(
            uri,
            method,
            replaces,
            tuple(others),
            request.headers.get("Referred-By"),
            sub != "false",
            str(request.cseq.number),
        )

    def response_headers(self) -> Headers:
        """For the 202 or 200: RFC 4488 section 4 wants the agreement to be said."""
        return () if self.wants_reports else (("Refer-Sub", "false"),)


def refer_to(uri: str, replaces: Replaces | None = None) -> str:
    """The value of Refer-To; Replaces goes in as an escaped URI header (RFC 3891 section 6.2)."""
    if replaces is None:
        return f"<{uri}>"
    mark = "&" if "?" in uri else "?"
    return f"<{uri}{mark}Replaces={quote(str(replaces), safe='')}>"


def sipfrag(status: int, reason: str | None = None) -> bytes:
    """RFC 3420 as REFER uses it: the status line alone."""
    text = f"SIP/2.0 {status} {reason_phrase(status) if reason is None else reason}\r\n"
    return text.encode("utf-8", "surrogateescape")


def parse_sipfrag(body: bytes) -> tuple[int, str]:
    """(status, reason) of the status line a fragment begins with. Raises ParseError."""
    match = _STATUS_LINE.match(body)
    if match is None:
        raise ParseError("message/sipfrag without a status line", 400)
    return int(match[1]), (match[2] or b"").decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class ReferReport:
    """The notifier of one accepted REFER; every method gives the next value and the NOTIFY's
    headers and body, or None when nothing is to be sent."""

    id: str
    wanted: bool = True
    last: int = 0
    over: bool = False

    @classmethod
    def of(cls, refer: ReferRequest) -> ReferReport:
        return cls(refer.id, refer.wants_reports)

    def report(
        self, status: int, reason: str | None = None
    ) -> tuple[ReferReport, tuple[Headers, bytes] | None]:
        """100 at once (section 2.4.4), later 1xx if they say something new, then one final."""
        if self.over or not self.wanted or (status < 200 and status == self.last):
            return replace(self, over=self.over or status >= 200), None
        final = status >= 200
        state = "terminated;reason=noresource" if final else f"active;expires={LIFETIME}"
        headers = (
            ("Event", f"refer;id={self.id}"),
            ("Subscription-State", state),
            ("Content-Type", CONTENT_TYPE),
        )
        return replace(self, last=status, over=final), (headers, sipfrag(status, reason))


@dataclass(frozen=True, slots=True)
class ReferProgress:
    """The side that sent REFER: what came back so far. `status` 0 = nothing yet."""

    id: str  # CSeq number of our REFER
    status: int = 0
    reason: str = ""
    over: bool = False

    def take(self, notify: Request) -> ReferProgress | None:
        """Read a NOTIFY; None when it is not about this REFER. Raises ParseError (answer 400)."""
        event = notify.event
        if event is None or event.package.lower() != "refer":
            return None
        if event.id is not None and event.id != self.id:
            return None
        if self.over:
            return self
        state = notify.subscription_state
        ended = state is not None and state.state == "terminated"
        status, reason = self.status, self.reason
        if notify.body:
            status, reason = parse_sipfrag(notify.body)
        # A subscription that ends before a final status came leaves the outcome unknown.
        return replace(self, status=status, reason=reason, over=ended or status >= 200)
