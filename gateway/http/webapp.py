"""The built web app: its files, and its page for every address the app itself routes."""

from __future__ import annotations

from pathlib import Path

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Offhook</title>
<h1>The web app is not built</h1><p>Run <code>make demo</code>, or build it and set
<code>http.webapp_dir</code>. The API works all the same.</p></html>"""


class WebApp:
    """Only files found at start are served: no path of a request ever reaches the file system."""

    def __init__(self, directory: Path | None) -> None:
        self._files: dict[str, Path] = {}
        if directory is not None and (directory / "index.html").is_file():
            root = directory.resolve()
            for path in sorted(root.rglob("*")):
                if path.is_file() and path.resolve().is_relative_to(root):
                    self._files["/" + path.relative_to(root).as_posix()] = path
        else:
            log.warning("webapp.not_built", directory=str(directory))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        file = self._files.get(path)
        if file is None and "." not in path.rpartition("/")[2]:
            file = self._files.get("/index.html")  # the app's own address: it routes itself
            if file is None:
                return web.Response(text=_NOT_BUILT, content_type="text/html", status=503)
        if file is None:
            raise web.HTTPNotFound
        response = web.FileResponse(file)
        # Names under assets/ carry a digest of their content; all else is asked for again.
        immutable = path.startswith("/assets/")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if immutable else "no-cache"
        )
        if file.name == "manifest.webmanifest":
            response.content_type = "application/manifest+json"
        return response
