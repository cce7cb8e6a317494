"""Strangers at the media port: what they send, and how fast."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import time
from collections.abc import AsyncIterator, Callable

from aioice import stun

from media.worker.dtls import DtlsAssociation, Identity

FATAL_ALERT = bytes.fromhex("15fefd00000000000000000002") + bytes((2, 40))

Attack = Callable[[], bytes]


def client_hello() -> bytes:
    return DtlsAssociation(Identity(), client=True).start(0.0)[0]


HELLO = client_hello()


def fake_check() -> bytes:
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = "guessed1:stranger"
    message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(b"no idea of the password")
    return bytes(message)


def mixture() -> bytes:
    return random.choice((HELLO, FATAL_ALERT, os.urandom(100), fake_check()))


ATTACKS: dict[str, Attack] = {
    "client_hello": lambda: HELLO,
    "fatal_alert": lambda: FATAL_ALERT,
    "fake_stun": fake_check,
    "rubbish": lambda: os.urandom(172),
    "mixture": mixture,
}


@contextlib.asynccontextmanager
async def flood(target: tuple[str, int], attack: Attack, per_second: int) -> AsyncIterator[None]:
    """Send from two strange sockets all the while."""
    socks = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]

    async def run() -> None:
        start, sent = time.monotonic(), 0
        while True:
            while sent < (time.monotonic() - start) * per_second:
                socks[sent % 2].sendto(attack(), target)
                sent += 1
            await asyncio.sleep(0.005)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        for sock in socks:
            sock.close()
