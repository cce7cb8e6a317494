"""Who is at the other end: address, TLS and origin, believing proxies only where told to."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aiohttp import web

from gateway.ports import Problem

CLIENT_IP = web.RequestKey("client_ip", str)
SECURE = web.RequestKey("secure", bool)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ClientInfo:
    def __init__(self, trusted_proxies: Sequence[str], allowed_origins: Sequence[str]) -> None:
        self._trusted: list[Network] = [ipaddress.ip_network(n) for n in trusted_proxies]
        self.allowed_origins = frozenset(allowed_origins)

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)

    def address(self, request: web.Request) -> str:
        """The nearest address that is not one of our proxies, read from the right."""
        nearest = request.remote or "unknown"
        if not self._is_trusted(nearest):
            return nearest
        hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
        for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
            if not self._is_trusted(hop):
                return hop
            nearest = hop
        return nearest

    def is_secure(self, request: web.Request) -> bool:
        if request.transport is not None and request.transport.get_extra_info("sslcontext"):
            return True
        if self._is_trusted(request.remote or ""):
            return request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https"
        return False

    def check_origin(self, request: web.Request, *, required: bool = False) -> None:
        """A page of another origin may not use a browser's credentials here (RFC 6454)."""
        origin = request.headers.get("Origin")
        if origin is None:
            if required or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
                raise Problem(403, "origin_refused", "This page may not do that")
            return
        if origin.lower() not in self.allowed_origins:
            raise Problem(403, "origin_refused", "This page may not do that")


def is_loopback(request: web.Request) -> bool:
    """Both ends are this machine, and the browser was told so by name too."""
    host = request.url.host or ""
    if host == "localhost" or host.endswith(".localhost"):
        named = True
    else:
        try:
            named = ipaddress.ip_address(host).is_loopback
        except ValueError:
            named = False
    try:
        near = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        near = False
    return named and near
