"""Starts the real OpenID provider, and signs in at its page as a browser would."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CLIENT_ID, CLIENT_SECRET = "offhook-tests", "a secret/of+the client:"


@asynccontextmanager
async def oidc_provider(
    redirect_uri: str, accounts: Mapping[str, Mapping[str, Any]], host: str = "localhost"
) -> AsyncIterator[str]:
    """Its issuer. ``accounts``: claims by the name that is typed at its page."""
    node = shutil.which("node")
    assert node is not None, "the provider of the tests needs node"
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [redirect_uri],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
    }
    setup = {"host": host, "port": free_port(), "clients": [client], "accounts": accounts}
    process = await asyncio.create_subprocess_exec(
        node,
        "tests/support/oidc/server.mjs",
        json.dumps(setup),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            issuer = (await process.stdout.readline()).decode().strip()
        assert issuer, "the provider did not start"
        yield issuer
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


class Browser:
    """Follows redirects by hand, keeps cookies, and fills in the provider's forms."""

    def __init__(self) -> None:
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.http.close()

    async def step(self, url: str, form: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Where it leads (``""``: nowhere further) and the page."""
        method = "GET" if form is None else "POST"
        async with self.http.request(method, url, data=form, allow_redirects=False) as response:
            page = await response.text()
            location = response.headers.get("Location", "")
            return str(response.url.join(URL(location))) if location else "", page

    async def sign_in(self, start_url: str, login: str, until: str) -> str:
        """From the button to the address beginning with ``until``, which is not opened."""
        url = start_url
        for _ in range(20):
            following, page = await self.step(url)
            while not following:
                action = re.search(r'<form[^>]*action="([^"]+)"', page)
                prompt = re.search(r'name="prompt" value="(\w+)"', page)
                assert action and prompt, page[:2000]
                form = {"prompt": prompt[1], "login": login, "password": "anything"}
                following, page = await self.step(action[1], form)
            if following.startswith(until):
                return following
            url = following
        raise AssertionError("the sign-on goes round in circles")
