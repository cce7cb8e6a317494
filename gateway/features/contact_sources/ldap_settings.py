"""The LDAP directory's settings, as the tenant's administrator makes them."""

from __future__ import annotations

import ssl
from typing import Any

from ldap3.core.exceptions import LDAPExceptionError
from ldap3.operation.search import parse_filter

from gateway.admin_ports import AuditLog, Principal
from gateway.credentials.secrets import Secrets
from gateway.features.contact_sources.ldap_source import LdapSource, bind_context
from gateway.features.contact_sources.models import LdapIn, LdapView, SourceTest, view_of
from gateway.features.contact_sources.source import Reader
from gateway.ldap import LdapError
from gateway.ports import Problem, UserKey
from gateway.storage.lines import home_site
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.contact_sources import LdapContacts

_PLAIN = tuple(name for name in LdapIn.model_fields if name != "bind_password")
#: Whom the stored password is sent to, and what proves that it is they.
_SERVER = ("host", "port", "ca_pem")
_SHOWN = 5


class LdapSettings:
    def __init__(
        self, storage: Storage, secrets: Secrets, audit: AuditLog, source: LdapSource
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._source = source

    async def shown(self, who: Principal) -> LdapView:
        async with self._storage.read(who.tenant_id) as db:
            return _view(await db.first(LdapContacts) or _unset(who.tenant_id))

    async def change(self, who: Principal, wanted: LdapIn, version: int) -> LdapView:
        _check(wanted)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            found = await db.first(LdapContacts)
            directory = found or _unset(who.tenant_id)
            if directory.version != version:
                raise Problem(412, "changed_meanwhile", "Somebody changed this meanwhile")
            before = None if found is None else _told(directory)
            moved = any(getattr(directory, name) != getattr(wanted, name) for name in _SERVER)
            if moved and wanted.bind_password is None and directory.bind_password is not None:
                # Or a server of somebody's own would be told what is never shown.
                raise Problem(422, "secret_required", "Another server needs the password again")
            for name in _PLAIN:
                setattr(directory, name, getattr(wanted, name))
            password = wanted.bind_password
            if password is not None:
                context = bind_context(who.tenant_id)
                directory.bind_password = (
                    self._secrets.seal(password, context) if password else None
                )
            directory.version = version + 1
            db.after_commit(lambda: self._source.forget_tenant(who.tenant_id))
            directory.last_error, directory.last_error_at = "", None
            if found is None:
                await db.add(directory)
            after = _told(directory) | {"password_changed": password is not None}
            await self._record(db, who, "contact_source.change", directory, before, after)
            return _view(directory)

    async def remove(self, who: Principal) -> None:
        async with self._storage.write(who.tenant_id) as db:
            directory = await db.first(LdapContacts)
            if directory is None:
                return
            await db.delete(LdapContacts)
            db.after_commit(lambda: self._source.forget_tenant(who.tenant_id))
            before = _told(directory)
            await self._record(db, who, "contact_source.remove", directory, before, None)

    async def try_out(self, who: Principal, text: str) -> SourceTest:
        """With what is stored, active or not."""
        async with self._storage.read(who.tenant_id) as db:
            directory = await db.first(LdapContacts)
            site = await home_site(db, None)
        if directory is None:
            raise Problem(409, "not_set_up", "Save the directory first")
        reader = Reader(UserKey(who.tenant_id, who.id), site)
        try:
            found = await self._source.try_out(directory, reader, text)
        except LdapError as error:
            return SourceTest(ok=False, code=error.code, detail=error.text)
        await self._source.works(directory)
        return SourceTest(
            ok=True,
            code="" if found else "nothing_found",
            detail="",
            items=[view_of(contact) for contact in found[:_SHOWN]],
        )

    async def _record(
        self,
        db: TenantSession,
        who: Principal,
        action: str,
        directory: LdapContacts,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        await self._audit.record(
            db,
            who,
            action,
            "contact_source",
            "ldap",
            target_name=directory.host,
            before=before,
            after=after,
        )


def _unset(tenant_id: str) -> LdapContacts:
    plain = LdapIn(host="x").model_dump(exclude={"bind_password", "host"})
    return LdapContacts(tenant_id=tenant_id, host="", version=0, **plain)


def _told(directory: LdapContacts) -> dict[str, Any]:
    return {name: getattr(directory, name) for name in _PLAIN}


def _view(directory: LdapContacts) -> LdapView:
    return LdapView(
        **_told(directory),
        has_bind_password=directory.bind_password is not None,
        version=directory.version,
        last_error=directory.last_error,
        last_error_at=directory.last_error_at,
    )


def _check(wanted: LdapIn) -> None:
    if not (wanted.work_attributes or wanted.mobile_attributes or wanted.home_attributes):
        raise Problem(422, "number_attribute_missing", "Say where the numbers are")
    whole = wanted.filter.startswith("(") and wanted.filter.endswith(")")
    try:
        parse_filter(wanted.filter, None, None, None, None, False)  # type: ignore[no-untyped-call]
    except (LDAPExceptionError, ValueError, IndexError, TypeError):
        whole = False
    if not whole:
        raise Problem(422, "filter_invalid", "This is not a search filter: (objectClass=person)")
    if wanted.ca_pem:
        try:
            ssl.create_default_context(cadata=wanted.ca_pem)
        except (ssl.SSLError, ValueError) as error:
            raise Problem(422, "ca_invalid", "This is not a certificate in PEM form") from error
