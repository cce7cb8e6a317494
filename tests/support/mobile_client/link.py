"""The socket to ``/phone``: events in order, commands with an answer, and how to stay online."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import socketio
from socketio.exceptions import BadNamespaceError
from socketio.exceptions import ConnectionError as CannotConnect
from socketio.exceptions import TimeoutError as NoAnswer

from tests.support.mobile_client.session import Json, Refused, Session

NAMESPACE = "/phone"
ANSWER_WITHIN_S = 5.0
#: Between two attempts to come back; the last one again and again.
PAUSES_S = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


class Link:
    """``on_event(name, payload)`` is told every event in its place; a ``snapshot`` comes first.

    ``comes_back``: a link that broke is made anew, until :meth:`close`.
    """

    def __init__(
        self, session: Session, on_event: Callable[[str, Json], None], *, comes_back: bool = True
    ) -> None:
        self.online = asyncio.Event()
        self._session = session
        self._on_event = on_event
        self._comes_back = comes_back
        self._wanted = False
        self._socket: socketio.AsyncClient | None = None
        self._place = ("", 0)  # epoch and number of the event before
        self._refusal: Json | None = None
        self._coming_back: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._wanted = True
        await self._connect()

    async def close(self) -> None:
        """The device is gone. Its calls are not: they can be taken back."""
        self._wanted = False
        if self._coming_back is not None:
            self._coming_back.cancel()
        self.online.clear()
        socket, self._socket = self._socket, None
        if socket is not None and socket.connected:
            await socket.disconnect()

    def renew(self) -> None:
        """Make the connection anew, whatever the present one looks like."""
        if self._socket is not None:
            self._broken(self._socket)

    async def wait_online(self) -> None:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await self.online.wait()

    async def command(self, verb: str, **body: Any) -> Json:
        """The answer says accepted or refused (:class:`Refused`); progress comes as events.

        If the answer is lost, the same ``command_id`` is sent again: it has one effect.
        """
        body.setdefault("command_id", str(uuid.uuid4()))
        for last in (False, True):
            try:
                reply = await self._ask(verb, body)
                break
            except (NoAnswer, BadNamespaceError):
                if last or not self._comes_back:
                    raise
                await self.wait_online()
        if not reply["ok"]:
            raise Refused(verb, reply["problem"])
        return reply

    async def _ask(self, verb: str, body: Json) -> Json:
        if self._socket is None:
            raise BadNamespaceError("there is no connection")
        answer: Json = await self._socket.call(verb, body, NAMESPACE, timeout=ANSWER_WITHIN_S)
        return answer

    async def _connect(self) -> None:
        # A socket of its own for each connection: what an old one still says is nobody's concern.
        socket = socketio.AsyncClient(reconnection=False)
        socket.on("*", lambda name, payload: self._event(socket, name, payload), NAMESPACE)
        socket.on("connect_error", self._refused, NAMESPACE)
        socket.on("disconnect", lambda _reason: self._broken(socket), NAMESPACE)
        self._socket, self._refusal = socket, None
        session = self._session
        try:
            await socket.connect(
                session.url,
                namespaces=[NAMESPACE],
                transports=["websocket"],
                auth={
                    "token": session.access_token,
                    "device": {"id": session.device_id, "kind": session.kind},
                },
                wait_timeout=ANSWER_WITHIN_S,
            )
        except CannotConnect:
            if self._refusal is not None:
                raise Refused("connect", self._refusal) from None
            raise
        await self.wait_online()

    def _event(self, socket: socketio.AsyncClient, name: str, payload: Json) -> None:
        if socket is not self._socket:
            return
        epoch, number = payload["epoch"], payload["seq"]
        if name != "snapshot" and (epoch, number) != (self._place[0], self._place[1] + 1):
            # One is missing, so what we know may be wrong: a new connection brings a new picture.
            self._broken(socket)
            return
        self._place = epoch, number
        self._on_event(name, payload)
        if name == "snapshot":
            self.online.set()

    def _refused(self, data: Any = None) -> None:
        problem = data.get("data") if isinstance(data, dict) else None
        self._refusal = problem or {"code": "unreachable", "status": 503}

    def _broken(self, socket: socketio.AsyncClient) -> None:
        if socket is not self._socket:
            return
        self.online.clear()
        if self._wanted and self._comes_back and self._coming_back is None:
            self._coming_back = asyncio.create_task(self._return(), name="mobile client returns")

    async def _return(self) -> None:
        old, self._socket = self._socket, None
        if old is not None and old.connected:
            await old.disconnect()
        try:
            for pause in itertools.chain(PAUSES_S, itertools.repeat(PAUSES_S[-1])):
                await asyncio.sleep(pause)
                if await self._try():
                    return
        finally:
            self._coming_back = None

    async def _try(self) -> bool:
        """True: there is nothing more to try."""
        try:
            await self._connect()
        except Refused as refused:
            if refused.code == "token_refused":
                return not await self._renewed()
            return refused.status == 401  # the session has ended: somebody must sign in
        except (CannotConnect, TimeoutError):
            return False
        return True

    async def _renewed(self) -> bool:
        try:
            await self._session.refresh()
        except Refused:
            return False
        except aiohttp.ClientError:
            pass  # not reached: the next attempt tells
        return True
