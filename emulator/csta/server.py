"""CSTA XML on TCP (and TLS): a listener, and one connection per computing function."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from emulator.config import Csta
from emulator.csta.face import CstaFace
from emulator.csta.link import CstaLink
from protocols.aio.tls import server_context
from protocols.csta.errors import LocalError
from protocols.csta.framing import HEADER_SIZE, UNSOLICITED, FramingFault, encode_frame
from protocols.csta.link import Garbled, Incoming, StreamLink
from protocols.csta.message import Message

logger = logging.getLogger(__name__)

#: Unsent bytes beyond which a reader is too slow to keep.
_HIGH_WATER = 1024 * 1024
#: How long a begun message may take to complete.
_MESSAGE_SECONDS = 10.0


class CstaServer:
    def __init__(self, config: Csta, face: CstaFace) -> None:
        self._config = config
        self._face = face
        self._server: asyncio.Server | None = None
        self.address: str | None = None

    async def start(self) -> str:
        """Listen; gives host:port."""
        config, context = self._config, None
        if config.cert_file is not None and config.key_file is not None:
            context = server_context(config.cert_file, config.key_file, client_ca=config.client_ca)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._face), config.host, config.port, ssl=context
        )
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return self.address

    async def aclose(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._face.aclose()
            await self._server.wait_closed()


class _Connection(asyncio.Protocol):
    """The edge: bytes to messages and back. It is the link's transport, too."""

    def __init__(self, face: CstaFace) -> None:
        self.name = "?"
        self._face = face
        self._trace = face.trace
        self._link: CstaLink | None = None
        self._wire: asyncio.Transport | None = None
        self._stream = StreamLink(face.dialect.style, mirror=True)
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = wire = cast(asyncio.Transport, transport)
        host, port = wire.get_extra_info("peername")[:2]
        self.name = f"{host}:{port}"
        if self._face.full:
            logger.warning("%s: too many CSTA links", self.name)
            wire.abort()
            return
        self._link = self._face.open(self)
        self._link.connected()

    def data_received(self, data: bytes) -> None:
        if self._link is None:
            return
        for received in self._stream.feed(data):
            if isinstance(received, FramingFault):
                self.close(received.reason)
                return
            self._received(received)
        self._watch_incomplete()

    def _received(self, received: Incoming | Garbled) -> None:
        link = self._link
        if link is None:
            return
        if isinstance(received, Garbled):
            logger.info("%s: %s unreadable: %s", self.name, received.name, received.reason)
            link.garbled(received.invoke_id)
            return
        self._trace.note("in", self.name, received.invoke_id, received.message, self._stream.style)
        link.received(received.invoke_id, received.message)

    def _watch_incomplete(self) -> None:
        """A message that never ends must not keep the connection."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._stream.pending and self._link is not None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(_MESSAGE_SECONDS, self.close, "half a message")

    # -- the link's transport ----------------------------------------------------------------

    def send(self, invoke_id: int, message: Message) -> None:
        if self._wire is None or self._wire.is_closing():
            return
        try:
            data = self._stream.encode(invoke_id, message)
        except LocalError:
            logger.exception("%s: %s cannot be written", self.name, type(message).__name__)
            return
        self._wire.write(data)
        self._trace.note("out", self.name, invoke_id, message, self._stream.style)
        if self._wire.get_write_buffer_size() > _HIGH_WATER:
            self.close("it does not read")

    def garble(self, invoke_id: int, message: Message) -> None:
        """A frame as it should be, around half a message."""
        if self._wire is not None and not self._wire.is_closing():
            payload = self._stream.encode(invoke_id, message)[HEADER_SIZE:]
            self._wire.write(encode_frame(invoke_id, payload[: len(payload) // 2]))

    def raw(self, body: bytes) -> None:
        if self._wire is not None and not self._wire.is_closing():
            self._wire.write(encode_frame(UNSOLICITED, body))

    def close(self, reason: str) -> None:
        link, self._link = self._link, None
        if self._idle is not None:
            self._idle.cancel()
        if self._wire is not None:
            self._wire.abort()
        if link is not None:
            self._face.closed(link, reason)

    def connection_lost(self, exc: Exception | None) -> None:
        self.close(str(exc) if exc else "closed by peer")
