"""Contacts in storage. ``owner``: the user whose they are; None for those of the whole company."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, cast

from sqlalchemy import and_, or_
from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.features.contacts.files import Found
from gateway.features.contacts.models import (
    ContactNumberView,
    ContactsPage,
    ContactsQuery,
    ContactView,
    ContactWish,
    Kind,
)
from gateway.features.contacts.taking_in import BATCH, TakenIn, sort_out
from gateway.features.contacts.writing import (
    MOST_CONTACTS,
    columns_of,
    known,
    number_rows,
    too_many,
)
from gateway.http import cursor
from gateway.http.shapes import NumberView
from gateway.ports import NumberNormaliser, Problem, SiteProfile
from gateway.storage.folding import query_digits, query_terms
from gateway.storage.ids import utc_now
from gateway.storage.lines import home_site
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.contacts import Contact, ContactNumber


class ContactsService:
    """Implements the ``ContactNames`` port."""

    def __init__(self, storage: Storage, numbers: NumberNormaliser, audit: AuditLog) -> None:
        self._storage = storage
        self._numbers = numbers
        self._audit = audit
        #: Whose files are being taken in: two at a time would be twice in the book.
        self._taking: set[tuple[str, str | None]] = set()

    # -- reading -------------------------------------------------------------------------------

    async def page(self, tenant_id: str, reader: str | None, query: ContactsQuery) -> ContactsPage:
        where = [_readable(reader, query.of)]
        if query.cursor is not None:
            name, contact_id = cursor.decode(query.cursor, 2)
            later = and_(col(Contact.search_name) == name, col(Contact.id) > contact_id)
            where.append(or_(col(Contact.search_name) > name, later))
        order = [col(Contact.search_name), col(Contact.id)]
        async with self._storage.read(tenant_id) as db:
            where += _matches(db, query.q)
            rows = await db.find(Contact, *where, order_by=order, limit=query.limit + 1)
            more, rows = len(rows) > query.limit, rows[: query.limit]
            items = await _views(db, rows)
        last = rows[-1] if more else None
        following = None if last is None else cursor.encode(last.search_name, last.id)
        return ContactsPage(items=items, next_cursor=following)

    async def get(self, tenant_id: str, reader: str | None, contact_id: str) -> ContactView:
        async with self._storage.read(tenant_id) as db:
            row = await db.first(Contact, Contact.id == contact_id, _readable(reader, "all"))
            if row is None:
                raise _unknown()
            return (await _views(db, [row]))[0]

    async def name_of(self, tenant_id: str, canonical: str, reader: str) -> str | None:
        """One's own name for a number first, then the company's."""
        return (await self.names_of(tenant_id, {canonical}, reader)).get(canonical)

    async def names_of(
        self, tenant_id: str, canonicals: AbstractSet[str], reader: str
    ) -> Mapping[str, str]:
        async with self._storage.read(tenant_id) as db:
            found = await db.pairs(
                ContactNumber,
                Contact,
                col(ContactNumber.contact_id) == col(Contact.id),
                col(ContactNumber.canonical).in_(canonicals),
                _readable(reader, "all"),
                limit=4 * len(canonicals) + 4,
            )
        # The oldest wins, so that a name does not change from call to call.
        found.sort(key=lambda pair: (pair[1].user_id is None, pair[1].id), reverse=True)
        return {number.canonical: _shown(contact) for number, contact in found}

    # -- writing -------------------------------------------------------------------------------

    async def create(
        self, tenant_id: str, owner: str | None, wanted: ContactWish, who: Principal | None = None
    ) -> ContactView:
        async with self._storage.write(tenant_id) as db:
            await db.lock_tenant()
            if await db.count(Contact, _of(owner)) >= MOST_CONTACTS:
                raise too_many()
            row = await self._add(db, owner, wanted, await home_site(db, owner))
            await self._record(db, who, "contact.create", row.id, None, _said(row))
            return (await _views(db, [row]))[0]

    async def change(
        self,
        tenant_id: str,
        owner: str | None,
        contact_id: str,
        wanted: ContactWish,
        version: int,
        who: Principal | None = None,
    ) -> ContactView:
        async with self._storage.write(tenant_id) as db:
            before = _said(await self._own(db, owner, contact_id))
            changed = await db.update(
                Contact,
                Contact.id == contact_id,
                Contact.version == version,
                version=version + 1,
                updated_at=utc_now(),
                **columns_of(wanted),
            )
            if not changed:
                raise Problem(412, "changed_meanwhile", "The contact was changed meanwhile")
            await db.delete(ContactNumber, ContactNumber.contact_id == contact_id)
            site = await home_site(db, owner)
            await db.add(*number_rows(db.tenant_id, contact_id, wanted, self._numbers, site))
            await self._record(db, who, "contact.change", contact_id, before, _said(wanted))
        return await self.get(tenant_id, owner, contact_id)

    async def delete(
        self, tenant_id: str, owner: str | None, contact_id: str, who: Principal | None = None
    ) -> None:
        async with self._storage.write(tenant_id) as db:
            before = _said(await self._own(db, owner, contact_id))
            await self._record(db, who, "contact.delete", contact_id, before, None)
            await db.delete(Contact, Contact.id == contact_id)

    async def take_in(
        self,
        tenant_id: str,
        owner: str | None,
        found: Sequence[Found],
        who: Principal | None = None,
    ) -> TakenIn:
        """What is there already stays as it is. In small transactions: calls wait for them, too."""
        taking = (tenant_id, owner)
        if taking in self._taking:
            raise Problem(409, "in_progress", "Another file is being taken in", retry_after=5)
        self._taking.add(taking)
        try:
            return await self._take_in(tenant_id, owner, found, who)
        finally:
            self._taking.discard(taking)

    async def _take_in(
        self, tenant_id: str, owner: str | None, found: Sequence[Found], who: Principal | None
    ) -> TakenIn:
        async with self._storage.read(tenant_id) as db:
            there, site = await known(db, _of(owner)), await home_site(db, owner)
        result, new = await asyncio.to_thread(
            sort_out, tenant_id, owner, found, there, self._numbers, site
        )
        if len(there) > MOST_CONTACTS:
            raise too_many()
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            async with self._storage.write(tenant_id) as db:
                await db.insert_all(Contact, [one.contact for one in batch])
                await db.insert_all(ContactNumber, [row for one in batch for row in one.numbers])
                if who is not None:
                    said = {"created": len(batch)}
                    await self._audit.record(db, who, "contact.import", "contact", after=said)
            result.created += len(batch)
        return result

    async def _add(
        self, db: TenantSession, owner: str | None, wanted: ContactWish, site: SiteProfile | None
    ) -> Contact:
        row = Contact(tenant_id=db.tenant_id, user_id=owner, **columns_of(wanted))
        await db.add(row, *number_rows(db.tenant_id, row.id, wanted, self._numbers, site))
        return row

    async def _own(self, db: TenantSession, owner: str | None, contact_id: str) -> Contact:
        row = await db.first(Contact, Contact.id == contact_id, _of(owner))
        if row is None:
            raise _unknown()
        return row

    async def _record(
        self,
        db: TenantSession,
        who: Principal | None,
        action: str,
        contact_id: str,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        """Shared contacts are the company's; what a user notes for oneself is nobody's business."""
        if who is not None:
            name = (after or before or {}).get("name", "")
            await self._audit.record(
                db,
                who,
                action,
                "contact",
                contact_id,
                target_name=name,
                before=before,
                after=after,
            )


def _of(owner: str | None) -> Any:
    return col(Contact.user_id).is_(None) if owner is None else col(Contact.user_id) == owner


def _readable(reader: str | None, of: str) -> Any:
    """``reader`` None: an administrator, who sees the shared ones only."""
    if reader is None or of == "company":
        return _of(None)
    return _of(reader) if of == "mine" else or_(_of(reader), _of(None))


def _matches(db: TenantSession, text: str) -> list[Any]:
    """By the beginnings of words of name and company, or of a number."""
    if not text.strip():
        return []
    by: list[Any] = []
    terms = query_terms(text)
    if terms:
        words = [col(Contact.search_name).contains(f" {term}", autoescape=True) for term in terms]
        by.append(and_(*words))
    digits = query_digits(text)
    if digits is not None:
        owners = db.ids_of(ContactNumber, col(ContactNumber.contact_id), _number_begins(digits))
        by.append(col(Contact.id).in_(owners))
    return [or_(*by) if by else col(Contact.id).is_(None)]


def _number_begins(digits: str) -> Any:
    """In either form: whoever types 089 has no +49 in mind."""
    plain = digits.lstrip("+")
    return or_(
        col(ContactNumber.canonical).startswith(digits, autoescape=True),
        col(ContactNumber.canonical).startswith(f"+{plain}", autoescape=True),
        col(ContactNumber.dialled).startswith(plain, autoescape=True),
    )


async def _views(db: TenantSession, rows: Sequence[Contact]) -> list[ContactView]:
    numbers = await db.find(
        ContactNumber,
        col(ContactNumber.contact_id).in_([row.id for row in rows]),
        order_by=[col(ContactNumber.position)],
    )
    return [
        ContactView(
            id=row.id,
            shared=row.user_id is None,
            name=row.name,
            company=row.company,
            email=row.email,
            note=row.note,
            numbers=[_number(one) for one in numbers if one.contact_id == row.id],
            version=row.version,
        )
        for row in rows
    ]


def _number(row: ContactNumber) -> ContactNumberView:
    view = NumberView(dialled=row.dialled, canonical=row.canonical, display=row.display)
    return ContactNumberView(kind=cast(Kind, row.kind), number=view)


def _said(contact: Contact | ContactWish) -> dict[str, Any]:
    return {"name": contact.name, "company": contact.company, "email": contact.email}


def _shown(contact: Contact) -> str:
    return f"{contact.name} ({contact.company})" if contact.company else contact.name


def _unknown() -> Problem:
    return Problem(404, "contact_unknown", "There is no such contact")
