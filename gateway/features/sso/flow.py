"""The authorization code flow, from the button to the session (OpenID Connect Core 3.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from sqlalchemy.exc import IntegrityError

from gateway.credentials.secrets import SealError, Secrets
from gateway.features.sso.arrivals import Arrival, Arrivals, Door, arrival_from, preview
from gateway.features.sso.failures import SignOnFailed
from gateway.features.sso.id_token import LEEWAY
from gateway.features.sso.provider import Client, Providers
from gateway.features.sso.state import LIFE, Attempt, Destination
from gateway.group_roles import groups_of
from gateway.http.endpoint import API_PREFIX
from gateway.ports import UserKey
from gateway.storage.ids import is_id, utc_now
from gateway.storage.storage import Storage
from gateway.storage.tables.single_sign_on import SsoConnection

log = structlog.get_logger(__name__)

CALLBACK = f"{API_PREFIX}/auth/sso/callback"
#: Of a session whose provider does not say: nothing that needs a recent proof.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_END_OF_TIME = 253_402_300_799  # s, the end of the year 9999


def secret_context(connection_id: str) -> str:
    return f"sso_connection/{connection_id}/client_secret"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider sent the browser back with."""

    code: str = ""
    error: str = ""
    error_description: str = ""
    issuer: str = ""


