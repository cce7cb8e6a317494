"""From what a user types to a question for the directory, and from its entries to contacts. Pure.

Directories keep numbers as somebody once wrote them, so numbers are looked for digit by digit with
anything between (RFC 4517 section 4.2.28 ignores spaces and hyphens alone, and not every server
does) and what comes back is read and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.features.contact_sources.source import (
    MOST_HITS,
    NumberKind,
    SourceContact,
    one_line,
    read_numbers,
)
from gateway.ldap import LdapEntry, LdapSearch, in_filter
from gateway.ports import NumberNormaliser, SiteProfile
from gateway.storage.folding import MAX_TERMS, query_digits
from gateway.storage.tables.contact_sources import LdapContacts

#: So many last digits find a number in whatever country's form.
_TAIL = 7
#: Entries whose number ends alike; if there are more, nobody is named.
MOST_ALIKE = 50


def search_for(directory: LdapContacts, text: str) -> LdapSearch:
    return _search(directory, _by_number(directory, text) or _by_words(directory, text), MOST_HITS)


def lookup_of(directory: LdapContacts, canonical: str) -> LdapSearch | None:
    """Entries whose number may be this one; ``None``: it is no number to ask for."""
    digits = canonical.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        return None
    spread = "*" + "*".join(digits[-_TAIL:])
    alike = _search(directory, _any(_phones(directory), spread), MOST_ALIKE)
    return replace(alike, whole=True)


def contact_of(
    directory: LdapContacts, entry: LdapEntry, rules: NumberNormaliser, site: SiteProfile | None
) -> SourceContact | None:
    """``None``: the entry has no name."""
    name = one_line(entry.first(directory.name_attribute), 200)
    if not name:
        return None
    said: list[tuple[NumberKind, str]] = []
    kinds: Sequence[tuple[NumberKind, list[str]]] = (
        ("work", directory.work_attributes),
        ("mobile", directory.mobile_attributes),
        ("home", directory.home_attributes),
    )
    for kind, attributes in kinds:
        for attribute in attributes:
            said += [(kind, value) for value in entry.attributes[attribute][:10]]
    return SourceContact(
        "ldap",
        False,
        name,
        one_line(_value(entry, directory.company_attribute), 200),
        one_line(_value(entry, directory.email_attribute), 254),
        read_numbers(said, rules, site),
    )


def _search(directory: LdapContacts, matching: str, limit: int) -> LdapSearch:
    wanted = dict.fromkeys(
        attribute
        for attribute in (
            directory.name_attribute,
            directory.company_attribute,
            directory.email_attribute,
            *_phones(directory),
        )
        if attribute
    )
    return LdapSearch(directory.base_dn, f"(&{directory.filter}{matching})", tuple(wanted), limit)


def _by_number(directory: LdapContacts, text: str) -> str:
    """A part of a number; ``""``: it is none. Without what stands before an area code."""
    digits = (query_digits(text) or "").lstrip("+").lstrip("0")
    return _any(_phones(directory), f"*{'*'.join(digits)}*") if len(digits) >= 2 else ""


def _by_words(directory: LdapContacts, text: str) -> str:
    """Each word begins one of the name's, of the company's, or the address."""
    parts = []
    for word in text.split()[:MAX_TERMS]:
        safe = in_filter(word)
        one = [directory.name_attribute, directory.company_attribute]
        begins = [f"({name}={safe}*)({name}=* {safe}*)" for name in one if name]
        if directory.email_attribute:
            begins.append(f"({directory.email_attribute}={safe}*)")
        parts.append(f"(|{''.join(begins)})")
    return f"(&{''.join(parts)})"


def _any(attributes: Iterable[str], pattern: str) -> str:
    return f"(|{''.join(f'({attribute}={pattern})' for attribute in attributes)})"


def _phones(directory: LdapContacts) -> list[str]:
    return [
        *directory.work_attributes,
        *directory.mobile_attributes,
        *directory.home_attributes,
    ]


def _value(entry: LdapEntry, attribute: str) -> str:
    return entry.first(attribute) if attribute else ""
