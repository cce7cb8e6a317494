"""Who is calling and how the call came here: RFC 3323, 3325, 3326, 5806, 7044, 7544, 7989."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from protocols.sip.errors import ParseError
from protocols.sip.grammar import quote
from protocols.sip.header_list import HeaderList
from protocols.sip.headers_address import NameAddr, parse_address_list
from protocols.sip.headers_misc import Reason
from protocols.sip.params import Params, get_param
from protocols.sip.uri import SipUri, TelUri, Uri

ANONYMOUS = NameAddr("Anonymous", SipUri.of("anonymous", "anonymous.invalid"))

# -- asserted identity -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Caller:
    """What may be shown of a caller. `withheld`: the network knows, the called user may not."""

    display: str
    uri: Uri
    asserted: bool
    withheld: bool


def asserted_identities(headers: HeaderList) -> list[NameAddr]:
    """The P-Asserted-Identity values that count: at most one sip(s) and one tel (RFC 3325 9.1).

    A third value or a second of one kind is dropped, as the RFC asks of a receiver.
    """
    kept: list[NameAddr] = []
    for value in headers.values("P-Asserted-Identity"):
        try:
            identity = NameAddr.parse(value)
        except ParseError:
            continue
        kind = TelUri if isinstance(identity.uri, TelUri) else SipUri
        if isinstance(identity.uri, SipUri | TelUri) and not any(
            isinstance(other.uri, kind) for other in kept
        ):
            kept.append(identity)
    return kept


def privacy(headers: HeaderList) -> frozenset[str]:
    """The values of Privacy, lower case: id, header, session, user, none, critical, history."""
    value = ";".join(headers.all("Privacy"))
    return frozenset(part.strip().lower() for part in value.split(";") if part.strip())


def caller(headers: HeaderList, *, trusted: bool) -> Caller:
    """Who calls, by the best statement this side of the trust boundary may believe.

    RFC 3325 section 5: an assertion counts only from a trusted neighbour, else From is all
    there is. `Privacy: id` (or user, header) withholds it from the called user.
    """
    wishes = privacy(headers)
    withheld = bool(wishes & {"id", "user", "header"}) and "none" not in wishes
    identities = asserted_identities(headers) if trusted else []
    if identities:
        first = identities[0]
        display = first.display or _from(headers).display
        return Caller(display, first.uri, asserted=True, withheld=withheld)
    source = _from(headers)
    return Caller(source.display, source.uri, asserted=False, withheld=withheld)


def _from(headers: HeaderList) -> NameAddr:
    return NameAddr.parse(headers.get("From") or "")


def leave_trust_domain(headers: HeaderList) -> None:
    """Strip what must not reach an untrusted neighbour (RFC 3325 section 5, RFC 3323 section 5).

    With `Privacy: id` the assertion goes; the From of a caller who wants privacy has been made
    anonymous by whoever set it and is left alone.
    """
    if "id" in privacy(headers):
        headers.remove("P-Asserted-Identity")
    headers.remove("P-Preferred-Identity")


def enter_trust_domain(headers: HeaderList) -> None:
    """An assertion by an untrusted neighbour is no assertion (RFC 3325 section 5)."""
    headers.remove("P-Asserted-Identity")


# -- diversion ---------------------------------------------------------------------------------

# RFC 7544 section 5: Diversion reason <-> History-Info cause (RFC 4458)
_CAUSES = {
    "user-busy": 486,
    "no-answer": 408,
    "unavailable": 503,
    "unconditional": 302,
    "time-of-day": 404,
    "do-not-disturb": 404,
    "deflection": 480,
    "follow-me": 404,
    "out-of-service": 404,
    "away": 404,
    "unknown": 404,
}
_REASONS = {
    486: "user-busy",
    408: "no-answer",
    503: "unavailable",
    302: "unconditional",
    480: "deflection",
    487: "deflection",
    404: "unknown",
}


class Diversion(NamedTuple):
    """One redirection: by whom, why (the words of RFC 5806), how often."""

    by: NameAddr
    reason: str = "unknown"
    counter: int = 1
    private: bool = False

    def to_header(self) -> str:
        """One value of a Diversion header."""
        params: Params = (("reason", self.reason), ("counter", str(self.counter)))
        if self.private:
            params = (*params, ("privacy", "full"))
        return str(NameAddr(self.by.display, self.by.uri, params))


def diversions(headers: HeaderList) -> list[Diversion]:
    """All redirections, latest first, from Diversion or else from History-Info."""
    found = _from_diversion(headers)
    return found or _from_history(headers)


def _from_diversion(headers: HeaderList) -> list[Diversion]:
    # RFC 5806 section 3: the topmost is the most recent
    out: list[Diversion] = []
    for value in headers.values("Diversion"):
        try:
            entry = NameAddr.parse(value)
        except ParseError:
            continue
        counter = entry.param("counter") or "1"
        out.append(
            Diversion(
                entry._replace(params=()),
                (entry.param("reason") or "unknown").lower(),
                int(counter) if counter.isdecimal() and len(counter) < 4 else 1,
                (entry.param("privacy") or "off").lower() not in ("off", ""),
            )
        )
    return out


class _Entry(NamedTuple):
    address: NameAddr
    place: tuple[int, ...]
    cause: int | None
    private: bool


def _history(headers: HeaderList) -> list[_Entry]:
    """History-Info entries in order of their index (RFC 7044 section 5)."""
    entries: list[_Entry] = []
    for address in _readable(headers.all("History-Info")):
        index = address.param("index") or ""
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", index) or len(index) > 64:
            continue
        uri = address.uri
        cause = uri.param("cause") if isinstance(uri, SipUri | TelUri) else None
        escaped = dict(uri.headers) if isinstance(uri, SipUri) else {}
        private = any(n.lower() == "privacy" and "history" in v for n, v in escaped.items())
        number = int(cause) if cause and cause.isdecimal() and len(cause) == 3 else None
        entries.append(
            _Entry(address, tuple(int(part) for part in index.split(".")), number, private)
        )
    return sorted(entries, key=lambda entry: entry.place)


def _readable(lines: list[str]) -> list[NameAddr]:
    try:
        return parse_address_list(lines)
    except ParseError:
        return []


def _from_history(headers: HeaderList) -> list[Diversion]:
    """RFC 7544 section 3.2: an entry with a cause was reached by diverting from the one before."""
    entries = _history(headers)
    out: list[Diversion] = []
    for before, entry in pairwise(entries):
        if entry.cause is None:
            continue
        out.append(
            Diversion(
                NameAddr(before.address.display, _bare(before.address.uri)),
                _REASONS.get(entry.cause, "unknown"),
                1,
                before.private,
            )
        )
    return out[::-1]


def _bare(uri: Uri) -> Uri:
    if isinstance(uri, SipUri):
        return uri.without_param("cause")._replace(headers=())
    return uri


def history_info(found: list[Diversion], target: Uri) -> list[str]:
    """History-Info values for these redirections (latest first), ending at `target`
    (RFC 7544 section 3.1). Empty without redirections."""
    if not found:
        return []
    chain = found[::-1]
    values: list[str] = []
    index = "1"
    cause: int | None = None
    for hop in chain:
        values.append(_entry(hop.by.display, _bare(hop.by.uri), index, cause, hop.private))
        # a counter above one says that redirections are missing here: a gap in the index
        index += ".1" * max(1, min(hop.counter, 10))
        cause = _CAUSES.get(hop.reason, 404)
    values.append(_entry("", _bare(target), index, cause, private=False))
    return values


def _entry(display: str, uri: Uri, index: str, cause: int | None, private: bool) -> str:
    if cause is not None and isinstance(uri, SipUri | TelUri):
        uri = uri.with_param("cause", str(cause))
    text = str(uri)
    if private and isinstance(uri, SipUri):
        text += "?Privacy=history"
    name = f"{quote(display)} " if display else ""
    return f"{name}<{text}>;index={index}"


# -- reasons -----------------------------------------------------------------------------------

#: The pair that stops a missed-call entry when another device answered (RFC 3326).
ANSWERED_ELSEWHERE = (
    str(Reason.of("SIP", 200, "Call completed elsewhere")),
    str(Reason.of("Q.850", 26, "Non-selected user clearing")),
)


def reasons(headers: HeaderList) -> list[Reason]:
    """All readable Reason values (RFC 3326 section 2)."""
    out: list[Reason] = []
    for value in headers.values("Reason"):
        try:
            out.append(Reason.parse(value))
        except ParseError:
            continue
    return out


def was_answered_elsewhere(headers: HeaderList) -> bool:
    """A CANCEL because somebody else picked up."""
    return any(
        (reason.protocol.upper(), reason.cause) in (("SIP", 200), ("Q.850", 26))
        for reason in reasons(headers)
    )


# -- Session-ID ----------------------------------------------------------------------------------

NIL_SESSION = "0" * 32
_SESSION_ID = re.compile(r"[0-9a-f]{32}").fullmatch


class SessionId(NamedTuple):
    """RFC 7989 section 5: `<local uuid>;remote=<remote uuid>`, as the sender sees it."""

    local: str
    remote: str = NIL_SESSION

    @classmethod
    def parse(cls, text: str) -> SessionId:
        local, _, rest = text.partition(";")
        local = local.strip().lower()
        remote: str | None = NIL_SESSION
        if rest:
            # RFC 7989 section 11: a value without "remote" comes from RFC 7329 equipment
            pairs = tuple(
                (n.strip(), v.strip()) for n, _, v in (p.partition("=") for p in rest.split(";"))
            )
            remote = (get_param(pairs, "remote") or NIL_SESSION).lower()
        if _SESSION_ID(local) is None or remote is None or _SESSION_ID(remote) is None:
            raise ParseError(f"malformed Session-ID {text[:80]!r}")
        return cls(local, remote)

    @classmethod
    def new(cls) -> SessionId:
        return cls(secrets.token_hex(16))

    @property
    def as_peer_sees_it(self) -> SessionId:
        return SessionId(self.remote, self.local)

    def __str__(self) -> str:
        return f"{self.local};remote={self.remote}"
