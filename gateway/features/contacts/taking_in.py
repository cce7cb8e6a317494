"""Many contacts at once: which of a file's are new, as rows to insert. Pure, slow: in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.features.contacts.files import Found, LeftOut
from gateway.features.contacts.writing import MOST_CONTACTS, Same, columns_of, number_rows
from gateway.ports import NumberNormaliser, Problem, SiteProfile
from gateway.storage.ids import new_id, utc_now

#: Contacts in one transaction.
BATCH = 100


@dataclass(slots=True)
class TakenIn:
    created: int = 0
    unchanged: int = 0
    faults: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NewContact:
    """Columns of a contact and of its numbers."""

    contact: dict[str, Any]
    numbers: list[dict[str, Any]]


def sort_out(
    tenant_id: str,
    owner: str | None,
    found: Sequence[Found],
    there: set[Same],
    numbers: NumberNormaliser,
    site: SiteProfile | None,
) -> tuple[TakenIn, list[NewContact]]:
    """``there`` grows by what is new; where it grows too large the rest is not looked at."""
    result, new = TakenIn(), list[NewContact]()
    now = utc_now()
    for one in found:
        contact_id = new_id()
        try:
            rows = number_rows(tenant_id, contact_id, one.wish, numbers, site)
        except Problem as problem:
            reason = problem.detail or problem.title
            result.faults.append(LeftOut(one.row, "number", problem.code, reason))
            continue
        canonical = frozenset(row.canonical for row in rows)
        key = (one.wish.name.casefold(), one.wish.company.casefold(), canonical)
        if key in there:
            result.unchanged += 1
            continue
        there.add(key)
        if len(there) > MOST_CONTACTS:
            break
        contact = {
            "id": contact_id,
            "user_id": owner,
            "version": 1,
            "created_at": now,
            "updated_at": now,
            **columns_of(one.wish),
        }
        new.append(NewContact(contact, [row.model_dump(exclude={"tenant_id"}) for row in rows]))
    return result, new
