"""A stand-in for Microsoft's sign-in and for Microsoft Graph: nothing of it is Microsoft's.

It knows one directory, one application and its people, and misbehaves on demand: pages, ended
tokens, too many requests, faults, answers that do not come, links that lead elsewhere.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from tests.support.ports import free_port

DIRECTORY = "0f1e2d3c-0000-4000-8000-123456789abc"
CLIENT, SECRET = "11111111-2222-4333-8444-555555555555", "stand-in secret/+of the client"

Item = dict[str, Any]


def person(name: str, **more: Any) -> Item:
    """A contact or a user as Graph tells of them."""
    return {"id": name, "displayName": name, "businessPhones": [], "mobilePhone": None, **more}


@dataclass
class Answer:
    """What is said instead of the truth."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


class GraphStandIn:
    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.graph_url = f"{self.url}/v1.0"
        self.contacts: list[Item] = []
        self.users: list[Item] = []
        self.page_size = 100
        #: Instead of the next answers of Graph; ``None``: the truth, once.
        self.instead: list[Answer | None] = []
        #: The same of the token endpoint.
        self.tokens_instead: list[Answer] = []
        self.refuse_consent = ""
        self.consent_ended = False
        self.rotates = True
        self.never = asyncio.Event()
        self.silent = False
        self.next_link = ""
        #: What was asked of Graph, and of the token endpoint.
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.tokens: list[dict[str, str]] = []
        self.valid: set[str] = set()
        self.refresh_tokens: set[str] = set()
        self._codes: dict[str, dict[str, str]] = {}
        self._made = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{directory}/oauth2/v2.0/authorize", self._authorize)
        app.router.add_post("/{directory}/oauth2/v2.0/token", self._token)
        app.router.add_get("/v1.0/{what:.*}", self._graph)
        return app

    def settings(self) -> dict[str, Any]:
        """For the administrator's form."""
        return {
            "directory_id": DIRECTORY,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "active": True,
        }

    def end_access(self) -> None:
        """The access tokens that were given are taken no more."""
        self.valid.clear()

    # --- sign-in -----------------------------------------------------------------------------

    async def _authorize(self, request: web.Request) -> web.Response:
        """Whoever comes agrees, unless told otherwise."""
        query = dict(request.query)
        back = {"state": query["state"]}
        if self.refuse_consent:
            back |= {"error": "access_denied", "error_description": self.refuse_consent}
        else:
            code = f"code-{len(self._codes)}"
            self._codes[code] = query
            back |= {"code": code, "session_state": "of theirs"}
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(back)}")

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.tokens.append(form)
        if self.tokens_instead:
            said = self.tokens_instead.pop(0)
            return web.json_response(said.body, status=said.status, headers=said.headers)
        if request.match_info["directory"] != DIRECTORY:
            return _error("invalid_request", 90002)
        if form.get("client_id") != CLIENT:
            return _error("unauthorized_client", 700016)
        if form.get("client_secret") != SECRET:
            return _error("invalid_client", 7000215, 401)
        match form.get("grant_type"):
            case "client_credentials":
                return web.json_response({"access_token": "of nobody", "expires_in": 3599})
            case "authorization_code":
                asked = self._codes.pop(form.get("code", ""), None)
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                if asked is None or asked["code_challenge"] != challenge:
                    return _error("invalid_grant", 54005)
                return self._granted()
            case "refresh_token":
                known = form.get("refresh_token") in self.refresh_tokens
                if self.consent_ended or not known:
                    return _error("invalid_grant", 700082)
                if self.rotates:
                    self.refresh_tokens.discard(form["refresh_token"])
                return self._granted()
        return _error("unsupported_grant_type", 70003)

    def _granted(self) -> web.Response:
        self._made += 1
        access, refresh = f"access-{self._made}", f"refresh-{self._made}"
        self.valid.add(access)
        self.refresh_tokens.add(refresh)
        return web.json_response(
            {"access_token": access, "refresh_token": refresh, "expires_in": 3599}
        )

    # --- Graph -------------------------------------------------------------------------------

    async def _graph(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.rel_url))
        self.headers.append(dict(request.headers))
        if self.silent:
            await self.never.wait()
        instead = self.instead.pop(0) if self.instead else None
        if instead is not None:
            return web.json_response(instead.body, status=instead.status, headers=instead.headers)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.valid:
            return web.json_response({"error": {"code": "InvalidAuthenticationToken"}}, status=401)
        what = request.match_info["what"]
        if what == "me":
            return web.json_response({"userPrincipalName": "anna@contoso.test", "mail": None})
        listed = self.contacts if what == "me/contacts" else self._searched(request)
        return web.json_response(self._page(request, listed))

    def _searched(self, request: web.Request) -> list[Item]:
        """Each clause of ``$search`` begins a word of the name, or the address."""
        assert request.headers.get("ConsistencyLevel") == "eventual"
        found = self.users
        for clause in request.query["$search"].split(" AND "):
            word = clause.split('"displayName:')[1].split('"')[0].casefold()
            found = [
                user
                for user in found
                if any(part.startswith(word) for part in user["displayName"].casefold().split())
                or str(user.get("mail") or "").startswith(word)
            ]
        return found

    def _page(self, request: web.Request, listed: list[Item]) -> Item:
        start = int(parse_qs(urlsplit(str(request.rel_url)).query).get("$skip", ["0"])[0])
        size = min(self.page_size, int(request.query.get("$top", "10")))
        page: Item = {"value": listed[start : start + size]}
        if start + size < len(listed):
            query = {**request.query, "$skip": str(start + size)}
            page["@odata.nextLink"] = f"{self.url}{request.path}?{urlencode(query)}"
        if self.next_link:
            page["@odata.nextLink"] = self.next_link
        return page


def _error(word: str, number: int, status: int = 400) -> web.Response:
    said = {"error": word, "error_codes": [number], "error_description": f"AADSTS{number}: no"}
    return web.json_response(said, status=status)


@asynccontextmanager
async def graph_stand_in() -> AsyncIterator[GraphStandIn]:
    port = free_port()
    made = GraphStandIn(port)
    runner = web.AppRunner(made.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield made
    finally:
        made.never.set()
        await runner.cleanup()
