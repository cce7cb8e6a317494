"""/me/sessions, /me/security and /auth/step-up."""

from __future__ import annotations

from gateway.features.sessions.models import (
    ProvenView,
    SecurityView,
    SessionsView,
    StepUpRequest,
)
from gateway.features.sessions.service import SessionsService
from gateway.http.endpoint import Exchange, endpoint


class SessionsApi:
    def __init__(self, service: SessionsService) -> None:
        self._service = service

    @endpoint("GET", "/me/sessions", "Where you are signed in", reply=SessionsView)
    async def sessions(self, exchange: Exchange) -> SessionsView:
        return await self._service.of_user(exchange.actor)

    @endpoint(
        "DELETE",
        "/me/sessions/{id}",
        "Sign out there: its sockets close",
        problems=((404, "session_unknown"),),
    )
    async def end(self, exchange: Exchange) -> None:
        await self._service.end(exchange.actor, exchange.params["id"])

    @endpoint("DELETE", "/me/sessions", "Sign out everywhere but here")
    async def end_others(self, exchange: Exchange) -> None:
        await self._service.end_others(exchange.actor)

    @endpoint("GET", "/me/security", "How you sign in", reply=SecurityView, in_setup=True)
    async def security(self, exchange: Exchange) -> SecurityView:
        return await self._service.security(exchange.actor)

    @endpoint(
        "POST",
        "/auth/step-up",
        "Prove again who you are, before something dangerous",
        body=StepUpRequest,
        reply=ProvenView,
        in_setup=True,
        problems=((403, "proof_refused"), (429, "rate_limited"), (503, "busy")),
        max_body=32768,
    )
    async def step_up(self, exchange: Exchange) -> ProvenView:
        proof = exchange.body(StepUpRequest)
        until = await self._service.step_up(exchange.actor, proof, exchange.client_ip)
        return ProvenView(proven_until=until)
