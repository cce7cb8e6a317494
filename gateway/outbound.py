"""The one way out by HTTP: to hosts that tenants name, without leading into our own network.

Every address is checked (:mod:`gateway.addresses`) in the one look-up that the connection itself
uses, so that a name which changes its mind in between wins nothing. No redirects, no proxies of
the environment, no cookies, 5 s and 1 MB in all.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from gateway.addresses import (
    LOOKUPS,
    AddressPolicy,
    AddressRefused,
    AddressUnknown,
    Lookup,
    SystemLookup,
)
from gateway.config import OutboundConfig

TIMEOUT = 5.0
MAX_BYTES = 1024 * 1024
_MAX_URL = 2048

FailureCode = Literal[
    "url_refused",
    "address_refused",
    "unreachable",
    "tls_failed",
    "timed_out",
    "redirected",
    "too_large",
    "not_json",
]


class OutboundError(Exception):
    """Nothing usable came back. The text is for the tenant's administrator."""

    def __init__(self, code: FailureCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class OutboundReply:
    """Any status but a redirect's. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise OutboundError("not_json", "The answer is not JSON") from error


class Outbound:
    """``async with Outbound(config) as outbound``, or :meth:`aclose` at the end."""

    def __init__(
        self, config: OutboundConfig, lookup: Lookup | None = None, *, lookups: int = LOOKUPS
    ) -> None:
        self._own_lookup = SystemLookup(lookups)
        self.policy = AddressPolicy(config.allowed_private, lookup or self._own_lookup)
        self._tls = ssl.create_default_context()
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        if config.ca_file is not None:
            self._tls.load_verify_locations(config.ca_file)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Outbound:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
        self._own_lookup.close()

    def check_url(self, url: str) -> URL:
        """What can be said before anything is looked up; for forms as well."""
        if len(url) > _MAX_URL or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
            raise OutboundError("url_refused", "This is not a URL")
        try:
            # The strict one: what follows a backslash or a colon is read in one way only.
            strict, parsed = urlsplit(url), URL(url)
            port, host = parsed.port, parsed.host
        except ValueError as error:
            raise OutboundError("url_refused", "This is not a URL") from error
        if not host or not port or parsed.scheme != strict.scheme or "\\" in url:
            raise OutboundError("url_refused", "This is not an https URL")
        if _is_odd_number(host):
            raise OutboundError("address_refused", f"{host} is an address in disguise")
        if parsed.user is not None or parsed.password is not None or "@" in strict.netloc:
            raise OutboundError("url_refused", "A URL must not hold a user name or a password")
        if parsed.scheme != "https" and not (parsed.scheme == "http" and self.policy.lists(host)):
            raise OutboundError("url_refused", "The URL must begin with https://")
        return parsed.with_fragment(None)

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> OutboundReply:
        return await self.request("GET", url, headers=headers)

    async def get_json(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """Of a 200 only."""
        reply = await self.request("GET", url, headers=headers)
        if reply.status != 200:
            raise OutboundError("unreachable", f"The server answers {reply.status}")
        return reply.json()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> OutboundReply:
        """``max_bytes``: of the answer."""
        parsed = self.check_url(url)
        host = parsed.host or ""
        try:
            async with asyncio.timeout(TIMEOUT):
                # aiohttp asks no resolver for a literal address: it is checked here.
                await self._refuse_literal(host)
                return await self._exchange(method, parsed, headers or {}, body, max_bytes)
        except TimeoutError as error:
            raise OutboundError("timed_out", f"{host} does not answer in time") from error
        except (AddressRefused, AddressUnknown) as error:
            raise _address_error(error) from error
        except (aiohttp.ClientSSLError, ssl.SSLError) as error:
            raise OutboundError("tls_failed", f"{host} shows no valid certificate") from error
        except aiohttp.ClientConnectorError as error:
            raise OutboundError("unreachable", f"{host} cannot be reached") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise OutboundError("unreachable", f"{host} does not answer as it should") from error

    async def _refuse_literal(self, host: str) -> None:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return
        await self.policy.resolve(host)

    async def _exchange(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        body: bytes | None,
        max_bytes: int,
    ) -> OutboundReply:
        async with self._open_session().request(
            method, url, headers=headers, data=body, allow_redirects=False
        ) as response:
            if 300 <= response.status < 400:
                raise OutboundError("redirected", f"{url.host} sends us elsewhere")
            received = bytearray()
            async for part in response.content.iter_any():
                received += part
                if len(received) > max_bytes:
                    raise OutboundError("too_large", f"The answer of {url.host} is too long")
            answered = {name.lower(): value for name, value in response.headers.items()}
            return OutboundReply(response.status, answered, bytes(received))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_CheckedResolver(self.policy),
                use_dns_cache=False,
                force_close=True,
                ssl=self._tls,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,  # or a few bytes become a gigabyte
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
                headers={"Accept-Encoding": "identity", "User-Agent": "Offhook"},
                max_line_size=16384,
                max_field_size=16384,
            )
        return self._session


class _CheckedResolver(AbstractResolver):
    """What aiohttp connects to, and it connects to nothing else than what it is given here."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in await self._policy.resolve(host)
        ]

    async def close(self) -> None:
        return None


def _is_odd_number(host: str) -> bool:
    """127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1: the C library reads an address in them."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not last.isdigit() and not last.startswith("0x"):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False


def _address_error(error: AddressRefused | AddressUnknown) -> OutboundError:
    refused = isinstance(error, AddressRefused)
    return OutboundError("address_refused" if refused else "unreachable", str(error))
