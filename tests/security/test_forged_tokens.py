"""Forged access tokens: refused on both doors, whatever was done to them."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pyotp
import pytest
import socketio.exceptions
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from gateway.admin_ports import system
from gateway.credentials.secrets import Secrets
from gateway.credentials.tokens import ISSUER
from gateway.features.login.keeper import AUDIENCE
from gateway.features.scim import routes
from gateway.http import app
from gateway.storage.ids import new_id
from gateway.storage.models import User
from tests.support.gateway_platform import PASSWORD, Bench, open_bench


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr(app, "REFUSED_KEYS", 10_000)
    monkeypatch.setattr(routes, "_REFUSED_KEYS", 10_000)
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


def b64(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forgeries(good: str, secrets: Secrets) -> dict[str, str]:
    header = jwt.get_unverified_header(good)
    claims: dict[str, Any] = jwt.decode(good, options={"verify_signature": False})
    kid = header["kid"]
    own = secrets.signing[kid]
    public = own.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    foreign = ec.generate_private_key(ec.SECP256R1())
    rsa_key = rsa.generate_private_key(65537, 2048)
    now = datetime.now(UTC)
    head, body, signature = good.split(".")

    def signed(key: Any = own, alg: str = "ES256", extra: Any = None, **changes: Any) -> str:
        changed = {**claims, **changes}
        changed = {name: value for name, value in changed.items() if value is not None}
        return jwt.encode(changed, key, alg, headers={"kid": kid, **(extra or {})})

    def hmac_with_public_key() -> str:
        import hashlib
        import hmac

        text = f"{b64({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{body}"
        return f"{text}.{b64(hmac.new(public, text.encode(), hashlib.sha256).digest())}"

    return {
        "alg none": f"{b64({'alg': 'none', 'kid': kid})}.{body}.",
        "alg None": f"{b64({'alg': 'None', 'kid': kid})}.{body}.{signature}",
        "HS256 with the public key": hmac_with_public_key(),
        "RS256": signed(rsa_key, "RS256"),
        "ES384": signed(ec.generate_private_key(ec.SECP384R1()), "ES384"),
        "another key, our kid": signed(foreign),
        "another key, its jwk": signed(foreign, extra={"jwk": {"kty": "EC"}}),
        "another key, its jku": signed(foreign, extra={"jku": "https://evil.example/keys"}),
        "unknown kid": signed(extra={"kid": new_id()}),
        "kid as a path": signed(extra={"kid": "../../etc/passwd"}),
        "kid as SQL": signed(extra={"kid": "' OR '1'='1"}),
        "no kid": jwt.encode(claims, own, "ES256"),
        "crit": signed(extra={"crit": ["exp"]}),
        "expired": signed(exp=now - timedelta(seconds=30)),
        "not yet valid": signed(nbf=now + timedelta(minutes=5)),
        "no exp": signed(exp=None),
        "no aud": signed(aud=None),
        "no iss": signed(iss=None),
        "no sub": signed(sub=None),
        "no jti": signed(jti=None),
        "other audience": signed(aud="offhook-edge"),
        "audience list": signed(aud=[AUDIENCE, "x"]),
        "other issuer": signed(iss="https://evil.example"),
        "exp far out": signed(exp=10**18),
        "exp as text": signed(exp="never"),
        "other tenant": signed(tid=new_id()),
        "tenant no id": signed(tid="x"),
        "no session": signed(sid=None),
        "unknown session": signed(sid=new_id()),
        "changed body": f"{head}.{b64({**claims, 'sub': new_id()})}.{signature}",
        "cut": good[:-10],
        "empty parts": "..",
        "no token": "x",
        "deep JSON": f"{head}.{b64(b'[' * 5000)}.{signature}",
    }


#: Of users, administrators, the PBX, programs, SCIM and connectors; a file, a stream.
DOORS = (
    ("GET", "/me"),
    ("GET", "/admin/people"),
    ("GET", "/admin/audit.csv"),
    ("PUT", "/provisioning/users"),
    ("GET", "/events"),
    ("POST", "/calls"),
    ("GET", "//scim/v2/Users"),
    ("POST", "/connector/session"),
)


async def test_every_forgery_is_refused_by_rest_and_socket(bench: Bench, tmp_path: Path) -> None:
    good = (await bench.login())["access_token"]
    claims = jwt.decode(good, options={"verify_signature": False})
    assert claims["iss"] == ISSUER and claims["aud"] == AUDIENCE
    assert claims["exp"] - claims["iat"] <= 600
    assert (await bench.call("GET", "/me", good))[0] == 200
    secrets = await asyncio.to_thread(Secrets.load, tmp_path / "secrets")
    for name, forged in forgeries(good, secrets).items():
        status, body, headers = await bench.call("GET", "/me", forged)
        assert status == 401, name
        assert body["code"] in ("token_refused", "session_ended"), name
        assert headers["Content-Type"] == "application/problem+json"
        for method, path in DOORS:
            sent = {} if method == "GET" else {"json": {}}
            status, body, _ = await bench.call(method, path, forged, **sent)
            assert status == 401, (name, path, body)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await bench.socket(forged)
    assert len(bench.gateway.phone.sockets) == 0


async def test_what_proves_something_else_lets_nobody_in(bench: Bench) -> None:
    """Secrets of ours, each good for one thing, shown as access tokens on both doors."""
    grant = await bench.login()
    tenant = bench.demo.tenant_id
    token = grant["access_token"]
    _, made, _ = await bench.call("POST", "/me/totp", token, json={})
    code = pyotp.TOTP(made["secret"]).now()
    _, codes, _ = await bench.call("POST", "/me/totp/confirm", token, json={"code": code})
    login = {"email": "anna@example.test", "password": PASSWORD, "device": {"kind": "api"}}
    _, begun, _ = await bench.call("POST", "/auth/login", json=login)
    _, passkey, _ = await bench.call("POST", "/auth/passkey/begin", json={})
    features = bench.gateway.features
    async with features.storage.write(tenant) as db:
        berta = bench.demo.users["berta@example.test"]
        await db.update(User, User.id == berta, password_hash=None, activated_at=None)
        invitation = await features.sign_in.letters.invite(db, system(tenant, "test"), berta)
    secrets = {
        "refresh token": grant["refresh_token"],
        "step token": begun["step_token"],
        "invitation": invitation,
        "recovery code": codes["recovery_codes"][0],
        "authenticator secret": made["secret"],
        "passkey challenge": passkey["options"]["challenge"],
        "connector key": bench.api_key,
        "session id": grant["session_id"],
    }
    for name, secret in secrets.items():
        for path in ("/me", "/admin/sign-in"):
            assert (await bench.call("GET", path, secret))[0] in (401, 403), (name, path)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await bench.socket(secret)
    for name, secret in secrets.items():
        for path, body in (
            ("/auth/refresh", {"refresh_token": secret}),
            ("/auth/second-step", {"step_token": secret, "method": "totp", "code": "000000"}),
            ("/auth/password-reset/finish", {"token": secret, "password": "seven green umbrellas"}),
            ("/auth/invitation", {"token": secret}),
        ):
            own = {"/auth/refresh": "refresh token", "/auth/invitation": "invitation"}.get(path)
            if name != own:
                status, _, _ = await bench.call("POST", path, json=body)
                assert status in (401, 410), (name, path)
    assert len(bench.gateway.phone.sockets) == 0


async def test_a_users_token_is_no_connector_and_a_key_is_no_user(bench: Bench) -> None:
    good = (await bench.login())["access_token"]
    session = {"instance": new_id(), "version": "1", "profile": "business"}
    assert (await bench.call("POST", "/connector/session", good, json=session))[0] == 401
    assert (await bench.call("GET", "/me", bench.api_key))[0] == 401
    status, reply, _ = await bench.call("POST", "/connector/session", bench.api_key, json=session)
    assert status == 200
    assert (await bench.call("GET", "/me", reply["token"]))[0] == 401
    assert (await bench.call("GET", "/connector/config", reply["token"]))[0] == 401
