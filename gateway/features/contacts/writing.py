"""From what people write to rows: numbers in their three forms, and what counts as the same."""

from __future__ import annotations

from typing import Any

from sqlmodel import col

from gateway.features.contacts.models import ContactWish
from gateway.numbers import forms_of
from gateway.ports import NumberNormaliser, Problem, SiteProfile
from gateway.storage.folding import search_name
from gateway.storage.storage import TenantSession
from gateway.storage.tables.contacts import Contact, ContactNumber

MOST_CONTACTS = 5_000

#: Name, company and numbers: who imports a file twice has each contact once.
Same = tuple[str, str, frozenset[str]]


def too_many() -> Problem:
    return Problem(409, "too_many_contacts", f"There is room for {MOST_CONTACTS} contacts")


def number_rows(
    tenant_id: str,
    contact_id: str,
    wanted: ContactWish,
    numbers: NumberNormaliser,
    site: SiteProfile | None,
) -> list[ContactNumber]:
    rows: list[ContactNumber] = []
    for position, one in enumerate(wanted.numbers):
        forms = forms_of(one.number, numbers, site)
        rows.append(
            ContactNumber(
                tenant_id=tenant_id,
                contact_id=contact_id,
                position=position,
                kind=one.kind,
                dialled=forms.dialled,
                canonical=forms.canonical,
                display=forms.display,
            )
        )
    return rows


def columns_of(wanted: ContactWish) -> dict[str, Any]:
    return {
        **wanted.model_dump(exclude={"numbers"}),
        "search_name": search_name(f"{wanted.name} {wanted.company}"),
    }


async def known(db: TenantSession, of_owner: Any) -> set[Same]:
    """What an owner has already."""
    rows = await db.find(Contact, of_owner)
    numbers: dict[str, set[str]] = {}
    ids = db.ids_of(Contact, col(Contact.id), of_owner)
    for number in await db.find(ContactNumber, col(ContactNumber.contact_id).in_(ids)):
        numbers.setdefault(number.contact_id, set()).add(number.canonical)
    return {
        (row.name.casefold(), row.company.casefold(), frozenset(numbers.get(row.id, ())))
        for row in rows
    }
