"""A SIP peer that does exactly what the test says, right or wrong.

It has no transactions and no dialogs: whatever arrives is queued, whatever is sent is sent
once. Races and misbehaviour are written down step by step.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

from protocols.aio.flow import Address
from protocols.aio.udp import OpenUdp, SocketUdpPort
from protocols.sip.errors import ParseError
from protocols.sip.message import Message, Request, Response
from protocols.sip.parser import parse_datagram

_counter = itertools.count(1)


class ScriptedUA:
    """One UDP port, driven by a test."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, *, open_udp: OpenUdp | None = None
    ) -> None:
        self._queue: asyncio.Queue[tuple[Message, Address]] = asyncio.Queue()
        self._port = (open_udp or SocketUdpPort)(host, port, self._receive)
        self.local = self._port.local
        self.unreadable: list[bytes] = []
        self.peer: Address | None = None  # whom we last heard
        self.tag = f"scripted-{next(_counter)}"

    def _receive(self, data: bytes, peer: Address, _: str) -> None:
        if not data.strip():
            return
        try:
            self._queue.put_nowait((parse_datagram(data), peer))
        except ParseError:  # the 400 to a broken request repeats what was broken
            self.unreadable.append(data)

    async def receive(self, timeout: float = 5.0) -> Message:
        """The next message, whatever it is."""
        async with asyncio.timeout(timeout):
            message, self.peer = await self._queue.get()
        return message

    async def expect(self, method: str, timeout: float = 5.0) -> Request:
        """The next message must be this request."""
        message = await self.receive(timeout)
        if not isinstance(message, Request) or message.method != method:
            raise AssertionError(f"expected {method}, got {message}")
        return message

    async def expect_status(
        self, status: int, *, skip: Sequence[int] = (100,), timeout: float = 5.0
    ) -> Response:
        """The next response must have this status; those in `skip` may come before it."""
        while True:
            message = await self.receive(timeout)
            if isinstance(message, Response) and message.status == status:
                return message
            if isinstance(message, Response) and message.status in skip:
                continue
            raise AssertionError(f"expected {status}, got {message}")

    @property
    def waiting(self) -> int:
        """Messages received and not looked at."""
        return self._queue.qsize()

    def send(self, message: Message | bytes, to: Address | None = None) -> None:
        """Send once; to the last peer heard unless `to` says otherwise."""
        peer = to or self.peer
        if peer is None:
            raise AssertionError("nobody to send to")
        data = message if isinstance(message, bytes) else message.to_bytes()
        self._port.send(data, peer, self.local.host)

    def respond(
        self,
        request: Request,
        status: int,
        *,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        tag: str | None = None,
    ) -> Response:
        """Answer a request, with this peer's tag unless another is given (a fork)."""
        response = Response.for_request(request, status, to_tag=tag or self.tag)
        response.headers.add("Contact", f"<sip:scripted@{self.local}>")
        for name, value in headers:
            response.headers.add(name, value)
        response.body = body
        self.send(response)
        return response

    def request(
        self,
        method: str,
        uri: str,
        *,
        cseq: int = 1,
        call_id: str | None = None,
        to: str = "<sip:peer@example.com>",
        branch: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> Request:
        """A well-formed request to alter and `send`."""
        number = next(_counter)
        request = Request(
            method,
            uri,
            [
                ("Via", f"SIP/2.0/UDP {self.local};branch={branch or f'z9hG4bKs{number}'};rport"),
                ("Max-Forwards", "70"),
                ("From", f"<sip:scripted@example.com>;tag={self.tag}"),
                ("To", to),
                ("Call-ID", call_id or f"scripted-{number}"),
                ("CSeq", f"{cseq} {method}"),
                ("Contact", f"<sip:scripted@{self.local}>"),
            ],
            body,
        )
        for name, value in headers:
            request.headers.add(name, value)
        return request

    def close(self) -> None:
        self._port.close()
