"""Rows of people: many at once, what undo needs of them, and the news for the connectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col

from gateway.admin_ports import Carried, LineData, Mail, Mailer, PersonData
from gateway.bus import Bus, SiteConfigChanged
from gateway.credentials.secrets import Secrets, line_context
from gateway.features.people import flat
from gateway.features.people.judging import Candidate
from gateway.storage.folding import email_hash, masked, search_name
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import Line, Site, User
from gateway.storage.storage import TenantSession
from gateway.storage.tables.one_time import OneTimeToken


@dataclass(slots=True)
class _Batch:
    """Statements to come: one each for all rows."""

    users: list[dict[str, Any]]
    logins: list[tuple[bytes, str]]
    lines: list[dict[str, Any]]
    changed_users: list[dict[str, Any]]
    changed_lines: list[dict[str, Any]]
    lost_lines: list[str]
    moved_logins: list[str]
    letters: list[Mail]
    sites: set[str]


class Writer:
    def __init__(self, secrets: Secrets, bus: Bus, mailer: Mailer) -> None:
        self._secrets = secrets
        self._bus = bus
        self._mailer = mailer

    async def write(self, db: TenantSession, candidates: Sequence[Candidate]) -> list[Carried]:
        """Candidates without fault; the caller holds the tenant's lock."""
        batch = _Batch([], [], [], [], [], [], [], [], set())
        done = [self._take(db.tenant_id, one, batch) for one in candidates]
        await db.insert_all(User, batch.users)
        await db.update_each(User, batch.changed_users)
        if batch.moved_logins:
            await db.remove_logins(batch.moved_logins)
            # Letters with links went to the address of before.
            await db.delete(OneTimeToken, col(OneTimeToken.user_id).in_(batch.moved_logins))
        await db.insert_logins(batch.logins)
        if batch.lost_lines:
            await db.delete(Line, col(Line.id).in_(batch.lost_lines))
        await db.insert_all(Line, batch.lines)
        await db.update_each(Line, batch.changed_lines)
        await self.sites_changed(db, batch.sites)
        for letter in batch.letters:
            await self._mailer.post(db, letter)
        return done

    async def sites_changed(self, db: TenantSession, site_ids: Iterable[str]) -> None:
        """Their connectors fetch the lines anew, once this is committed."""
        ids = sorted(set(site_ids))
        if not ids:
            return
        counted = {"config_version": col(Site.config_version) + 1}
        await db.update(Site, col(Site.id).in_(ids), **counted)
        for site_id in ids:
            news = SiteConfigChanged(db.tenant_id, site_id)
            db.after_commit(lambda news=news: self._bus.publish(news))  # type: ignore[misc]

    def _take(self, tenant_id: str, one: Candidate, batch: _Batch) -> Carried:
        user, wanted = one.user, one.wanted
        if user is None:
            return self._new(tenant_id, wanted, batch)
        image = flat.image_of(user, one.line)
        batch.changed_users.append({"id": user.id, **_columns(wanted), "version": user.version + 1})
        if email_hash(user.email) != email_hash(wanted.email):
            batch.moved_logins.append(user.id)
            batch.logins.append((email_hash(wanted.email), user.id))
            batch.letters.append(_moved_letter(user, wanted.name, wanted.email))
        self._line(user, one, batch)
        return Carried(user.id, user.version + 1, image)

    def _new(self, tenant_id: str, wanted: PersonData, batch: _Batch) -> Carried:
        user_id = new_id()
        batch.users.append(
            {
                "id": user_id,
                **_columns(wanted),
                "created_at": utc_now(),
                "settings": {},
            }
        )
        batch.logins.append((email_hash(wanted.email), user_id))
        if wanted.line is not None:
            batch.lines.append(self._new_line(tenant_id, user_id, wanted.line))
            batch.sites.add(wanted.line.site_id)
        return Carried(user_id, 1, None)

    def _new_line(self, tenant_id: str, user_id: str, line: LineData) -> dict[str, Any]:
        line_id = new_id()
        return {
            "id": new_id(),
            "user_id": user_id,
            "line_id": line_id,
            **_line_columns(line),
            "auth_password": self._sealed(tenant_id, line.site_id, line_id, line.auth_password),
        }

    def _line(self, user: User, one: Candidate, batch: _Batch) -> None:
        old, new = one.line, one.wanted.line
        if old is not None and new is None:
            batch.lost_lines.append(old.id)
            batch.sites.add(old.site_id)
        elif old is None and new is not None:
            batch.lines.append(self._new_line(user.tenant_id, user.id, new))
            batch.sites.add(new.site_id)
        elif old is not None and new is not None:
            if flat.line_of(old) == _without_password(new) and not one.new_password:
                return
            batch.changed_lines.append(self._changed_line(old, new, one.new_password))
            batch.sites |= {old.site_id, new.site_id}

    def _changed_line(self, old: Line, new: LineData, new_password: bool) -> dict[str, Any]:
        """Its id at the connector stays, save at another site, where it may be taken."""
        moved = old.site_id != new.site_id
        line_id = new_id() if moved else old.line_id
        sealed = old.auth_password
        if moved or new_password:
            context = line_context(old.tenant_id, old.site_id, old.line_id)
            password = new.auth_password if new_password else self._secrets.unseal(sealed, context)
            sealed = self._sealed(old.tenant_id, new.site_id, line_id, password)
        return {
            "id": old.id,
            "line_id": line_id,
            **_line_columns(new),
            "auth_password": sealed,
        }

    def _sealed(self, tenant_id: str, site_id: str, line_id: str, password: str | None) -> bytes:
        return self._secrets.seal(password or "", line_context(tenant_id, site_id, line_id))


def _moved_letter(user: User, name: str, to: str) -> Mail:
    """To the address of before, whoever moves the account: it may not be who should."""
    values = {"name": name, "new_email": masked(to.strip())}
    return Mail(user.email, "email_changed", user.language, values, "", user.id)


def _columns(wanted: PersonData) -> dict[str, Any]:
    return {
        "email": wanted.email,
        "name": wanted.name,
        "search_name": search_name(wanted.name),
        "role": wanted.role,
        "department": wanted.department,
        "language": wanted.language,
        "external_id": wanted.external_id,
        "source": wanted.source,
    }


def _line_columns(line: LineData) -> dict[str, Any]:
    return {
        "site_id": line.site_id,
        "device_id": line.device_id,
        "number": line.number,
        "desk_number": line.desk_number,
        "mailbox_number": line.mailbox_number,
        "auth_user": line.auth_user,
    }


def _without_password(line: LineData) -> LineData:
    return LineData(**_line_columns(line))
