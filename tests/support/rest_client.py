"""The public API as a script uses it: a native client that keeps its token in memory."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.support.netns import connector_in


class RestClient:
    """``async with RestClient(url, email, password) as api``."""

    def __init__(
        self, url: str, email: str, password: str, *, namespace: str | None = None
    ) -> None:
        self._url = url
        self._namespace = namespace
        self._sign_in = {"email": email, "password": password}
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(connector=connector_in(self._namespace))
        body = {**self._sign_in, "device": {"kind": "api", "name": "test"}}
        async with self._http.post(f"{self._url}/api/v1/auth/login", json=body) as reply:
            assert reply.status == 200, await reply.text()
            token = (await reply.json())["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def get(self, path: str) -> Any:
        assert self._http is not None
        async with self._http.get(f"{self._url}/api/v1{path}") as reply:
            assert reply.status == 200, await reply.text()
            return await reply.json()

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        assert self._http is not None
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        url = f"{self._url}/api/v1{path}"
        async with self._http.post(url, json=body or {}, headers=headers) as reply:
            assert reply.status < 300, await reply.text()
            return await reply.json() if reply.content_type == "application/json" else None

    async def delete(self, path: str) -> None:
        assert self._http is not None
        async with self._http.delete(f"{self._url}/api/v1{path}") as reply:
            assert reply.status == 204, await reply.text()

    async def newest_entry(self) -> dict[str, Any]:
        rows: list[dict[str, Any]] = (await self.get("/journal?limit=1"))["items"]
        return rows[0]
