"""A built web app (the softphone, the admin portal): its files, and its page for every address the
app itself routes."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Offhook</title>
<h1>The web app is not built</h1><p>Run <code>make demo</code>, or build it and set
<code>http.webapp_dir</code>. The API works all the same.</p></html>"""
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}


class WebApp:
    """Only files found at start are served: no path of a request ever reaches the file system."""

    def __init__(self, directory: Path | None, at: str = "") -> None:
        """``at``: the path it is served under, without a slash at its end."""
        self._at = at
        self._files: dict[str, Path] = {}
        self._compressed: dict[Path, tuple[bytes, str]] = {}
        if directory is not None and (directory / "index.html").is_file():
            root = directory.resolve()
            for path in sorted(root.rglob("*")):
                if path.is_file() and path.resolve().is_relative_to(root):
                    self._files["/" + path.relative_to(root).as_posix()] = path
        else:
            log.warning("webapp.not_built", directory=str(directory), at=at or "/")

    def page(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """One of its pages, for an address of another part."""

        async def handle(request: web.Request) -> web.StreamResponse:
            file = self._files.get(name)
            if file is None:
                return web.Response(text=_NOT_BUILT, content_type="text/html", status=503)
            response = await self._respond(request, file)
            response.headers["Cache-Control"] = "no-cache"
            return response

        return handle

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(self._at)
        if path == "":  # without its slash the page's relative addresses would miss
            return web.Response(status=308, headers={"Location": f"{self._at}/"})
        file = self._files.get(path)
        if file is None and "." not in path.rpartition("/")[2]:
            file = self._files.get("/index.html")  # the app's own address: it routes itself
            if file is None:
                return web.Response(text=_NOT_BUILT, content_type="text/html", status=503)
        if file is None:
            raise web.HTTPNotFound
        response = await self._respond(request, file)
        # Names under assets/ carry a digest of their content; all else is asked for again.
        immutable = path.startswith("/assets/")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if immutable else "no-cache"
        )
        return response

    async def _respond(self, request: web.Request, file: Path) -> web.StreamResponse:
        kind = _TYPES.get(file.suffix)
        # A range or a condition is the file response's business; so is what is not text.
        plain = kind is None or "Range" in request.headers or "If-Modified-Since" in request.headers
        if plain or "gzip" not in request.headers.get("Accept-Encoding", ""):
            response: web.StreamResponse = web.FileResponse(file)
        else:
            body, etag = await self._gzip(file)
            if request.headers.get("If-None-Match") == f'"{etag}"':
                response = web.Response(status=304)
            else:
                response = web.Response(body=body, headers={"Content-Encoding": "gzip"})
            response.etag = etag
        if kind is not None:
            response.content_type = kind
            response.headers["Vary"] = "Accept-Encoding"
        return response

    async def _gzip(self, file: Path) -> tuple[bytes, str]:
        """Body and entity tag, made once: these files never change while we run."""
        made = self._compressed.get(file)
        if made is None:
            made = await asyncio.to_thread(_compress, file)
            self._compressed[file] = made
        return made


def _compress(file: Path) -> tuple[bytes, str]:
    body = gzip.compress(file.read_bytes(), 9, mtime=0)
    return body, hashlib.sha256(body).hexdigest()[:32]
