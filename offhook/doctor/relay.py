"""Checks of TURN and STUN servers: a relay address is really asked for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from aioice import stun, turn

from connector.turn import parse, parse_stun
from media.worker.config import TurnServer
from offhook.doctor.network import WAIT_S, unreachable
from offhook.doctor.verdict import Verdict, fail, ok

_REFUSED = {
    401: ("the secret is not the one of the server", "Compare turn.secret with coturn's."),
    486: ("too many sessions under one name", "Raise coturn's user-quota."),
    508: ("no relay address is left", "Raise total-quota and the port range of coturn."),
}


async def relays(offer: Mapping[str, Any]) -> list[Verdict]:
    """Every server of ``offer``: its ``urls`` with the credentials that users would get."""
    account = {
        "username": str(offer.get("username", "")),
        "password": str(offer.get("credential", "")),
    }
    rows = []
    for url in offer.get("urls", ()):
        server = parse(str(url), **account)
        subject = f"TURN {url}"
        if server is not None:
            rows.append(await _allocates(subject, server))
        elif (address := parse_stun(str(url))) is not None:
            rows.append(await _binds(subject, *address))
        else:
            rows.append(fail(subject, "this address cannot be tried", "Is it written right?"))
    return rows


class _Allocation(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.given_back = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        self.given_back.set()


async def _allocates(subject: str, server: TurnServer) -> Verdict:
    """Allocate as a browser does (RFC 8656 section 7), then give it back."""
    where = f"{server.host}:{server.port}/{server.transport}"
    try:
        async with asyncio.timeout(WAIT_S):
            transport, allocation = await turn.create_turn_endpoint(
                _Allocation,
                (server.host, server.port),
                username=server.username,
                password=server.password,
                ssl=server.tls,
                transport=server.transport,
            )
    except stun.TransactionFailed as error:
        code, reason = error.response.attributes.get("ERROR-CODE", (0, "refused"))
        words, advice = _REFUSED.get(code, (f"{code} {reason}", "See coturn's log."))
        return fail(subject, f"{where}: {words}", advice)
    except (OSError, stun.TransactionTimeout) as error:
        silent = isinstance(error, stun.TransactionTimeout)
        return unreachable(subject, where, TimeoutError() if silent else error)
    address = transport.get_extra_info("sockname")
    transport.close()  # only begins it: a Refresh with lifetime 0 (RFC 8656 section 8)
    with contextlib.suppress(TimeoutError):  # then it runs out by itself
        async with asyncio.timeout(WAIT_S):
            await allocation.given_back.wait()
    return ok(subject, f"{where} relays by {address[0]}")


class _Binding(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answer: asyncio.Future[stun.Message] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        with contextlib.suppress(ValueError):
            if not self.answer.done():
                self.answer.set_result(stun.parse_message(data))

    def error_received(self, exc: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(exc)


async def _binds(subject: str, host: str, port: int) -> Verdict:
    """A Binding request over UDP (RFC 8489 section 7.1)."""
    loop = asyncio.get_running_loop()
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    try:
        transport, probe = await loop.create_datagram_endpoint(_Binding, remote_addr=(host, port))
        try:
            transport.sendto(bytes(request))
            async with asyncio.timeout(WAIT_S):
                reply = await probe.answer
        finally:
            transport.close()
    except OSError as error:
        return unreachable(subject, f"{host}:{port}/udp", error)
    mapped = reply.attributes.get("XOR-MAPPED-ADDRESS")
    seen = f", it sees us as {mapped[0]}" if mapped else ""
    return ok(subject, f"{host}:{port}/udp answers{seen}")
