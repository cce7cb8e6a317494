"""The ordered, bytes-exact list of header lines of one message (RFC 3261 section 7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from protocols.sip.grammar import is_token, split_list

T = TypeVar("T")
_new_object = object.__new__  # spares the parser a constructor call per message

# RFC 3261 section 7.3.3 and 20, RFC 3515, 3892, 6665, 4028, 3841, 3840, 8224
COMPACT = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "j": "Reject-Contact",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "n": "Identity-Info",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
    "y": "Identity",
}
# names as nearly everybody writes them; a message that uses only these is indexed in one step
USUAL_NAMES = frozenset(COMPACT.values()) | {
    *("Accept", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow", "Authorization"),
    *("CSeq", "Call-Info", "Content-Disposition", "Content-Language", "Date", "Diversion"),
    *("Error-Info", "Expires", "Flow-Timer", "History-Info", "In-Reply-To", "Info-Package"),
    *(
        "MIME-Version",
        "Max-Forwards",
        "Min-Expires",
        "Min-SE",
        "Organization",
        "P-Access-Network-Info",
    ),
    *(
        "P-Asserted-Identity",
        "P-Early-Media",
        "P-Preferred-Identity",
        "Path",
        "Priority",
        "Privacy",
    ),
    *("Proxy-Authenticate", "Proxy-Authorization", "Proxy-Require", "RAck", "RSeq", "Reason"),
    *(
        "Record-Route",
        "Recv-Info",
        "Remote-Party-ID",
        "Replaces",
        "Require",
        "Retry-After",
        "Route",
    ),
    *("SIP-ETag", "SIP-If-Match", "Server", "Service-Route", "Session-ID", "Subscription-State"),
    *("Target-Dialog", "Timestamp", "Unsupported", "User-Agent", "Warning", "WWW-Authenticate"),
}


# header name as written -> one spelling for all; holds only tokens, so a name found here needs
# no further check
KEYS = {name: name for name in USUAL_NAMES}
_BY_LOWER = {name.lower(): name for name in USUAL_NAMES}


def key_of(name: str) -> str:
    """The spelling under which `HeaderList` knows a header name."""
    return KEYS.get(name) or _learn_key(name)


def _learn_key(name: str) -> str:
    lowered = name.lower()
    key = COMPACT.get(lowered) or _BY_LOWER.get(lowered, lowered)
    if len(KEYS) < 2048 and len(name) < 64 and is_token(name):  # bounded, peers choose the names
        KEYS[name] = key
    return key


def index_lines(
    items: Iterable[Sequence[str]],
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The first line of each name, and all lines of names that occur more than once."""
    first: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    for name, value in items:
        key = key_of(name)
        if key not in first:
            first[key] = value
        elif key in repeated:
            repeated[key].append(value)
        else:
            repeated[key] = [first[key], value]
    return first, repeated


_NONE: dict[str, list[str]] = {}


