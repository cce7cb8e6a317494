"""The refresh token's cookie.

Over TLS it is ``__Host-offhook-refresh``: Secure, HttpOnly, SameSite=Strict, without Domain
(RFC 6265bis 4.1.3.2). A browser refuses such a cookie from plain ``http://localhost`` (Safari) or
keeps it by courtesy (Chromium, Firefox), so there a second name without the prefix and without
Secure is used, accepted only while both ends are this machine. Over plain HTTP to any other
name nobody can sign in with a cookie at all.
"""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from gateway.http.client import is_loopback
from gateway.http.endpoint import API_PREFIX, Exchange
from gateway.ports import Problem

SECURE_NAME = "__Host-offhook-refresh"
LOOPBACK_NAME = "offhook-refresh-localhost"
_LOOPBACK_PATH = f"{API_PREFIX}/auth"


def require_safe(exchange: Exchange) -> None:
    """Before anything is issued: could the cookie be kept and kept secret?"""
    if not exchange.secure and not is_loopback(exchange.request):
        raise Problem(403, "https_required", "Open this page over https to sign in")


def read(exchange: Exchange) -> str | None:
    name = SECURE_NAME if exchange.secure else LOOPBACK_NAME
    if not exchange.secure and not is_loopback(exchange.request):
        return None
    return exchange.request.cookies.get(name)


def write(
    exchange: Exchange,
    response: web.StreamResponse,
    token: str,
    expires_at: datetime,
    now: datetime,
) -> None:
    response.set_cookie(
        SECURE_NAME if exchange.secure else LOOPBACK_NAME,
        token,
        max_age=max(0, int((expires_at - now).total_seconds())),
        path="/" if exchange.secure else _LOOPBACK_PATH,
        secure=exchange.secure,
        httponly=True,
        samesite="Strict",
    )


def clear(exchange: Exchange, response: web.StreamResponse) -> None:
    response.del_cookie(
        SECURE_NAME if exchange.secure else LOOPBACK_NAME,
        path="/" if exchange.secure else _LOOPBACK_PATH,
        secure=exchange.secure,
        httponly=True,
        samesite="Strict",
    )