class SignOnFlow:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        providers: Providers,
        arrivals: Arrivals,
        public_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._providers = providers
        self._arrivals = arrivals
        self._redirect_uri = public_url + CALLBACK
        self._now = now

    @property
    def redirect_uri(self) -> str:
        return self._redirect_uri

    async def start(
        self,
        public_id: str,
        to: Destination,
        hint: str = "",
        test: str = "",
        device: tuple[str, str] = ("", ""),
        *,
        fresh: bool = False,
    ) -> tuple[str, Attempt]:
        """Where to send the browser, and what it must bring back."""
        tenant_id, _, connection_id = public_id.partition(".")
        connection = await self._connection(tenant_id, connection_id)
        if not connection.active and not test:
            raise SignOnFailed("connection_off", "Signing in this way is switched off")
        metadata = await self._providers.metadata(connection.issuer)
        until = (self._now() + LIFE).timestamp()
        attempt = Attempt(tenant_id, connection_id, to, until, test, *device, fresh)
        asked = {
            "response_type": "code",
            "client_id": connection.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": connection.scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        if hint:
            asked["login_hint"] = hint
        if fresh:
            # Core 3.1.2.1: with max_age the answer has to say when the proof was given.
            asked |= {"prompt": "login", "max_age": "0"}
        return _with_query(metadata.authorization_endpoint, asked), attempt

    async def finish(self, attempt: Attempt, answer: Answer) -> tuple[UserKey, datetime]:
        """Who has signed in, and when they last proved it to the provider; notes success and
        failure at the connection."""
        connection = await self._connection(attempt.tenant_id, attempt.connection_id)
        try:
            if not connection.active:
                raise SignOnFailed("connection_off", "Signing in this way is switched off")
            arrival = await self._prove(connection, attempt, answer)
            user_id = await self._let_in(connection, arrival)
        except SignOnFailed as failed:
            await self._note(connection, failed)
            raise
        log.info("sso.accepted", tenant=attempt.tenant_id, user=user_id)
        return UserKey(attempt.tenant_id, user_id), arrival.proven_at or _LONG_AGO

    async def finish_test(self, attempt: Attempt, answer: Answer) -> None:
        """The same proof; what comes of it is shown to the administrator and changes nothing."""
        connection = await self._connection(attempt.tenant_id, attempt.connection_id)
        result: dict[str, Any] = {"id": attempt.test, "at": self._now().isoformat()}
        try:
            arrival = await self._prove(connection, attempt, answer)
            result |= preview(connection, arrival) | {"ok": True, "code": "", "detail": ""}
            async with self._storage.read(attempt.tenant_id) as db:
                await self._arrivals.check_domain(db, arrival.email, connection.id)
        except SignOnFailed as failed:
            result |= {"ok": False, "code": failed.code, "detail": failed.detail}
        async with self._storage.write(attempt.tenant_id) as db:
            await db.update(SsoConnection, SsoConnection.id == connection.id, last_test=result)

    async def _connection(self, tenant_id: str, connection_id: str) -> SsoConnection:
        found = None
        if is_id(tenant_id) and is_id(connection_id):
            async with self._storage.read(tenant_id) as db:
                tenant = await db.tenant()
                if tenant is not None and tenant.status == "active":
                    found = await db.get(SsoConnection, connection_id)
        if found is None:
            raise SignOnFailed("connection_unknown", "There is no such way to sign in")
        return found

    async def _prove(self, connection: SsoConnection, attempt: Attempt, answer: Answer) -> Arrival:
        issuer = connection.issuer
        metadata = await self._providers.metadata(issuer)
        named = answer.issuer or metadata.authorization_response_iss_parameter_supported
        if named and answer.issuer != issuer:
            # RFC 9207 section 2.4: the code must not go to another provider than it came from.
            raise SignOnFailed("token_refused", "The answer came from another provider")
        if answer.error or not answer.code:
            said = f"{answer.error}: {answer.error_description}".strip(": ")
            raise SignOnFailed("provider_refused", said[:300])
        client = self._client(connection)
        tokens = await self._providers.redeem(issuer, client, answer.code, attempt.verifier)
        claims = await self._providers.claims(issuer, client, tokens, attempt.nonce)
        groups = groups_of(claims, connection.groups_claim)
        if "email" not in claims or (connection.role_by_group and groups is None):
            more = await self._providers.user_info(issuer, tokens.access_token, claims["sub"])
            claims = more | claims
            groups = groups_of(claims, connection.groups_claim)
        if connection.role_by_group and groups is None:
            log.warning("sso.groups_missing", tenant=connection.tenant_id, connection=connection.id)
        proven_at = proof_of(claims.get("auth_time"), attempt, self._now())
        return replace(arrival_from(claims, groups), proven_at=proven_at)

    def _client(self, connection: SsoConnection) -> Client:
        secret = None
        if connection.client_secret is not None:
            try:
                secret = self._secrets.unseal(
                    connection.client_secret, secret_context(connection.id)
                )
            except SealError as error:
                raise SignOnFailed("secret_unreadable", "Enter the client secret again") from error
        return Client(connection.client_id, secret, self._redirect_uri)

    async def _let_in(self, connection: SsoConnection, arrival: Arrival) -> str:
        door = Door(
            "sso",
            f"sign-on: {connection.name}",
            connection.role_by_group,
            connection.create_users,
            connection.id,
        )
        try:
            async with self._storage.write(connection.tenant_id) as db:
                await self._arrivals.check_domain(db, arrival.email, connection.id)
                user_id = await self._arrivals.settle(db, arrival, door)
                await db.update(
                    SsoConnection,
                    SsoConnection.id == connection.id,
                    last_sign_in=self._now(),
                    last_error="",
                )
        except IntegrityError as error:
            # Twice at one moment: the other one has made the user.
            raise SignOnFailed("try_again", "Two sign-ons met") from error
        return user_id

    async def _note(self, connection: SsoConnection, failed: SignOnFailed) -> None:
        log.warning(
            "sso.refused", tenant=connection.tenant_id, connection=connection.id, code=failed.code
        )
        async with self._storage.write(connection.tenant_id) as db:
            await db.update(
                SsoConnection,
                SsoConnection.id == connection.id,
                last_error=failed.code[:60],
                last_error_at=self._now(),
            )


def proof_of(said: Any, attempt: Attempt, now: datetime) -> datetime | None:
    """When the person last proved who they are (Core section 2); None: the provider does not say.

    Where a new proof was asked for, an old one is none: a provider's cookie speaks for whoever
    sits at the device.
    """
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said < _END_OF_TIME:
        if attempt.fresh:
            raise SignOnFailed("proof_missing", "The ID token has no auth_time")
        return None
    if attempt.fresh and said < attempt.begun - LEEWAY:
        raise SignOnFailed("proof_old", "The provider asked for no new proof")
    return min(datetime.fromtimestamp(said, UTC), now)


def _with_query(url: str, more: dict[str, str]) -> str:
    """RFC 6749 section 3.1: what the address has of its own stays."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
