"""Talking to an OpenID provider: discovery, keys, tokens (OpenID Connect Core and Discovery 1.0).

Everything goes through the one safe client; what the provider says of itself is kept for an hour.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.features.sso.failures import SignOnFailed
from gateway.features.sso.id_token import verify
from gateway.outbound import Outbound, OutboundError

_KEPT = 3600.0
_ASK_AGAIN = 60.0  # s between two looks for a key that was not there
_MAX_PROVIDERS = 1000
_MAX_KEYS = 50
_MIN_RSA_BITS = 2048
_WELL_KNOWN = "/.well-known/openid-configuration"


class _Loose(BaseModel):
    """Providers say a lot more than is asked."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Metadata(_Loose):
    """Discovery 1.0 section 3."""

    issuer: str = Field(max_length=500)
    authorization_endpoint: str = Field(max_length=2048)
    token_endpoint: str = Field(max_length=2048)
    jwks_uri: str = Field(max_length=2048)
    userinfo_endpoint: str | None = Field(default=None, max_length=2048)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    #: RFC 9207: the answer names its issuer, against mix-ups.
    authorization_response_iss_parameter_supported: bool = False


class Tokens(_Loose):
    id_token: str = Field(max_length=65536, repr=False)
    access_token: str = Field(default="", max_length=65536, repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """Ourselves, as the provider knows us."""

    client_id: str
    secret: str | None = field(repr=False)
    redirect_uri: str


@dataclass(slots=True)
class _Known:
    metadata: Metadata
    until: float
    keys: KeySet | None = None
    keys_at: float = 0.0


class Providers:
    def __init__(self, outbound: Outbound, monotonic: Callable[[], float]) -> None:
        self._outbound = outbound
        self._monotonic = monotonic
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._ask_again = _ASK_AGAIN

    async def metadata(self, issuer: str, *, fresh: bool = False) -> Metadata:
        return (await self._provider(issuer, fresh=fresh)).metadata

    def forget(self, issuer: str) -> None:
        self._known.pop(issuer, None)

    async def _provider(self, issuer: str, *, fresh: bool = False) -> _Known:
        known = self._known.get(issuer)
        if known is not None and not fresh and self._monotonic() < known.until:
            return known
        said = await self._get(issuer.rstrip("/") + _WELL_KNOWN)
        try:
            metadata = Metadata.model_validate(said)
        except ValidationError as error:
            raise SignOnFailed("provider_invalid", "Its configuration is incomplete") from error
        if metadata.issuer != issuer:
            # Discovery 4.3. A template of many tenants ("common") ends here too, as it must.
            raise SignOnFailed("provider_invalid", "It calls itself by another issuer")
        methods = metadata.code_challenge_methods_supported
        if methods is not None and "S256" not in methods:
            raise SignOnFailed("provider_invalid", "It does not offer PKCE with S256")
        self._check_addresses(metadata)
        known = _Known(metadata, self._monotonic() + _KEPT)
        self._known[issuer] = known
        while len(self._known) > _MAX_PROVIDERS:
            self._known.popitem(last=False)
        return known

    def _check_addresses(self, metadata: Metadata) -> None:
        """Also of those that only the browser goes to: no other scheme is sent to it."""
        try:
            for url in (
                metadata.authorization_endpoint,
                metadata.token_endpoint,
                metadata.jwks_uri,
                metadata.userinfo_endpoint,
            ):
                if url is not None:
                    self._outbound.check_url(url)
        except OutboundError as error:
            raise SignOnFailed("provider_invalid", error.text) from error

    async def claims(
        self, issuer: str, client: Client, tokens: Tokens, nonce: str
    ) -> dict[str, Any]:
        """What the ID token says, once it is proven to be the provider's, for us, and for now."""
        provider = await self._provider(issuer)
        for last in (False, True):
            keys = await self._keys(provider, again=last)
            try:
                return verify(
                    tokens.id_token,
                    keys,
                    issuer=issuer,
                    client_id=client.client_id,
                    nonce=nonce,
                    access_token=tokens.access_token,
                )
            except InvalidKeyIdError as error:
                # Providers change their keys. Somebody's made-up key must not send us there often.
                if last or self._monotonic() - provider.keys_at < self._ask_again:
                    raise SignOnFailed("token_refused", "It is signed by an unknown key") from error
            except JoseError as error:
                raise SignOnFailed("token_refused", str(error)) from error
        raise AssertionError("two attempts at most")

    async def _keys(self, provider: _Known, *, again: bool) -> KeySet:
        now = self._monotonic()
        if provider.keys is None or again or now - provider.keys_at > _KEPT:
            provider.keys = usable_keys(await self._get(provider.metadata.jwks_uri))
            # After the answer: nobody is told to wait because of a look that failed.
            provider.keys_at = self._monotonic()
        return provider.keys

    async def redeem(self, issuer: str, client: Client, code: str, verifier: str) -> Tokens:
        """The code for tokens (Core 3.1.3)."""
        metadata = await self.metadata(issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        if client.secret is None:
            form["client_id"] = client.client_id
        elif "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            # RFC 6749 section 2.3.1: both are form-encoded before.
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": client.client_id, "client_secret": client.secret}
        try:
            reply = await self._outbound.request(
                "POST", metadata.token_endpoint, headers=headers, body=urlencode(form).encode()
            )
            said = reply.json()
        except OutboundError as error:
            raise SignOnFailed("provider_unreachable", error.text) from error
        if reply.status != 200:
            raise SignOnFailed("code_refused", _error_of(said))
        try:
            return Tokens.model_validate(said)
        except ValidationError as error:
            raise SignOnFailed("code_refused", "The answer has no ID token") from error

    async def user_info(self, issuer: str, access_token: str, subject: str) -> dict[str, Any]:
        """Core 5.3: many providers tell address and groups only here."""
        metadata = await self.metadata(issuer)
        if metadata.userinfo_endpoint is None or not access_token:
            return {}
        said = await self._get(metadata.userinfo_endpoint, f"Bearer {access_token}")
        if not isinstance(said, dict) or said.get("sub") != subject:
            # Core 5.3.2: or the claims of somebody else would be taken for this one's.
            raise SignOnFailed("token_refused", "The user information is of another account")
        return said

    async def _get(self, url: str, authorization: str | None = None) -> Any:
        headers = {"Accept": "application/json"}
        if authorization is not None:
            headers["Authorization"] = authorization
        try:
            return await self._outbound.get_json(url, headers)
        except OutboundError as error:
            raise SignOnFailed("provider_unreachable", error.text) from error


def usable_keys(said: Any) -> KeySet:
    """Public keys for signatures. A shared one (``oct``) has no place here, a short one neither."""
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise SignOnFailed("provider_invalid", "Its keys cannot be read")
    keys: list[Any] = []
    for entry in listed[:_MAX_KEYS]:
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        try:
            key = _KINDS[entry["kty"]].import_key(entry)
        except (KeyError, TypeError, ValueError, JoseError):
            continue
        if isinstance(key, RSAKey) and key.public_key.key_size < _MIN_RSA_BITS:
            continue
        keys.append(key)
    if not keys:
        raise SignOnFailed("provider_invalid", "It has no key for signatures")
    return KeySet(keys)


_KINDS: dict[str, Any] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


def _error_of(said: Any) -> str:
    if not isinstance(said, dict):
        return ""
    words = [str(said.get(name, "")) for name in ("error", "error_description")]
    return ": ".join(word for word in words if word)[:300]
