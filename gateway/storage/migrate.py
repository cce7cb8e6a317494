"""Bring the tables to the version of this program (Alembic).

Alembic takes a second to import, so it is only when the tables are not of this version already.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.storage import roles
from gateway.storage.engine import WRITE

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"
HEAD = "0019"  # the newest revision in migrations/versions; a test compares


def alembic_config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


async def upgrade(engine: AsyncEngine, revision: str = HEAD) -> None:
    async with engine.connect() as connection:
        if await connection.run_sync(current) == revision:
            return
    await _run(engine, "upgrade", revision)


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    await _run(engine, "downgrade", revision)


def current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


async def _run(engine: AsyncEngine, direction: str, revision: str) -> None:
    from alembic import command

    step = getattr(command, direction)
    async with engine.connect() as connection:
        await connection.execution_options(**{WRITE: True})
        async with connection.begin():
            if engine.dialect.name == "postgresql":
                await roles.one_at_a_time(connection)
            await connection.run_sync(lambda c: step(alembic_config(c), revision))
