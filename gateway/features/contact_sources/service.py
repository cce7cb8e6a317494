"""All sources of a tenant as one: search as somebody types, and the name behind a number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from sqlmodel import col

from gateway.features.contact_sources.memory import Memory
from gateway.features.contact_sources.source import (
    DirectorySource,
    Reader,
    SourceContact,
    SourceKind,
    SourceState,
    SourceStatus,
    SourceTrouble,
)
from gateway.ports import UserKey
from gateway.storage.lines import home_site
from gateway.storage.models import Line, User
from gateway.storage.storage import Storage
from protocols.aio.scope import TaskScope

log = structlog.get_logger(__name__)

PATIENCE = 2.0  # s that a search waits; what comes later is remembered by the source
_LIMIT = 15.0  # s for one question to one source
_AT_ONCE = 6  # questions of one user that are under way
_TENANTS_KEPT, _WITHOUT_LIFE = 10_000, 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    kind: SourceKind
    state: SourceState | Literal["slow"]
    contacts: Sequence[SourceContact] = ()


@dataclass(frozen=True, slots=True)
class Found:
    contacts: list[SourceContact]
    asked: list[Answer]


class ContactSources:
    """Implements the ``OutsideNames`` port."""

    def __init__(
        self,
        storage: Storage,
        sources: Sequence[DirectorySource],
        scope: TaskScope,
        monotonic: Callable[[], float],
        patience: float = PATIENCE,
    ) -> None:
        self._storage = storage
        self._sources = sources
        self._scope = scope
        self._patience = patience
        #: Tenants that have no source: most of them, and each call of a stranger would ask.
        self._without: Memory[str, bool] = Memory(_TENANTS_KEPT, _WITHOUT_LIFE, monotonic)
        #: Questions under way: the same one is asked once, whoever waits for it.
        self._asked: dict[tuple[UserKey, str, str], asyncio.Task[Any]] = {}

    async def status(self, user: UserKey) -> list[tuple[SourceKind, SourceStatus]]:
        """Of those that the tenant has."""
        found = [(source.kind, await source.status(user)) for source in self._sources]
        return [(kind, status) for kind, status in found if status is not None]

    async def search(self, user: UserKey, text: str) -> Found:
        reader = await self._reader(user)
        sources = [
            source
            for source in self._sources
            if (status := await source.status(user)) is not None and status.state != "not_connected"
        ]
        tasks = {
            source.kind: self._once(
                (user, source.kind, " ".join(text.casefold().split())),
                self._search_one(source, reader, text),
            )
            for source in sources
        }
        waiting = [task for task in tasks.values() if task is not None]
        if waiting:
            await asyncio.wait(waiting, timeout=self._patience)
        asked = [_answer(kind, task) for kind, task in tasks.items()]
        contacts = [contact for answer in asked for contact in answer.contacts]
        return Found(await self._without_colleagues(user, contacts), asked)

    async def name_of(self, reader: UserKey, canonical: str) -> str | None:
        if self._without.get(reader.tenant_id):
            return None
        task = self._once((reader, "", canonical), self._name(reader, canonical))
        # Whoever waits less long than this takes leaves the question to the next one.
        return None if task is None else await asyncio.shield(task)

    def remembered(self, reader: UserKey, canonicals: AbstractSet[str]) -> Mapping[str, str]:
        found = {}
        for canonical in canonicals:
            names = (source.remembered(reader, canonical) for source in self._sources)
            name = next((name for name in names if name), None)
            if name is not None:
                found[canonical] = name
        return found

    async def _reader(self, user: UserKey) -> Reader:
        async with self._storage.read(user.tenant_id) as db:
            return Reader(user, await home_site(db, user.user_id))

    def _once(
        self, key: tuple[UserKey, str, str], work: Coroutine[Any, Any, Any]
    ) -> asyncio.Task[Any] | None:
        """``None``: the user has asked too much already."""
        task = self._asked.get(key)
        if task is not None:
            work.close()
            return task
        if sum(1 for user, _, _ in self._asked if user == key[0]) >= _AT_ONCE:
            work.close()
            return None
        task = self._scope.start(work, key[1] or "name")
        self._asked[key] = task
        task.add_done_callback(lambda _: self._asked.pop(key, None))
        return task

    async def _search_one(self, source: DirectorySource, reader: Reader, text: str) -> Answer:
        try:
            async with asyncio.timeout(_LIMIT):
                return Answer(source.kind, "working", await source.search(reader, text))
        except SourceTrouble as trouble:
            return Answer(source.kind, trouble.state)
        except TimeoutError:
            return Answer(source.kind, "failing")
        except Exception:  # one source must not take the others along
            log.exception("contact_source.failed", source=source.kind)
            return Answer(source.kind, "failing")

    async def _name(self, user: UserKey, canonical: str) -> str | None:
        """From the first source in order that knows one; they are asked together."""
        statuses = [(source, await source.status(user)) for source in self._sources]
        if all(status is None for _, status in statuses):
            self._without.put(user.tenant_id, True)
            return None
        reader = await self._reader(user)
        names = await asyncio.gather(
            *(
                self._name_from(source, reader, canonical)
                for source, status in statuses
                if status is not None and status.state != "not_connected"
            )
        )
        return next((name for name in names if name), None)

    async def _name_from(
        self, source: DirectorySource, reader: Reader, canonical: str
    ) -> str | None:
        try:
            async with asyncio.timeout(_LIMIT):
                return await source.who_has(reader, canonical)
        except (SourceTrouble, TimeoutError):
            return None
        except Exception:
            log.exception("contact_source.failed", source=source.kind)
            return None

    async def _without_colleagues(
        self, user: UserKey, contacts: list[SourceContact]
    ) -> list[SourceContact]:
        """Whom the own directory has is found there, with presence; and nobody comes twice."""
        emails = {contact.email for contact in contacts if contact.email}
        emails |= {email.lower() for email in emails}
        numbers = {one.number.canonical for contact in contacts for one in contact.numbers}
        if not emails and not numbers:
            return _once_each(contacts)
        async with self._storage.read(user.tenant_id) as db:
            # Who is disabled is not found among the colleagues either.
            here = col(User.disabled).is_(False)
            people = await db.find(User, col(User.email).in_(emails), here, limit=len(emails) + 1)
            lines = await db.find(
                Line,
                col(Line.number).in_(numbers),
                col(Line.user_id).in_(db.ids_of(User, col(User.id), here)),
                limit=len(numbers) + 1,
            )
        taken = {person.email.lower() for person in people}
        inside = {line.number for line in lines}
        return _once_each(
            contact
            for contact in contacts
            if contact.email.lower() not in taken
            and not (
                contact.numbers and all(one.number.canonical in inside for one in contact.numbers)
            )
        )


def _answer(kind: SourceKind, task: asyncio.Task[Answer] | None) -> Answer:
    if task is None or not task.done() or task.cancelled():
        return Answer(kind, "slow")
    return task.result()


def _once_each(contacts: Iterable[SourceContact]) -> list[SourceContact]:
    """The user's own entry goes before the same one of the company."""
    seen: dict[tuple[str, frozenset[str]], SourceContact] = {}
    for contact in sorted(contacts, key=lambda one: (not one.private, one.name.casefold())):
        numbers = frozenset(one.number.canonical for one in contact.numbers)
        seen.setdefault((contact.name.casefold(), numbers), contact)
    return sorted(seen.values(), key=lambda one: one.name.casefold())
