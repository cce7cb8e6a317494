"""A stand-in for an OpenID provider that lies on demand. The real one: oidc_provider.py."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.ports import free_port

Claims = dict[str, Any]


class StandIn:
    """``sign`` makes the ID token of honest claims; tests put in their own."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})
        self.person: Claims = {
            "sub": "subject-1",
            "email": "new@example.test",
            "email_verified": True,
            "name": "New Person",
        }
        self.info: Claims | None = None
        self.sign: Callable[[Claims], str] = self.honest
        self.metadata: Claims = {}
        self.published: list[RSAKey] = [self.key]
        self.asked_for_keys = 0
        self.redeemed: list[dict[str, str]] = []
        #: When the person has shown who they are; None: it is not said.
        self.auth_time: int | None = None
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def honest(self, claims: Claims, **header: str) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one", **header}, claims, self.key)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/userinfo", self._userinfo)
        return app

    async def _discovery(self, _request: web.Request) -> web.Response:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=7",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "code_challenge_methods_supported": ["S256"],
        }
        return web.json_response(said | self.metadata)

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked_for_keys += 1
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.published]})

    async def _authorize(self, request: web.Request) -> web.Response:
        """Whoever comes is signed in."""
        code = f"code-{len(self._codes)}"
        self._codes[code] = dict(request.query)
        self.asked.append(dict(request.query))
        back = {"code": code, "state": request.query["state"], "session_state": "of theirs"}
        raise web.HTTPFound(f"{request.query['redirect_uri']}?{urlencode(back)}")

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        self.redeemed.append(form | {"authorization": request.headers.get("Authorization", "")})
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = self.person | {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        if self.auth_time is not None:
            claims["auth_time"] = self.auth_time
        return web.json_response(
            {"access_token": "access", "token_type": "Bearer", "id_token": self.sign(claims)}
        )

    async def _userinfo(self, _request: web.Request) -> web.Response:
        return web.json_response(self.info if self.info is not None else self.person)


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    port = free_port()
    made = StandIn(port)
    runner = web.AppRunner(made.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield made
    finally:
        await runner.cleanup()
