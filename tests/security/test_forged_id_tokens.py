"""ID tokens that somebody else made, or made for something else: none opens a session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.oidc_provider import Browser
from tests.support.oidc_standin import Claims, StandIn, stand_in
from tests.support.sign_on import SignOnBench, sign_on_bench

World = tuple[SignOnBench, StandIn]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with sign_on_bench(tmp_path, monkeypatch) as bench, stand_in() as provider:
        yield bench, provider


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(_provider: StandIn, claims: Claims) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def by_public_key(provider: StandIn, claims: Claims) -> str:
    """HS256 with the public key as the secret: RFC 8725 section 2.1."""
    signed = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(claims)}"
    secret = provider.key.as_pem(private=False)
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def by_own_key(provider: StandIn, claims: Claims, kid: str = "one") -> str:
    own = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": kid}, claims, own)


def with_its_key_inside(provider: StandIn, claims: Claims) -> str:
    own = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "one", "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims, own)


def changed(**claims: Any) -> Callable[[StandIn, Claims], str]:
    def make(provider: StandIn, honest: Claims) -> str:
        kept = {name: value for name, value in (honest | claims).items() if value is not None}
        return provider.honest(kept)

    return make


def tampered(provider: StandIn, claims: Claims) -> str:
    header, _, signature = provider.honest(claims).split(".")
    return f"{header}.{_part(claims | {'email': 'anna@example.test'})}.{signature}"


NOW = int(time.time())
FORGED: dict[str, Callable[[StandIn, Claims], str]] = {
    "alg none": unsigned,
    "HS256 with the public key": by_public_key,
    "another key, same kid": by_own_key,
    "another key, other kid": lambda provider, claims: by_own_key(provider, claims, "two"),
    "its own key in the header": with_its_key_inside,
    "changed after signing": tampered,
    "for another client": changed(aud="somebody-else"),
    "for several, without azp": changed(aud=["somebody-else", "third"]),
    "for us too, but by another's order": changed(
        aud=["offhook-tests", "somebody-else"], azp="somebody-else"
    ),
    "no audience": changed(aud=None),
    "of another issuer": changed(iss="https://login.other.test"),
    "no issuer": changed(iss=None),
    "another nonce": changed(nonce="replayed"),
    "no nonce": changed(nonce=None),
    "expired": changed(iat=NOW - 7200, exp=NOW - 3600),
    "never expires": changed(exp=None),
    "exp is no number": changed(exp="tomorrow"),
    "not yet valid": changed(nbf=NOW + 3600),
    "from the future": changed(iat=NOW + 3600, exp=NOW + 7200),
    "no subject": changed(sub=None),
    "a subject that is no text": changed(sub={"$ne": ""}),
    "at_hash of another token": changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "not a token": lambda _provider, _claims: "rubbish",
    "empty": lambda _provider, _claims: "",
    "deeply nested": lambda _provider, _claims: "e30." + "W" * 60_000 + ".x",
}


async def test_none_opens_a_session(world: World) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    outcomes = {}
    for name, forge in FORGED.items():
        provider.sign = lambda claims, forge=forge: forge(provider, claims)  # type: ignore[misc]
        bench.bench.gateway.features.sso.providers._ask_again = 0.0
        async with Browser() as browser:
            ended = await bench.arrive(browser, made["start_url"])
            cookies = {cookie.key for cookie in browser.http.cookie_jar}
        outcomes[name] = (ended.partition("#")[2], "offhook-refresh-localhost" in cookies)
    refused = ("sign_in_error=token_refused", False)
    assert {name: got for name, got in outcomes.items() if got != refused} == {}
    assert await bench.user("new@example.test") is None
    provider.sign = provider.honest
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home


async def test_a_new_key_is_fetched_once_and_not_for_every_made_up_one(world: World) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home
    assert provider.asked_for_keys == 1
    provider.sign = lambda claims: by_own_key(provider, claims, "made up")
    for _ in range(3):
        async with Browser() as browser:
            await bench.arrive(browser, made["start_url"])
    assert provider.asked_for_keys == 1, "the last look was a moment ago"
    bench.bench.gateway.features.sso.providers._ask_again = 0.0
    rotated = RSAKey.generate_key(2048, parameters={"kid": "two", "use": "sig"})
    provider.published, provider.key = [rotated], rotated
    provider.sign = lambda claims: provider.honest(claims, kid="two")
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home
    assert provider.asked_for_keys == 2


async def test_a_shared_or_short_key_counts_for_nothing(world: World) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    short = RSAKey.generate_key(1024, parameters={"kid": "one", "use": "sig"})
    provider.published, provider.key = [short], short
    async with Browser() as browser:
        ended = await bench.arrive(browser, made["start_url"])
    assert ended.endswith("#sign_in_error=provider_invalid")


async def test_the_answer_must_be_the_provider_s_and_for_this_browser(world: World) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    callback = f"{bench.public_url}/api/v1/auth/sso/callback"
    async with Browser() as browser:
        for query in ("", "?code=x", "?code=x&state=y", "?error=access_denied&state=" + "z" * 43):
            ended, _ = await browser.step(callback + query)
            assert ended.endswith("#sign_in_error=attempt_unknown"), query
        at_provider, _ = await browser.step(made["start_url"])
        back, _ = await browser.step(at_provider)
        ended, _ = await browser.step(back + "&iss=https%3A%2F%2Flogin.other.test")
        assert ended.endswith("#sign_in_error=token_refused"), "RFC 9207"
    async with Browser() as first, Browser() as second:
        at_provider, _ = await first.step(made["start_url"])
        await second.step(made["start_url"])
        back, _ = await first.step(at_provider)
        ended, _ = await second.step(back)
        assert ended.endswith("#sign_in_error=attempt_unknown"), "begun in another browser"


async def test_a_provider_that_calls_itself_otherwise_or_leads_inside_is_refused(
    world: World,
) -> None:
    bench, provider = world
    for lie in (
        {"issuer": "https://login.example.test"},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://10.0.0.1/"},
        {"code_challenge_methods_supported": ["plain"]},
        {"token_endpoint": None},
    ):
        provider.metadata = lie
        setup = {"name": "L", "issuer": provider.issuer, "client_id": "x", "active": True}
        status, body, _ = await bench.bench.call("POST", "/admin/sso", bench.token, json=setup)
        assert (status, body["code"]) == (422, "provider_invalid"), lie
    for issuer in ("https://127.0.0.2/", "http://login.example.test", "https://a@b.test/x"):
        setup = {"name": "L", "issuer": issuer, "client_id": "x", "active": True}
        status, body, _ = await bench.bench.call("POST", "/admin/sso", bench.token, json=setup)
        assert status == 422 and body["code"] in ("issuer_refused", "provider_unreachable"), issuer
