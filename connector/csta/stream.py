"""CSTA on TCP or TLS: one connection at a time."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from dataclasses import dataclass

from connector.csta.carrier import Peer
from protocols.csta.codec import Style
from protocols.csta.framing import FramingFault
from protocols.csta.link import StreamLink
from protocols.csta.message import Message

#: On the local network; a PBX that starts answers late, and is asked again soon.
CONNECT_TIMEOUT = 2.5
READ = 65536
#: Unsent bytes at which a PBX that reads nothing any more is given up.
MOST_UNSENT = 1 << 20
#: A PBX that lost its power says nothing: the kernel asks after so many seconds of silence, every
#: second, and a PBX that is back denies the connection that it has forgotten (RFC 9293 3.8.4).
ASK_AFTER, ASK_EVERY, ASK_TIMES = 2, 1, 4


@dataclass(frozen=True, slots=True)
class Where:
    host: str
    port: int
    tls: ssl.SSLContext | None = None
    server_name: str = ""


class StreamCarrier:
    def __init__(self, where: Where, style: Style) -> None:
        self._where = where
        self._style = style
        self._link = StreamLink(style, mirror=True)
        self._writer: asyncio.StreamWriter | None = None
        self._why = ""

    async def carry(self, peer: Peer) -> str:
        reader, writer = await self._connect()
        self._link = StreamLink(self._style, mirror=True)
        self._writer, self._why = writer, ""
        _keep_asking(writer)
        try:
            peer.opened()
            while data := await reader.read(READ):
                for received in self._link.feed(data):
                    if isinstance(received, FramingFault):
                        self.close(f"not CSTA: {received.reason}")
                    else:
                        peer.received(received)
            self._why = self._why or "closed by the PBX"
        except OSError as error:
            self._why = self._why or str(error)
        finally:
            self._writer = None
            writer.transport.abort()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()
        return self._why

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = self._where
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await asyncio.open_connection(
                where.host,
                where.port,
                ssl=where.tls,
                server_hostname=(where.server_name or where.host) if where.tls else None,
            )

    def send(self, invoke_id: int, message: Message) -> None:
        if self._writer is None:
            return
        self._writer.write(self._link.encode(invoke_id, message))
        if self._writer.transport.get_write_buffer_size() > MOST_UNSENT:
            self.close("the PBX reads nothing any more")

    def close(self, reason: str) -> None:
        """The reader sees the end."""
        if self._writer is not None:
            self._why = self._why or reason
            self._writer.transport.abort()
            self._writer = None


def _keep_asking(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    options = {"TCP_KEEPIDLE": ASK_AFTER, "TCP_KEEPINTVL": ASK_EVERY, "TCP_KEEPCNT": ASK_TIMES}
    with contextlib.suppress(OSError):  # a refinement: the session's own questions come later
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in options.items():
            if hasattr(socket, name):  # not on every system
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
