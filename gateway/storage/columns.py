"""What every table module needs: keys, times and references within a tenant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from gateway.storage.ids import new_id, utc_now
from gateway.storage.types import UtcDateTime


def time(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, sa_type=UtcDateTime, nullable=nullable, index=index)


def now() -> Any:
    return Field(default_factory=utc_now, sa_type=UtcDateTime, nullable=False)


def id_() -> Any:
    return Field(default_factory=new_id, primary_key=True, max_length=36)


def ref(table: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """A reference within the tenant."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], **options
    )
