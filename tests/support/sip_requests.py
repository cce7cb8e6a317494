"""Requests, quick timers and a response collector for tests of the SIP endpoint."""

from __future__ import annotations

import asyncio
import itertools

from protocols.aio.flow import Flow
from protocols.sip.message import Request, Response
from protocols.sip.txn.timers import Timers

_numbers = itertools.count(1)

FAST = Timers(t1=0.05, t2=0.2, t4=0.05, trying=0.02, d=0.05)


def make(method: str, uri: str, *, cseq: int = 1, to_tag: str | None = None) -> Request:
    to = "<sip:bob@example.com>" + (f";tag={to_tag}" if to_tag else "")
    return Request(
        method,
        uri,
        [
            ("Max-Forwards", "70"),
            ("From", "<sip:alice@example.com>;tag=a1"),
            ("To", to),
            ("Call-ID", f"{method}-{next(_numbers)}@test"),
            ("CSeq", f"{cseq} {method}"),
            ("Contact", "<sip:alice@127.0.0.1>"),
        ],
    )


class Responses:
    """Collects responses and waits for the nth."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Response] = asyncio.Queue()

    def __call__(self, response: Response, _: Flow | None) -> None:
        self.queue.put_nowait(response)

    async def next(self) -> Response:
        async with asyncio.timeout(5):
            return await self.queue.get()
