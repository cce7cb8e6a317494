"""Alembic's entry. The connection is handed over by ``gateway.storage.migrate``."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from gateway.storage import models, tables  # noqa: F401 - register the tables
from gateway.storage.types import UtcDateTime


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain types: they must not change when a library renames its own."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    return False


connection = context.config.attributes["connection"]
if connection is None:
    raise RuntimeError("migrations run through gateway.storage.migrate")
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    transactional_ddl=True,
)
context.run_migrations()
