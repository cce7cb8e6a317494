"""/operator/tenants for the operator, /admin/tenant and /admin/overview for administrators."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from gateway import terms
from gateway.features.tenants.export import TenantExport
from gateway.features.tenants.life import Invitation, TenantLife
from gateway.features.tenants.models import (
    AdminInvitation,
    Agreement,
    Deletion,
    Invited,
    ListQuery,
    Marked,
    NewTenant,
    OwnTenant,
    OwnTenantChange,
    PlatformTenant,
    Suspension,
    TenantPage,
    TermsAcceptance,
    TermsQuery,
    TermsText,
)
from gateway.features.tenants.overview import Overview
from gateway.features.tenants.overview_models import OverviewQuery, OverviewView
from gateway.features.tenants.reading import TenantReader
from gateway.http.endpoint import Access, Download, Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.http.spreadsheet import FileQuery
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.storage.ids import utc_now

_UNKNOWN = (404, "tenant_unknown")
_EMAIL = (422, "email_invalid")
_PLATFORM = (409, "platform_tenant")


class OperatorApi:
    def __init__(
        self, life: TenantLife, reader: TenantReader, mail_configured: Callable[[], bool]
    ) -> None:
        self._life = life
        self._reader = reader
        self._mail_configured = mail_configured

    @endpoint(
        "GET",
        "/operator/tenants",
        "All tenants, the newest first",
        query=ListQuery,
        reply=TenantPage,
        permission=Permission.PLATFORM,
        problems=((422, "bad_cursor"),),
    )
    async def list(self, exchange: Exchange) -> TenantPage:
        return await self._reader.page(exchange.query(ListQuery))

    @endpoint(
        "POST",
        "/operator/tenants",
        "Make a tenant and invite its first administrator",
        body=NewTenant,
        reply=Invited,
        status=201,
        permission=Permission.PLATFORM,
        problems=(_EMAIL, (409, "email_taken")),
        idempotent=True,
    )
    async def create(self, exchange: Exchange) -> Invited:
        made = await self._life.create(exchange.principal, exchange.body(NewTenant))
        return await self._invited(made)

    @endpoint(
        "GET",
        "/operator/tenants/{id}",
        "One tenant",
        reply=PlatformTenant,
        permission=Permission.PLATFORM,
        problems=(_UNKNOWN,),
    )
    async def one(self, exchange: Exchange) -> PlatformTenant:
        return await self._reader.by_id(exchange.params["id"])

    @endpoint(
        "POST",
        "/operator/tenants/{id}/invite-admin",
        "Invite an administrator of a tenant, anew or once more",
        body=AdminInvitation,
        reply=Invited,
        permission=Permission.PLATFORM,
        problems=(_UNKNOWN, _EMAIL, (409, "email_taken"), (409, "already_active")),
    )
    async def invite_admin(self, exchange: Exchange) -> Invited:
        made = await self._life.invite_admin(
            exchange.principal, exchange.params["id"], exchange.body(AdminInvitation)
        )
        return await self._invited(made)

    @endpoint(
        "PUT",
        "/operator/tenants/{id}/quotas",
        "Say what was agreed with a tenant: licences and quotas",
        body=Agreement,
        reply=PlatformTenant,
        permission=Permission.PLATFORM,
        problems=(_UNKNOWN,),
    )
    async def quotas(self, exchange: Exchange) -> PlatformTenant:
        tenant_id = exchange.params["id"]
        await self._life.agree(exchange.principal, tenant_id, exchange.body(Agreement))
        return await self._reader.by_id(tenant_id)

    @endpoint(
        "POST",
        "/operator/tenants/{id}/suspend",
        "Suspend a tenant: nobody signs in, connectors are kept out, nothing is deleted",
        body=Suspension,
        reply=PlatformTenant,
        permission=Permission.PLATFORM,
        fresh=True,
        problems=(_UNKNOWN, _PLATFORM, (409, "already_closed")),
    )
    async def suspend(self, exchange: Exchange) -> PlatformTenant:
        tenant_id, why = exchange.params["id"], exchange.body(Suspension).why
        await self._life.suspend(exchange.principal, tenant_id, why)
        return await self._reader.by_id(tenant_id)

    @endpoint(
        "POST",
        "/operator/tenants/{id}/resume",
        "Take a suspension or a deletion back",
        reply=PlatformTenant,
        permission=Permission.PLATFORM,
        problems=(_UNKNOWN, (409, "not_closed"), (409, "being_erased")),
    )
    async def resume(self, exchange: Exchange) -> PlatformTenant:
        tenant_id = exchange.params["id"]
        await self._life.resume(exchange.principal, tenant_id)
        return await self._reader.by_id(tenant_id)

    @endpoint(
        "POST",
        "/operator/tenants/{id}/delete",
        "Delete a tenant after the time of grace",
        body=Deletion,
        reply=PlatformTenant,
        permission=Permission.PLATFORM,
        fresh=True,
        problems=(_UNKNOWN, _PLATFORM, (409, "already_closed"), (422, "name_differs")),
    )
    async def delete(self, exchange: Exchange) -> PlatformTenant:
        tenant_id, name = exchange.params["id"], exchange.body(Deletion).name
        await self._life.mark_for_deletion(exchange.principal, tenant_id, name)
        return await self._reader.by_id(tenant_id)

    async def _invited(self, made: Invitation) -> Invited:
        mail: Literal["queued", "not_configured"]
        mail = "queued" if self._mail_configured() else "not_configured"
        return Invited(tenant=await self._reader.by_id(made.tenant_id), mail=mail)


class TermsApi:
    """To read they are public: whoever is invited has no account yet."""

    def __init__(self, life: TenantLife, reader: TenantReader, version: str, url: str) -> None:
        self._life = life
        self._reader = reader
        self._version = version
        self._url = url

    @endpoint(
        "GET",
        "/terms",
        "The terms of use, in the language asked for",
        access=Access.PUBLIC,
        query=TermsQuery,
        reply=TermsText,
    )
    async def read(self, exchange: Exchange) -> TermsText:
        own = bool(self._url)
        text = "" if own else terms.text(exchange.query(TermsQuery).language)
        return TermsText(version=self._version, url=self._url, text=text)

    @endpoint(
        "POST",
        "/admin/tenant/terms",
        "Accept the terms of today for the company",
        body=TermsAcceptance,
        reply=OwnTenant,
        permission=Permission.TENANT_WRITE,
        problems=((409, "terms_changed"),),
    )
    async def accept(self, exchange: Exchange) -> Reply:
        who, version = exchange.principal, exchange.body(TermsAcceptance).version
        if version != self._version:
            raise Problem(409, "terms_changed", "These are not the terms of today: read them again")
        await self._life.accept_terms(who, version)
        return with_etag(*await self._reader.own(who.tenant_id))


class TenantApi:
    def __init__(
        self,
        life: TenantLife,
        reader: TenantReader,
        overview: Overview,
        export: TenantExport,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._life = life
        self._reader = reader
        self._overview = overview
        self._export = export
        self._now = now

    @endpoint(
        "GET",
        "/admin/overview",
        "How the tenant is: a verdict, the figures behind it, what is to be done",
        query=OverviewQuery,
        reply=OverviewView,
        permission=Permission.TENANT_READ,
        problems=((422, "bad_time_zone"),),
    )
    async def overview(self, exchange: Exchange) -> OverviewView:
        zone = await FileQuery(time_zone=exchange.query(OverviewQuery).time_zone).zone()
        return await self._overview.of(exchange.principal.tenant_id, zone)

    @endpoint(
        "GET",
        "/admin/tenant",
        "The company: name, language, support address, terms, licences",
        reply=OwnTenant,
        permission=Permission.TENANT_READ,
    )
    async def read(self, exchange: Exchange) -> Reply:
        return with_etag(*await self._reader.own(exchange.principal.tenant_id))

    @endpoint(
        "PUT",
        "/admin/tenant",
        "Change name, language and support address",
        body=OwnTenantChange,
        reply=OwnTenant,
        permission=Permission.TENANT_WRITE,
        headers=(IF_MATCH,),
        problems=(_EMAIL, *IF_MATCH_PROBLEMS),
    )
    async def change(self, exchange: Exchange) -> Reply:
        who, wanted = exchange.principal, exchange.body(OwnTenantChange)
        await self._life.change(who, wanted, if_match(exchange))
        return with_etag(*await self._reader.own(who.tenant_id))

    @endpoint(
        "POST",
        "/admin/tenant/export",
        "All data of the tenant as a ZIP of JSON lines, without secrets",
        permission=Permission.TENANT_EXPORT,
        fresh=True,
        file_type="application/zip",
    )
    async def export(self, exchange: Exchange) -> Download:
        who = exchange.principal
        tenant = await self._life.known(who.tenant_id)
        await self._life.exported(who)
        name = re.sub(r"[^A-Za-z0-9]+", "-", tenant.name).strip("-").lower() or "tenant"
        return Download(f"{name}-export.zip", self._export.parts(tenant, self._now()))

    @endpoint(
        "POST",
        "/admin/tenant/delete",
        "Delete the tenant after the time of grace",
        body=Deletion,
        reply=Marked,
        status=202,
        permission=Permission.TENANT_DELETE,
        fresh=True,
        problems=(_PLATFORM, (409, "already_closed"), (422, "name_differs")),
    )
    async def delete(self, exchange: Exchange) -> Marked:
        who = exchange.principal
        until = await self._life.mark_for_deletion(who, who.tenant_id, exchange.body(Deletion).name)
        return Marked(delete_after=until)
