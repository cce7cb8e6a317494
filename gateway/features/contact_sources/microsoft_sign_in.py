"""How a user lets us read their contacts at Microsoft: authorization code with PKCE.

The attempt belongs to a browser (a sealed cookie) and to a session: whoever signs out in between,
or is sent a link made by somebody else, connects nothing.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.credentials.secrets import Secrets
from gateway.features.contact_sources.graph import Graph
from gateway.features.contact_sources.microsoft_accounts import MicrosoftAccounts
from gateway.features.contact_sources.microsoft_source import permissions
from gateway.features.contact_sources.microsoft_tokens import (
    ConsentEnded,
    TokenEndpoint,
    application,
)
from gateway.features.contact_sources.source import SourceTrouble
from gateway.http.endpoint import API_PREFIX
from gateway.http.flow_cookie import pkce_challenge
from gateway.ports import Actor, Authenticator, Problem, UserKey
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage
from gateway.storage.tables.contact_sources import MicrosoftContacts

LIFE = 600  # s from the button to the way back
CALLBACK = f"{API_PREFIX}/contact-sources/microsoft/callback"


class ConnectFailed(Exception):
    """``code``: the page says it in its reader's language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Attempt:
    tenant_id: str
    user_id: str
    session_id: str
    directory_id: str
    client_id: str
    until: float
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def attempt_from(kept: dict[str, Any] | None, state: str, now: datetime) -> Attempt:
    """What the cookie held; raises :class:`ConnectFailed`."""
    try:
        attempt = Attempt(**(kept or {}))
    except TypeError as error:
        raise ConnectFailed("attempt_unknown") from error
    if (
        not random.compare_digest(attempt.state.encode(), state.encode())
        or attempt.until < now.timestamp()
    ):
        raise ConnectFailed("attempt_unknown")
    return attempt


class MicrosoftSignIn:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        endpoint: TokenEndpoint,
        accounts: MicrosoftAccounts,
        graph: Graph,
        sessions: Authenticator,
        public_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._endpoint = endpoint
        self._accounts = accounts
        self._graph = graph
        self._sessions = sessions
        self._now = now
        self.redirect_uri = public_url + CALLBACK

    async def start(self, actor: Actor) -> tuple[str, Attempt]:
        """Where to send the browser, and what it must bring back."""
        found = await self._accounts.connection(actor.user)
        if found is None:
            raise Problem(404, "source_unknown", "Your company has not set this up")
        async with self._storage.read(actor.user.tenant_id) as db:
            user = await db.get(User, actor.user.user_id)
        attempt = Attempt(
            actor.user.tenant_id,
            actor.user.user_id,
            actor.session_id,
            found.settings.directory_id,
            found.settings.client_id,
            self._now().timestamp() + LIFE,
            random.token_urlsafe(32),
            random.token_urlsafe(32),
        )
        asked = {
            "response_type": "code",
            "response_mode": "query",
            "client_id": attempt.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self._scopes(found.settings),
            "state": attempt.state,
            "code_challenge": pkce_challenge(attempt.verifier),
            "code_challenge_method": "S256",
            "login_hint": "" if user is None else user.email,
        }
        return self._endpoint.authorization_url(found.settings.directory_id, asked), attempt

    async def finish(self, attempt: Attempt, code: str, error: str, description: str) -> None:
        """Raises :class:`ConnectFailed`."""
        user = UserKey(attempt.tenant_id, attempt.user_id)
        if not await self._sessions.session_live(attempt.tenant_id, attempt.session_id):
            raise ConnectFailed("session_ended")
        if error or not code:
            raise ConnectFailed(_why(error, description))
        found = await self._accounts.connection(user)
        if found is None:
            raise ConnectFailed("source_unknown")
        settings = found.settings
        if (settings.directory_id, settings.client_id) != (attempt.directory_id, attempt.client_id):
            raise ConnectFailed("source_unknown")
        try:
            tokens = await self._endpoint.redeem(
                application(settings, self._secrets),
                code,
                attempt.verifier,
                self.redirect_uri,
                self._scopes(settings),
            )
            name = await self._graph.whoami(tokens.access_token)
        except ConsentEnded as error_:
            raise ConnectFailed("sign_in_refused") from error_
        except SourceTrouble as trouble:
            out = trouble.code == "provider_unreachable"
            raise ConnectFailed(trouble.code if out else "sign_in_refused") from trouble
        if not tokens.refresh_token:
            raise ConnectFailed("sign_in_refused")
        if not await self._accounts.connect(user, settings, name, tokens):
            raise ConnectFailed("source_unknown")

    def _scopes(self, settings: MicrosoftContacts) -> str:
        wanted = permissions(private=settings.private_contacts, company=settings.global_contacts)
        return self._endpoint.scopes(wanted)


def _why(error: str, description: str) -> str:
    """AADSTS65001 and 90094: only an administrator may agree to what is asked for."""
    if error == "consent_required" or "AADSTS65001" in description or "AADSTS90094" in description:
        return "admin_consent_needed"
    return "consent_refused" if error == "access_denied" else "sign_in_refused"
