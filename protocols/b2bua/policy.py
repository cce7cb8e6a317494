"""Which headers cross from one leg to the other, and how addresses in them are rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from protocols.sip.errors import ParseError
from protocols.sip.grammar import split_list
from protocols.sip.header_list import HeaderList
from protocols.sip.headers_address import NameAddr
from protocols.sip.uri import SipUri, TelUri, Uri

#: Headers whose value is a list of addresses with numbers in them.
ADDRESS_HEADERS = frozenset(
    {"p-asserted-identity", "p-preferred-identity", "diversion", "history-info", "referred-by"}
)


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """An allow-list per message kind. Names in lower case, long form.

    All else stays behind: what crosses a trust edge is rebuilt from a list, never copied whole.
    """

    requests: frozenset[str]
    responses: frozenset[str]
    endings: frozenset[str]  # BYE and CANCEL


#: Between connector and PBX-facing leg, both directions.
LINK_POLICY = HeaderPolicy(
    requests=frozenset(
        {"p-asserted-identity", "privacy", "diversion", "history-info", "reason", "session-id"}
    ),
    responses=frozenset(
        {"p-asserted-identity", "reason", "session-id", "warning", "retry-after", "diversion"}
    ),
    endings=frozenset({"reason", "session-id"}),
)


def crossing(
    headers: HeaderList | None,
    allowed: frozenset[str],
    address: Callable[[NameAddr], NameAddr] | None = None,
) -> tuple[tuple[str, str], ...]:
    """The lines of `headers` that may cross, in order, addresses rewritten by `address`."""
    if headers is None:
        return ()
    out: list[tuple[str, str]] = []
    for name, value in headers.items():
        key = name.lower()
        if key not in allowed:
            continue
        if key in ADDRESS_HEADERS and address is not None:
            rewritten = rewrite_addresses(value, address)
            if rewritten:
                out.append((name, rewritten))
        else:
            out.append((name, value))
    return tuple(out)


def rewrite_addresses(value: str, address: Callable[[NameAddr], NameAddr]) -> str:
    """Each address of a list rewritten; an element nobody can read is left behind."""
    out: list[str] = []
    for part in split_list(value):
        try:
            out.append(str(address(NameAddr.parse(part))))
        except ParseError:
            continue
    return ", ".join(out)


def readdressed(
    source: NameAddr, *, host: str, number: Callable[[str], str], keep_params: Iterable[str] = ()
) -> NameAddr:
    """`source` with its number converted and placed at `host`; ports and transports go.

    `keep_params` names header parameters that survive (a tag never does).
    """
    user = _converted_user(source.uri, number)
    kept = frozenset(keep_params)
    params = tuple((n, v) for n, v in source.params if n.lower() in kept)
    phone = (("user", "phone"),) if user.lstrip("+").isdigit() else ()
    return NameAddr(source.display, SipUri.of(user or None, host, params=phone), params)


def _converted_user(uri: Uri, number: Callable[[str], str]) -> str:
    if isinstance(uri, TelUri):
        return number(uri.digits)
    if isinstance(uri, SipUri):
        # parameters of a telephone-subscriber (";phone-context=...") are not part of the number
        return number(uri.user_text.partition(";")[0])
    return ""


#: Header parameters of Diversion (RFC 5806) and History-Info (RFC 7044) that keep their meaning.
DIVERSION_PARAMS = ("reason", "counter", "privacy", "screen", "limit", "index", "rc", "mp", "np")
