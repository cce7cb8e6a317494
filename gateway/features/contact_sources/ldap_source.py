"""The company's LDAP directory as a source of contacts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from sqlmodel import col

from gateway.credentials.secrets import SealError, Secrets
from gateway.features.contact_sources.ldap_query import (
    MOST_ALIKE,
    contact_of,
    lookup_of,
    search_for,
)
from gateway.features.contact_sources.memory import Memory
from gateway.features.contact_sources.noting import note
from gateway.features.contact_sources.source import (
    LEAST_DIGITS,
    Reader,
    SourceContact,
    SourceKind,
    SourceStatus,
    SourceTrouble,
    only_name,
)
from gateway.ldap import Binding, LdapClient, LdapEntry, LdapError, LdapSearch, LdapServer
from gateway.ports import NumberNormaliser, UserKey
from gateway.storage.storage import Storage
from gateway.storage.tables.contact_sources import LdapContacts

_HITS_KEPT, _HITS_LIFE = 2_000, 60.0
_NAMES_KEPT, _NAMES_LIFE, _NOBODY_LIFE = 20_000, 600.0, 120.0
_PAUSE = 30.0  # s that nobody is asked who did not answer: each key pressed would wait for it

_Hits = tuple[SourceContact, ...]
_Asked = Literal["words", "number"]


def bind_context(tenant_id: str) -> str:
    return f"ldap_contacts/{tenant_id}/bind_password"


class LdapSource:
    """Implements ``DirectorySource``. What is remembered ends with each change of the settings."""

    kind: SourceKind = "ldap"

    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        client: LdapClient,
        numbers: NumberNormaliser,
        monotonic: Callable[[], float],
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._client = client
        self._numbers = numbers
        self._hits: Memory[tuple[str, int, str, str], _Hits] = Memory(
            _HITS_KEPT, _HITS_LIFE, monotonic
        )
        self._names: Memory[tuple[str, str, str], str] = Memory(_NAMES_KEPT, _NAMES_LIFE, monotonic)
        #: Where who has asked of late is at home: a number of their site means nothing elsewhere.
        self._at: Memory[UserKey, str] = Memory(_NAMES_KEPT, _NAMES_LIFE, monotonic)
        #: Words and numbers apart: a directory may have no index of the ends of numbers.
        self._paused: Memory[tuple[str, int, _Asked], str] = Memory(5_000, _PAUSE, monotonic)
        self._forgotten = 0  # how often: what was asked before is not remembered after

    async def status(self, reader: UserKey) -> SourceStatus | None:
        directory = await self._directory(reader.tenant_id)
        if directory is None:
            return None
        failing = (
            self._paused.get((*_key(directory), "words")) is not None or directory.last_error != ""
        )
        return SourceStatus("failing" if failing else "working")

    async def search(self, reader: Reader, text: str) -> Sequence[SourceContact]:
        directory = await self._directory(reader.user.tenant_id)
        if directory is None:
            return ()
        self._at.put(reader.user, _site(reader))
        key = (*_key(directory), _site(reader), " ".join(text.casefold().split()))
        found = self._hits.get(key)
        if found is None:
            forgotten = self._forgotten
            found = await self._ask(directory, search_for(directory, text), reader, "words")
            if forgotten == self._forgotten:
                self._hits.put(key, found)
        return found

    async def who_has(self, reader: Reader, canonical: str) -> str | None:
        self._at.put(reader.user, _site(reader))
        key = reader.user.tenant_id, _numbering(_site(reader), canonical), canonical
        known = self._names.get(key)
        if known is not None:
            return known or None
        forgotten = self._forgotten
        directory = await self._directory(reader.user.tenant_id)
        wanted = None if directory is None else lookup_of(directory, canonical)
        if directory is None or wanted is None or len(canonical) < LEAST_DIGITS:
            return None
        found = await self._ask(directory, wanted, reader, "number")
        # Those that were cut off may have it too.
        complete = len(found) < MOST_ALIKE
        name = only_name(one for one in found if one.has(canonical)) if complete else None
        if forgotten == self._forgotten:
            self._names.put(key, name or "", None if name else _NOBODY_LIFE)
        return name

    def remembered(self, reader: UserKey, canonical: str) -> str | None:
        site = "" if canonical.startswith("+") else self._at.get(reader)
        if site is None:
            return None  # nothing was looked up for them of late
        return self._names.get((reader.tenant_id, _numbering(site, canonical), canonical)) or None

    def forget_tenant(self, tenant_id: str) -> None:
        """Another directory, another part of it, or none from now on."""
        self._forgotten += 1
        self._hits.drop_all(lambda key: key[0] == tenant_id)
        self._names.drop_all(lambda key: key[0] == tenant_id)

    async def try_out(self, directory: LdapContacts, reader: Reader, text: str) -> _Hits:
        """Always asks. Raises :class:`LdapError`."""
        entries = await self._entries(directory, search_for(directory, text))
        return self._contacts(directory, entries, reader)

    async def works(self, directory: LdapContacts) -> None:
        """An administrator has seen it: nobody waits for the end of a pause."""
        self._paused.drop((*_key(directory), "words"))
        self._paused.drop((*_key(directory), "number"))
        await note(self._storage, directory, "")

    async def _directory(self, tenant_id: str) -> LdapContacts | None:
        async with self._storage.read(tenant_id) as db:
            return await db.first(LdapContacts, col(LdapContacts.active).is_(True))

    async def _ask(
        self, directory: LdapContacts, search: LdapSearch, reader: Reader, asked: _Asked
    ) -> _Hits:
        key = *_key(directory), asked
        code = self._paused.get(key)
        if code is not None:
            raise SourceTrouble("failing", code)
        try:
            entries = await self._entries(directory, search)
        except LdapError as error:
            words = asked == "words"
            if not (words and error.of_question):
                self._paused.put(key, error.code)
            # A number may take too long where words do not: nobody is told that it does not answer.
            if not error.of_question and (words or error.code != "directory_unreachable"):
                await note(self._storage, directory, error.code)
            raise SourceTrouble("failing", error.code) from error
        await note(self._storage, directory, "")
        return self._contacts(directory, entries, reader)

    async def _entries(self, directory: LdapContacts, search: LdapSearch) -> Sequence[LdapEntry]:
        server = LdapServer(
            directory.host,
            directory.port,
            directory.security,  # type: ignore[arg-type]
            directory.ca_pem,
        )
        password = ""
        if directory.bind_password is not None:
            try:
                context = bind_context(directory.tenant_id)
                password = self._secrets.unseal(directory.bind_password, context)
            except SealError as error:
                raise LdapError("bind_refused", "Enter the account's password again") from error
        return await self._client.search(server, Binding(directory.bind_dn, password), search)

    def _contacts(
        self, directory: LdapContacts, entries: Sequence[LdapEntry], reader: Reader
    ) -> _Hits:
        read = (contact_of(directory, entry, self._numbers, reader.site) for entry in entries)
        return tuple(contact for contact in read if contact is not None)


def _key(directory: LdapContacts) -> tuple[str, int]:
    return directory.tenant_id, directory.version


def _site(reader: Reader) -> str:
    return "" if reader.site is None else reader.site.site_id


def _numbering(site: str, canonical: str) -> str:
    """Where a number means what it does: everywhere, or at one site."""
    return "" if canonical.startswith("+") else site