class HeaderList:
    """Header lines in order, as (name, value), names compared without case and in long form.

    Values are text that holds the exact bytes received (UTF-8 with surrogateescape), so
    what is not understood survives. Typed views are cached until the header changes, in `views`.
    """

    __slots__ = ("_first", "_match", "_names", "_repeated", "_written", "views")
    _names: tuple[str, ...]
    _match: re.Match[str]

    def __init__(self, items: Iterable[Sequence[str]] = ()) -> None:
        # (name, value) per line, values may still have white space around them; None while the
        # index, or the match it is made of, alone says it all: no name twice, all of them written
        # as `key_of` spells them
        self._written: list[Sequence[str]] | None = list(items)
        # first line of each name, and all lines of the names that occur more than once; None until
        # somebody asks
        self._first: dict[str, str] | None = None
        self._repeated: dict[str, list[str]] = {}
        self.views: dict[str, Any] = {}

    @classmethod
    def from_index(cls, first: dict[str, str]) -> HeaderList:
        """Of lines whose names are all different and written as `key_of` spells them."""
        self = _new_object(cls)
        self._written, self._first, self._repeated, self.views = None, first, _NONE, {}
        return self

    @classmethod
    def from_match(cls, names: tuple[str, ...], match: re.Match[str]) -> HeaderList:
        """The same, of a match that has the values behind its first group: cut when asked for."""
        self = _new_object(cls)
        self._written = self._first = None
        self._names, self._match, self._repeated, self.views = names, match, _NONE, {}
        return self

    @property
    def order(self) -> tuple[str, ...] | None:
        """The names, if it is known that none comes twice and all are as `key_of` spells them."""
        return tuple(self._index()) if self._written is None else None

    @property
    def _lines(self) -> list[Sequence[str]]:
        lines = self._written
        if lines is None:
            lines = self._written = list(self._index().items())
        return lines

    @_lines.setter
    def _lines(self, lines: list[Sequence[str]]) -> None:
        self._written = lines

    def _index(self) -> dict[str, str]:
        first = self._first
        if first is None:
            if self._written is None:
                first = dict(zip(self._names, self._match.groups()[1:], strict=False))
            else:
                first, self._repeated = index_lines(self._written)
            self._first = first
        return first

    def _of(self, name: str) -> list[str]:
        key = key_of(name)
        first = self._index()
        if key in self._repeated:
            return [value.strip(" \t") for value in self._repeated[key]]
        return [first[key].strip(" \t")] if key in first else []

    def _changed(self) -> None:
        self._first = None
        self.views.clear()

    # -- reading -------------------------------------------------------------------------------

    def get(self, name: str) -> str | None:
        """The first line of that name, None when there is none."""
        first = self._first or self._index()
        value = first.get(KEYS.get(name) or _learn_key(name))
        return None if value is None else value.strip(" \t")

    def only(self, key: str) -> str | None:
        """The line of that name (as `key_of` spells it) when there is just one."""
        first = self._first or self._index()
        return None if key in self._repeated else first.get(key)

    def all(self, name: str) -> list[str]:
        """Every line of that name, in order."""
        return self._of(name)

    def values(self, name: str) -> list[str]:
        """Every comma-separated element of every line of that name."""
        return [part for line in self._of(name) for part in split_list(line)]

    def tokens(self, name: str) -> set[str]:
        """The elements of a token list in lower case: `"100rel" in headers.tokens("Supported")`."""
        return {part.lower() for part in self.values(name)}

    def items(self) -> Iterator[tuple[str, str]]:
        """All lines in order."""
        return ((name, value.strip(" \t")) for name, value in self._lines)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return self.items()

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, name: str) -> bool:
        return key_of(name) in self._index()

    def index(self) -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
        """`first` and `repeated` in one step."""
        first = self._first
        return (self._index() if first is None else first), self._repeated

    @property
    def repeated(self) -> dict[str, list[str]]:
        """Names (as `key_of` spells them) that occur on more than one line, with the lines."""
        self._index()
        return self._repeated

    @property
    def first(self) -> Mapping[str, str]:
        """First line of each name (as `key_of` spells it); white space around values is kept."""
        return self._first or self._index()

    def typed(self, key: str, make: Callable[[HeaderList], T]) -> T:
        """A view computed once from these headers and kept until they change."""
        value: T | None = self.views.get(key)
        if value is None:
            value = self.views[key] = make(self)
        return value

    # -- writing -------------------------------------------------------------------------------

    def add(self, name: str, value: object) -> None:
        """Append a line."""
        self._lines.append((name, str(value)))
        self._changed()

    def extend(self, items: Iterable[tuple[str, str]]) -> None:
        self._lines.extend(items)
        self._changed()

    def prepend(self, name: str, value: object) -> None:
        """Put a line before the first of the same name, or first of all (Via, Route ...)."""
        key = key_of(name)
        at = next((i for i, (n, _) in enumerate(self._lines) if key_of(n) == key), 0)
        self._lines.insert(at, (name, str(value)))
        self._changed()

    def set(self, name: str, value: object) -> None:
        """Make this the only line of that name, at the place of the first one."""
        key = key_of(name)
        out: list[Sequence[str]] = []
        done = False
        for item in self._lines:
            if key_of(item[0]) != key:
                out.append(item)
            elif not done:
                out.append((item[0], str(value)))
                done = True
        if not done:
            out.append((name, str(value)))
        self._lines = out
        self._changed()

    def remove(self, name: str) -> None:
        """Drop every line of that name; no error when there is none."""
        key = key_of(name)
        self._lines = [item for item in self._lines if key_of(item[0]) != key]
        self._changed()

    def remove_first_value(self, name: str) -> str | None:
        """Take the first comma-separated element away (top Via, top Route) and return it."""
        key = key_of(name)
        for i, (written, line) in enumerate(self._lines):
            if key_of(written) != key:
                continue
            parts = split_list(line)
            if len(parts) > 1:
                self._lines[i] = (written, ", ".join(parts[1:]))
            else:
                del self._lines[i]
            self._changed()
            return parts[0] if parts else ""
        return None

    def replace_first_value(self, name: str, value: object) -> None:
        """Exchange the first comma-separated element, for example the top Via."""
        key = key_of(name)
        for i, (written, line) in enumerate(self._lines):
            if key_of(written) == key:
                rest = split_list(line)[1:]
                self._lines[i] = (written, ", ".join([str(value), *rest]))
                self._changed()
                return
        self.prepend(name, value)

    replace_top = replace_first_value

    def copy(self) -> HeaderList:
        return HeaderList(self.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeaderList) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"HeaderList({list(self)!r})"
