"""Templates for new people; imports: the plan, row by row, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref, time
from gateway.storage.models import TenantOwned


class PeopleImport(TenantOwned, table=True):
    """A file that was read. ``state``: planning, planned, applying, applied, undoing, undone;
    failed when a step of it could not be done.
    """

    __tablename__ = "people_import"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    filename: str = Field(max_length=200)
    format: str = Field(max_length=10)
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    #: How it was read: encoding, separator, columns and what they were taken for.
    reading: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = Field(max_length=10)
    total: int
    done: int = 0  # rows of the step that goes on
    #: Rows by action and by what became of them.
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_by: str = Field(max_length=200)
    #: Whose permissions it goes by: the acting principal, for after a restart.
    principal: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = now()
    applied_at: datetime | None = time()
    undone_at: datetime | None = time()


class PeopleImportRow(TenantOwned, table=True):
    """``action``: create, update, unchanged, error; ``""`` while it is not known.

    ``state``: new, planned, applied, failed (at applying), undone, kept (could not be undone).
    """

    __tablename__ = "people_import_row"
    __table_args__ = (
        UniqueConstraint("tenant_id", "import_id", "number"),
        Index("ix_people_import_row_state", "tenant_id", "import_id", "state", "number"),
        ref("people_import", "import_id", ondelete="CASCADE"),
    )
    import_id: str = Field(max_length=36)
    number: int  # of the row in the file, as a spreadsheet counts
    action: str = Field(default="", max_length=10)
    state: str = Field(default="new", max_length=10)
    user_id: str | None = Field(default=None, max_length=36, index=True)
    #: What the file says of the person, without the PBX password, which is sealed in ``secret``.
    wish: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    secret: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    changes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    faults: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    warnings: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    #: What undoing puts back; None: there was nobody.
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    #: The person's version after the change: another one by now means changed meanwhile.
    version_after: int | None = None


class PeopleTemplate(TenantOwned, table=True):
    """What new people begin with.

    ``desk_number``, ``device_id``, ``mailbox_number`` and ``auth_user`` may have ``{number}`` in
    them: the person's own.
    """

    __tablename__ = "people_template"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "name"),
        ref("site", "site_id"),
    )
    name: str = Field(max_length=100)
    #: Of those whom a directory or a provider tells of. At most one of a tenant is.
    is_default: bool = False
    role: str = Field(default="user", max_length=20)
    department: str = Field(default="", max_length=100)
    language: str = Field(default="", max_length=10)
    site_id: str | None = Field(default=None, max_length=36)
    #: Extensions that are given in turn, the lowest free one first; empty: none are.
    first_number: str = Field(default="", max_length=15)
    last_number: str = Field(default="", max_length=15)
    desk_number: str = Field(default="", max_length=40)
    device_id: str = Field(default="", max_length=40)
    mailbox_number: str = Field(default="", max_length=40)
    auth_user: str = Field(default="", max_length=80)
    version: int = 1
    created_at: datetime = now()
