"""Listeners with limits that aiohttp leaves to a proxy: time to send a head, connections per IP
and in all.

aiohttp waits for ever for the rest of a request's head (measured: a half-sent head stays open), so
a thousand patient clients would hold a thousand connections. Here every head has a deadline: the
first from the connection's start, later ones from their first byte; idle connections are aiohttp's
keep-alive's business.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from gateway.config import HttpConfig
from gateway.http.limits import subscriber
from gateway.http.problems import of_status, respond
from protocols.aio.tls import CertificateFiles

log = structlog.get_logger(__name__)

_KEEPALIVE = 75.0
_CERTIFICATE_EVERY = 5.0


class ConnectionLimits:
    def __init__(self, config: HttpConfig) -> None:
        self.header_timeout = config.header_timeout
        self.per_address = config.max_connections_per_ip
        self.in_all = config.max_connections
        self.open: Counter[str] = Counter()
        self.refused = 0
        self.timed_out = 0

    def take(self, key: str) -> bool:
        """Counts in any case: who is refused is open until closed."""
        self.open[key] += 1
        if self.open[key] > self.per_address or self.open.total() > self.in_all:
            self.refused += 1
            return False
        return True

    def release(self, key: str) -> None:
        self.open[key] -= 1
        if self.open[key] <= 0:
            del self.open[key]


class GuardedHandler(RequestHandler):
    __slots__ = ("_address", "_deadline", "_limits")

    def __init__(self, limits: ConnectionLimits, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = limits
        self._deadline: asyncio.TimerHandle | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._address = subscriber(str(peer[0])) if peer else "unix"
        if not self._limits.take(self._address):
            self.force_close()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._upgraded or self._messages or self._current_request is not None:
            self._head_complete()
        elif self._deadline is None:
            self._await_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._head_complete()
        if self._address:
            self._limits.release(self._address)
            self._address = ""
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """For what never became a request: bad HTTP gets a problem, too, and the log a line."""
        if status >= 500:
            log.error("http.failed", status=status, exc_info=exc)
        else:
            log.info("http.malformed", client=request.remote, error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun already")
        response = respond(of_status(status))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.force_close()
        return response

    def _await_head(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self._limits.header_timeout, self._head_late)

    def _head_complete(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _head_late(self) -> None:
        self._deadline = None
        self._limits.timed_out += 1
        transport = self.transport
        if transport is not None:
            transport.abort()


class GuardedServer(web.Server):
    limits: ConnectionLimits

    def __call__(self) -> RequestHandler:
        return GuardedHandler(self.limits, self, loop=self._loop, **self._kwargs)


class GuardedRunner(web.AppRunner):
    def __init__(self, app: web.Application, limits: ConnectionLimits) -> None:
        super().__init__(
            app,
            handle_signals=False,
            access_log=None,
            keepalive_timeout=_KEEPALIVE,
            max_line_size=8190,
            max_field_size=8190,
            lingering_time=2.0,
            shutdown_timeout=2.0,
        )
        self._limits = limits

    async def _make_server(self) -> Any:
        server = await super()._make_server()
        # Same object, our protocol factory: AppRunner offers no hook for it.
        server.__class__ = GuardedServer
        assert isinstance(server, GuardedServer)
        server.limits = self._limits
        return server


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert, key)
    context.set_alpn_protocols(["http/1.1"])
    return context


async def follow_certificate(files: CertificateFiles) -> None:
    """Take up a renewed pair without a restart."""
    while True:
        await asyncio.sleep(_CERTIFICATE_EVERY)
        try:
            if await asyncio.to_thread(files.changed):
                files.take_up()
                log.info("http.certificate_renewed")
        except OSError as error:
            log.error("http.certificate_unusable", error=str(error), kept="the old one")
