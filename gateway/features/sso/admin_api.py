"""/admin/sso, /admin/sign-in-domains and /admin/directory-sign-in."""

from __future__ import annotations

import time

from gateway.features.sso.connections import Connections
from gateway.features.sso.directory import DirectoryService
from gateway.features.sso.domains import Domains
from gateway.features.sso.models import (
    ConfirmIn,
    ConnectionIn,
    ConnectionList,
    ConnectionView,
    DirectoryIn,
    DirectoryTest,
    DirectoryView,
    DomainIn,
    DomainList,
    DomainView,
    TestResult,
    TestStarted,
)
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.http.limits import RateLimiter
from gateway.permissions import Permission

_SETTING = Permission.SIGN_IN_WRITE
_TESTS_PER_MINUTE = 10
_PROVIDER_PROBLEMS = (
    (422, "issuer_refused"),
    (422, "provider_unreachable"),
    (422, "provider_invalid"),
)


class SsoAdminApi:
    def __init__(self, connections: Connections, domains: Domains) -> None:
        self._connections = connections
        self._domains = domains
        self._limits = RateLimiter(_TESTS_PER_MINUTE)

    @endpoint("GET", "/admin/sso", "OpenID providers", reply=ConnectionList, permission=_SETTING)
    async def all(self, exchange: Exchange) -> ConnectionList:
        return ConnectionList(items=await self._connections.all(exchange.principal))

    @endpoint(
        "POST",
        "/admin/sso",
        "Add an OpenID provider",
        body=ConnectionIn,
        reply=ConnectionView,
        status=201,
        problems=((409, "too_many"), *_PROVIDER_PROBLEMS),
        permission=_SETTING,
        fresh=True,
    )
    async def create(self, exchange: Exchange) -> ConnectionView:
        self._take(exchange)
        return await self._connections.create(exchange.principal, exchange.body(ConnectionIn))

    @endpoint(
        "GET",
        "/admin/sso/{id}",
        "One OpenID provider, with an ETag and the last test's result",
        reply=ConnectionView,
        problems=((404, "not_found"),),
        permission=_SETTING,
    )
    async def one(self, exchange: Exchange) -> Reply:
        view = await self._connections.one(exchange.principal, exchange.params["id"])
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/sso/{id}",
        "Change an OpenID provider",
        body=ConnectionIn,
        reply=ConnectionView,
        headers=(IF_MATCH,),
        problems=(
            *IF_MATCH_PROBLEMS,
            (404, "not_found"),
            (422, "secret_required"),
            *_PROVIDER_PROBLEMS,
        ),
        permission=_SETTING,
        fresh=True,
    )
    async def change(self, exchange: Exchange) -> Reply:
        self._take(exchange)
        view = await self._connections.change(
            exchange.principal,
            exchange.params["id"],
            exchange.body(ConnectionIn),
            if_match(exchange),
        )
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/sso/{id}",
        "Remove an OpenID provider; its people stay",
        problems=((404, "not_found"),),
        permission=_SETTING,
        fresh=True,
    )
    async def remove(self, exchange: Exchange) -> None:
        await self._connections.remove(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/admin/sso/{id}/test",
        "Begin a sign-on that changes nothing",
        reply=TestStarted,
        problems=((404, "not_found"), *_PROVIDER_PROBLEMS),
        permission=_SETTING,
    )
    async def test(self, exchange: Exchange) -> TestStarted:
        self._take(exchange)
        return await self._connections.start_test(exchange.principal, exchange.params["id"])

    @endpoint(
        "DELETE",
        "/admin/sso/{id}/accounts/{user_id}",
        "Let a user's address be bound to another account at the provider",
        problems=((404, "not_found"),),
        permission=_SETTING,
        fresh=True,
    )
    async def forget_account(self, exchange: Exchange) -> None:
        await self._connections.forget_account(
            exchange.principal, exchange.params["id"], exchange.params["user_id"]
        )

    @endpoint(
        "GET",
        "/admin/sign-in-domains",
        "Domains of e-mail addresses, proven or not",
        reply=DomainList,
        permission=_SETTING,
    )
    async def domains(self, exchange: Exchange) -> DomainList:
        return DomainList(items=await self._domains.all(exchange.principal))

    @endpoint(
        "POST",
        "/admin/sign-in-domains",
        "Add a domain; it has no effect until it is proven",
        body=DomainIn,
        reply=DomainView,
        status=201,
        problems=(
            (404, "not_found"),
            (409, "domain_known"),
            (409, "too_many"),
            (422, "domain_invalid"),
        ),
        permission=_SETTING,
        fresh=True,
    )
    async def add_domain(self, exchange: Exchange) -> DomainView:
        body = exchange.body(DomainIn)
        return await self._domains.add(exchange.principal, body.domain, body.connection_id)

    @endpoint(
        "POST",
        "/admin/sign-in-domains/{id}/check",
        "Look for the DNS record that proves the domain",
        reply=DomainView,
        problems=((404, "not_found"), (409, "domain_unproven"), (409, "domain_taken")),
        permission=_SETTING,
    )
    async def check_domain(self, exchange: Exchange) -> DomainView:
        self._take(exchange)
        return await self._domains.check(exchange.principal, exchange.params["id"])

    @endpoint(
        "DELETE",
        "/admin/sign-in-domains/{id}",
        "Remove a domain",
        problems=((404, "not_found"),),
        permission=_SETTING,
        fresh=True,
    )
    async def remove_domain(self, exchange: Exchange) -> None:
        await self._domains.remove(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/operator/sign-in-domains/confirm",
        "Take a tenant's domain as proven",
        body=ConfirmIn,
        reply=DomainView,
        problems=((404, "not_found"), (409, "domain_taken")),
        permission=Permission.PLATFORM,
        fresh=True,
    )
    async def confirm_domain(self, exchange: Exchange) -> DomainView:
        body = exchange.body(ConfirmIn)
        return await self._domains.confirm(
            exchange.principal, body.tenant_id, body.domain, body.why
        )

    def _take(self, exchange: Exchange) -> None:
        """Each of these makes the gateway ask somebody outside."""
        self._limits.take(exchange.principal.tenant_id, time.monotonic())


