"""SQLite in few trips to its thread.

aiosqlite gives a connection a thread of its own. SQLAlchemy's cursor goes there and back to be
made, for the statement, for its rows and to be closed; each trip wakes two threads, which takes
longer than the statement. Here a statement with its rows is one trip, and so is BEGIN with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")

Description = tuple[tuple[str, None, None, None, None, None, None], ...]


class OneTripCursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses for results that are read at once."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Description | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> OneTripCursor:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> OneTripCursor:
        return await self._connection.trip(lambda db: self._keep(db.execute(sql, parameters)))

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> OneTripCursor:
        return await self._connection.trip(lambda db: self._keep(db.executemany(sql, parameters)))

    def _keep(self, cursor: sqlite3.Cursor) -> OneTripCursor:
        self._rows = cursor.fetchall()
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


class OneTripConnection(aiosqlite.Connection):
    _begin: str | None = None  # to be executed before the next statement
    _used = False  # since the last transaction; also by a statement that nobody waits for any more

    def begin(self, statement: str) -> None:
        """Begin a transaction by this statement, together with the first one that is executed."""
        self._begin = statement

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        return OneTripCursor(self)

    async def trip(self, work: Callable[[sqlite3.Connection], T]) -> T:
        begin, self._begin, self._used = self._begin, None, True

        def on_thread() -> T:
            if begin is not None:
                try:
                    self._conn.execute(begin)
                except sqlite3.Error:
                    self._begin = begin  # whatever comes next must not run without it
                    raise
            return work(self._conn)

        result: T = await self._execute(on_thread)
        return result

    async def commit(self) -> None:
        self._begin = None
        if self._used:
            await super().commit()
            self._used = False

    async def rollback(self) -> None:
        self._begin = None
        if self._used:
            await super().rollback()
            self._used = False


def connect(database: str, **options: Any) -> OneTripConnection:
    """The ``async_creator_fn`` of the engine."""
    connection = OneTripConnection(lambda: sqlite3.connect(database, **options), 64)
    # As SQLAlchemy does with those it makes: a connection that nobody closed must not keep the
    # process from ending.
    connection._thread.daemon = True
    return connection
