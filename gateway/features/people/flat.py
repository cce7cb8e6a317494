"""A person as one flat row: for comparing, for the audit, for the images that undo needs (pure)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from gateway.admin_ports import LineData, PersonData, Source
from gateway.storage.models import Line, User

#: Shown instead of a password that changes.
HIDDEN = "***"
USER_COLUMNS = (
    "email",
    "name",
    "search_name",
    "role",
    "department",
    "language",
    "external_id",
    "source",
    "disabled",
    "disabled_why",
)
LINE_COLUMNS = (
    "site_id",
    "line_id",
    "device_id",
    "number",
    "desk_number",
    "mailbox_number",
    "auth_user",
)


def person_of(user: User, line: Line | None) -> PersonData:
    source: Source = user.source  # type: ignore[assignment]
    return PersonData(
        email=user.email,
        name=user.name,
        role=user.role,
        department=user.department,
        language=user.language,
        external_id=user.external_id,
        source=source,
        line=None if line is None else line_of(line),
    )


def line_of(line: Line) -> LineData:
    return LineData(
        site_id=line.site_id,
        number=line.number,
        desk_number=line.desk_number,
        device_id=line.device_id,
        mailbox_number=line.mailbox_number,
        auth_user=line.auth_user,
    )


def flat(person: PersonData) -> dict[str, str | None]:
    """Without the password."""
    line = person.line
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "department": person.department,
        "language": person.language,
        "external_id": person.external_id,
        "source": person.source,
        "site_id": None if line is None else line.site_id,
        "number": None if line is None else line.number,
        "desk_number": None if line is None else line.desk_number,
        "device_id": None if line is None else line.device_id,
        "mailbox_number": None if line is None else line.mailbox_number,
        "auth_user": None if line is None else line.auth_user,
    }


def changes(
    before: PersonData | None, after: PersonData, new_password: bool
) -> dict[str, tuple[str | None, str | None]]:
    was: Mapping[str, str | None] = {} if before is None else flat(before)
    found = {
        name: (was.get(name), value)
        for name, value in flat(after).items()
        if was.get(name) != value and not (before is None and not value)
    }
    if new_password:
        had = HIDDEN if before is not None and before.line is not None else None
        found["auth_password"] = (had, HIDDEN)
    return found


def image_of(user: User, line: Line | None) -> dict[str, Any]:
    """What undoing puts back: JSON, the password as sealed as it is stored."""
    kept: dict[str, Any] = {"user": {name: getattr(user, name) for name in USER_COLUMNS}}
    if line is not None:
        kept["line"] = {name: getattr(line, name) for name in (*LINE_COLUMNS, "id")}
        kept["line"]["auth_password"] = base64.b64encode(line.auth_password).decode()
    return kept


def line_values(image: Mapping[str, Any]) -> dict[str, Any]:
    return {**image, "auth_password": base64.b64decode(image["auth_password"])}
