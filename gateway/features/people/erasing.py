"""What is kept of a person, wherever it is: to be shown before somebody leaves, and to be erased.

Every table that says ``user_id`` is asked, those of other features too, so that none is forgotten.
"""

from __future__ import annotations

import json

from sqlalchemy import Text, cast, func
from sqlmodel import col

from gateway.bus import Bus, PersonErased, SessionRevoked
from gateway.ports import UserKey
from gateway.storage.folding import same_address
from gateway.storage.models import Session, User
from gateway.storage.models import TenantOwned as Owned
from gateway.storage.storage import TenantSession
from gateway.storage.tables.notices import Announcement
from gateway.storage.tables.people import PeopleImport, PeopleImportRow

ERASED = "erased"


def tables() -> list[type[Owned]]:
    """With a column ``user_id``: whatever belongs to one person."""
    return [
        model
        for model in Owned.__subclasses__()
        if "user_id" in model.model_fields and hasattr(model, "__table__")
    ]


async def what_is_kept(db: TenantSession, user_id: str) -> dict[str, int]:
    """Rows by table, without those that have none."""
    counts = {
        str(model.__tablename__): await db.count(model, col(model.user_id) == user_id)  # type: ignore[attr-defined]
        for model in tables()
    }
    return {name: count for name, count in sorted(counts.items()) if count}


async def erase(db: TenantSession, bus: Bus, user: User) -> None:
    """All of it in this transaction; sockets close after it."""
    sessions = await db.find(Session, Session.user_id == user.id)
    for model in tables():
        # References among them cascade; the line goes first, for it names the user alone.
        await db.delete(model, col(model.user_id) == user.id)  # type: ignore[attr-defined]
    await _forget_rows(db, user.email)
    for one in await db.find(PeopleImport):
        if one.principal.get("id") == user.id:
            nameless = {**one.principal, "name": ""}
            await db.update(
                PeopleImport, PeopleImport.id == one.id, created_by="", principal=nameless
            )
    # Signed by name: a namesake's announcements lose their author as well.
    await db.update(Announcement, Announcement.created_by == user.name, created_by="")
    await db.remove_logins([user.id])
    await db.delete(User, User.id == user.id)
    for session in sessions:
        over = SessionRevoked(db.tenant_id, user.id, session.id, ERASED)
        db.after_commit(lambda over=over: bus.publish(over))  # type: ignore[misc]
    erased = PersonErased(UserKey(db.tenant_id, user.id))
    db.after_commit(lambda: bus.publish(erased))


async def _forget_rows(db: TenantSession, email: str) -> None:
    """Of imports that came to nothing: they name the person without knowing who it is."""
    # As it stands in the JSON, with other scripts escaped.
    text = json.dumps(email)[1:-1].lower()
    rows = await db.find(
        PeopleImportRow,
        col(PeopleImportRow.user_id).is_(None),
        func.lower(cast(PeopleImportRow.wish, Text)).contains(text, autoescape=True),
    )
    ids = [row.id for row in rows if same_address(row.wish.get("email") or "", email)]
    if ids:
        await db.delete(PeopleImportRow, col(PeopleImportRow.id).in_(ids))
