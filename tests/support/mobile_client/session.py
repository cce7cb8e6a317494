"""Signing in, staying signed in, and REST. A native client holds its tokens itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp

Json = dict[str, Any]
NONE: Mapping[str, str] = {}


class Refused(Exception):
    """The gateway said no. ``code`` is stable, ``problem["title"]`` is for people (RFC 9457)."""

    def __init__(self, what: str, problem: Json) -> None:
        super().__init__(f"{what}: {problem}")
        self.code = problem.get("code")
        self.status = problem.get("status")
        self.problem = problem


class Session:
    """One device's session. ``kind`` is ``ios``, ``android`` or ``api``."""

    def __init__(self, url: str, kind: str, name: str) -> None:
        self.url = url
        self.kind = kind
        self.name = name
        self.device_id = ""
        self.access_token = ""
        self._refresh_token = ""
        # A native client has no use for cookies, and sends no Origin.
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def sign_in(self, email: str, password: str, device_id: str | None = None) -> None:
        """``device_id``: the one of an earlier sign-in, to stay the same device."""
        device: Json = {"kind": self.kind, "name": self.name}
        if device_id is not None:
            device["id"] = device_id
        body = {"email": email, "password": password, "device": device}
        self._keep(await self._send("POST", "/auth/login", body))

    async def refresh(self) -> None:
        """Both tokens anew: a refresh token works once. If the answer is lost, do it again."""
        body = {"refresh_token": self._refresh_token, "device_id": self.device_id}
        self._keep(await self._send("POST", "/auth/refresh", body))

    async def sign_out(self) -> None:
        """Ends the session and its sockets at once."""
        await self._send("POST", "/auth/logout", {"refresh_token": self._refresh_token})
        self.access_token = self._refresh_token = ""

    async def request(
        self, method: str, path: str, body: Json | None = None, **headers: str
    ) -> Any:
        """REST with the access token; it lives ten minutes, then it is renewed once."""
        # The same key if the request has to be repeated: it has one effect.
        headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        try:
            return await self._send(method, path, body, headers)
        except Refused as refused:
            if refused.code != "token_refused":
                raise
        await self.refresh()
        return await self._send(method, path, body, headers)

    async def download(self, path: str) -> str:
        """A file instead of JSON."""
        headers = {"Authorization": f"Bearer {self.access_token}"}
        async with self._http.get(f"{self.url}/api/v1{path}", headers=headers) as reply:
            if reply.status >= 300:
                raise Refused(f"GET {path}", await reply.json(content_type=None))
            return await reply.text("utf-8-sig")

    async def aclose(self) -> None:
        await self._http.close()

    def _keep(self, grant: Json) -> None:
        self.access_token = grant["access_token"]
        self._refresh_token = grant["refresh_token"]
        self.device_id = grant["device_id"]

    async def _send(
        self, method: str, path: str, body: Json | None = None, headers: Mapping[str, str] = NONE
    ) -> Any:
        if not path.startswith("/auth/"):
            headers = {**headers, "Authorization": f"Bearer {self.access_token}"}
        url = f"{self.url}/api/v1{path}"
        async with self._http.request(method, url, json=body, headers=headers) as reply:
            answer = None if reply.status == 204 else await reply.json(content_type=None)
        if reply.status >= 300:
            raise Refused(f"{method} {path}", answer or {"status": reply.status})
        return answer
