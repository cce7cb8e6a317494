"""Security headers of every response."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from aiohttp import web

# The one style sheet that a library of the web app adds to the page (react-aria: touch-action of
# what can be pressed); by its digest, so that nothing else inline is allowed with it.
PRESSABLE_STYLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"


def content_policy(origins: Sequence[str]) -> str:
    """Nothing inline, nothing from elsewhere; blob: for the ringing tone and for media.

    WebSocket sources are spelled out: not every browser counts them as ``'self'``.
    """
    sockets = " ".join("ws" + origin.removeprefix("http") for origin in origins)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' {PRESSABLE_STYLE}",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "media-src 'self' blob: data: mediastream:",
            f"connect-src 'self' {sockets}".rstrip(),
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


PERMISSIONS = ", ".join(
    (
        "microphone=(self)",
        "autoplay=(self)",
        "speaker-selection=(self)",
        "hid=(self)",
        "screen-wake-lock=(self)",
        "camera=()",
        "geolocation=()",
        "display-capture=()",
        "payment=()",
        "usb=()",
    )
)
HSTS = "max-age=31536000"


class SecurityHeaders:
    def __init__(self, public_url: str, origins: Sequence[str]) -> None:
        parts = urlsplit(public_url)
        self._hsts_host = parts.hostname if parts.scheme == "https" else None
        self._common = {
            "Content-Security-Policy": content_policy(origins),
            "Permissions-Policy": PERMISSIONS,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        }

    def apply(self, request: web.Request, response: web.StreamResponse, *, secure: bool) -> None:
        for name, value in self._common.items():
            response.headers.setdefault(name, value)
        # RFC 6797 7.2: never over plain HTTP. And only for the name that is always HTTPS: the
        # policy counts for every port of a host, it would lock out http://localhost.
        if secure and request.url.host == self._hsts_host:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Server"] = "offhook"
