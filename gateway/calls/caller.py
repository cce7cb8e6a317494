"""Who calls, and by which way: what an incoming INVITE says, read with distrust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from protocols.sip.errors import SipError
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request

SESSION_ID_NULL = "0" * 32


@dataclass(frozen=True, slots=True)
class Station:
    """One on the way of a diverted call; ``name`` if the header gave one."""

    user: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """What an incoming INVITE says about who calls."""

    user: str  # user part of the caller's URI; empty when withheld
    name: str | None
    session_id: str | None
    #: Who sent the call on to this line, and whom the caller had meant, if that was another one.
    diverted_by: Station | None = None
    original_called: Station | None = None


def header_text(raw: str) -> str:
    """Header text kept with surrogate escapes (Latin-1 from old PBXs) as honest Unicode."""
    data = raw.encode("utf-8", "surrogateescape")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return "".join(char for char in text if char.isprintable()).strip()[:128]


def _addresses(values: Iterable[str]) -> list[NameAddr]:
    found: list[NameAddr] = []
    for value in values:
        try:
            found.append(NameAddr.parse(value))
        except SipError:
            continue
    return found


def read_caller(invite: Request) -> Caller:
    """RFC 3325 9.1: the asserted identity counts, the From only without one; RFC 3323 privacy."""
    asserted = _addresses(invite.headers.values("P-Asserted-Identity"))
    source = next((value for value in asserted if value.user), None) or invite.from_
    # Escaped bytes of any kind may hide in a user part (RFC 3261 19.1.2): only honest text of it
    # goes on to clients and journal.
    user = header_text(source.user)
    # RFC 3323 4.2 separates by semicolon; a comma is what some write.
    asked = ";".join(invite.headers.values("Privacy")).lower().split(";")
    private = not {"id", "user", "header"}.isdisjoint(value.strip() for value in asked)
    name: str | None = header_text(source.display) or header_text(invite.from_.display)
    if private or user.lower() in ("anonymous", "unavailable", "restricted"):
        user, name = "", None
    diverted_by, original_called = _diversion(invite)
    return Caller(user, name or None, _session_id(invite), diverted_by, original_called)


def _diversion(invite: Request) -> tuple[Station | None, Station | None]:
    """The last one who diverted, and the first if it is another one."""
    # RFC 5806 section 4: the topmost Diversion is the last diversion.
    on_the_way = [
        _station(value, hidden=(value.param("privacy") or "off").lower() not in ("off", "name"))
        for value in _addresses(invite.headers.values("Diversion"))
    ]
    if not on_the_way:
        # RFC 7044 section 5: in the order of the targets, the last of which is this line.
        history = _addresses(invite.headers.values("History-Info"))[:-1]
        on_the_way = [
            _station(value, hidden="privacy=" in str(value.uri).lower())
            for value in reversed(history)
        ]
    told = [station for station in on_the_way if station is not None]
    if not told:
        return None, None
    last, first = told[0], told[-1]
    return last, (first if first.user != last.user else None)


def _station(value: NameAddr, *, hidden: bool) -> Station | None:
    user, name = header_text(value.user), header_text(value.display)
    return None if hidden or not (user or name) else Station(user, name or None)


def _session_id(invite: Request) -> str | None:
    """RFC 7989 section 6: the sender's UUID, 32 lower-case hex digits."""
    value = (invite.headers.get("Session-ID") or "").partition(";")[0].strip().lower()
    ok = len(value) == 32 and all(char in "0123456789abcdef" for char in value)
    return value if ok and value != SESSION_ID_NULL else None
