"""python-socketio, made strict: time to authenticate, size, rate, no binary, no stray sockets.

The library hands hostile bytes to JSON and to its own packet parser; whatever that raises ends the
connection it came from and nothing else.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import socketio
import structlog
from aiohttp import web
from engineio.async_drivers.aiohttp import (  # type: ignore[import-untyped]
    WebSocket,
    translate_request,
)

from gateway.config import RealtimeConfig
from gateway.http import problems
from gateway.realtime.sockets import TokenBucket

log = structlog.get_logger(__name__)

NAMESPACE = "/phone"
_CLIENT_PACKETS = frozenset("123456")  # CLOSE PING PONG MESSAGE UPGRADE NOOP
_LINGER = 3.0  # s for the last packets to leave before the connection is cut
_HARD_LIMIT = 4  # times the event rate for any message at all, then the connection goes
_MAX_QUEUED = 512  # packets a client may leave unread


class StrictJson:
    """JSON for packets: deep nesting and NaN are refused like any other bad text."""

    @staticmethod
    def loads(text: str, **_options: Any) -> Any:
        try:
            return json.loads(text, parse_constant=_refuse_constant)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


class StrictWebSocket(WebSocket):  # type: ignore[misc]
    """The library parses a packet's first character outside of any ``try``: a bad one would end
    its handler without a disconnect event and leave a ghost socket behind. So it is read here
    first, and what is no text packet of a client ends the connection in the usual way."""

    async def __call__(self, environ: dict[str, Any]) -> Any:
        request = environ["aiohttp.request"]
        self.handler.__self__.transport = request.transport
        # No permessage-deflate: a compressor per socket costs more memory than small JSON is worth.
        self._sock = web.WebSocketResponse(
            max_msg_size=self.server.max_http_buffer_size, compress=False
        )
        await self._sock.prepare(request)
        self.environ = environ
        await self.handler(self)
        return self._sock

    async def wait(self) -> str:
        data = await super().wait()
        if not isinstance(data, str) or data[:1] not in _CLIENT_PACKETS:
            raise OSError("not a packet of a client")
        return data


class Body:
    """A polling client's packets, all of them there already."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    async def read(self, length: int) -> bytes:
        return self._data.read(length)


class StrictServer(socketio.AsyncServer):  # type: ignore[misc]
    def __init__(
        self,
        config: RealtimeConfig,
        origins: Sequence[str],
        monotonic: Callable[[], float],
        after_connect: Callable[[str], Awaitable[None]],
        body_timeout: float,
    ) -> None:
        quiet = logging.getLogger("offhook.socketio")
        quiet.setLevel(logging.CRITICAL)
        super().__init__(
            async_mode="aiohttp",
            # Events of one client are handled one after the other.
            async_handlers=False,
            # Never an empty list: that would switch the check off.
            cors_allowed_origins=list(origins),
            max_http_buffer_size=config.max_message,
            ping_interval=config.ping_interval,
            ping_timeout=config.ping_timeout,
            namespaces=[NAMESPACE],
            logger=quiet,
            engineio_logger=quiet,
            json=StrictJson,
            cookie=None,
            http_compression=False,
        )
        self._config = config
        self._monotonic = monotonic
        self._after_connect = after_connect
        self._body_timeout = body_timeout
        self._deadlines: dict[str, asyncio.TimerHandle] = {}
        self._buckets: dict[str, TokenBucket] = {}
        # The library starts tasks and forgets them (a ping sleeps on after its socket's end).
        self._tasks: set[asyncio.Task[Any]] = set()
        self.eio.start_background_task = self._own_task
        self.eio._async = {
            **self.eio._async,
            "websocket": StrictWebSocket,
            "translate_request": self._translate,
        }

    # --- polling -----------------------------------------------------------------------------

    async def _translate(self, request: web.Request) -> dict[str, Any]:
        """The library waits for ever for a POST's body (and takes its first piece for the whole),
        so it is read before the library sees the request."""
        environ: dict[str, Any] = translate_request(request)
        if request.method == "POST":
            body = await self._read(request)
            environ["wsgi.input"] = Body(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return environ

    async def _read(self, request: web.Request) -> bytes:
        limit = self._config.max_message
        if (request.content_length or 0) > limit:
            raise problems.of_status(413)
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_timeout):
                while piece := await request.content.readany():
                    body += piece
                    if len(body) > limit:
                        raise problems.of_status(413)
        except TimeoutError:
            raise problems.of_status(408) from None
        return bytes(body)

    # --- hooks of the library ----------------------------------------------------------------

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        rate = self._config.events_per_second * _HARD_LIMIT
        self._buckets[eio_sid] = TokenBucket.full(
            rate, self._config.burst * _HARD_LIMIT, self._monotonic()
        )
        self._deadlines[eio_sid] = asyncio.get_running_loop().call_later(
            self._config.auth_timeout, self._check_authenticated, eio_sid
        )

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        bucket = self._buckets.get(eio_sid)
        if bucket is None or not bucket.take(self._monotonic()) or isinstance(data, bytes):
            log.warning("socket.refused", reason="flood or binary")
            self.close_engine(eio_sid)
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception as error:  # any byte may come: only this connection suffers
            log.warning("socket.bad_packet", error=type(error).__name__)
            self.close_engine(eio_sid)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        deadline = self._deadlines.pop(eio_sid, None)
        if deadline is not None:
            deadline.cancel()
        self._buckets.pop(eio_sid, None)
        await super()._handle_eio_disconnect(eio_sid, reason)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        await super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if sid is not None:
            await self._after_connect(sid)

    # --- ending ---------------------------------------------------------------------------------

    def _check_authenticated(self, eio_sid: str) -> None:
        self._deadlines.pop(eio_sid, None)
        if self.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is None:
            self.close_engine(eio_sid)

    def close_engine(self, eio_sid: str) -> None:
        """End the connection, without waiting for a peer that may not read."""
        engine_socket = self.eio.sockets.get(eio_sid)
        if engine_socket is None:
            return
        self._own_task(self._end, engine_socket)

    async def _end(self, engine_socket: Any) -> None:
        await engine_socket.close(wait=False)
        # The writer stops at None and closes the web socket; until then the peer could stay.
        engine_socket.queue.put_nowait(None)
        await asyncio.sleep(_LINGER)
        transport = getattr(engine_socket, "transport", None)
        if transport is not None:
            transport.abort()

    def _own_task(
        self, target: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **options: Any
    ) -> asyncio.Task[Any]:
        task = asyncio.create_task(target(*args, **options), name=f"socket-{target.__name__}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def is_slow(self, sid: str) -> bool:
        eio_sid = self.manager.eio_sid_from_sid(sid, NAMESPACE)
        engine_socket = self.eio.sockets.get(eio_sid)
        return engine_socket is not None and engine_socket.queue.qsize() > _MAX_QUEUED

    def is_alive(self, sid: str) -> bool:
        """False when the connection went away at a moment the library has no event for."""
        engine_socket = self.eio.sockets.get(self.manager.eio_sid_from_sid(sid, NAMESPACE))
        return engine_socket is not None and not engine_socket.closed

    def eio_sid(self, sid: str) -> str | None:
        found = self.manager.eio_sid_from_sid(sid, NAMESPACE)
        return str(found) if found is not None else None

    async def aclose(self) -> None:
        for engine_socket in list(self.eio.sockets.values()):
            await engine_socket.close(wait=False)
            engine_socket.queue.put_nowait(None)
        for deadline in self._deadlines.values():
            deadline.cancel()
        await self.shutdown()
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
