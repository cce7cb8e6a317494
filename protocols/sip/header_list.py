"""The ordered, bytes-exact list of header lines of one message (RFC 3261 section 7.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from protocols.sip.grammar import split_list

T = TypeVar("T")

# RFC 3261 section 7.3.3 and 20, RFC 3515, 3892, 6665, 4028, 3841, 3840, 8224
COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "d": "request-disposition",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "j": "reject-contact",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "n": "identity-info",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
    "y": "identity",
}


class _Keys(dict[str, str]):
    """Header name as written -> lower-case long name; bounded, peers choose the names."""

    def __missing__(self, name: str) -> str:
        lowered = name.lower()
        key = COMPACT.get(lowered, lowered)
        if len(self) < 2048 and len(name) < 64:
            self[name] = key
        return key


KEYS = _Keys()


class HeaderList:
    """Header lines in order, as (name, value), names compared without case and in long form.

    Values are text that holds the exact bytes received (UTF-8 with surrogateescape), so
    what is not understood survives. Typed views are cached until the header changes.
    """

    __slots__ = ("_index", "_items", "_typed")

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items: list[tuple[str, str]] = list(items)
        self._index: dict[str, list[str]] | None = None
        self._typed: dict[str, Any] = {}

    @classmethod
    def _from_parser(cls, items: list[tuple[str, str]], index: dict[str, list[str]]) -> HeaderList:
        self = cls.__new__(cls)
        self._items = items
        self._index = index
        self._typed = {}
        return self

    def _lines(self) -> dict[str, list[str]]:
        index = self._index
        if index is None:
            index = {}
            for name, value in self._items:
                index.setdefault(KEYS[name], []).append(value)
            self._index = index
        return index

    def _changed(self) -> None:
        self._index = None
        self._typed.clear()

    # -- reading -------------------------------------------------------------------------------

    def get(self, name: str) -> str | None:
        """The first line of that name, None when there is none."""
        lines = self._lines().get(KEYS[name])
        return lines[0] if lines else None

    def all(self, name: str) -> list[str]:
        """Every line of that name, in order."""
        return list(self._lines().get(KEYS[name], ()))

    def values(self, name: str) -> list[str]:
        """Every comma-separated element of every line of that name."""
        lines = self._lines().get(KEYS[name])
        if not lines:
            return []
        return [part for line in lines for part in split_list(line)]

    def tokens(self, name: str) -> set[str]:
        """The elements of a token list in lower case: `"100rel" in headers.tokens("Supported")`."""
        return {part.lower() for part in self.values(name)}

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: str) -> bool:
        return KEYS[name] in self._lines()

    def typed(self, key: str, make: Callable[[HeaderList], T]) -> T:
        """A view computed once from these headers and kept until they change."""
        cache = self._typed
        if key in cache:
            found: T = cache[key]
            return found
        value = make(self)
        cache[key] = value
        return value

    # -- writing -------------------------------------------------------------------------------

    def add(self, name: str, value: object) -> None:
        """Append a line."""
        self._items.append((name, str(value)))
        self._changed()

    def extend(self, items: Iterable[tuple[str, str]]) -> None:
        self._items.extend(items)
        self._changed()

    def prepend(self, name: str, value: object) -> None:
        """Put a line before the first of the same name, or first of all (Via, Route ...)."""
        key = KEYS[name]
        at = next((i for i, (n, _) in enumerate(self._items) if KEYS[n] == key), 0)
        self._items.insert(at, (name, str(value)))
        self._changed()

    def set(self, name: str, value: object) -> None:
        """Make this the only line of that name, at the place of the first one."""
        key = KEYS[name]
        out: list[tuple[str, str]] = []
        done = False
        for item in self._items:
            if KEYS[item[0]] != key:
                out.append(item)
            elif not done:
                out.append((item[0], str(value)))
                done = True
        if not done:
            out.append((name, str(value)))
        self._items = out
        self._changed()

    def remove(self, name: str) -> None:
        """Drop every line of that name; no error when there is none."""
        key = KEYS[name]
        self._items = [item for item in self._items if KEYS[item[0]] != key]
        self._changed()

    def remove_first_value(self, name: str) -> str | None:
        """Take the first comma-separated element away (top Via, top Route) and return it."""
        key = KEYS[name]
        for i, (written, line) in enumerate(self._items):
            if KEYS[written] != key:
                continue
            parts = split_list(line)
            if len(parts) > 1:
                self._items[i] = (written, ", ".join(parts[1:]))
            else:
                del self._items[i]
            self._changed()
            return parts[0] if parts else ""
        return None

    def replace_first_value(self, name: str, value: object) -> None:
        """Exchange the first comma-separated element, for example the top Via."""
        key = KEYS[name]
        for i, (written, line) in enumerate(self._items):
            if KEYS[written] == key:
                rest = split_list(line)[1:]
                self._items[i] = (written, ", ".join([str(value), *rest]))
                self._changed()
                return
        self.prepend(name, value)

    replace_top = replace_first_value

    def copy(self) -> HeaderList:
        return HeaderList(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeaderList) and self._items == other._items

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"HeaderList({self._items!r})"
