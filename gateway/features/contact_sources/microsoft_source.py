"""Microsoft 365 as a source of contacts: the user's own ones, and the company's directory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from weakref import WeakValueDictionary

from gateway.features.contact_sources.graph import Graph
from gateway.features.contact_sources.memory import Memory
from gateway.features.contact_sources.microsoft_accounts import Connection, MicrosoftAccounts
from gateway.features.contact_sources.microsoft_book import (
    GLOBAL_FIELDS,
    MOST_CONTACTS,
    PRIVATE_FIELDS,
    Book,
    Books,
    contact_of,
    read_book,
)
from gateway.features.contact_sources.noting import note
from gateway.features.contact_sources.source import (
    MOST_HITS,
    Reader,
    SourceContact,
    SourceKind,
    SourceState,
    SourceStatus,
    SourceTrouble,
)
from gateway.ports import NumberNormaliser, UserKey
from gateway.storage.folding import MAX_TERMS, query_digits
from gateway.storage.storage import Storage
from gateway.storage.tables.contact_sources import MicrosoftAccount
from protocols.aio.scope import TaskScope

_BOOK, _COMPANY = "/me/contacts", "/users"  # of Graph
_PAGE = "250"
_HITS_KEPT, _HITS_LIFE = 5_000, 60.0
_NAMES_KEPT, _NAMES_LIFE = 20_000, 600.0
_TOLD_EVERY = 30.0
#: What only an administrator can mend.
_OF_ADMIN = frozenset(
    {
        "directory_unknown",
        "client_unknown",
        "secret_refused",
        "secret_expired",
        "secret_unreadable",
        "sign_in_refused",
    }
)


def permissions(*, private: bool, company: bool) -> list[str]:
    """Delegated ones; ``User.ReadBasic.All`` would do for names, and has no numbers."""
    wanted = ["User.Read"]
    if private:
        wanted.append("Contacts.Read")
    if company:
        wanted.append("User.Read.All")
    return wanted


class MicrosoftSource:
    """Implements ``DirectorySource``. What is remembered goes by the account, which is another one
    after each sign-in."""

    kind: SourceKind = "microsoft"

    def __init__(
        self,
        storage: Storage,
        accounts: MicrosoftAccounts,
        graph: Graph,
        numbers: NumberNormaliser,
        scope: TaskScope,
        monotonic: Callable[[], float],
    ) -> None:
        self._storage = storage
        self._accounts = accounts
        self._graph = graph
        self._numbers = numbers
        self._scope = scope
        self._monotonic = monotonic
        self._books = Books(monotonic)
        self._reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._hits: Memory[tuple[str, str], tuple[SourceContact, ...]] = Memory(
            _HITS_KEPT, _HITS_LIFE, monotonic
        )
        self._told: Memory[str, str] = Memory(_HITS_KEPT, _TOLD_EVERY, monotonic)
        #: By user and number: of the own book, and of what was found in the company's directory.
        self._names: Memory[tuple[UserKey, str], str] = Memory(_NAMES_KEPT, _NAMES_LIFE, monotonic)
        self._forgotten = 0  # how often: what was asked before is not remembered after

    async def status(self, reader: UserKey) -> SourceStatus | None:
        found = await self._accounts.connection(reader)
        if found is None:
            return None
        account = found.account
        if account is None:
            return SourceStatus("not_connected")
        return SourceStatus(self._state(found, account), account.account, account.connected_at)

    def _state(self, found: Connection, account: MicrosoftAccount) -> SourceState:
        if account.lost_at is not None:
            return "sign_in_again"
        if found.settings.last_error:
            return "failing"
        asked = (
            (_BOOK, found.settings.private_contacts),
            (_COMPANY, found.settings.global_contacts),
        )
        trouble = self._graph.trouble(account, [path for path, wanted in asked if wanted])
        return "working" if trouble is None else trouble.state

    async def search(self, reader: Reader, text: str) -> Sequence[SourceContact]:
        forgotten = self._forgotten
        found = await self._accounts.connection(reader.user)
        if found is None or found.account is None:
            return ()
        if found.account.lost_at is not None:
            raise SourceTrouble("sign_in_again", "consent_ended")
        hits: list[SourceContact] = []
        trouble: SourceTrouble | None = None
        for wanted, ask in (
            (found.settings.private_contacts, self._search_book),
            (found.settings.global_contacts, self._search_company),
        ):
            try:
                hits += await ask(found, found.account, reader, text) if wanted else ()
            except SourceTrouble as error:
                trouble = error
        await self._tell(found, trouble)
        if trouble is not None and not hits:
            raise trouble
        for contact in hits if forgotten == self._forgotten else ():
            for one in contact.numbers:
                self._names.put((reader.user, one.number.canonical), contact.shown)
        return hits[:MOST_HITS]

    async def who_has(self, reader: Reader, canonical: str) -> str | None:
        known = self.remembered(reader.user, canonical)
        if known is not None:
            return known
        forgotten = self._forgotten
        found = await self._accounts.connection(reader.user)
        if found is None or found.account is None or not found.settings.private_contacts:
            return None
        if found.account.lost_at is not None:
            return None
        book = await self._book(found, found.account, reader)
        name = book.by_number.get(canonical)
        if name is not None and forgotten == self._forgotten:
            self._names.put((reader.user, canonical), name)
        return name

    def remembered(self, reader: UserKey, canonical: str) -> str | None:
        return self._names.get((reader, canonical))

    def forget(self, reader: UserKey) -> None:
        """Disconnected, or erased: nothing of it is shown any more."""
        self._forgotten += 1
        self._accounts.forget(reader)
        self._books.drop(reader)
        self._names.drop_all(lambda key: key[0] == reader)

    def forget_tenant(self, tenant_id: str) -> None:
        self._forgotten += 1
        self._books.drop_tenant(tenant_id)
        self._names.drop_all(lambda key: key[0].tenant_id == tenant_id)

    # --- the user's own ----------------------------------------------------------------------

    async def _search_book(
        self, found: Connection, account: MicrosoftAccount, reader: Reader, text: str
    ) -> Sequence[SourceContact]:
        return (await self._book(found, account, reader)).search(text)

    async def _book(self, found: Connection, account: MicrosoftAccount, reader: Reader) -> Book:
        book = self._books.get(reader.user, account.id)
        if book is None:
            return await self._read_book(found, account, reader, None)
        if self._books.stale(book) and account.id not in self._reading:
            self._scope.start(self._refresh(found, account, reader, book), account.id)
        return book

    async def _refresh(
        self, found: Connection, account: MicrosoftAccount, reader: Reader, old: Book
    ) -> None:
        try:
            await self._read_book(found, account, reader, old)
        except SourceTrouble as trouble:
            await self._tell(found, trouble)

    async def _read_book(
        self, found: Connection, account: MicrosoftAccount, reader: Reader, old: Book | None
    ) -> Book:
        lock = self._reading.setdefault(account.id, asyncio.Lock())
        async with lock:
            book = self._books.get(reader.user, account.id)
            if book is not None and book is not old:
                return book  # somebody else has read it meanwhile
            forgotten = self._forgotten
            items = await self._graph.items(
                found.settings,
                account,
                _BOOK,
                {"$select": PRIVATE_FIELDS, "$top": _PAGE},
                MOST_CONTACTS,
            )
            now = self._monotonic()
            book = await asyncio.to_thread(
                read_book, items, self._numbers, reader.site, account.id, now
            )
            if forgotten == self._forgotten:
                self._books.put(reader.user, book)
            return book

    # --- the company's -----------------------------------------------------------------------

    async def _search_company(
        self, found: Connection, account: MicrosoftAccount, reader: Reader, text: str
    ) -> Sequence[SourceContact]:
        """By names and addresses: Graph does not search numbers."""
        wanted = _words(text)
        if not wanted or query_digits(text) is not None:
            return ()
        key = account.id, wanted.casefold()
        known = self._hits.get(key)
        if known is None:
            items = await self._graph.items(
                found.settings,
                account,
                _COMPANY,
                {"$search": wanted, "$select": GLOBAL_FIELDS, "$top": str(MOST_HITS)},
                MOST_HITS,
                {"ConsistencyLevel": "eventual"},  # $search wants it
            )
            read = (contact_of(item, self._numbers, reader.site, private=False) for item in items)
            known = tuple(contact for contact in read if contact is not None)
            self._hits.put(key, known)
        return known

    async def _tell(self, found: Connection, trouble: SourceTrouble | None) -> None:
        code = "" if trouble is None else trouble.code
        if code == found.settings.last_error or (code and code not in _OF_ADMIN):
            return
        tenant_id = found.settings.tenant_id
        if self._told.get(tenant_id) is None:
            # Not with each user's search: what one of them may, another may not.
            self._told.put(tenant_id, code)
            await note(self._storage, found.settings, code)


def _words(text: str) -> str:
    """Each word in the name or the address, as ``$search`` wants it; a quote would end it."""
    clauses = []
    for word in text.replace('"', " ").replace("\\", " ").split()[:MAX_TERMS]:
        clauses.append(f'("displayName:{word}" OR "mail:{word}")')
    return " AND ".join(clauses)
