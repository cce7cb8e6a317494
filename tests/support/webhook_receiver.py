"""A tenant's own server that takes webhooks, over TLS, and answers as a test says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.support.pki import TestCa


@dataclass(frozen=True)
class Taken:
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """As a receiver checks it, with nothing of ours."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        versions = (one.split(",") for one in self.headers["webhook-signature"].split())
        return any(version == "v1" and given == wanted for version, given in versions)


@dataclass
class WebhookReceiver:
    ca_file: Path
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    #: Status of each answer in turn, 0 for none at all; then 204.
    answers: list[int] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _end: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def config(self) -> dict[str, Any]:
        """What the gateway must be told to reach it."""
        return {"outbound": {"allowed_private": ["127.0.0.1"], "ca_file": self.ca_file}}

    async def count(self, wanted: int) -> list[Taken]:
        async with asyncio.timeout(15):
            while len(self.taken) < wanted:
                self._news.clear()
                await self._news.wait()
        return self.taken

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.taken.append(Taken(dict(request.headers), await request.read()))
        self._news.set()
        status = self.answers.pop(0) if self.answers else 204
        if status == 0:
            await self._end.wait()
        if 300 <= status < 400:
            return web.Response(status=status, headers={"Location": self.url + "/elsewhere"})
        return web.Response(status=status or 503)


@asynccontextmanager
async def webhook_receiver(folder: Path) -> AsyncIterator[WebhookReceiver]:
    ca = TestCa(folder, "Webhook CA")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*ca.issue("hooks", addresses=["127.0.0.1"]))
    receiver = WebhookReceiver(ca.ca_file)
    app = web.Application()
    app.router.add_post("/hook", receiver.answer)
    app.router.add_post("/hook/elsewhere", receiver.answer)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    receiver.url = f"https://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        receiver._end.set()
        await runner.cleanup()
