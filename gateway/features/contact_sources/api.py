"""/contact-sources and /me/contact-sources, for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web

from gateway.credentials.secrets import Secrets
from gateway.features.contact_sources.microsoft_accounts import MicrosoftAccounts
from gateway.features.contact_sources.microsoft_sign_in import (
    CALLBACK,
    LIFE,
    ConnectFailed,
    MicrosoftSignIn,
    attempt_from,
)
from gateway.features.contact_sources.microsoft_source import MicrosoftSource
from gateway.features.contact_sources.models import (
    LEAST_QUERY,
    AskedSource,
    ConnectStarted,
    FoundContacts,
    MicrosoftAnswer,
    SearchQuery,
    SourceList,
    SourceView,
    view_of,
)
from gateway.features.contact_sources.service import ContactSources
from gateway.http import cookies
from gateway.http.endpoint import Access, Exchange, Reply, endpoint
from gateway.http.flow_cookie import FlowCookie
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.shapes import NoBody
from gateway.storage.ids import is_id, utc_now

_SEARCHES_PER_MINUTE = 120  # of one user, as fast as anybody types
_CONNECTS_PER_MINUTE = 10
_CALLBACKS_PER_MINUTE = 120  # of one address: that of a whole office


class ContactSourcesApi:
    def __init__(
        self,
        sources: ContactSources,
        sign_in: MicrosoftSignIn,
        accounts: MicrosoftAccounts,
        microsoft: MicrosoftSource,
        secrets: Secrets,
        public_url: str,
    ) -> None:
        self._sources = sources
        self._sign_in = sign_in
        self._accounts = accounts
        self._microsoft = microsoft
        self._public_url = public_url
        self._cookie = FlowCookie(secrets, "contacts", CALLBACK, LIFE)
        self._searches = RateLimiter(_SEARCHES_PER_MINUTE)
        self._connects = RateLimiter(_CONNECTS_PER_MINUTE)
        self._callbacks = RateLimiter(_CALLBACKS_PER_MINUTE)

    @endpoint(
        "GET",
        "/contact-sources/search",
        "People in directories that are kept elsewhere; waits two seconds at most",
        query=SearchQuery,
        reply=FoundContacts,
        problems=((429, "rate_limited"),),
    )
    async def search(self, exchange: Exchange) -> FoundContacts:
        user, text = exchange.actor.user, exchange.query(SearchQuery).q.strip()
        if len(text) < LEAST_QUERY:
            return FoundContacts(items=[], sources=[])
        self._searches.take(user, time.monotonic())
        found = await self._sources.search(user, text)
        return FoundContacts(
            items=[view_of(contact) for contact in found.contacts],
            sources=[
                AskedSource.model_validate({"source": one.kind, "state": one.state})
                for one in found.asked
            ],
        )

    @endpoint(
        "GET",
        "/me/contact-sources",
        "The directories that your company has switched on, and how they are",
        reply=SourceList,
    )
    async def list(self, exchange: Exchange) -> SourceList:
        found = await self._sources.status(exchange.actor.user)
        return SourceList(
            items=[
                SourceView(
                    source=kind,
                    state=status.state,
                    account=status.account,
                    connected_at=status.connected_at,
                )
                for kind, status in found
            ]
        )

    @endpoint(
        "POST",
        "/me/contact-sources/microsoft/connect",
        "Begin to let your contacts at Microsoft 365 be read",
        body=NoBody,
        reply=ConnectStarted,
        problems=((403, "https_required"), (404, "source_unknown"), (429, "rate_limited")),
    )
    async def connect(self, exchange: Exchange) -> Reply:
        self._connects.take(exchange.actor.user, time.monotonic())
        cookies.require_safe(exchange)
        url, attempt = await self._sign_in.start(exchange.actor)

        def keep(response: web.StreamResponse) -> None:
            self._cookie.write(exchange, response, attempt.state, asdict(attempt))

        return Reply(ConnectStarted(url=url), change=keep)

    @endpoint(
        "GET",
        "/contact-sources/microsoft/callback",
        "Back from Microsoft; a browser's address, not for programs",
        access=Access.PUBLIC,
        query=MicrosoftAnswer,
        status=303,
        problems=((429, "rate_limited"),),
    )
    async def callback(self, exchange: Exchange) -> Reply:
        self._callbacks.take(subscriber(exchange.client_ip), time.monotonic())
        query = exchange.query(MicrosoftAnswer)
        kept = self._cookie.read(exchange, query.state)

        def forget(response: web.StreamResponse) -> None:
            self._cookie.clear(exchange, response, query.state)

        try:
            attempt = attempt_from(kept, query.state, utc_now())
            if not is_id(attempt.tenant_id):
                raise ConnectFailed("attempt_unknown")
            await self._sign_in.finish(attempt, query.code, query.error, query.error_description)
        except ConnectFailed as failed:
            return self._go(f"contact_source_error={failed.code}", forget if kept else None)
        return self._go("contact_source=connected", forget)

    @endpoint(
        "DELETE",
        "/me/contact-sources/microsoft",
        "Your contacts at Microsoft 365 are read no more",
    )
    async def disconnect(self, exchange: Exchange) -> None:
        user = exchange.actor.user
        await self._accounts.disconnect(user)
        self._microsoft.forget(user)

    def _go(self, mark: str, change: Callable[[web.StreamResponse], None] | None) -> Reply:
        headers = {"Location": f"{self._public_url}/#{mark}"}
        return Reply(None, 303, headers=headers, change=change)
