"""The only door to the tables: every transaction names its tenant.

``async with storage.read(tenant) as db`` and ``storage.write(tenant)`` give a
:class:`TenantSession`, whose every query is limited to that tenant and whose inserts are stamped
with it. The small index tables are reached by :meth:`Storage.index` alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import SQLModel

from gateway.storage import migrate, roles
from gateway.storage.engine import WRITE, create_engine
from gateway.storage.ids import is_id
from gateway.storage.models import KeyIndex, LoginIndex, Tenant, TenantOwned
from gateway.storage.tables.single_sign_on import SsoIndex

M = TypeVar("M", bound=TenantOwned)
N = TypeVar("N", bound=TenantOwned)
I_ = TypeVar("I_", LoginIndex, KeyIndex, SsoIndex)


class PreparedPairs(Generic[M, N]):
    """A query for :meth:`TenantSession.prepared`. Where a call waits for the answer: building a
    query takes as long as asking."""

    def __init__(self, model: type[M], other: type[N], on: Any, *where: Any, limit: int) -> None:
        tenant: Any = bindparam("tenant_id")
        query = select(model, other).join(other, and_(on, _tenant_of(other) == tenant))
        self.query = query.where(_tenant_of(model) == tenant, *where).limit(limit)


class TenantSession:
    """One transaction of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self.tenant_id = tenant_id
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, act: Callable[[], None]) -> None:
        """``act`` runs once this transaction is committed, and never if it is not."""
        self._after_commit.append(act)

    async def tenant(self) -> Tenant | None:
        return await self._session.get(Tenant, self.tenant_id)

    async def lock_tenant(self) -> None:
        """Until the end of this transaction nobody else gets past here for this tenant.

        SQLite has one writer anyway; PostgreSQL locks the tenant's row, though not its key: every
        insert refers to that, and two that had inserted would wait for each other for ever.
        """
        await self._session.execute(
            select(_column(Tenant, "id"))
            .where(_column(Tenant, "id") == self.tenant_id)
            .with_for_update(key_share=True)
        )

    def _query(self, model: type[M], where: Sequence[ColumnElement[bool]]) -> Select[M]:
        return select(model).where(_tenant_of(model) == self.tenant_id, *where)

    async def get(self, model: type[M], row_id: str) -> M | None:
        """By id; an id of another tenant is as unknown as one that never was."""
        if not is_id(row_id):
            return None
        return await self.first(model, _column(model, "id") == row_id)

    async def first(self, model: type[M], *where: Any) -> M | None:
        rows = await self._session.scalars(self._query(model, where).limit(1))
        found: M | None = rows.first()
        return found

    async def find(
        self,
        model: type[M],
        *where: Any,
        order_by: Sequence[Any] = (),
        limit: int | None = None,
        offset: int | None = None,
        without: Sequence[Any] = (),
    ) -> list[M]:
        """``without``: columns too long to be read for a list; who asks for one is refused."""
        query = self._query(model, where).order_by(*order_by).limit(limit).offset(offset)
        query = query.options(*(defer(column, raiseload=True) for column in without))
        rows: Sequence[M] = (await self._session.scalars(query)).all()
        return list(rows)

    async def pairs(
        self, model: type[M], other: type[N], on: Any, *where: Any, limit: int
    ) -> list[tuple[M, N]]:
        """Rows with the row of ``other`` that each one refers to, in one statement."""
        query = select(model, other).join(other, and_(on, _tenant_of(other) == self.tenant_id))
        query = query.where(_tenant_of(model) == self.tenant_id, *where).limit(limit)
        return [(one, two) for one, two in await self._session.execute(query)]

    async def prepared(self, pairs: PreparedPairs[M, N], **values: Any) -> list[tuple[M, N]]:
        """The same, built before; ``values`` are those of its own ``bindparam``s."""
        values["tenant_id"] = self.tenant_id
        return [(one, two) for one, two in await self._session.execute(pairs.query, values)]

    async def count(self, model: type[M], *where: Any) -> int:
        query = select(func.count()).select_from(model)
        query = query.where(_tenant_of(model) == self.tenant_id, *where)
        return int((await self._session.scalar(query)) or 0)

    async def values(
        self,
        model: type[M],
        column: Any,
        *where: Any,
        order_by: Sequence[Any] = (),
        once: bool = False,
    ) -> list[Any]:
        """One column of the rows, without their objects; ``once``: each value one time."""
        query = select(column).where(_tenant_of(model) == self.tenant_id, *where)
        query = query.distinct() if once else query
        return list((await self._session.scalars(query.order_by(*order_by))).all())

    async def rows(
        self, model: type[M], columns: Sequence[Any], *where: Any
    ) -> list[tuple[Any, ...]]:
        """Some columns of the rows, without their objects."""
        query = select(*columns).where(_tenant_of(model) == self.tenant_id, *where)
        return [tuple(row) for row in await self._session.execute(query)]

    async def counts(self, model: type[M], column: Any, *where: Any) -> dict[Any, int]:
        """How many rows there are of each value of a column."""
        query = select(column, func.count()).where(_tenant_of(model) == self.tenant_id, *where)
        found = await self._session.execute(query.group_by(column))
        return {value: int(count) for value, count in found}

    def ids_of(self, model: type[M], column: Any, *where: Any) -> Any:
        """The values of a column that names rows, for ``in_`` in another query of this tenant."""
        wanted = _tenant_of(model) == self.tenant_id
        return select(column).where(wanted, column.is_not(None), *where)

    async def total(self, model: type[M], column: Any, *where: Any) -> int:
        """The sum of a column."""
        query = select(func.coalesce(func.sum(column), 0)).where(
            _tenant_of(model) == self.tenant_id, *where
        )
        return int((await self._session.scalar(query)) or 0)

    async def add(self, *rows: TenantOwned) -> None:
        for row in rows:
            if row.tenant_id != self.tenant_id:
                raise ValueError(f"{type(row).__name__} belongs to another tenant")
            self._session.add(row)
            # One by one: references between new rows are by value, unknown to the unit of work.
            await self._session.flush()

    async def insert(self, model: type[TenantOwned], **values: Any) -> None:
        """A row without its object, in half the time. Defaults are those of the columns."""
        values["tenant_id"] = self.tenant_id
        await self._session.execute(insert(_table(model)), values)

    async def insert_all(self, model: type[TenantOwned], rows: Sequence[Mapping[str, Any]]) -> None:
        """Many rows without their objects, in one statement; all with the same members."""
        if rows:
            values = [{**row, "tenant_id": self.tenant_id} for row in rows]
            await self._session.execute(insert(_table(model)), values)

    async def update_each(
        self, model: type[TenantOwned], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Many rows, each by its ``id``, in one statement; all change the same members."""
        if not rows:
            return
        table = _table(model)
        changed: dict[str, Any] = {
            name: bindparam(f"to_{name}") for name in rows[0] if name != "id"
        }
        statement = update(table).where(
            table.c.tenant_id == self.tenant_id, table.c.id == bindparam("of_id")
        )
        values = [
            {"of_id": row["id"], **{f"to_{name}": row[name] for name in changed}} for row in rows
        ]
        # The connection's own: a session would take this for a change of its objects.
        connection = await self._session.connection()
        await connection.execute(statement.values(changed), values)

    async def find_logins(self, digests: Sequence[bytes]) -> list[LoginIndex]:
        """Whose these addresses are already, of whatever tenant: each is there but once."""
        found = await self._session.scalars(
            select(LoginIndex).where(_column(LoginIndex, "email_hash").in_(digests))
        )
        return list(found.all())

    async def insert_logins(self, rows: Sequence[tuple[bytes, str]]) -> None:
        """(digest of the address, user) of new users of this tenant."""
        if rows:
            values = [
                {"email_hash": digest, "tenant_id": self.tenant_id, "user_id": user_id}
                for digest, user_id in rows
            ]
            await self._session.execute(insert(_table(LoginIndex)), values)

    async def remove_logins(self, user_ids: Sequence[str]) -> None:
        table = _table(LoginIndex)
        await self._session.execute(
            delete(table).where(table.c.user_id.in_(user_ids), table.c.tenant_id == self.tenant_id)
        )

    async def add_index(self, row: LoginIndex | KeyIndex | SsoIndex) -> None:
        """What makes a new row of this tenant findable, in the same transaction."""
        if row.tenant_id != self.tenant_id:
            raise ValueError(f"{type(row).__name__} belongs to another tenant")
        self._session.add(row)
        await self._session.flush()

    async def remove_index(self, row: LoginIndex | KeyIndex | SsoIndex) -> None:
        """In the same transaction as what it found."""
        if row.tenant_id != self.tenant_id:
            raise ValueError(f"{type(row).__name__} belongs to another tenant")
        table = _table(type(row))
        key = next(iter(table.primary_key.columns))
        await self._session.execute(
            delete(table).where(key == getattr(row, key.name), table.c.tenant_id == self.tenant_id)
        )

    async def update(self, model: type[M], *where: Any, **values: Any) -> int:
        """Change the rows that match and tell how many: a compare-and-set in one statement."""
        statement = update(model).where(_tenant_of(model) == self.tenant_id, *where)
        return await self._count_of(statement.values(**values))

    async def delete(self, model: type[M], *where: Any) -> int:
        statement = delete(model).where(_tenant_of(model) == self.tenant_id, *where)
        return await self._count_of(statement)

    async def delete_rows(self, table: Table) -> int:
        """Of any table that has tenants: for :mod:`gateway.storage.erasure` alone."""
        return await self._count_of(delete(table).where(table.c.tenant_id == self.tenant_id))

    async def count_rows(self, table: Table) -> int:
        query = select(func.count()).select_from(table).where(table.c.tenant_id == self.tenant_id)
        return int((await self._session.scalar(query)) or 0)

    async def sum_of(self, table: Table, size: Any) -> int:
        """For :mod:`gateway.storage.usage`."""
        query = select(size).select_from(table).where(table.c.tenant_id == self.tenant_id)
        return int((await self._session.scalar(query)) or 0)

    async def delete_tenant(self) -> bool:
        """The last row of all. False: somebody else has done it."""
        statement = delete(Tenant).where(_column(Tenant, "id") == self.tenant_id)
        return bool(await self._count_of(statement))

    async def _count_of(self, statement: Any) -> int:
        result = await self._session.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount


class IndexSession:
    """The tables that find a tenant. They have no other use."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, model: type[I_], key: bytes | str) -> I_ | None:
        return await self._session.get(model, key)

    async def create_tenant(self, tenant: Tenant) -> None:
        self._session.add(tenant)
        await self._session.flush()

    async def tenants(self) -> list[Tenant]:
        """All of them, the newest first: for the operator and for what is kept in memory."""
        query = select(Tenant).order_by(_column(Tenant, "id").desc())
        return list((await self._session.scalars(query)).all())

    async def platform(self) -> Tenant | None:
        """The operator's own tenant."""
        query = select(Tenant).where(_column(Tenant, "kind") == "platform").limit(1)
        found: Tenant | None = (await self._session.scalars(query)).first()
        return found

    async def tenant_ids(self) -> list[str]:
        """For jobs that visit every tenant in turn (reapers at start)."""
        return list((await self._session.scalars(select(_column(Tenant, "id")))).all())


#: What an index session says instead of a tenant; no row of any tenant answers to it.
NO_TENANT = "*"


class Storage:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        # SQLite has one writer; waiting here is fair and cheap, waiting in its lock is neither.
        self._writer = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, owner_url: str | None = None) -> Storage:
        """Connect and bring the tables to this version, as their owner if it is somebody else."""
        if owner_url is not None and owner_url != url:
            await _prepare(owner_url, make_url(url).username or "")
        engine = create_engine(url)
        try:
            await migrate.upgrade(engine)
            await roles.check(engine)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine)

    async def aclose(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self, tenant_id: str) -> AsyncIterator[TenantSession]:
        _require_tenant(tenant_id)
        async with self._transaction(tenant_id, write=False) as session:
            yield TenantSession(session, tenant_id)

    @asynccontextmanager
    async def write(self, tenant_id: str) -> AsyncIterator[TenantSession]:
        """Commits at the end of the block; what the block raises rolls back."""
        _require_tenant(tenant_id)
        async with self._transaction(tenant_id, write=True) as session:
            db = TenantSession(session, tenant_id)
            yield db
        for act in db._after_commit:
            act()

    @asynccontextmanager
    async def index(self, *, write: bool = False) -> AsyncIterator[IndexSession]:
        async with self._transaction(None, write=write) as session:
            yield IndexSession(session)

    async def healthy(self) -> bool:
        try:
            async with asyncio.timeout(2), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True

    @asynccontextmanager
    async def _transaction(
        self, tenant_id: str | None, *, write: bool
    ) -> AsyncIterator[AsyncSession]:
        async with AsyncExitStack() as stack:
            if write and self._sqlite:
                await stack.enter_async_context(self._writer)
            session = await stack.enter_async_context(
                AsyncSession(self.engine, expire_on_commit=False)
            )
            await session.connection(execution_options={WRITE: write})
            if not self._sqlite:
                # Row-level security asks for this setting (architecture: the second lock).
                await session.execute(
                    text("SELECT set_config('app.tenant', :tenant, true)"),
                    {"tenant": tenant_id or NO_TENANT},
                )
            yield session
            if write:
                await session.commit()


async def _prepare(owner_url: str, role: str) -> None:
    owner = create_engine(owner_url)
    try:
        await migrate.upgrade(owner)
        if owner.dialect.name == "postgresql":
            await roles.grant(owner, role)
    finally:
        await owner.dispose()


def _require_tenant(tenant_id: object) -> None:
    if not is_id(tenant_id):
        raise ValueError("a transaction needs a tenant")


def _table(model: type[SQLModel]) -> Any:
    return getattr(model, "__table__")  # noqa: B009 - SQLModel does not declare it


def _tenant_of(model: type[TenantOwned]) -> ColumnElement[str]:
    if not (isinstance(model, type) and issubclass(model, TenantOwned)):
        raise TypeError(f"{model!r} has no tenant")
    column: ColumnElement[str] = _column(model, "tenant_id")
    return column


def _column(model: type[SQLModel], name: str) -> Any:
    return getattr(model, name)
