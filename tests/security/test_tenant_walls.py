"""Every route and every socket event, as another tenant, as nobody, with an expired token.

The table below has an entry for each route; a new route without one fails the test.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import socketio.exceptions

from gateway.bus import PbxFeatureChanged
from gateway.connectors.pbx_door import PbxDoor
from gateway.credentials.secrets import Secrets
from gateway.credentials.tokens import TokenSigner
from gateway.features.login.service import AUDIENCE
from gateway.ports import (
    Forwarding,
    HuntGroup,
    Numbers,
    PbxCapabilities,
    UserKey,
)
from gateway.realtime.verbs import MEDIA, VERBS
from gateway.storage.ids import new_id, utc_now
from tests.support.api_events import a_call
from tests.support.gateway_platform import PBX_PASSWORD, Bench, open_bench


@dataclass(frozen=True)
class Row:
    """How to call a route, and what others get. ``stranger``: a user of another tenant."""

    nobody: int = 401
    stranger: int = 200
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)


# {entry} and {call} are the victim's ids.
ROUTES: dict[tuple[str, str], Row] = {
    # Public on purpose: they authenticate by what they carry.
    ("POST", "/api/v1/auth/login"): Row(nobody=422, stranger=422, json={}),
    ("POST", "/api/v1/auth/refresh"): Row(nobody=403, stranger=403, json={}),
    ("POST", "/api/v1/auth/logout"): Row(nobody=204, stranger=204, json={}),
    ("GET", "/api/v1/openapi.json"): Row(nobody=200),
    ("GET", "/healthz"): Row(nobody=200),
    ("GET", "/readyz"): Row(nobody=200),
    ("GET", "/socket.io/"): Row(nobody=400, stranger=400),  # CONNECT authenticates, tested below
    ("POST", "/socket.io/"): Row(nobody=400, stranger=400),
    ("OPTIONS", "/socket.io/"): Row(nobody=400, stranger=400),
    ("GET", "/{path}"): Row(nobody=503, stranger=503),  # the web app, not built here
    ("*", "/api/{rest}"): Row(nobody=404, stranger=404),
    # A user's own things.
    ("GET", "/api/v1/me"): Row(),
    ("GET", "/api/v1/me/settings"): Row(),
    ("PUT", "/api/v1/me/settings"): Row(json={"theme": "dark"}, headers={"If-Match": '"1"'}),
    ("GET", "/api/v1/devices"): Row(),
    ("GET", "/api/v1/directory"): Row(),
    ("GET", "/api/v1/routing"): Row(),
    ("PUT", "/api/v1/routing"): Row(json={"apps": "never"}, headers={"If-Match": '"1"'}),
    ("GET", "/api/v1/forwarding"): Row(),
    ("PUT", "/api/v1/forwarding/{kind}"): Row(stranger=409, json={"active": False}),
    ("GET", "/api/v1/hunt-groups"): Row(),
    ("PUT", "/api/v1/hunt-groups/{number}"): Row(stranger=409, json={"logged_in": False}),
    ("GET", "/api/v1/alternative-number"): Row(),
    ("PUT", "/api/v1/alternative-number"): Row(json={"number": "103"}),
    ("GET", "/api/v1/offers"): Row(),
    ("GET", "/api/v1/journal"): Row(),
    ("GET", "/api/v1/journal.csv"): Row(),
    ("GET", "/api/v1/journal/{id}"): Row(stranger=404),
    ("DELETE", "/api/v1/journal"): Row(stranger=204),
    ("DELETE", "/api/v1/journal/{id}"): Row(stranger=404),
    ("POST", "/api/v1/journal/read"): Row(json={"ids": ["{entry}"]}),
    ("GET", "/api/v1/voicemail"): Row(),
    ("GET", "/api/v1/presence"): Row(),
    ("PATCH", "/api/v1/presence"): Row(json={}),
    ("GET", "/api/v1/presence/people"): Row(),
    ("GET", "/api/v1/calls"): Row(),
    ("POST", "/api/v1/calls"): Row(stranger=202, json={"to": "101"}),
    ("POST", "/api/v1/calls/pickup"): Row(stranger=202, json={"id": "victims-pickup"}),
    ("POST", "/api/v1/calls/unpark"): Row(stranger=202, json={"slot": "42"}),
    ("POST", "/api/v1/calls/{id}/{verb}"): Row(stranger=202, json={}),
    ("POST", "/api/v1/turn-credentials"): Row(),
    # By API key: a user's token is not one.
    ("POST", "/api/v1/connector/session"): Row(stranger=401, json={}),
    ("GET", "/api/v1/connector/config"): Row(stranger=401),
}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


HUNT_GROUP = HuntGroup("350", "Secret Group", True)
#: The victim's other phone, and where the victim's calls are forwarded to.
OTHER_PHONE, FORWARDED_TO = "+491715550199", "+491715550198"


class VictimsPbx(PbxDoor):
    """A PBX that knows nobody but the victim."""

    def __init__(self, victim: UserKey) -> None:
        super().__init__()
        self._victim = victim

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        if user != self._victim:
            return PbxCapabilities()
        return PbxCapabilities(True, forwarding=("busy",), hunt_groups=True)

    async def get_forwarding(self, user: UserKey) -> Sequence[Forwarding]:
        if user != self._victim:
            return await super().get_forwarding(user)
        to = Numbers(FORWARDED_TO, FORWARDED_TO, FORWARDED_TO)
        return [Forwarding("busy", True, to)]

    async def hunt_groups(self, user: UserKey) -> Sequence[HuntGroup]:
        return [HUNT_GROUP] if user == self._victim else await super().hunt_groups(user)


async def victims_entry(bench: Bench) -> tuple[UserKey, str]:
    """One of everything that only the victim may see."""
    victim = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    journal, call_id = bench.gateway.features.journal, new_id()
    entry = await journal.open(
        victim,
        call_id,
        direction="in",
        numbers=Numbers("102", "102", "102"),
        name="Secret Caller",
        started_at=utc_now(),
    )
    await journal.settle(
        victim,
        call_id,
        kind="missed",
        reason="no_answer",
        name=None,
        device_id=None,
        ended_at=utc_now(),
        duration_ms=0,
    )
    bench.calls.live[victim] = [a_call(id="victims-call")]
    bench.calls.pickups[victim] = [{"id": "victims-pickup"}]
    bench.gateway.features.pbx.open(VictimsPbx(victim))
    login = await bench.login("anna@example.test")
    status, _, _ = await bench.call(
        "PUT", "/alternative-number", login["access_token"], json={"number": OTHER_PHONE}
    )
    assert status == 200
    return victim, entry


def expired_token(victim: UserKey, secrets_dir: Path) -> str:
    def an_hour_ago() -> Any:
        return utc_now() - timedelta(hours=1)

    signer = TokenSigner(Secrets.load(secrets_dir), audience=AUDIENCE, ttl=600, now=an_hour_ago)
    return signer.issue(victim.user_id, tid=victim.tenant_id, sid=new_id(), did=new_id())[0]


def routes_of(bench: Bench) -> set[tuple[str, str]]:
    found = set()
    for route in bench.gateway.app.router.routes():
        if route.resource is not None and route.method != "HEAD":
            found.add((route.method, route.resource.canonical))
    return found


def filled(path: str, entry: str) -> str:
    replaced = path.replace("{id}", entry).replace("{verb}", "hang_up").replace("{kind}", "busy")
    replaced = replaced.replace("{number}", "350")
    return replaced.replace("{path}", "any").replace("{rest}", "any")


async def ask(
    bench: Bench, method: str, path: str, row: Row, entry: str, token: str | None
) -> tuple[int, str]:
    body = json.loads(json.dumps(row.json).replace("{entry}", entry))
    status, reply, _ = await bench.call(
        "GET" if method == "*" else method,
        "/" + filled(path, entry),
        token,
        headers=row.headers,
        **({"json": body} if body is not None else {}),
    )
    return status, reply.decode() if isinstance(reply, bytes) else json.dumps(reply)


async def test_every_route_has_an_entry(bench: Bench) -> None:
    assert routes_of(bench) == set(ROUTES)


async def test_nobody_and_the_expired_are_kept_out(bench: Bench, tmp_path: Path) -> None:
    victim, entry = await victims_entry(bench)
    expired = await asyncio.to_thread(expired_token, victim, tmp_path / "secrets")
    for (method, path), row in ROUTES.items():
        for token in (None, expired):
            status, _ = await ask(bench, method, path, row, entry, token)
            logged_out_twice = path.endswith("/logout") and token is not None
            assert status == (401 if logged_out_twice else row.nobody), (method, path, token)
    assert bench.calls.commands == []


async def test_another_tenant_learns_and_changes_nothing(bench: Bench) -> None:
    victim, entry = await victims_entry(bench)
    mine = (await bench.login("anna@example.test"))["access_token"]
    _, before, _ = await bench.call("GET", "/me", mine)
    secrets = {
        entry,
        victim.tenant_id,
        *bench.demo.users.values(),
        bench.demo.site_id,
        "König",
        "Schulz",
        "Lang",
        "example.test",
        "Secret Caller",
        "victims-call",
        "victims-pickup",
        HUNT_GROUP.name,
        OTHER_PHONE[3:],
        FORWARDED_TO[3:],
        PBX_PASSWORD,
    }
    for (method, path), row in ROUTES.items():
        stranger = (await bench.login("mallory@other.test"))["access_token"]
        bench.gateway.features.login._by_ip.reset("127.0.0.1")
        status, text = await ask(bench, method, path, row, entry, stranger)
        assert status == row.stranger, (method, path, text)
        if path != "/api/v1/openapi.json":
            leaked = [secret for secret in secrets if secret in text]
            assert not leaked, (method, path, leaked)
    _, after, _ = await bench.call("GET", "/me", mine)
    assert after == before
    for path, own in (
        ("/alternative-number", OTHER_PHONE),
        ("/forwarding", FORWARDED_TO),
        ("/hunt-groups", HUNT_GROUP.name),
        ("/offers", "hunt_groups"),
    ):
        _, view, _ = await bench.call("GET", path, mine)
        assert own in json.dumps(view, ensure_ascii=False), path
    _, journal, _ = await bench.call("GET", "/journal", mine)
    assert [item["id"] for item in journal["items"]] == [entry] and journal["unread"] == 1
    for actor, _verb, _body, _command in bench.calls.commands:
        assert actor.user.tenant_id == bench.other_tenant


@pytest.mark.parametrize("event", sorted(VERBS | MEDIA))
async def test_a_socket_acts_for_its_own_user_whatever_it_says(bench: Bench, event: str) -> None:
    victim, _entry = await victims_entry(bench)
    anna = await bench.login("anna@example.test")
    mallory = await bench.login("mallory@other.test")
    phone = await bench.socket(mallory["access_token"], {"id": anna["device_id"], "kind": "web"})
    snapshot = await phone.next("snapshot")
    assert snapshot["device_id"] == mallory["device_id"]  # not the victim's
    assert snapshot["calls"] == snapshot["pickups"] == snapshot["offers"] == []
    assert snapshot["unread"] == 0
    claims = {
        "tenant_id": victim.tenant_id,
        "user_id": victim.user_id,
        "device_id": anna["device_id"],
        "session_id": anna["session_id"],
        "room": f"{victim.tenant_id}:{victim.user_id}",
    }
    body = {"call_id": "victims-call", "to": "1", "sdp": "", "command_id": "c", **claims}
    answer = await phone.send(event, body)
    assert answer["ok"] is True
    actor = bench.calls.commands[-1][0]
    assert actor.user.tenant_id == bench.other_tenant
    assert actor.device_id == mallory["device_id"]
    assert actor.session_id == mallory["session_id"]


async def test_events_reach_their_user_only(bench: Bench) -> None:
    anna = await bench.login("anna@example.test")
    berta = await bench.login("berta@example.test")
    mallory = await bench.login("mallory@other.test")
    phones = [await bench.socket(grant["access_token"]) for grant in (anna, berta, mallory)]
    for phone in phones:
        await phone.next("snapshot")
    events = bench.gateway.features.ports.events
    victim, _ = await victims_entry(bench)  # with its other phone: alternative_number.changed
    events.to_user(victim, "call.created", {"call": {"id": "secret"}})
    bench.gateway.features.bus.publish(PbxFeatureChanged(victim, hunt_groups=(HUNT_GROUP,)))
    await phones[0].next("offers.changed")
    # A mark at the end for everyone: events are delivered in order, so nothing else is under way.
    for name in ("berta@example.test", "anna@example.test"):
        key = UserKey(bench.demo.tenant_id, bench.demo.users[name])
        events.to_user(key, "notice", {"words": "end"})
    others = mallory_key(mallory, bench)
    events.to_user(others, "notice", {"words": "end"})
    for phone in phones:
        await phone.next("notice")
    for private in (
        "call.created",
        "alternative_number.changed",
        "hunt_groups.changed",
        "offers.changed",
    ):
        heard = [any(name == private for name, _ in phone.events) for phone in phones]
        assert heard == [True, False, False], private


def mallory_key(grant: dict[str, Any], bench: Bench) -> UserKey:
    (socket,) = [
        s
        for s in bench.gateway.phone.sockets
        if s.actor.user.tenant_id == bench.other_tenant
        and s.actor.session_id == grant["session_id"]
    ]
    return socket.actor.user


async def test_connector_changes_reach_their_site_only(bench: Bench) -> None:
    from gateway.ports import ConnectorStatus

    anna = await bench.login("anna@example.test")
    mallory = await bench.login("mallory@other.test")
    phones = [await bench.socket(grant["access_token"]) for grant in (anna, mallory)]
    for phone in phones:
        await phone.next("snapshot")
    for listener in bench.connectors.listeners:
        listener(bench.demo.tenant_id, ConnectorStatus(bench.demo.site_id, "down"))
        listener(bench.other_tenant, ConnectorStatus(bench.demo.site_id, "refused"))
    changed = await phones[0].next("connector.changed")
    assert changed["connector"] == {"state": "down", "layers": []}
    bench.gateway.features.ports.events.to_user(mallory_key(mallory, bench), "notice", {})
    await phones[1].next("notice")
    assert "connector.changed" not in [name for name, _ in phones[1].events]


async def test_a_key_opens_its_own_site_only(bench: Bench) -> None:
    body = {"instance": new_id(), "version": "1.0", "profile": "business"}
    status, session, _ = await bench.call("POST", "/connector/session", bench.api_key, json=body)
    assert status == 200 and session["site"]["id"] == bench.demo.site_id
    assert {line["auth_password"] for line in session["lines"]} == {PBX_PASSWORD}
    identity = await bench.gateway.features.tokens.verify(session["token"])
    assert identity is not None
    assert (identity.tenant_id, identity.site_id) == (bench.demo.tenant_id, bench.demo.site_id)


async def test_without_a_token_there_is_no_namespace(bench: Bench) -> None:
    for auth in (None, {}, {"token": ""}, {"token": 7}, {"token": "x", "device": []}, "x"):
        client = socketio.AsyncClient(reconnection=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(
                bench.base, namespaces=["/phone"], transports=["websocket"], auth=auth
            )
        await client.disconnect()
    assert len(bench.gateway.phone.sockets) == 0
