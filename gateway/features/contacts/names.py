"""The name behind a number, from wherever one is known: colleagues, own contacts, shared ones, and
directories that are kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from gateway.contact_ports import OutsideNames
from gateway.features.contacts.service import ContactsService
from gateway.ports import DirectoryLookup, Person, UserKey


class NamesOfAll:
    """Implements the ``DirectoryLookup`` port. A colleague's own name comes first: it is right."""

    def __init__(
        self, people: DirectoryLookup, contacts: ContactsService, outside: OutsideNames
    ) -> None:
        self._people = people
        self._contacts = contacts
        self._outside = outside

    async def name_of(
        self, tenant_id: str, canonical: str, reader: str | None = None
    ) -> Person | None:
        """Slow where somebody outside is asked; a call does not wait for that."""
        person = await self._people.name_of(tenant_id, canonical)
        if person is not None or reader is None:
            return person
        name = await self._contacts.name_of(tenant_id, canonical, reader)
        if name is None:
            name = await self._outside.name_of(UserKey(tenant_id, reader), canonical)
        return None if name is None else Person(None, name)

    async def names_of(
        self, tenant_id: str, canonicals: AbstractSet[str], reader: str | None = None
    ) -> Mapping[str, str]:
        people = await self._people.names_of(tenant_id, canonicals)
        nameless = canonicals - people.keys()
        if reader is None or not nameless:
            return people
        found = await self._contacts.names_of(tenant_id, nameless, reader)
        outside = self._outside.remembered(UserKey(tenant_id, reader), nameless - found.keys())
        return {**outside, **found, **people}
