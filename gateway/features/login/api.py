"""/auth: sign in, refresh, sign out."""

from __future__ import annotations

from aiohttp import web

from gateway.features.login import cookies
from gateway.features.login.models import (
    NATIVE_KINDS,
    LoginRequest,
    LogoutRequest,
    RefreshRequest,
    TokenReply,
)
from gateway.features.login.service import Grant, LoginService
from gateway.http.endpoint import Access, Exchange, Reply, endpoint
from gateway.ports import Problem
from gateway.storage.ids import utc_now


class LoginApi:
    def __init__(self, service: LoginService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/auth/login",
        "Sign in with e-mail and password",
        access=Access.PUBLIC,
        body=LoginRequest,
        reply=TokenReply,
        problems=(
            (401, "bad_credentials"),
            (403, "https_required"),
            (403, "origin_refused"),
            (429, "rate_limited"),
            (503, "busy"),
        ),
        max_body=4096,
    )
    async def login(self, exchange: Exchange) -> Reply:
        body = exchange.body(LoginRequest)
        native = body.device.kind in NATIVE_KINDS
        if native and "Origin" in exchange.request.headers:
            # A script in a page must never see a refresh token.
            raise Problem(403, "origin_refused", "Browsers sign in as kind web or pwa")
        if not native:
            cookies.require_safe(exchange)
        grant = await self._service.sign_in(
            body.email, body.password, body.device, exchange.client_ip
        )
        return _answer(exchange, grant, native=native)

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
        grant = await self._service.refresh(token, body.device_id)
        return _answer(exchange, grant, native=native)

    @endpoint(
        "POST",
        "/auth/logout",
        "Sign out: ends the session, its sockets and its tokens",
        access=Access.PUBLIC,
        body=LogoutRequest,
        problems=((401, "token_refused"), (403, "origin_refused")),
        max_body=4096,
    )
    async def logout(self, exchange: Exchange) -> Reply:
        """By access token, by cookie, or by a native client's refresh token."""
        authorization = exchange.request.headers.get("Authorization", "")
        token = exchange.body(LogoutRequest).refresh_token or cookies.read(exchange)
        if authorization.lower().startswith("bearer "):
            await self._by_access_token(authorization[7:].strip(), token)
        elif token:
            await self._service.sign_out_by_token(token)

        def clear(response: web.StreamResponse) -> None:
            cookies.clear(exchange, response)

        return Reply(None, 204, change=clear)

    async def _by_access_token(self, access: str, token: str | None) -> None:
        try:
            actor = await self._service.authenticate(access)
        except Problem:
            if not token:
                raise
            await self._service.sign_out_by_token(token)
        else:
            await self._service.sign_out(actor)


def _answer(exchange: Exchange, grant: Grant, *, native: bool) -> Reply:
    def set_cookie(response: web.StreamResponse) -> None:
        cookies.write(exchange, response, grant.refresh_token, grant.refresh_expires_at, utc_now())

    return Reply(
        TokenReply(
            access_token=grant.access_token,
            expires_in=grant.expires_in,
            session_id=grant.actor.session_id,
            device_id=grant.actor.device_id,
            refresh_token=grant.refresh_token if native else None,
        ),
        change=None if native else set_cookie,
    )
