"""The connector's session at the gateway: API key in, link token and configuration out."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from connector.config import GatewayLink
from connector.lines import LineConfig, parse_lines
from connector.uplink.key import LinkKey
from protocols.aio.tls import client_context

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=8)


class SessionError(Exception):
    """No session. `layer` is the lowest layer that failed: network, tls or key."""

    def __init__(self, layer: str, detail: str) -> None:
        super().__init__(f"{layer}: {detail}")
        self.layer = layer
        self.detail = detail


class KeyRefusedError(SessionError):
    def __init__(self, detail: str) -> None:
        super().__init__("key", detail)


@dataclass(frozen=True, slots=True)
class Edge:
    """A SIP edge of the gateway."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """What the gateway knows about this site. Unknown parts are empty."""

    site_id: str
    service_domain: str
    edges: tuple[Edge, ...]
    version: int
    lines: tuple[LineConfig, ...]
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host part that names this site on the link."""
        return f"{self.site_id}.{self.service_domain}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A link token and the configuration that came with it."""

    token: str = field(repr=False)
    lifetime: float
    site: SiteConfig
    turn: Mapping[str, Any] = field(default_factory=dict, repr=False)


def parse_grant(body: Mapping[str, Any]) -> Grant:
    """The answer of ``POST /api/v1/connector/session``; KeyError or ValueError when unusable."""
    token = str(body["token"])
    # a token goes into an Authorization header (RFC 6750 section 2.1): no other characters
    if not token or not all(c.isascii() and (c.isalnum() or c in "-._~+/=") for c in token):
        raise ValueError("the token is not a bearer token")
    turn = body.get("turn")
    return Grant(
        token,
        float(body.get("expires_in", 600)),
        parse_site(body),
        turn if isinstance(turn, Mapping) else {},
    )


def parse_site(body: Mapping[str, Any]) -> SiteConfig:
    site = body["site"]
    details: Mapping[str, Any] = site if isinstance(site, Mapping) else {"id": site}
    edges = tuple(Edge(str(e["host"]), int(e["port"])) for e in body["edges"])
    if not edges:
        raise ValueError("no SIP edge")
    return SiteConfig(
        site_id=str(details["id"]),
        service_domain=str(body["service_domain"]),
        edges=edges,
        version=int(body.get("config_version", 0)),
        lines=parse_lines(body["lines"]),
        numbers={k: v for k, v in details.items() if k != "id"},
    )


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Client context: the system's CAs and `ca_file`, host name always checked, TLS 1.2 up."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context


def sip_tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """The same trust for SIP, where names are checked as RFC 5922 asks."""
    context = client_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context


