"""A user's own contacts at Microsoft, held for a while: Graph searches them neither by words nor by
numbers, and a caller's name is wanted within a moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.features.contact_sources.source import (
    MOST_HITS,
    NumberKind,
    SourceContact,
    one_line,
    only_name,
    read_numbers,
)
from gateway.ports import NumberNormaliser, SiteProfile, UserKey
from gateway.storage.folding import query_digits, query_terms, search_name

MOST_CONTACTS = 2_000
_MOST_IN_ALL = 100_000
_LIFE = 900.0
_FIELDS = "companyName,businessPhones,mobilePhone"
PRIVATE_FIELDS = f"displayName,givenName,surname,emailAddresses,homePhones,{_FIELDS}"
GLOBAL_FIELDS = f"displayName,mail,{_FIELDS}"


@dataclass(frozen=True, slots=True)
class Book:
    contacts: Sequence[SourceContact] = field(repr=False)
    words: Sequence[str] = field(repr=False)
    by_number: Mapping[str, str | None] = field(repr=False)
    account_id: str
    read_at: float

    def search(self, text: str) -> list[SourceContact]:
        terms, digits = query_terms(text), query_digits(text)
        plain = "" if digits is None else digits.lstrip("+").lstrip("0")
        found = []
        for contact, words in zip(self.contacts, self.words, strict=True):
            by_words = bool(terms) and all(f" {term}" in words for term in terms)
            if by_words or (
                plain and any(plain in one.number.canonical for one in contact.numbers)
            ):
                found.append(contact)
                if len(found) == MOST_HITS:
                    break
        return found


class Books:
    """Those of all users, within a bound; ``stale``: to be read again, and of use until then."""

    def __init__(self, monotonic: Callable[[], float], most: int = _MOST_IN_ALL) -> None:
        self._monotonic = monotonic
        self._most = most
        self._books: OrderedDict[UserKey, Book] = OrderedDict()
        self._held = 0

    def get(self, user: UserKey, account_id: str) -> Book | None:
        book = self._books.get(user)
        if book is None or book.account_id != account_id:
            return None
        self._books.move_to_end(user)
        return book

    def stale(self, book: Book) -> bool:
        return self._monotonic() >= book.read_at + _LIFE

    def put(self, user: UserKey, book: Book) -> None:
        self.drop(user)
        self._held += len(book.contacts)
        self._books[user] = book
        while self._held > self._most and len(self._books) > 1:
            self.drop(next(iter(self._books)))

    def drop(self, user: UserKey) -> None:
        gone = self._books.pop(user, None)
        if gone is not None:
            self._held -= len(gone.contacts)

    def drop_tenant(self, tenant_id: str) -> None:
        for user in [user for user in self._books if user.tenant_id == tenant_id]:
            self.drop(user)


def read_book(
    items: Sequence[dict[str, Any]],
    rules: NumberNormaliser,
    site: SiteProfile | None,
    account_id: str,
    at: float,
) -> Book:
    """Slow: in a thread."""
    read = [contact_of(item, rules, site, private=True) for item in items]
    contacts = sorted(
        (contact for contact in read if contact is not None), key=lambda one: one.name.casefold()
    )
    owners: dict[str, list[SourceContact]] = {}
    for contact in contacts:
        for one in contact.numbers:
            owners.setdefault(one.number.canonical, []).append(contact)
    return Book(
        contacts,
        [search_name(f"{one.name} {one.company}") for one in contacts],
        {number: only_name(those) for number, those in owners.items()},
        account_id,
        at,
    )


def contact_of(
    item: Mapping[str, Any], rules: NumberNormaliser, site: SiteProfile | None, *, private: bool
) -> SourceContact | None:
    """``None``: it has no name at all. Nothing is believed of the form of what comes."""
    company = one_line(item.get("companyName"), 200)
    whole = f"{_text(item, 'givenName')} {_text(item, 'surname')}"
    name = one_line(item.get("displayName"), 200) or one_line(whole, 200) or company
    if not name:
        return None
    said: list[tuple[NumberKind, str]] = [
        *(("work", text) for text in _texts(item.get("businessPhones"))),
        *(("mobile", text) for text in _texts([item.get("mobilePhone")])),
        *(("home", text) for text in _texts(item.get("homePhones"))),
    ]
    numbers = read_numbers(said, rules, site)
    email = one_line(item.get("mail") or _first_address(item.get("emailAddresses")), 254)
    return SourceContact("microsoft", private, name, company, email, numbers)


def _first_address(listed: Any) -> Any:
    first = listed[0] if isinstance(listed, list) and listed else None
    return first.get("address") if isinstance(first, dict) else None


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _texts(listed: Any) -> list[str]:
    values = listed if isinstance(listed, list) else []
    return [value for value in values[:10] if isinstance(value, str)]
