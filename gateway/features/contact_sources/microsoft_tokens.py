"""Microsoft's token endpoint (RFC 6749, as the identity platform's version 2.0 has it)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.config import MicrosoftConfig
from gateway.credentials.secrets import SealError, Secrets
from gateway.features.contact_sources.retry_after import retry_after
from gateway.features.contact_sources.source import SourceTrouble
from gateway.outbound import Outbound, OutboundError
from gateway.storage.ids import utc_now
from gateway.storage.tables.contact_sources import MicrosoftContacts

#: What says that the user has to sign in again (RFC 6749 section 5.2, OpenID Connect Core 3.1.2.6).
_ENDED = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
#: Numbers of Microsoft's, for the administrator's eyes; without them the OAuth word must do.
_BY_NUMBER = {
    90002: "directory_unknown",
    900023: "directory_unknown",
    700016: "client_unknown",
    7000215: "secret_refused",
    7000222: "secret_expired",
}
_BY_WORD = {"invalid_client": "secret_refused", "unauthorized_client": "client_unknown"}


class Tokens(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    access_token: str = Field(min_length=1, max_length=65536, repr=False)
    refresh_token: str = Field(default="", max_length=65536, repr=False)
    expires_in: int = Field(default=3600, ge=0, le=7 * 86400)


class ConsentEnded(Exception):
    """Only the user can help."""


@dataclass(frozen=True, slots=True)
class Application:
    """Ourselves, as Microsoft knows us for this tenant."""

    directory_id: str
    client_id: str
    secret: str = field(repr=False)


def secret_context(tenant_id: str) -> str:
    return f"microsoft_contacts/{tenant_id}/client_secret"


def application(settings: MicrosoftContacts, secrets: Secrets) -> Application:
    try:
        sealed = settings.client_secret or b""
        secret = secrets.unseal(sealed, secret_context(settings.tenant_id))
    except SealError as error:
        raise SourceTrouble("failing", "secret_unreadable") from error
    return Application(settings.directory_id, settings.client_id, secret)


class TokenEndpoint:
    def __init__(
        self,
        outbound: Outbound,
        config: MicrosoftConfig,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._outbound = outbound
        self._now = now
        self._login_url = config.login_url.rstrip("/")
        parts = urlsplit(config.graph_url)
        self._resource = f"{parts.scheme}://{parts.netloc}"

    def scopes(self, permissions: list[str]) -> str:
        named = [f"{self._resource}/{permission}" for permission in permissions]
        return " ".join(("offline_access", *named))

    def authorization_url(self, directory_id: str, asked: dict[str, str]) -> str:
        return f"{self._url(directory_id, 'authorize')}?{urlencode(asked)}"

    async def redeem(
        self, of: Application, code: str, verifier: str, redirect_uri: str, scopes: str
    ) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
            "scope": scopes,
        }
        return await self._ask(of, form)

    async def refresh(self, of: Application, refresh_token: str) -> Tokens:
        return await self._ask(of, {"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def prove(self, of: Application) -> None:
        """The application alone: it may nothing by this, but it shows that it is known."""
        scope = f"{self._resource}/.default"
        await self._ask(of, {"grant_type": "client_credentials", "scope": scope})

    def _url(self, directory_id: str, what: str) -> str:
        return f"{self._login_url}/{quote(directory_id, safe='')}/oauth2/v2.0/{what}"

    async def _ask(self, of: Application, form: dict[str, str]) -> Tokens:
        """Raises :class:`ConsentEnded` and :class:`SourceTrouble`."""
        body = urlencode({**form, "client_id": of.client_id, "client_secret": of.secret})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            reply = await self._outbound.request(
                "POST", self._url(of.directory_id, "token"), headers=headers, body=body.encode()
            )
            if reply.status == 429 or reply.status >= 500:
                wait = retry_after(reply, self._now())
                raise SourceTrouble("failing", "provider_unreachable", wait)
            said = reply.json()
        except OutboundError as error:
            raise SourceTrouble("failing", "provider_unreachable") from error
        if reply.status != 200:
            raise _refused(said)
        try:
            return Tokens.model_validate(said)
        except ValidationError as error:
            raise SourceTrouble("failing", "sign_in_refused") from error


def _refused(said: Any) -> Exception:
    said = said if isinstance(said, dict) else {}
    numbers = said.get("error_codes")
    for number in numbers if isinstance(numbers, list) else ():
        if isinstance(number, int) and number in _BY_NUMBER:
            return SourceTrouble("failing", _BY_NUMBER[number])
    word = said.get("error")
    if not isinstance(word, str):
        return SourceTrouble("failing", "sign_in_refused")
    if word in _ENDED:
        return ConsentEnded(word)
    return SourceTrouble("failing", _BY_WORD.get(word, "sign_in_refused"))
