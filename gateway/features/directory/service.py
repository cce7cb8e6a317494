"""Search over the tenant's users and the name behind a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import col

from gateway.features.directory.models import DirectoryPage, PersonView
from gateway.http import cursor
from gateway.http.shapes import NumberView
from gateway.ports import Person
from gateway.storage.folding import query_digits, query_terms
from gateway.storage.models import Line, User
from gateway.storage.storage import Storage


class DirectoryService:
    """Implements the ``DirectoryLookup`` port."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def search(
        self, tenant_id: str, text: str, after: str | None, limit: int
    ) -> DirectoryPage:
        where: list[Any] = [col(User.disabled).is_(False)]
        if text.strip():
            where.append(_matches(tenant_id, text))
        if after is not None:
            name, user_id = cursor.decode(after, 2)
            later = and_(col(User.search_name) == name, col(User.id) > user_id)
            where.append(or_(col(User.search_name) > name, later))
        async with self._storage.read(tenant_id) as db:
            users = await db.find(
                User, *where, order_by=[col(User.search_name), col(User.id)], limit=limit + 1
            )
            more = len(users) > limit
            users = users[:limit]
            lines = await db.find(Line, col(Line.user_id).in_([user.id for user in users]))
        numbers = {line.user_id: line.number for line in lines}
        items = [_person(user, numbers.get(user.id)) for user in users]
        following = cursor.encode(users[-1].search_name, users[-1].id) if more else None
        return DirectoryPage(items=items, next_cursor=following)

    async def name_of(
        self, tenant_id: str, canonical: str, reader: str | None = None
    ) -> Person | None:
        async with self._storage.read(tenant_id) as db:
            found = await db.pairs(
                Line,
                User,
                col(Line.user_id) == col(User.id),
                or_(col(Line.number) == canonical, col(Line.desk_number) == canonical),
                limit=2,
            )
        # The same extension at two sites says nothing about who it is.
        if len(found) != 1:
            return None
        _, user = found[0]
        return Person(user.id, user.name)

    async def names_of(
        self, tenant_id: str, canonicals: AbstractSet[str], reader: str | None = None
    ) -> Mapping[str, str]:
        if not canonicals:
            return {}
        async with self._storage.read(tenant_id) as db:
            found = await db.pairs(
                Line,
                User,
                col(Line.user_id) == col(User.id),
                or_(col(Line.number).in_(canonicals), col(Line.desk_number).in_(canonicals)),
                limit=2 * len(canonicals) + 2,
            )
        owners: dict[str, set[str]] = defaultdict(set)
        for line, user in found:
            for number in {line.number, line.desk_number} & canonicals:
                owners[number].add(user.name)
        return {number: names.pop() for number, names in owners.items() if len(names) == 1}


def _matches(tenant_id: str, text: str) -> Any:
    """By the beginnings of words of the name, or of the number; signs alone match nobody."""
    by: list[Any] = []
    terms = query_terms(text)
    if terms:
        words = [col(User.search_name).contains(f" {term}", autoescape=True) for term in terms]
        by.append(and_(*words))
    digits = query_digits(text)
    if digits is not None:
        owners = select(col(Line.user_id)).where(
            col(Line.tenant_id) == tenant_id,
            col(Line.number).startswith(digits, autoescape=True),
        )
        by.append(col(User.id).in_(owners))
    return or_(*by) if by else col(User.id).is_(None)


def _person(user: User, number: str | None) -> PersonView:
    view = NumberView(dialled=number, canonical=number, display=number) if number else None
    return PersonView(user_id=user.id, name=user.name, email=user.email, number=view)
