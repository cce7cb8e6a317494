"""The tenant's application at Microsoft, as its administrator enters it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gateway.admin_ports import AuditLog, Principal
from gateway.credentials.secrets import Secrets
from gateway.features.contact_sources.microsoft_source import permissions
from gateway.features.contact_sources.microsoft_tokens import (
    ConsentEnded,
    TokenEndpoint,
    application,
    secret_context,
)
from gateway.features.contact_sources.models import MicrosoftIn, MicrosoftView, SourceTest
from gateway.features.contact_sources.noting import note
from gateway.features.contact_sources.source import SourceTrouble
from gateway.ports import Problem
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.contact_sources import MicrosoftAccount, MicrosoftContacts

_PLAIN = tuple(name for name in MicrosoftIn.model_fields if name != "client_secret")
_WHO = ("directory_id", "client_id")
#: An id or a domain of one directory. Never "common" and the like: any account would do there.
_DIRECTORY = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.IGNORECASE
)


class MicrosoftSettings:
    """``forget`` is told of a tenant where something else holds from now on."""

    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        audit: AuditLog,
        endpoint: TokenEndpoint,
        redirect_uri: str,
        forget: Callable[[str], None],
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._endpoint = endpoint
        self._redirect_uri = redirect_uri
        self._forget = forget

    async def shown(self, who: Principal) -> MicrosoftView:
        async with self._storage.read(who.tenant_id) as db:
            found = await db.first(MicrosoftContacts)
            return await self._view(db, found or _unset(who.tenant_id))

    async def change(self, who: Principal, wanted: MicrosoftIn, version: int) -> MicrosoftView:
        if not _DIRECTORY.fullmatch(wanted.directory_id):
            raise Problem(422, "directory_id_invalid", "Enter the directory's id or its domain")
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            found = await db.first(MicrosoftContacts)
            settings = found or _unset(who.tenant_id)
            if settings.version != version:
                raise Problem(412, "changed_meanwhile", "Somebody changed this meanwhile")
            before = None if found is None else _told(settings)
            moved = any(getattr(settings, name) != getattr(wanted, name) for name in _WHO)
            if wanted.client_secret is None and (moved or settings.client_secret is None):
                raise Problem(422, "secret_required", "Enter the secret of this application")
            if moved:
                # Their consent was to another application.
                await db.delete(MicrosoftAccount)
            # Also of what is only switched off nothing is shown any more.
            db.after_commit(lambda: self._forget(who.tenant_id))
            for name in _PLAIN:
                setattr(settings, name, getattr(wanted, name))
            if wanted.client_secret is not None:
                context = secret_context(who.tenant_id)
                settings.client_secret = self._secrets.seal(wanted.client_secret, context)
            settings.version = version + 1
            settings.last_error, settings.last_error_at = "", None
            if found is None:
                await db.add(settings)
            after = _told(settings) | {"secret_changed": wanted.client_secret is not None}
            await self._record(db, who, "contact_source.change", settings, before, after)
            return await self._view(db, settings)

    async def remove(self, who: Principal) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()  # who connects just now does so before, or not at all
            settings = await db.first(MicrosoftContacts)
            if settings is None:
                return
            await db.delete(MicrosoftAccount)
            await db.delete(MicrosoftContacts)
            db.after_commit(lambda: self._forget(who.tenant_id))
            before = _told(settings)
            await self._record(db, who, "contact_source.remove", settings, before, None)

    async def try_out(self, who: Principal) -> SourceTest:
        """Does Microsoft know the directory, the application and its secret?"""
        async with self._storage.read(who.tenant_id) as db:
            settings = await db.first(MicrosoftContacts)
        if settings is None:
            raise Problem(409, "not_set_up", "Save the application first")
        try:
            await self._endpoint.prove(application(settings, self._secrets))
        except ConsentEnded:
            return SourceTest(ok=False, code="sign_in_refused", detail="")
        except SourceTrouble as trouble:
            return SourceTest(ok=False, code=trouble.code, detail="")
        await note(self._storage, settings, "")
        return SourceTest(ok=True, code="", detail="")

    async def _view(self, db: TenantSession, settings: MicrosoftContacts) -> MicrosoftView:
        return MicrosoftView(
            **{name: getattr(settings, name) for name in _PLAIN},
            has_client_secret=settings.client_secret is not None,
            version=settings.version,
            redirect_uri=self._redirect_uri,
            permissions=permissions(
                private=settings.private_contacts, company=settings.global_contacts
            ),
            connected_users=await db.count(MicrosoftAccount),
            last_error=settings.last_error,
            last_error_at=settings.last_error_at,
        )

    async def _record(
        self,
        db: TenantSession,
        who: Principal,
        action: str,
        settings: MicrosoftContacts,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        await self._audit.record(
            db,
            who,
            action,
            "contact_source",
            "microsoft",
            target_name="Microsoft 365",
            before=before,
            after=after,
        )


def _unset(tenant_id: str) -> MicrosoftContacts:
    return MicrosoftContacts(tenant_id=tenant_id, directory_id="", client_id="", version=0)


def _told(settings: MicrosoftContacts) -> dict[str, Any]:
    """For the audit: no secret, times as text."""
    told = {name: getattr(settings, name) for name in _PLAIN}
    expires = settings.secret_expires_at
    told["secret_expires_at"] = None if expires is None else expires.isoformat()
    return told
