"""Puts people back as an image of them says, unless somebody has changed them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col

from gateway.admin_ports import Carried, Fault
from gateway.features.people import erasing, flat
from gateway.features.people.judging import RULING, chunks, none_left
from gateway.features.people.writing import Writer
from gateway.storage.folding import email_hash
from gateway.storage.models import Line, User
from gateway.storage.storage import TenantSession

_CHANGED = Fault("email", "changed_meanwhile", "This person was changed after the import")
_IN_USE = Fault("email", "in_use", "This person has signed in since the import")
_GONE = Fault("email", "person_unknown", "This person is gone")
_NUMBER = Fault("number", "number_taken", "Somebody else has this number now")
_EMAIL = Fault("email", "email_taken", "Somebody else has this e-mail address now")
_LAST = Fault("role", "last_admin", "There must be an administrator")


async def undo(db: TenantSession, writer: Writer, done: Sequence[Carried]) -> list[Fault | None]:
    """The caller holds the tenant's lock."""
    users: dict[str, User] = {}
    lines: dict[str, Line] = {}
    for chunk in chunks([one.user_id for one in done]):
        users |= {user.id: user for user in await db.find(User, col(User.id).in_(chunk))}
        found = await db.find(Line, col(Line.user_id).in_(chunk))
        lines |= {line.user_id: line for line in found}
    sites: set[str] = set()
    faults: list[Fault | None] = []
    created: list[str] = []
    #: Who would not be an administrator any more: together they must not be the last.
    leaving: set[str] = set()
    for one in done:
        user, line = users.get(one.user_id), lines.get(one.user_id)
        fault = await _against(db, one, user, line, leaving)
        faults.append(fault)
        if fault is not None or user is None:
            continue
        if one.before is None:
            created.append(user.id)
            sites |= {line.site_id} if line is not None else set()
        else:
            sites |= await _restore(db, user, line, one.before)
    await _remove(db, created)
    await writer.sites_changed(db, sites)
    return faults


async def _against(
    db: TenantSession, one: Carried, user: User | None, line: Line | None, leaving: set[str]
) -> Fault | None:
    if user is None:
        return _GONE
    if user.version != one.version:
        return _CHANGED
    if one.before is None:
        signed_in = user.password_hash or user.activated_at or user.last_sign_in
        if signed_in:
            return _IN_USE
        return await _last_against(db, user, leaving) if user.role in RULING else None
    was = one.before["user"]
    former = email_hash(was["email"])
    if former != email_hash(user.email) and await db.find_logins([former]):
        return _EMAIL
    fault = await _line_against(db, user, line, one.before.get("line"))
    if fault is None and user.role in RULING and was["role"] not in RULING:
        return await _last_against(db, user, leaving)
    return fault


async def _last_against(db: TenantSession, user: User, leaving: set[str]) -> Fault | None:
    if await none_left(db, {*leaving, user.id}):
        return _LAST
    leaving.add(user.id)
    return None


async def _line_against(
    db: TenantSession, user: User, line: Line | None, image: Mapping[str, Any] | None
) -> Fault | None:
    if image is None:
        return None
    if line is not None and line.id != image["id"]:
        return _CHANGED
    holder = await db.first(Line, Line.site_id == image["site_id"], Line.number == image["number"])
    return _NUMBER if holder is not None and holder.user_id != user.id else None


async def _restore(
    db: TenantSession, user: User, line: Line | None, image: Mapping[str, Any]
) -> set[str]:
    """The sites whose lines changed by it. The version goes on: it counts changes."""
    was = image["user"]
    if email_hash(was["email"]) != email_hash(user.email):
        await db.remove_logins([user.id])
        await db.insert_logins([(email_hash(was["email"]), user.id)])
    await db.update(User, User.id == user.id, **was, version=user.version + 1)
    kept = image.get("line")
    if kept is None:
        if line is None:
            return set()
        await db.delete(Line, Line.id == line.id)
        return {line.site_id}
    values = flat.line_values(kept)
    if line is None:
        await db.insert(Line, user_id=user.id, **values)
        return {kept["site_id"]}
    if all(getattr(line, name) == value for name, value in values.items()):
        return set()
    await db.update(Line, Line.id == line.id, **{k: v for k, v in values.items() if k != "id"})
    return {kept["site_id"], line.site_id}


async def _remove(db: TenantSession, user_ids: Sequence[str]) -> None:
    """People whom the import made, with the invitations they may have got."""
    for chunk in chunks(list(user_ids)):
        for model in erasing.tables():
            if model.__tablename__ != "people_import_row":  # says what was done, and undone
                await db.delete(model, col(model.user_id).in_(chunk))  # type: ignore[attr-defined]
        await db.remove_logins(chunk)
        await db.delete(User, col(User.id).in_(chunk))
