"""/auth: sign in, refresh, sign out."""

from __future__ import annotations

from aiohttp import web

from gateway.features.login.keeper import SessionKeeper
from gateway.features.login.models import (
    LoginRequest,
    LogoutRequest,
    RefreshRequest,
    SecondStepRequest,
)
from gateway.features.login.service import LoginService
from gateway.http import cookies
from gateway.http.endpoint import Access, Exchange, Reply, endpoint
from gateway.http.sign_in import DEVICE_PROBLEMS, TokenReply, answer, check_device
from gateway.ports import Problem


class LoginApi:
    def __init__(self, service: LoginService, sessions: SessionKeeper) -> None:
        self._service = service
        self._sessions = sessions

    @endpoint(
        "POST",
        "/auth/login",
        "Sign in with e-mail and password",
        access=Access.PUBLIC,
        body=LoginRequest,
        reply=TokenReply,
        problems=(
            (401, "bad_credentials"),
            (401, "second_factor_required"),
            *DEVICE_PROBLEMS,
            (403, "tenant_suspended"),
            (429, "rate_limited"),
            (503, "busy"),
        ),
        max_body=4096,
    )
    async def login(self, exchange: Exchange) -> Reply:
        body = exchange.body(LoginRequest)
        native = check_device(exchange, body.device)
        grant = await self._service.sign_in(
            body.email, body.password, body.device, exchange.client_ip
        )
        return answer(exchange, grant, native=native)

    @endpoint(
        "POST",
        "/auth/second-step",
        "Finish a sign-in that answered second_factor_required",
        access=Access.PUBLIC,
        body=SecondStepRequest,
        reply=TokenReply,
        problems=(
            (401, "second_factor_refused"),
            (401, "step_over"),
            *DEVICE_PROBLEMS,
            (403, "tenant_suspended"),
            (429, "rate_limited"),
        ),
        max_body=4096,
    )
    async def second_step(self, exchange: Exchange) -> Reply:
        body = exchange.body(SecondStepRequest)
        pending = await self._service.pending(body.step_token)
        native = check_device(exchange, pending.device)
        grant = await self._service.second_step(pending, body.method, body.code, exchange.client_ip)
        return answer(exchange, grant, native=native)

    @endpoint(
        "POST",
        "/auth/refresh",
        "Exchange the refresh token (cookie, or body of a native client) for new tokens",
        access=Access.PUBLIC,
        body=RefreshRequest,
        reply=TokenReply,
        problems=(
            (401, "refresh_refused"),
            (401, "session_revoked"),
            (403, "origin_refused"),
        ),
        max_body=4096,
    )
    async def refresh(self, exchange: Exchange) -> Reply:
        body = exchange.body(RefreshRequest)
        native = body.refresh_token is not None
        if native:
            if "Origin" in exchange.request.headers:
                raise Problem(403, "origin_refused", "Browsers refresh by their cookie")
            token = body.refresh_token
        else:
            exchange.client.check_origin(exchange.request, required=True)
            token = cookies.read(exchange)
        if not token:
            raise Problem(401, "refresh_refused", "Your session has ended: sign in again")
        grant = await self._sessions.refresh(token, body.device_id)
        return answer(exchange, grant, native=native)

    @endpoint(
        "POST",
        "/auth/logout",
        "Sign out: ends the session, its sockets and its tokens",
        access=Access.PUBLIC,
        body=LogoutRequest,
        problems=((401, "token_refused"), (401, "session_ended"), (403, "origin_refused")),
        max_body=4096,
    )
    async def logout(self, exchange: Exchange) -> Reply:
        """By access token, by cookie, or by a native client's refresh token."""
        authorization = exchange.request.headers.get("Authorization", "")
        token = exchange.body(LogoutRequest).refresh_token or cookies.read(exchange)
        if authorization.lower().startswith("bearer "):
            await self._by_access_token(authorization[7:].strip(), token)
        elif token:
            await self._sessions.sign_out_by_token(token)

        def clear(response: web.StreamResponse) -> None:
            cookies.clear(exchange, response)

        return Reply(None, 204, change=clear)

    async def _by_access_token(self, access: str, token: str | None) -> None:
        try:
            actor = await self._sessions.authenticate(access)
        except Problem:
            if not token:
                raise
            await self._sessions.sign_out_by_token(token)
        else:
            await self._sessions.sign_out(actor)
