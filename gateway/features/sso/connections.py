"""What an administrator sets up of a tenant's OpenID providers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.credentials.secrets import SealError, Secrets
from gateway.features.sso import domains as domains_module
from gateway.features.sso.domains import Domains
from gateway.features.sso.failures import SignOnFailed
from gateway.features.sso.flow import CALLBACK, secret_context
from gateway.features.sso.models import (
    ConnectionIn,
    ConnectionView,
    DomainView,
    MethodsReply,
    SsoOffer,
    TestStarted,
    jsonable,
)
from gateway.features.sso.provider import Providers
from gateway.http.endpoint import API_PREFIX
from gateway.outbound import Outbound, OutboundError
from gateway.ports import Problem
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import (
    SignInDomain,
    SsoConnection,
    SsoIdentity,
)

_MAX_CONNECTIONS = 10
_TEST_LIFE = timedelta(minutes=15)
_SOON = timedelta(days=30)
_TEST_CONTEXT = "sso/test"
_PLAIN = (
    "name",
    "issuer",
    "client_id",
    "secret_expires_at",
    "scopes",
    "groups_claim",
    "role_by_group",
    "create_users",
    "active",
)


class Connections:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        audit: AuditLog,
        outbound: Outbound,
        providers: Providers,
        domains: Domains,
        public_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._outbound = outbound
        self._providers = providers
        self._domains = domains
        self._public_url = public_url
        self._now = now

    async def methods(self, email: str) -> MethodsReply:
        found = await self._domains.tenant_of(email) if "@" in email else None
        if found is None or found.connection_id is None:
            return MethodsReply(password=True, sso=None)
        async with self._storage.read(found.tenant_id) as db:
            connection = await db.get(SsoConnection, found.connection_id)
            active = await domains_module.is_active(db)
        if connection is None or not connection.active or not active:
            return MethodsReply(password=True, sso=None)
        offer = SsoOffer(name=connection.name, start_url=self._start_url(connection))
        return MethodsReply(password=True, sso=offer)

    async def all(self, who: Principal) -> list[ConnectionView]:
        async with self._storage.read(who.tenant_id) as db:
            found = await db.find(SsoConnection, order_by=[col(SsoConnection.id)])
            domains = await db.find(SignInDomain)
        return [self._view(one, domains) for one in found]

    async def one(self, who: Principal, connection_id: str) -> ConnectionView:
        async with self._storage.read(who.tenant_id) as db:
            return await self._shown(db, await self._get(db, connection_id))

    async def create(self, who: Principal, wanted: ConnectionIn) -> ConnectionView:
        await self._check(wanted)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if await db.count(SsoConnection) >= _MAX_CONNECTIONS:
                raise Problem(409, "too_many", f"There can be {_MAX_CONNECTIONS} connections")
            connection = SsoConnection(
                tenant_id=who.tenant_id, **{name: getattr(wanted, name) for name in _PLAIN}
            )
            connection.client_secret = self._sealed(connection.id, wanted.client_secret)
            await db.add(connection)
            await self._audit.record(
                db,
                who,
                "sso.create",
                "sso",
                connection.id,
                target_name=connection.name,
                after=_told(connection),
            )
        return self._view(connection, [])

    async def change(
        self, who: Principal, connection_id: str, wanted: ConnectionIn, version: int
    ) -> ConnectionView:
        await self._check(wanted)
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            connection = await self._get(db, connection_id)
            if connection.version != version:
                raise Problem(412, "changed_meanwhile", "Somebody changed this meanwhile")
            before = _told(connection)
            if connection.issuer != wanted.issuer:
                if connection.client_secret is not None and wanted.client_secret is None:
                    # It is sent to whatever the issuer names: to the one it was meant for alone.
                    raise Problem(
                        422, "secret_required", "Another issuer needs the client secret again"
                    )
                # Subjects are the issuer's: another one's must not open the same accounts.
                await db.delete(SsoIdentity, SsoIdentity.connection_id == connection_id)
            for name in _PLAIN:
                setattr(connection, name, getattr(wanted, name))
            if wanted.client_secret is not None:
                connection.client_secret = self._sealed(connection_id, wanted.client_secret)
            connection.version += 1
            after = _told(connection) | {"secret_changed": wanted.client_secret is not None}
            await self._audit.record(
                db,
                who,
                "sso.change",
                "sso",
                connection_id,
                target_name=connection.name,
                before=before,
                after=after,
            )
            shown = await self._shown(db, connection)
        self._providers.forget(wanted.issuer)
        return shown

    async def remove(self, who: Principal, connection_id: str) -> None:
        """Its people stay. A password they get anew, by invitation or reset."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            connection = await self._get(db, connection_id)
            for domain in await self._domains_of(db, connection_id):
                await self._domains.unlist(db, domain)
            bound = await db.find(SsoIdentity, SsoIdentity.connection_id == connection_id)
            for start in range(0, len(bound), 500):
                ids = [one.user_id for one in bound[start : start + 500]]
                await db.update(User, col(User.id).in_(ids), User.source == "sso", source="local")
            await db.delete(SsoConnection, SsoConnection.id == connection_id)
            await self._audit.record(
                db,
                who,
                "sso.remove",
                "sso",
                connection_id,
                target_name=connection.name,
                before=_told(connection),
            )

    async def forget_account(self, who: Principal, connection_id: str, user_id: str) -> None:
        """The next sign-on with the user's address binds the account anew."""
        async with self._storage.write(who.tenant_id) as db:
            gone = await db.delete(
                SsoIdentity,
                SsoIdentity.connection_id == connection_id,
                SsoIdentity.user_id == user_id,
            )
            if not gone:
                raise Problem(404, "not_found", "This user has never signed in this way")
            await self._audit.record(db, who, "sso.forget_account", "person", user_id)

    # --- trying it out -----------------------------------------------------------------------

    async def start_test(self, who: Principal, connection_id: str) -> TestStarted:
        async with self._storage.read(who.tenant_id) as db:
            connection = await self._get(db, connection_id)
        try:
            await self._providers.metadata(connection.issuer, fresh=True)
        except SignOnFailed as failed:
            raise Problem(422, failed.code, failed.detail) from failed
        test_id = new_id()
        test = {
            "id": test_id,
            "at": f"{who.tenant_id}.{connection_id}",
            "until": (self._now() + _TEST_LIFE).timestamp(),
        }
        sealed = self._secrets.seal(json.dumps(test), _TEST_CONTEXT)
        token = base64.urlsafe_b64encode(sealed).decode()
        url = f"{self._start_url(connection)}?to=admin&test={token}"
        return TestStarted(id=test_id, url=url)

    def test_of(self, token: str, public_id: str) -> str:
        """The id of a test that :meth:`start_test` made for this connection; "": it is none."""
        if not token:
            return ""
        try:
            sealed = base64.urlsafe_b64decode(token)
            test = json.loads(self._secrets.unseal(sealed, _TEST_CONTEXT))
        except (SealError, binascii.Error, ValueError) as error:
            raise SignOnFailed("attempt_unknown") from error
        if test["at"] != public_id or test["until"] < self._now().timestamp():
            raise SignOnFailed("attempt_unknown")
        return str(test["id"])

    # --- inside ------------------------------------------------------------------------------

    async def _check(self, wanted: ConnectionIn) -> None:
        try:
            self._outbound.check_url(wanted.issuer)
        except OutboundError as error:
            raise Problem(422, "issuer_refused", error.text) from error
        if not wanted.active:
            return
        try:
            await self._providers.metadata(wanted.issuer, fresh=True)
        except SignOnFailed as failed:
            raise Problem(422, failed.code, failed.detail) from failed

    def _sealed(self, connection_id: str, secret: str | None) -> bytes | None:
        return self._secrets.seal(secret, secret_context(connection_id)) if secret else None

    async def _get(self, db: TenantSession, connection_id: str) -> SsoConnection:
        connection = await db.get(SsoConnection, connection_id)
        if connection is None:
            raise Problem(404, "not_found", "There is no such connection")
        return connection

    async def _domains_of(self, db: TenantSession, connection_id: str) -> list[SignInDomain]:
        return await db.find(SignInDomain, SignInDomain.connection_id == connection_id)

    async def _shown(self, db: TenantSession, connection: SsoConnection) -> ConnectionView:
        return self._view(connection, await self._domains_of(db, connection.id))

    def _start_url(self, connection: SsoConnection) -> str:
        public_id = f"{connection.tenant_id}.{connection.id}"
        return f"{self._public_url}{API_PREFIX}/auth/sso/{public_id}/start"

    def _view(self, connection: SsoConnection, domains: Sequence[SignInDomain]) -> ConnectionView:
        own = [domains_module.view(one) for one in domains if one.connection_id == connection.id]
        return ConnectionView(
            id=connection.id,
            **{name: getattr(connection, name) for name in _PLAIN},
            has_secret=connection.client_secret is not None,
            version=connection.version,
            redirect_uri=self._public_url + CALLBACK,
            start_url=self._start_url(connection),
            domains=sorted(own, key=lambda one: one.domain),
            last_sign_in=connection.last_sign_in,
            last_error=connection.last_error,
            last_error_at=connection.last_error_at,
            last_test=jsonable(connection.last_test),
            warnings=self._warnings(connection, own),
        )

    def _warnings(self, connection: SsoConnection, domains: Sequence[DomainView]) -> list[Any]:
        found: list[str] = []
        expires = connection.secret_expires_at
        if expires is not None and connection.client_secret is not None:
            if expires <= self._now():
                found.append("secret_expired")
            elif expires <= self._now() + _SOON:
                found.append("secret_expires_soon")
        if not any(domain.state == "proven" for domain in domains):
            found.append("no_domain")
        return found


def _told(connection: SsoConnection) -> dict[str, Any]:
    """For the audit: no secret, times as text."""
    told = {name: getattr(connection, name) for name in _PLAIN}
    expires = connection.secret_expires_at
    told["secret_expires_at"] = None if expires is None else expires.isoformat()
    return told
