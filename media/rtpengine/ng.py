"""A client of rtpengine's NG control protocol over UDP.

A datagram is ``cookie SPACE bencoded-dictionary``; the answer repeats the cookie. A lost datagram
is sent again under the same cookie: the server knows it and repeats its answer.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from media.engine import MediaError
from media.rtpengine import bencode

RETRY_S = (0.25, 0.5, 1.0, 2.0)


class NgClient(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._waiting: dict[bytes, asyncio.Future[dict[str, Any]]] = {}

    async def open(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, remote_addr=(host, port)
        )

    def error_received(self, exc: Exception) -> None:
        """Port unreachable: the retries decide, the node may be starting."""

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        cookie, _, body = data.partition(b" ")
        future = self._waiting.get(cookie)
        if future is None or future.done():
            return
        try:
            reply = bencode.decode(body)
        except bencode.BencodeError as error:
            future.set_exception(MediaError("rtpengine", f"broken reply: {error}"))
            return
        future.set_result(reply if isinstance(reply, dict) else {})

    async def call(self, command: str, **fields: object) -> dict[str, Any]:
        """One command; raises :class:`MediaError` when it fails or nobody answers."""
        if self._transport is None:
            raise MediaError("rtpengine", "not connected")
        cookie = secrets.token_hex(8).encode()
        keys = {name.replace("_", "-"): value for name, value in fields.items()}
        packet = cookie + b" " + bencode.encode({"command": command, **keys})
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[cookie] = future
        try:
            for delay in RETRY_S:
                self._transport.sendto(packet)
                done, _ = await asyncio.wait({future}, timeout=delay)
                if done:
                    return _checked(command, future.result())
        finally:
            del self._waiting[cookie]
        raise MediaError("rtpengine", f"no answer to {command}")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None


def _checked(command: str, reply: dict[str, Any]) -> dict[str, Any]:
    if reply.get("result") == "error":
        raise MediaError("rtpengine", f"{command}: {reply.get('error-reason', 'no reason given')}")
    return reply
