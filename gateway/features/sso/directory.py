"""Signing in with the password of the company's directory (LDAP)."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from ldap3.core.exceptions import LDAPExceptionError
from ldap3.operation.search import parse_filter
from sqlalchemy.exc import IntegrityError

from gateway.admin_ports import AuditLog, Principal
from gateway.credentials.secrets import SealError, Secrets
from gateway.features.sso import domains as domains_module
from gateway.features.sso.arrivals import Arrival, Arrivals, Door
from gateway.features.sso.domains import Domains
from gateway.features.sso.failures import SignOnFailed
from gateway.features.sso.models import DirectoryIn, DirectoryTest, DirectoryView, TestResult
from gateway.group_roles import role_of
from gateway.ldap import (
    Binding,
    LdapClient,
    LdapEntry,
    LdapError,
    LdapSearch,
    LdapServer,
    in_dn,
    in_filter,
)
from gateway.ports import Problem, UserKey
from gateway.storage.folding import one_form, same_address
from gateway.storage.ids import new_id, utc_now
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import DirectorySignIn, SignInDomain

log = structlog.get_logger(__name__)

_CONTEXT = "directory_sign_in/bind_password"
_PLAIN = tuple(name for name in DirectoryIn.model_fields if name != "bind_password")
#: Whom the stored password is sent to, and what proves that it is they.
_SERVER = ("host", "port", "ca_pem")
_MOST_ADDRESSES = 50  # of one entry
#: What says that the directory cannot be asked, not that somebody is wrong.
_NOT_ASKED = (
    "address_refused",
    "directory_unreachable",
    "tls_failed",
    "bind_refused",
    "search_invalid",
    "search_failed",
    "secret_unreadable",
)


class DirectoryService:
    """Implements the ``DirectorySignIn`` port of sign-in."""

    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        audit: AuditLog,
        client: LdapClient,
        domains: Domains,
        arrivals: Arrivals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._client = client
        self._domains = domains
        self._arrivals = arrivals
        self._now = now

    # --- signing in --------------------------------------------------------------------------

    async def verify(self, email: str, password: str) -> UserKey | None:
        found = await self._domains.tenant_of(email)
        if found is None or found.connection_id is not None:
            return None
        async with self._storage.read(found.tenant_id) as db:
            directory = await db.first(DirectorySignIn)
            active = await domains_module.is_active(db)
        if directory is None or not directory.active or not active:
            return None
        try:
            arrival = await self._prove(directory, email, password)
            if arrival is None:
                return None
            user_id = await self._let_in(directory, arrival)
        except SignOnFailed as failed:
            log.warning("directory.refused", tenant=found.tenant_id, code=failed.code)
            await self._note(found.tenant_id, failed.code)
            if failed.code in _NOT_ASKED:
                raise Problem(
                    503, "directory_unreachable", "Your company's directory does not answer"
                ) from failed
            return None
        return UserKey(found.tenant_id, user_id)

    async def _prove(self, directory: DirectorySignIn, email: str, password: str) -> Arrival | None:
        """``None``: not this password, or nobody of this address."""
        if not password:
            return None
        server = LdapServer(
            directory.host,
            directory.port,
            directory.security,  # type: ignore[arg-type]
            directory.ca_pem,
        )
        email = one_form(email)
        search = _searches_for(directory, email)[0]
        try:
            if directory.method == "bind":
                binding = Binding(_name_of(directory, email), password)
                entry = await self._client.bind_and_read(server, binding, search)
            else:
                binding = Binding(directory.bind_dn, self._bind_password(directory))
                entry = await self._client.find_and_bind(server, binding, search, password)
            addresses = () if entry is None else _addresses(directory, entry)
            others = [address for address in addresses if not same_address(address, email)]
            # The entry must have the very address that was typed: it is what finds the user here.
            if entry is None or len(others) == len(addresses):
                return None
            arrival = _arrival(directory, entry, email)
            async with self._storage.read(directory.tenant_id) as db:
                await self._check_rivals(db, directory, email, others)
                needed = await self._arrivals.needed(db, arrival, others, None)
            typed = [] if "{email}" in directory.user_filter else [email]
            for address in (*typed, *needed):
                await self._check_alone(directory, server, binding, entry, one_form(address))
        except LdapError as error:
            raise SignOnFailed(error.code, error.text) from error
        return replace(arrival, also=needed)

    async def _check_alone(
        self,
        directory: DirectorySignIn,
        server: LdapServer,
        binding: Binding,
        entry: LdapEntry,
        address: str,
    ) -> None:
        """Typed itself it would have to find this entry and no other: an address that several
        share, or that people write into their own entry, does not say whose account it is."""
        for search in _searches_for(directory, address):
            found = await self._client.search(server, binding, search)
            if [one.dn for one in found] != [entry.dn]:
                raise _shared()
        # Who asks may see no entry but the own.
        if directory.method == "bind" and binding.dn != _name_of(directory, address):
            raise _shared()

    async def _check_rivals(
        self, db: TenantSession, directory: DirectorySignIn, email: str, others: Sequence[str]
    ) -> None:
        """A name made of what is before the @ says nothing of the domain: whose two addresses with
        one name are two accounts here may be somebody who wrote one of them into the own entry."""
        if directory.method != "bind" or "{email}" in directory.user_dn:
            return
        accounts = {await self._arrivals.account(db, email)}
        for address in map(one_form, others):
            if _name_of(directory, address) == _name_of(directory, email):
                accounts.add(await self._arrivals.account(db, address))
        if len(accounts - {None}) > 1:
            raise _shared()

    async def _let_in(self, directory: DirectorySignIn, arrival: Arrival) -> str:
        door = Door("ldap", "directory sign-in", directory.role_by_group, directory.create_users)
        try:
            async with self._storage.write(directory.tenant_id) as db:
                await self._arrivals.check_domain(db, arrival.email, None)
                user_id = await self._arrivals.settle(db, arrival, door)
                await db.update(
                    DirectorySignIn,
                    DirectorySignIn.id == directory.id,
                    last_sign_in=self._now(),
                    last_error="",
                )
        except IntegrityError as error:
            raise SignOnFailed("try_again", "Two sign-ins met") from error
        return user_id

    async def _note(self, tenant_id: str, code: str) -> None:
        async with self._storage.write(tenant_id) as db:
            await db.update(DirectorySignIn, last_error=code[:60], last_error_at=self._now())

    def _bind_password(self, directory: DirectorySignIn) -> str:
        if directory.bind_password is None:
            return ""
        try:
            return self._secrets.unseal(directory.bind_password, _context(directory.tenant_id))
        except SealError as error:
            raise SignOnFailed("secret_unreadable", "Enter its password again") from error

    # --- setting it up -----------------------------------------------------------------------

    async def shown(self, who: Principal) -> DirectoryView:
        async with self._storage.read(who.tenant_id) as db:
            directory = await db.first(DirectorySignIn)
            return await self._view(db, directory or _unset(who.tenant_id))

    async def change(self, who: Principal, wanted: DirectoryIn, version: int) -> DirectoryView:
        _check(wanted)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            directory = await db.first(DirectorySignIn)
            if (0 if directory is None else directory.version) != version:
                raise Problem(412, "changed_meanwhile", "Somebody changed this meanwhile")
            before = None if directory is None else _told(directory)
            if directory is None:
                directory = _unset(who.tenant_id)
                await db.add(directory)
            password = wanted.bind_password
            moved = any(getattr(directory, name) != getattr(wanted, name) for name in _SERVER)
            if moved and password is None and directory.bind_password is not None:
                # Or a server of somebody's own would be told what is never shown.
                if wanted.method == "search":
                    raise Problem(422, "secret_required", "Another server needs the password again")
                password = ""  # this way has no use for one
            for name in _PLAIN:
                setattr(directory, name, getattr(wanted, name))
            if password is not None:
                directory.bind_password = (
                    self._secrets.seal(password, _context(who.tenant_id)) if password else None
                )
            directory.version = version + 1
            after = _told(directory) | {"password_changed": password is not None}
            await self._audit.record(
                db,
                who,
                "directory_sign_in.change",
                "directory_sign_in",
                directory.id,
                target_name=directory.host,
                before=before,
                after=after,
            )
            return await self._view(db, directory)

    async def try_out(self, who: Principal, wanted: DirectoryTest) -> TestResult:
        """With what is stored, active or not; changes nothing."""
        async with self._storage.read(who.tenant_id) as db:
            directory = await db.first(DirectorySignIn)
        if directory is None:
            raise Problem(409, "not_set_up", "Save the directory first")
        result: dict[str, Any] = {"id": new_id(), "at": self._now().isoformat()}
        try:
            arrival = await self._prove(directory, wanted.email, wanted.password)
            if arrival is None:
                raise SignOnFailed("bad_credentials", "Nobody of this address has this password")
            async with self._storage.read(who.tenant_id) as db:
                await self._arrivals.check_domain(db, arrival.email, None)
        except SignOnFailed as failed:
            return TestResult(**result, ok=False, code=failed.code, detail=failed.detail)
        return TestResult(
            **result,
            ok=True,
            code="",
            detail="",
            email=arrival.email,
            name=arrival.name,
            groups=list(arrival.groups or ())[:50],
            role=role_of(arrival.groups, directory.role_by_group) or "",
        )

    async def _view(self, db: TenantSession, directory: DirectorySignIn) -> DirectoryView:

        domains = await db.find(SignInDomain, SignInDomain.connection_id == None)  # noqa: E711
        return DirectoryView(
            **{name: getattr(directory, name) for name in _PLAIN},
            has_bind_password=directory.bind_password is not None,
            version=directory.version,
            domains=[
                domains_module.view(one) for one in sorted(domains, key=lambda one: one.domain)
            ],
            last_sign_in=directory.last_sign_in,
            last_error=directory.last_error,
            last_error_at=directory.last_error_at,
        )


def _context(tenant_id: str) -> str:
    return f"{_CONTEXT}/{tenant_id}"


def _unset(tenant_id: str) -> DirectorySignIn:
    return DirectorySignIn(
        tenant_id=tenant_id, host="", port=389, security="starttls", method="search", version=0
    )


def _told(directory: DirectorySignIn) -> dict[str, Any]:
    return {name: getattr(directory, name) for name in _PLAIN}


def _searches_for(directory: DirectorySignIn, email: str) -> list[LdapSearch]:
    """What finds their entry, and what more must find it alone: a filter that goes by what is
    before the @ does not see who else has the address."""
    filters = [_filled(directory.user_filter, email, in_name=False)]
    if "{email}" not in directory.user_filter:
        filters.append(f"({directory.email_attribute}={in_filter(email)})")
    attributes = (directory.email_attribute, directory.name_attribute, directory.group_attribute)
    return [
        # Two are one too many.
        LdapSearch(directory.base_dn, one, attributes, limit=2, whole=True)
        for one in filters
    ]


def _name_of(directory: DirectorySignIn, email: str) -> str:
    """As whom to bind."""
    return _filled(directory.user_dn, email, in_name=True)


def _shared() -> SignOnFailed:
    return SignOnFailed("account_other", "The address is not this entry's alone")


def _filled(template: str, email: str, *, in_name: bool) -> str:
    """``{email}`` and ``{user}`` (what is before the @). A template without ``=`` is no DN but a
    name as Active Directory takes it, and goes as it is."""
    escape = in_filter if not in_name else in_dn if "=" in template else str
    user = email.rpartition("@")[0]
    return template.replace("{email}", escape(email)).replace("{user}", escape(user))


def _addresses(directory: DirectorySignIn, entry: LdapEntry) -> Sequence[str]:
    return entry.attributes[directory.email_attribute][:_MOST_ADDRESSES]


def _arrival(directory: DirectorySignIn, entry: LdapEntry, email: str) -> Arrival:
    name = entry.first(directory.name_attribute).strip() or email.partition("@")[0]
    return Arrival(one_form(email), name[:200], entry.attributes[directory.group_attribute])


def _check(wanted: DirectoryIn) -> None:
    if wanted.method == "bind" and not ({"{email}", "{user}"} & set(_marks(wanted.user_dn))):
        raise Problem(422, "user_dn_invalid", "The name must contain {email} or {user}")
    if not ({"{email}", "{user}"} & set(_marks(wanted.user_filter))):
        raise Problem(422, "filter_invalid", "The filter must contain {email} or {user}")
    try:
        filled = _filled(wanted.user_filter, "a@example.test", in_name=False)
        parse_filter(filled, None, None, None, None, False)  # type: ignore[no-untyped-call]
    except (LDAPExceptionError, ValueError, IndexError, TypeError) as error:
        raise Problem(422, "filter_invalid", "This is not a search filter") from error
    if wanted.ca_pem:
        try:
            ssl.create_default_context(cadata=wanted.ca_pem)
        except (ssl.SSLError, ValueError) as error:
            raise Problem(422, "ca_invalid", "This is not a certificate in PEM form") from error


def _marks(template: str) -> list[str]:
    return [mark for mark in ("{email}", "{user}") if mark in template]
