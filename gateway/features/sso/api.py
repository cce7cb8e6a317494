"""/auth/methods and /auth/sso: signing in elsewhere, for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web

from gateway.credentials.secrets import Secrets
from gateway.features.sso import state
from gateway.features.sso.connections import Connections
from gateway.features.sso.failures import SignOnFailed
from gateway.features.sso.flow import Answer, SignOnFlow
from gateway.features.sso.models import CallbackQuery, MethodsQuery, MethodsReply, StartQuery
from gateway.http import cookies
from gateway.http.endpoint import Access, Exchange, Reply, endpoint
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.shapes import DeviceInfo
from gateway.ports import Problem
from gateway.sign_in_ports import SessionOpener
from gateway.storage.ids import is_id, utc_now

_PER_MINUTE = 120  # of one address: that of a whole office, at eight in the morning
_PAGES: dict[state.Destination, str] = {"app": "/", "admin": "/admin/"}


class SsoApi:
    def __init__(
        self,
        flow: SignOnFlow,
        connections: Connections,
        sessions: SessionOpener,
        secrets: Secrets,
        public_url: str,
    ) -> None:
        self._flow = flow
        self._connections = connections
        self._sessions = sessions
        self._cookie = state.cookie_of(secrets)
        self._public_url = public_url
        self._limits = RateLimiter(_PER_MINUTE)

    @endpoint(
        "GET",
        "/auth/methods",
        "How people of an e-mail address' domain sign in",
        access=Access.PUBLIC,
        query=MethodsQuery,
        reply=MethodsReply,
        problems=((429, "rate_limited"),),
    )
    async def methods(self, exchange: Exchange) -> MethodsReply:
        self._take(exchange, "methods")
        return await self._connections.methods(exchange.query(MethodsQuery).email)

    @endpoint(
        "GET",
        "/auth/sso/{id}/start",
        "Go to the provider to sign in; a browser's address, not for programs",
        access=Access.PUBLIC,
        query=StartQuery,
        status=303,
        problems=((429, "rate_limited"),),
    )
    async def start(self, exchange: Exchange) -> Reply:
        self._take(exchange, "start")
        query = exchange.query(StartQuery)
        try:
            cookies.require_safe(exchange)
            test = self._connections.test_of(query.test, exchange.params["id"])
            url, attempt = await self._flow.start(
                exchange.params["id"],
                query.to,
                query.email,
                test,
                (query.device, query.device_name),
                fresh=query.fresh,
            )
        except SignOnFailed as failed:
            return self._sorry(query.to, failed.code)
        except Problem as problem:
            return self._sorry(query.to, problem.code)

        def keep(response: web.StreamResponse) -> None:
            self._cookie.write(exchange, response, attempt.state, asdict(attempt))

        return _go(url, keep)

    @endpoint(
        "GET",
        "/auth/sso/callback",
        "Back from the provider; a browser's address, not for programs",
        access=Access.PUBLIC,
        query=CallbackQuery,
        status=303,
        problems=((429, "rate_limited"),),
    )
    async def callback(self, exchange: Exchange) -> Reply:
        self._take(exchange, "callback")
        query = exchange.query(CallbackQuery)
        kept = self._cookie.read(exchange, query.state)
        attempt = state.attempt_from(kept, query.state, utc_now())
        if attempt is None:
            return self._sorry("app", "attempt_unknown")
        answer = Answer(query.code, query.error, query.error_description, query.iss)

        def forget(response: web.StreamResponse) -> None:
            self._cookie.clear(exchange, response, query.state)

        try:
            if attempt.test:
                await self._flow.finish_test(attempt, answer)
                page = f"{self._public_url}/admin/#sso_test={attempt.connection_id}"
                return _go(page, forget)
            user, proven_at = await self._flow.finish(attempt, answer)
            known = attempt.device if is_id(attempt.device) else None
            device = DeviceInfo(id=known, name=attempt.device_name)
            grant = await self._sessions.open(
                user, device, exchange.client_ip, "sso", proven_at=proven_at
            )
        except SignOnFailed as failed:
            return self._sorry(attempt.to, failed.code, forget)
        except Problem as problem:
            return self._sorry(attempt.to, problem.code, forget)

        def signed_in(response: web.StreamResponse) -> None:
            forget(response)
            cookies.write(
                exchange, response, grant.refresh_token, grant.refresh_expires_at, utc_now()
            )

        # The mark tells the page that there is a cookie to try, whatever it remembers.
        return _go(f"{self._public_url}{_PAGES[attempt.to]}#signed_in", signed_in)

    def _take(self, exchange: Exchange, what: str) -> None:
        self._limits.take((what, subscriber(exchange.client_ip)), time.monotonic())

    def _sorry(
        self,
        to: state.Destination,
        code: str,
        change: Callable[[web.StreamResponse], None] | None = None,
    ) -> Reply:
        """The page says it in its reader's language."""
        return _go(f"{self._public_url}{_PAGES[to]}#sign_in_error={code}", change)


def _go(url: str, change: Callable[[web.StreamResponse], None] | None) -> Reply:
    return Reply(None, 303, headers={"Location": url}, change=change)
