"""The console's web application."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from emulator.config import EmulatorConfig
from emulator.console.api import Api
from emulator.console.events import EventStream
from emulator.console.guard import guard
from emulator.console.history import History
from emulator.console.trace import TraceLog
from emulator.csta.face import CstaFace
from emulator.pbx import Pbx

STATIC = Path(__file__).parent / "static"
_FILES = {"/": "index.html"} | {
    f"/{name}": name
    for name in ("console.css", "tokens.css", "console.js", "ask.js", "faults.js", "ladder.js")
}


class ConsoleServer:
    """Serves page and API; :meth:`start` gives the URL."""

    def __init__(self, config: EmulatorConfig, pbx: Pbx, csta: CstaFace) -> None:
        self._config = config.console
        self._history = History(csta.written_id)
        self._trace = TraceLog()
        pbx.endpoint.on_trace = self._trace.feed
        csta.trace.on_entry = self._trace.feed_csta
        self._events = EventStream(pbx, self._trace, self._history)
        app = web.Application(
            middlewares=[guard(self._config.host, self._config.origins)], client_max_size=65536
        )
        app.add_routes(Api(pbx, csta, self._trace, self._history).routes())
        app.router.add_get("/api/events", self._events.handle)
        for path, name in _FILES.items():
            app.router.add_get(path, _file(STATIC / name))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> str:
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._config.host, self._config.port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"

    async def aclose(self) -> None:
        self._events.close()
        await self._runner.cleanup()


def _file(path: Path):  # type: ignore[no-untyped-def]
    async def serve(request: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    return serve
