"""``/phone``: order, limits, sessions, and what happens to those who do not play by the rules."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio.exceptions

from gateway.ports import CommandResult, UserKey
from gateway.realtime.sockets import TokenBucket
from gateway.realtime.transport import StrictJson
from gateway.storage.models import User
from tests.support.api_events import a_call
from tests.support.gateway_platform import Bench, open_bench

FAST = {"realtime": {"auth_timeout": 0.2, "session_check": 0.1, "burst": 5}}


@pytest.fixture
async def fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch, FAST) as opened:
        yield opened


def user_of(bench: Bench, name: str = "anna") -> UserKey:
    return UserKey(bench.demo.tenant_id, bench.demo.users[f"{name}@example.test"])


async def test_the_snapshot_is_first_and_numbers_have_no_gap(bench: Bench) -> None:
    grant = await bench.login()
    bench.calls.live[user_of(bench)] = [a_call(id="running")]
    phone = await bench.socket(grant["access_token"])
    snapshot = await phone.next("snapshot")
    assert snapshot["calls"] == [a_call(id="running")]
    assert set(snapshot) >= {"me", "device_id", "devices", "unread", "presence", "mwi", "connector"}
    events = bench.gateway.features.ports.events
    for number in range(200):
        events.to_user(user_of(bench), "call.updated", {"call": {"n": number}})
    events.to_device(user_of(bench), snapshot["device_id"], "notice", {})
    events.to_device(user_of(bench), "another-device", "never", {})
    await phone.next("notice")
    assert [payload["seq"] for _, payload in phone.events] == list(range(1, len(phone.events) + 1))
    assert {payload["epoch"] for _, payload in phone.events} == {snapshot["epoch"]}
    updates = [p["call"]["n"] for name, p in phone.events if name == "call.updated"]
    assert updates == list(range(200))
    assert "never" not in [name for name, _ in phone.events]


async def test_what_happens_while_the_snapshot_is_taken_comes_after_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = await bench.login()
    events, users = bench.gateway.features.ports.events, bench.gateway.features.users
    original = users.me

    async def slow_me(actor: Any) -> Any:
        events.to_user(actor.user, "call.created", {"call": {"id": "meanwhile"}})
        return await original(actor)

    monkeypatch.setattr(users, "me", slow_me)
    phone = await bench.socket(grant["access_token"])
    await phone.next("call.created")
    assert [name for name, _ in phone.events][:2] == ["snapshot", "call.created"]
    assert [payload["seq"] for _, payload in phone.events][:2] == [1, 2]


async def eventually(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is awaited has no event of its own
            await asyncio.sleep(0.01)


BAD_COMMANDS: tuple[tuple[str, Any, str], ...] = (
    ("explode", {"command_id": "1"}, "verb_unknown"),
    ("connect_error", {"command_id": "1"}, "verb_unknown"),
    ("__init__", {"command_id": "1"}, "verb_unknown"),
    ("dial", "102", "invalid"),
    ("dial", None, "invalid"),
    ("dial", [1], "invalid"),
    ("dial", {"to": "102"}, "command_id_missing"),
    ("dial", {"to": "102", "command_id": ""}, "command_id_missing"),
    ("dial", {"to": "102", "command_id": "x" * 65}, "command_id_missing"),
    ("dial", {"to": "102", "command_id": 7}, "command_id_missing"),
    ("hang_up", {"command_id": "1"}, "call_id_missing"),
    ("hang_up", {"command_id": "1", "call_id": {}}, "call_id_missing"),
    ("hang_up", {"command_id": "1", "call_id": "foreign"}, "call_unknown"),
)


async def test_bad_commands_are_refused_in_the_ack(bench: Bench) -> None:
    phone = await bench.socket((await bench.login())["access_token"])
    for event, body, code in BAD_COMMANDS:
        answer = await phone.send(event, body)
        assert answer["ok"] is False and answer["problem"]["code"] == code, (event, body)
    good = await phone.send("dial", {"to": "102", "command_id": "1"})
    assert good["ok"] is True  # the socket lives on


async def test_media_offers_need_no_command_id_and_extras_come_along(bench: Bench) -> None:
    bench.calls.answer = lambda verb: CommandResult(extra={"generation": 3})
    phone = await bench.socket((await bench.login())["access_token"])
    answer = await phone.send("media.offer", {"call_id": "c", "sdp": "v=0"})
    assert answer == {"ok": True, "generation": 3}
    assert bench.calls.commands[0][3]


async def test_a_ping_is_answered_without_asking_anybody(bench: Bench) -> None:
    phone = await bench.socket((await bench.login())["access_token"])
    for body in (None, {}, {"at": 1}):
        assert await phone.send("ping", body) == {"ok": True}
    assert bench.calls.commands == []


async def test_a_peer_that_fell_silent_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {"realtime": {"ping_interval": 0.1, "ping_timeout": 0.1}}
    async with open_bench(tmp_path, monkeypatch, quick) as bench:
        token = (await bench.login())["access_token"]
        silent = await raw_socket(bench)
        await silent.send_str("40/phone," + json.dumps({"token": token}))
        await eventually(lambda: len(bench.gateway.phone.sockets) == 1)
        await eventually(lambda: len(bench.gateway.phone.sockets) == 0)
        assert bench.calls.offline == bench.calls.online


@pytest.mark.parametrize(("part", "step"), [("users", "me"), ("devices", "resolve")])
async def test_who_leaves_while_connecting_is_no_ghost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, step: str
) -> None:
    quick = {"realtime": {"ping_interval": 0.1, "ping_timeout": 0.1, "session_check": 0.1}}
    async with open_bench(tmp_path, monkeypatch, quick) as bench:
        token = (await bench.login())["access_token"]
        service, reached, go_on = (
            getattr(bench.gateway.features, part),
            asyncio.Event(),
            asyncio.Event(),
        )
        original = getattr(service, step)

        async def slow(*args: Any) -> Any:
            reached.set()
            await go_on.wait()
            return await original(*args)

        monkeypatch.setattr(service, step, slow)
        leaving = await raw_socket(bench)
        await leaving.send_str("40/phone," + json.dumps({"token": token}))
        await reached.wait()
        transport = leaving._response.connection.transport  # type: ignore[union-attr]
        transport.abort()
        engine = bench.gateway.phone._sio.eio
        await eventually(lambda: not engine.sockets)  # its ping timed out meanwhile
        go_on.set()
        await asyncio.sleep(0.05)  # let the handler run to its end
        await eventually(lambda: len(bench.gateway.phone.sockets) == 0)
        assert bench.calls.online == bench.calls.offline
        assert bench.gateway.features.online.online(user_of(bench)) == ()


async def test_who_leaves_while_a_watch_begins_watches_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await bench.socket((await bench.login())["access_token"])
    await phone.next("snapshot")
    server = bench.gateway.phone
    (socket,) = server.sockets

    async def leaving(tenant_id: str, session_id: str) -> bool:
        server.disconnected(socket.sid)
        return True

    monkeypatch.setattr(server._authenticator, "session_live", leaving)
    watched = {"user_ids": [user_of(bench, "berta").user_id]}
    answer = await server.command(socket.sid, "presence.watch", (watched,))
    assert answer["problem"]["code"] == "not_signed_in"
    assert len(server.watchers) == 0


async def test_connecting_twice_on_one_connection_leaves_nothing_behind(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    twice = await raw_socket(bench)
    for _ in range(3):
        await twice.send_str("40/phone," + json.dumps({"token": token}))
    await eventually(lambda: bench.calls.online)
    await twice.close()
    await eventually(lambda: len(bench.gateway.phone.sockets) == 0)
    assert bench.gateway.features.online.online(user_of(bench)) == ()


async def test_a_user_has_a_limited_number_of_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = {"realtime": {"max_sockets_per_user": 2}}
    async with open_bench(tmp_path, monkeypatch, limit) as bench:
        token = (await bench.login())["access_token"]
        first, _second = await bench.socket(token), await bench.socket(token)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await bench.socket(token)
        assert await bench.socket((await bench.login("berta@example.test"))["access_token"])
        await first.client.disconnect()
        await eventually(lambda: len(bench.gateway.phone.sockets) == 2)
        assert await bench.socket(token)


async def test_a_client_that_does_not_read_is_dropped(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.realtime import transport

    monkeypatch.setattr(transport, "_MAX_QUEUED", 5)
    phone = await bench.socket((await bench.login())["access_token"])
    await phone.next("snapshot")
    events = bench.gateway.features.ports.events
    engine_socket = next(iter(bench.gateway.phone._sio.eio.sockets.values()))
    monkeypatch.setattr(engine_socket.queue, "qsize", lambda: 6)  # as if nothing left
    events.to_user(user_of(bench), "notice", {})
    async with asyncio.timeout(5):
        await phone.gone.wait()
    await eventually(lambda: len(bench.gateway.phone.sockets) == 0)


async def test_commands_of_one_client_stay_in_order(bench: Bench) -> None:
    phone = await bench.socket((await bench.login())["access_token"])
    for number in range(30):
        await phone.client.emit(
            "dtmf",
            {"call_id": "c", "command_id": str(number), "digit": "1"},
            namespace="/phone",
        )
    await eventually(lambda: len(bench.calls.commands) == 30)
    assert [command[3] for command in bench.calls.commands] == [str(n) for n in range(30)]


async def test_too_many_commands_are_refused_then_allowed_again(fast: Bench) -> None:
    phone = await fast.socket((await fast.login())["access_token"])
    answers = [await phone.send("mute", {"call_id": "c", "command_id": str(n)}) for n in range(12)]
    codes = [a["problem"]["code"] for a in answers if not a["ok"]]
    assert codes and set(codes) == {"rate_limited"}
    assert answers[0]["ok"]
    await asyncio.sleep(0.1)  # the bucket fills by the clock: this is the rule under test
    assert (await phone.send("mute", {"call_id": "c", "command_id": "z"}))["ok"]


async def test_a_flood_ends_the_connection(fast: Bench) -> None:
    phone = await fast.socket((await fast.login())["access_token"])
    for number in range(100):
        await phone.client.emit(
            "mute", {"call_id": "c", "command_id": str(number)}, namespace="/phone"
        )
    async with asyncio.timeout(5):
        await phone.gone.wait()


async def raw_socket(bench: Bench, **headers: str) -> aiohttp.ClientWebSocketResponse:
    url = f"{bench.base}/socket.io/?EIO=4&transport=websocket"
    socket = await bench.http.ws_connect(url, headers=headers)
    opened = await socket.receive_str(timeout=5)
    assert opened.startswith("0{")
    return socket


async def closed(socket: aiohttp.ClientWebSocketResponse) -> None:
    async with asyncio.timeout(2):
        while (await socket.receive()).type not in (
            aiohttp.WSMsgType.CLOSED,
            aiohttp.WSMsgType.CLOSE,
            aiohttp.WSMsgType.CLOSING,
        ):
            pass


async def test_who_does_not_authenticate_is_cut_off(fast: Bench) -> None:
    socket = await raw_socket(fast)
    await closed(socket)


async def test_events_before_connect_do_nothing(fast: Bench) -> None:
    socket = await raw_socket(fast)
    await socket.send_str('42/phone,1["dial",{"to":"1","command_id":"1"}]')
    await socket.send_str('42["dial",{"to":"1","command_id":"1"}]')
    await closed(socket)
    assert fast.calls.commands == []


HOSTILE_PACKETS: tuple[str, ...] = (
    "4",
    "49",
    "4x",
    "42/phone,[",
    '42/phone,{"a":1}',
    "42/phone," + "[" * 20_000,
    '42/phone,["dial",NaN]',
    '451-/phone,["dial",{"_placeholder":true,"num":0}]',
    "4" + "9" * 2000,
    "9",
    "\0",
    "",
    "b////",
    "0{}",
    "x" * 70_000,
)


async def test_hostile_packets_harm_only_their_sender(bench: Bench) -> None:
    phone = await bench.socket((await bench.login())["access_token"])
    token = (await bench.login("berta@example.test"))["access_token"]
    for number, packet in enumerate(HOSTILE_PACKETS):
        bad = await raw_socket(bench)
        await bad.send_str("40/phone," + json.dumps({"token": token}))
        while "snapshot" not in await bad.receive_str(timeout=5):
            pass
        await bad.send_str(packet)
        assert (await phone.send("dial", {"to": "1", "command_id": str(number)}))["ok"]
        await bad.close()
        await eventually(lambda: len(bench.gateway.phone.sockets) == 1)


async def test_sockets_are_not_compressed(bench: Bench) -> None:
    url = f"{bench.base}/socket.io/?EIO=4&transport=websocket"
    async with bench.http.ws_connect(url, compress=15) as socket:
        assert socket.compress == 0


async def test_binary_ends_the_connection(bench: Bench) -> None:
    bad = await raw_socket(bench)
    await bad.send_bytes(b"\x00\x01")
    await closed(bad)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_other_origins_are_refused(bench: Bench, transport: str) -> None:
    url = f"{bench.base}/socket.io/?EIO=4&transport={transport}"
    for origin in ("https://evil.example", "null", "http://localhost:8080.evil.example"):
        headers = {"Origin": origin}
        if transport == "websocket":
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await bench.http.ws_connect(url, headers=headers)
        else:
            async with bench.http.get(url, headers=headers) as response:
                assert response.status == 400
                assert "Access-Control-Allow-Origin" not in response.headers
    socket = await raw_socket(bench, Origin=bench.origin)
    await socket.close()


async def test_signing_out_ends_the_sockets_of_that_session_only(bench: Bench) -> None:
    grant, other = await bench.login(), await bench.login()
    phone = await bench.socket(grant["access_token"])
    stays = await bench.socket(other["access_token"])
    await phone.next("snapshot")
    await bench.call("POST", "/auth/logout", grant["access_token"], json={})
    ended = await phone.next("session.ended")
    assert ended["reason"] == "signed_out"
    async with asyncio.timeout(5):
        await phone.gone.wait()
    assert (await stays.send("dial", {"to": "1", "command_id": "1"}))["ok"]
    bench.gateway.features.ports.events.to_user(user_of(bench), "notice", {})
    await stays.next("notice")
    assert phone.events[-1][0] == "session.ended"  # nothing after it


async def test_a_user_disabled_elsewhere_is_out_within_five_seconds(fast: Bench) -> None:
    grant = await fast.login()
    phone = await fast.socket(grant["access_token"])
    await phone.next("snapshot")
    user = user_of(fast)
    async with fast.gateway.features.storage.write(user.tenant_id) as db:
        await db.update(User, User.id == user.user_id, disabled=True)
    await phone.next("session.ended")
    async with asyncio.timeout(5):
        await phone.gone.wait()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await fast.socket(grant["access_token"])


async def test_an_expired_access_token_does_not_silence_a_socket(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = await bench.login()
    phone = await bench.socket(grant["access_token"])
    await phone.next("snapshot")
    signer = bench.gateway.features.sessions._signer
    now = signer._now
    from datetime import timedelta

    monkeypatch.setattr(signer, "_now", lambda: now() + timedelta(hours=1))
    assert (await bench.call("GET", "/me", grant["access_token"]))[0] == 401
    assert (await phone.send("answer", {"call_id": "c", "command_id": "1"}))["ok"]
    bench.gateway.features.ports.events.to_user(user_of(bench), "ring.offer", {})
    await phone.next("ring.offer")


async def test_a_slow_implementation_is_told_as_busy(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.realtime import server

    monkeypatch.setattr(server, "_EXECUTE_TIMEOUT", 0.05)

    async def never(*_args: Any) -> CommandResult:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(bench.calls, "execute", never)
    phone = await bench.socket((await bench.login())["access_token"])
    answer = await phone.send("dial", {"to": "1", "command_id": "1"})
    assert answer["problem"]["code"] == "busy"


async def test_a_crash_in_a_command_is_answered(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: Any) -> CommandResult:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(bench.calls, "execute", broken)
    phone = await bench.socket((await bench.login())["access_token"])
    answer = await phone.send("dial", {"to": "1", "command_id": "1"})
    assert answer["problem"]["code"] == "internal" and "secret" not in str(answer)
    monkeypatch.undo()


def test_the_bucket_refills_by_time() -> None:
    bucket = TokenBucket.full(20, 3, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(0.05) and not bucket.take(0.05)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(99.0)  # a clock that steps back gives nothing


def test_packets_are_strict_json() -> None:
    for bad in ("NaN", "Infinity", "-Infinity", "[" * 50_000):
        with pytest.raises(ValueError):
            StrictJson.loads(bad)
    assert StrictJson.dumps({"a": [1, None]}, separators=None) == '{"a":[1,null]}'
    with pytest.raises(ValueError):
        StrictJson.dumps(float("nan"))