class DirectorySignInApi:
    def __init__(self, directory: DirectoryService) -> None:
        self._directory = directory
        self._limits = RateLimiter(_TESTS_PER_MINUTE)

    @endpoint(
        "GET",
        "/admin/directory-sign-in",
        "Sign-in by the company's LDAP directory, with an ETag",
        reply=DirectoryView,
        permission=_SETTING,
    )
    async def directory(self, exchange: Exchange) -> Reply:
        view = await self._directory.shown(exchange.principal)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/directory-sign-in",
        "Change sign-in by the company's LDAP directory",
        body=DirectoryIn,
        reply=DirectoryView,
        headers=(IF_MATCH,),
        problems=(
            *IF_MATCH_PROBLEMS,
            (422, "filter_invalid"),
            (422, "user_dn_invalid"),
            (422, "ca_invalid"),
            (422, "secret_required"),
        ),
        permission=_SETTING,
        fresh=True,
    )
    async def change(self, exchange: Exchange) -> Reply:
        view = await self._directory.change(
            exchange.principal, exchange.body(DirectoryIn), if_match(exchange)
        )
        return with_etag(view, view.version)

    @endpoint(
        "POST",
        "/admin/directory-sign-in/test",
        "Try one address and password; changes nothing",
        body=DirectoryTest,
        reply=TestResult,
        problems=((409, "not_set_up"),),
        permission=_SETTING,
    )
    async def test(self, exchange: Exchange) -> TestResult:
        self._limits.take(exchange.principal.tenant_id, time.monotonic())
        return await self._directory.try_out(exchange.principal, exchange.body(DirectoryTest))