class GatewayApi:
    """The three HTTPS requests a connector makes."""

    def __init__(self, link: GatewayLink, *, instance: str, version: str, profile: str) -> None:
        self._link = link
        self.key = LinkKey(link)
        #: The site that this process serves; a key of another one is not ours.
        self._site = ""
        self._hello = {"instance": instance, "version": version, "profile": profile}
        self._http: aiohttp.ClientSession | None = None

    async def open_session(self) -> Grant:
        """A fresh token and the whole configuration. Raises SessionError."""
        body = await self._request("POST", "/api/v1/connector/session", json=self._hello)
        try:
            return parse_grant(body)
        except (KeyError, TypeError, ValueError) as error:
            raise SessionError("key", f"the gateway's answer is unusable: {error!r}") from error

    async def config_since(self, version: int) -> SiteConfig | None:
        """The configuration if it is newer than `version`."""
        body = await self._request("GET", f"/api/v1/connector/config?since={version}")
        if not body:
            return None
        try:
            site = parse_site(body)
        except (KeyError, TypeError, ValueError) as error:
            raise SessionError("key", f"the gateway's answer is unusable: {error!r}") from error
        return site if site.version != version else None

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _request(self, method: str, path: str, json: Any = None) -> Mapping[str, Any]:
        """With the key of the file, else with the one that worked until now."""
        try:
            keys = await asyncio.to_thread(self.key.candidates)
        except (OSError, ValueError) as error:
            raise SessionError("key", f"the API key cannot be read: {error}") from error
        for number, key in enumerate(keys):
            try:
                body = await self._ask(method, path, json, key)
                self._same_site(body)
            except KeyRefusedError:
                if number + 1 == len(keys):
                    raise
            else:
                self.key.took(key, first=number == 0)
                return body
        raise AssertionError("there is always a key to try")

    def _same_site(self, body: Mapping[str, Any]) -> None:
        site = body.get("site")
        named = str(site.get("id", "")) if isinstance(site, Mapping) else ""
        if named and self._site and named != self._site:
            raise KeyRefusedError("it is of another site; restart to serve that one")
        self._site = named or self._site

    async def _ask(self, method: str, path: str, json: Any, key: str) -> Mapping[str, Any]:
        http = self._session()
        try:
            headers = {"Authorization": f"Bearer {key}"}
            async with http.request(
                method, self._link.url + path, json=json, headers=headers, allow_redirects=False
            ) as response:
                if response.status in (204, 304):
                    return {}
                if response.status in (401, 403):
                    raise KeyRefusedError(f"{response.status} {await _problem_title(response)}")
                if response.status != 200:
                    raise SessionError("network", f"the gateway answered {response.status}")
                body = await response.json()
        except aiohttp.ClientSSLError as error:
            raise SessionError("tls", _ssl_text(error)) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SessionError("network", str(error) or type(error).__name__) from error
        except ValueError as error:
            raise SessionError("network", "the answer is not JSON") from error
        if not isinstance(body, Mapping):
            raise SessionError("network", "the answer is not a JSON object")
        return body

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            connector = aiohttp.TCPConnector(ssl=tls_context(self._link.ca_file), limit=4)
            self._http = aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT)
        return self._http


async def _problem_title(response: aiohttp.ClientResponse) -> str:
    try:
        body = await response.json(content_type=None)
    except (ValueError, aiohttp.ClientError):
        return response.reason or ""
    if isinstance(body, Mapping):
        return str(body.get("title") or body.get("detail") or response.reason or "")
    return response.reason or ""


def _ssl_text(error: aiohttp.ClientSSLError) -> str:
    cause = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
    return str(cause or error)


class LinkToken:
    """Bearer source of the link's REGISTERs (RFC 8898): renewed at half its life, one at a time."""

    def __init__(self, api: GatewayApi, now: Callable[[], float]) -> None:
        self._api = api
        self._now = now
        self._grant: Grant | None = None
        self._renew_at = 0.0
        self._lock = asyncio.Lock()
        self.on_grant: Callable[[Grant], None] | None = None
        self.on_error: Callable[[SessionError], None] | None = None

    @property
    def grant(self) -> Grant | None:
        return self._grant

    async def acquire(self, *, fresh: bool = False) -> Grant:
        """A grant whose token is in the first half of its life. Raises SessionError."""
        seen = self._grant
        async with self._lock:
            # when two flows are refused at once the second uses what the first fetched
            usable = not fresh or self._grant is not seen
            if self._grant is not None and usable and self._now() < self._renew_at:
                return self._grant
            grant = await self._api.open_session()
            self._grant = grant
            self._renew_at = self._now() + grant.lifetime / 2
        if self.on_grant is not None:
            self.on_grant(grant)
        return grant

    async def token(self, *, fresh: bool = False) -> str:
        """The token for one REGISTER; `fresh` after a 401. While HTTPS fails the last one is
        tried: it has half its life left, and a flow that works should not end."""
        try:
            return (await self.acquire(fresh=fresh)).token
        except SessionError as error:
            if self.on_error is not None:
                self.on_error(error)
            return "" if self._grant is None else self._grant.token

    def keep_config(self, site: SiteConfig) -> None:
        """A newer configuration fetched without a new token."""
        if self._grant is not None:
            self._grant = replace(self._grant, site=site)
