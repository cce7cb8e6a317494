"""What a directory outside is to us, whatever it speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from gateway.numbers import forms_of
from gateway.ports import NumberNormaliser, Numbers, Problem, SiteProfile, UserKey

SourceKind = Literal["ldap", "microsoft"]
NumberKind = Literal["work", "mobile", "home", "other"]
#: ``busy``: it wants us to wait. ``sign_in_again``: the user's consent has ended.
SourceState = Literal["not_connected", "working", "busy", "failing", "sign_in_again"]

MOST_HITS = 25
MOST_NUMBERS = 10
#: A name for a number is wanted of at least so many digits.
LEAST_DIGITS = 3


class SourceTrouble(Exception):
    """Nothing came. ``code`` is for the administrator, ``state`` for the user; ``wait``: for how
    many seconds it does not want to be asked, if it says so."""

    def __init__(self, state: SourceState, code: str, wait: float | None = None) -> None:
        super().__init__(code)
        self.state: SourceState = state
        self.code = code
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and the site whose way of writing numbers is theirs."""

    user: UserKey
    site: SiteProfile | None


@dataclass(frozen=True, slots=True)
class SourceNumber:
    kind: NumberKind
    number: Numbers


@dataclass(frozen=True, slots=True)
class SourceContact:
    """``private``: of the reader alone."""

    source: SourceKind
    private: bool
    name: str = field(repr=False)
    company: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    numbers: tuple[SourceNumber, ...] = field(default=(), repr=False)

    @property
    def shown(self) -> str:
        """As a caller's name."""
        return f"{self.name} ({self.company})" if self.company else self.name

    def has(self, canonical: str) -> bool:
        return any(one.number.canonical == canonical for one in self.numbers)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    state: SourceState
    account: str = ""
    connected_at: datetime | None = None


class DirectorySource(Protocol):
    @property
    def kind(self) -> SourceKind: ...

    async def status(self, reader: UserKey) -> SourceStatus | None:
        """``None``: the tenant has no such source."""

    async def search(self, reader: Reader, text: str) -> Sequence[SourceContact]:
        """By the beginnings of words, or by a part of a number; :data:`MOST_HITS` at most. Raises
        :class:`SourceTrouble`; nothing at all where the reader is not connected."""

    async def who_has(self, reader: Reader, canonical: str) -> str | None:
        """The name behind a number; ``None`` too where several have it. Raises as above."""

    def remembered(self, reader: UserKey, canonical: str) -> str | None:
        """The same without asking."""


def read_numbers(
    said: Iterable[tuple[NumberKind, str]], rules: NumberNormaliser, site: SiteProfile | None
) -> tuple[SourceNumber, ...]:
    """Those that can be dialled, each once: directories hold a lot that cannot."""
    found: dict[str, SourceNumber] = {}
    for kind, text in said:
        if sum(c.isdigit() for c in text) < LEAST_DIGITS:
            continue  # words: a keypad has letters too
        try:
            number = forms_of(text, rules, site)
        except Problem:
            continue
        found.setdefault(number.canonical, SourceNumber(kind, number))
    return tuple(found.values())[:MOST_NUMBERS]


def one_line(text: object, most: int) -> str:
    """What others wrote, fit for a list: one line without control characters."""
    if not isinstance(text, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def only_name(contacts: Iterable[SourceContact]) -> str | None:
    """A number of several people says nothing about who it is."""
    names = {contact.shown for contact in contacts}
    return names.pop() if len(names) == 1 else None
