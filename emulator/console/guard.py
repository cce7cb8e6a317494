"""Who may talk to the console: this machine's own page and plain clients, no other web page.

There is no sign-in, so the page must not be reachable by a browser that shows somebody else's page:
a foreign Origin is refused, and so is a foreign Host, which stops DNS rebinding.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def problem(status: int, title: str, detail: str) -> web.Response:
    """RFC 9457."""
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )


def host_is_ours(host: str, bound: str, extra: Iterable[str] = ()) -> bool:
    """Names that can only mean us: addresses, localhost, the bound name, configured origins."""
    name = urlsplit(f"//{host}").hostname or ""
    if name in ("localhost", bound) or any(urlsplit(origin).hostname == name for origin in extra):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True  # a page on another site cannot make a browser send a numeric Host of ours


def guard(bound: str, origins: tuple[str, ...]) -> Middleware:
    """The middleware."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not host_is_ours(request.host, bound, origins):
            return problem(403, "Forbidden", "this console is not served under that name")
        origin = request.headers.get("Origin")
        own = f"{request.scheme}://{request.host}"
        if origin is not None and origin != own and origin not in origins:
            return problem(403, "Forbidden", "requests of other pages are refused")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return middleware
