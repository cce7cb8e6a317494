"""Which database the platform's tests run on: SQLite, or ``--database postgresql``."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gateway.storage.storage import Storage
from tests.support import postgres

#: Chosen by tests/conftest.py for the whole run.
chosen = "sqlite"
#: On PostgreSQL the name of the database with all tables and no rows.
MIGRATED = "offhook_migrated"

_empty: Path | None = None
_migrated = False


async def empty_storage(directory: Path) -> Storage:
    """An open database with all tables and no rows; migrated once, then copied."""
    if chosen == "postgresql":
        return await open_storage(await postgres_copy(MIGRATED))
    return await empty_sqlite(directory)


async def empty_sqlite(directory: Path) -> Storage:
    file = directory / "test.sqlite3"
    await empty_file(file)
    return await Storage.open(f"sqlite+aiosqlite:///{file}")


async def empty_file(file: Path) -> None:
    """All tables and no rows: migrations take half a second, a copy nothing."""
    global _empty
    if _empty is None:
        made = Path(tempfile.mkdtemp(prefix="offhook-tests-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        _empty = made / "empty.sqlite3"
        await (await Storage.open(f"sqlite+aiosqlite:///{_empty}")).aclose()
    await asyncio.to_thread(shutil.copy, _empty, file)


async def open_storage(database: postgres.Database) -> Storage:
    return await Storage.open(database.url(), database.owner_url)


async def copy_of(template: str, name: str | None = None) -> dict[str, Any]:
    """The configuration's part about a copy; none on SQLite, where files are copied."""
    if chosen == "sqlite":
        return {}
    made = await postgres_copy(template, name)
    return {"database_url": made.url(), "database_owner_url": made.owner_url}


async def postgres_copy(template: str, name: str | None = None) -> postgres.Database:
    global _migrated
    server = postgres.server()
    if not _migrated:
        _migrated = True
        await (await open_storage(await server.create(name=MIGRATED))).aclose()
    return await server.create(template, name)
