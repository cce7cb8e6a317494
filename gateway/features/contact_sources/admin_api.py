"""/admin/contact-sources."""

from __future__ import annotations

import time

from gateway.features.contact_sources.ldap_settings import LdapSettings
from gateway.features.contact_sources.microsoft_settings import MicrosoftSettings
from gateway.features.contact_sources.models import (
    LdapIn,
    LdapTest,
    LdapView,
    MicrosoftIn,
    MicrosoftView,
    SourceTest,
)
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.http.limits import RateLimiter
from gateway.http.shapes import NoBody
from gateway.permissions import Permission

_SETTING = Permission.CONTACTS_WRITE
_TESTS_PER_MINUTE = 10
_TEST_PROBLEMS = ((409, "not_set_up"), (429, "rate_limited"))


class ContactSourcesAdminApi:
    def __init__(self, ldap: LdapSettings, microsoft: MicrosoftSettings) -> None:
        self._ldap = ldap
        self._microsoft = microsoft
        self._limits = RateLimiter(_TESTS_PER_MINUTE)

    @endpoint(
        "GET",
        "/admin/contact-sources/ldap",
        "Contacts from the company's LDAP directory, with an ETag",
        reply=LdapView,
        permission=_SETTING,
    )
    async def ldap(self, exchange: Exchange) -> Reply:
        view = await self._ldap.shown(exchange.principal)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/contact-sources/ldap",
        "Change where contacts come from by LDAP",
        body=LdapIn,
        reply=LdapView,
        headers=(IF_MATCH,),
        problems=(
            *IF_MATCH_PROBLEMS,
            (422, "ca_invalid"),
            (422, "filter_invalid"),
            (422, "number_attribute_missing"),
            (422, "secret_required"),
        ),
        permission=_SETTING,
        fresh=True,
    )
    async def change_ldap(self, exchange: Exchange) -> Reply:
        view = await self._ldap.change(
            exchange.principal, exchange.body(LdapIn), if_match(exchange)
        )
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/contact-sources/ldap",
        "No contacts by LDAP any more; its settings are gone",
        permission=_SETTING,
        fresh=True,
    )
    async def remove_ldap(self, exchange: Exchange) -> None:
        await self._ldap.remove(exchange.principal)

    @endpoint(
        "POST",
        "/admin/contact-sources/ldap/test",
        "Search the LDAP directory once; changes nothing",
        body=LdapTest,
        reply=SourceTest,
        problems=_TEST_PROBLEMS,
        permission=_SETTING,
    )
    async def test_ldap(self, exchange: Exchange) -> SourceTest:
        self._limits.take(exchange.principal.tenant_id, time.monotonic())
        return await self._ldap.try_out(exchange.principal, exchange.body(LdapTest).q)

    @endpoint(
        "GET",
        "/admin/contact-sources/microsoft",
        "Contacts from Microsoft 365, with an ETag",
        reply=MicrosoftView,
        permission=_SETTING,
    )
    async def microsoft(self, exchange: Exchange) -> Reply:
        view = await self._microsoft.shown(exchange.principal)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/contact-sources/microsoft",
        "Change the application at Microsoft; another one disconnects everybody",
        body=MicrosoftIn,
        reply=MicrosoftView,
        headers=(IF_MATCH,),
        problems=(*IF_MATCH_PROBLEMS, (422, "directory_id_invalid"), (422, "secret_required")),
        permission=_SETTING,
        fresh=True,
    )
    async def change_microsoft(self, exchange: Exchange) -> Reply:
        view = await self._microsoft.change(
            exchange.principal, exchange.body(MicrosoftIn), if_match(exchange)
        )
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/contact-sources/microsoft",
        "No contacts from Microsoft 365 any more; everybody is disconnected",
        permission=_SETTING,
        fresh=True,
    )
    async def remove_microsoft(self, exchange: Exchange) -> None:
        await self._microsoft.remove(exchange.principal)

    @endpoint(
        "POST",
        "/admin/contact-sources/microsoft/test",
        "Ask Microsoft whether directory, application and secret are right; changes nothing",
        body=NoBody,
        reply=SourceTest,
        problems=_TEST_PROBLEMS,
        permission=_SETTING,
    )
    async def test_microsoft(self, exchange: Exchange) -> SourceTest:
        self._limits.take(exchange.principal.tenant_id, time.monotonic())
        return await self._microsoft.try_out(exchange.principal)
