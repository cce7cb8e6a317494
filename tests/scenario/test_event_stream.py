"""The event stream over real HTTP, read with the example client of the documentation."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from typing import Any

from gateway.bus import ClientEvent
from gateway.permissions import Permission
from gateway.ports import UserKey
from gateway.realtime.tenant_events import CallOfUser
from tests.support.api_events import a_call
from tests.support.callers import appoint, key
from tests.support.example_client import Client
from tests.support.gateway_platform import Bench
from tests.support.gateway_ports import soon


def user_of(bench: Bench, email: str = "anna@example.test") -> UserKey:
    return UserKey(bench.demo.tenant_id, bench.demo.users[email])


def happens(bench: Bench, user: UserKey, id: str) -> None:
    bench.gateway.features.bus.publish(
        ClientEvent(user, None, "call.created", {"call": a_call(id=id)})
    )


async def readers(bench: Bench, count: int) -> None:
    feed = bench.gateway.programs.feed
    await soon(lambda: feed.readers == count)


async def test_a_program_follows_its_company_and_no_other(bench: Bench) -> None:
    text = await key(bench, [Permission.CALLS_READ])
    events: Iterator[Any] = Client(bench.base, text).events(types=["call.created"])
    first = asyncio.create_task(asyncio.to_thread(next, events))
    await readers(bench, 1)
    happens(bench, UserKey(bench.other_tenant, "mallory"), "theirs")
    happens(bench, user_of(bench), "ours")
    event = await first
    assert CallOfUser.model_validate(event.data).call["id"] == "ours"
    assert event.data["user_id"] == user_of(bench).user_id
    # It comes back after the last one that it saw.
    events.close()
    happens(bench, user_of(bench), "meanwhile")
    again = Client(bench.base, text).events(after=event.id)
    assert (await asyncio.to_thread(next, again)).data["call"]["id"] == "meanwhile"
    await asyncio.to_thread(again.close)


async def test_a_revoked_key_reads_no_more(bench: Bench) -> None:
    await appoint(bench, "admin", "adele@example.test")
    admin = (await bench.login("adele@example.test"))["access_token"]
    wanted = {"name": "CRM", "kind": "admin", "scopes": ["calls.read"]}
    status, made, _ = await bench.call("POST", "/admin/keys", admin, json=wanted)
    assert status == 201, made
    events = Client(bench.base, made["text"]).events()
    over = asyncio.create_task(asyncio.to_thread(lambda: list(events)))
    await readers(bench, 1)
    began = time.monotonic()
    status, _, _ = await bench.call("DELETE", f"/admin/keys/{made['key']['id']}", admin)
    assert status == 204
    assert await over == []
    assert time.monotonic() - began < 5


async def test_who_does_not_read_is_cut_off(bench: Bench) -> None:
    """The other side takes nothing: the gateway keeps no more than the latest events for it."""
    text = await key(bench, [Permission.CALLS_READ])
    host, port = bench.base.removeprefix("http://").split(":")
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(slow, (host, int(port)))
    request = f"GET /api/v1/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {text}\r\n\r\n"
    await loop.sock_sendall(slow, request.encode())
    await readers(bench, 1)
    for number in range(4_000):
        happens(bench, user_of(bench), f"call {number} " + "x" * 4000)
        if number % 50 == 0:
            await asyncio.sleep(0)
    await readers(bench, 0)
    slow.close()


async def test_only_keys_of_the_scope_read(bench: Bench) -> None:
    without = await key(bench, [Permission.CALLS_CONTROL])
    status, refused, _ = await bench.call("GET", "/events", without)
    assert (status, refused["code"]) == (403, "permission_missing")
    text = await key(bench, [Permission.CALLS_READ])
    status, refused, _ = await bench.call("GET", "/events?types=ring.offer", text)
    assert (status, refused["code"]) == (422, "invalid")
    status, began, headers = await bench.call("GET", "/events", text)
    assert status == 200 and b"event: ready" in began
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
