"""/admin/sign-in."""

from __future__ import annotations

from gateway.features.sign_in_policy.models import PolicyChange, PolicyView
from gateway.features.sign_in_policy.service import SignInPolicyService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission


class SignInPolicyApi:
    def __init__(self, service: SignInPolicyService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/admin/sign-in",
        "What is demanded of everybody's sign-in, with an ETag",
        reply=PolicyView,
        permission=Permission.SIGN_IN_WRITE,
    )
    async def read(self, exchange: Exchange) -> Reply:
        view = await self._service.read(exchange.principal.tenant_id)
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/sign-in",
        "Change what is demanded of everybody's sign-in",
        body=PolicyChange,
        reply=PolicyView,
        permission=Permission.SIGN_IN_WRITE,
        fresh=True,
        headers=(IF_MATCH,),
        problems=IF_MATCH_PROBLEMS,
        max_body=1024,
    )
    async def change(self, exchange: Exchange) -> Reply:
        version, wanted = if_match(exchange), exchange.body(PolicyChange)
        view = await self._service.change(exchange.principal, wanted, version)
        return with_etag(view, view.version)
