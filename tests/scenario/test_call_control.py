"""Programs control calls of users, over real HTTP, with the example client of the documentation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gateway.features.call_control.service import VERBS
from gateway.permissions import Permission
from gateway.ports import CommandResult, UserKey
from gateway.realtime import verbs
from gateway.storage.ids import new_id
from gateway.storage.models import User
from tests.support.api_events import a_call
from tests.support.callers import appoint, key
from tests.support.example_client import Client, Refused
from tests.support.gateway_platform import Bench

CONTROL = [Permission.CALLS_READ, Permission.CALLS_CONTROL]
ANNA = "anna@example.test"


def anna(bench: Bench) -> UserKey:
    return UserKey(bench.demo.tenant_id, bench.demo.users[ANNA])


async def program(bench: Bench) -> Callable[..., Any]:
    """``ask("post", path, ...)`` as a program does, in a thread of its own."""
    client = Client(bench.base, await key(bench, CONTROL))

    async def ask(verb: str, path: str, *args: Any, **options: Any) -> Any:
        return await asyncio.to_thread(getattr(client, verb), path, *args, **options)

    return ask


async def refusal(asking: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value.status, refused.value.code


def connected(bench: Bench, *names: str) -> list[str]:
    """Apps of Anna's that are there now."""
    online, ids = bench.gateway.features.online, [new_id() for _ in names]
    for device, name in zip(ids, names, strict=True):
        online.attach(anna(bench), device, f"socket of {name}", name)
    return ids


async def test_click_to_dial_at_the_desk_phone_by_address(bench: Bench) -> None:
    ask = await program(bench)
    bench.calls.answer = lambda _: CommandResult()
    done = await ask("post", f"/users/{ANNA}/calls", {"to": "102", "from": "desk_phone"})
    assert done == {"ok": True, "call": None, "extra": {}}
    [(actor, verb, body, _)] = bench.calls.commands
    assert (actor.user, verb, actor.remote) == (anna(bench), "dial", True)
    assert (body["to"], body["from"]) == ("102", "desk_phone")


async def test_dialling_names_the_app_that_is_to_speak(bench: Bench) -> None:
    ask, path = await program(bench), f"/users/{anna(bench).user_id}/calls"
    assert await refusal(ask("post", path, {"to": "102"})) == (409, "device_offline")
    (laptop,) = connected(bench, "Laptop")
    await ask("post", path, {"to": "102"})
    assert bench.calls.commands[-1][0].device_id == laptop
    (mobile,) = connected(bench, "Mobile")
    with pytest.raises(Refused) as refused:
        await ask("post", path, {"to": "102"})
    assert refused.value.code == "device_ambiguous"
    assert [one["name"] for one in refused.value.problem["devices"]] == ["Laptop", "Mobile"]
    await ask("post", path, {"to": "102", "device_id": mobile})
    assert bench.calls.commands[-1][0].device_id == mobile
    gone = {"to": "102", "device_id": new_id()}
    assert await refusal(ask("post", path, gone)) == (409, "device_offline")


async def test_a_call_is_seen_and_commanded(bench: Bench) -> None:
    ask, path = await program(bench), f"/users/{ANNA}/calls"
    (laptop,) = connected(bench, "Laptop")
    talking = a_call(id="talk", phase="connected", device_id=laptop)
    ringing = a_call(id="ring", phase="ringing_in", direction="in")
    bench.calls.live[anna(bench)] = [talking, ringing]
    seen = await ask("get", path)
    assert [call["id"] for call in seen["items"]] == ["talk", "ring"]
    assert seen["devices"] == [{"id": laptop, "name": "Laptop"}]
    await ask("post", f"{path}/ring/answer", {})
    await ask("post", f"{path}/talk/hold", {})
    await ask("post", f"{path}/talk/transfer", {"to": "103"})
    await ask("post", f"{path}/talk/transfer", {"with": "ring"})
    await ask("post", f"{path}/talk/hang_up", {})
    said = [
        (verb, body["call_id"], actor.device_id) for actor, verb, body, _ in bench.calls.commands
    ]
    assert said == [
        ("answer", "ring", laptop),
        ("hold", "talk", laptop),
        ("transfer", "talk", laptop),
        ("transfer", "talk", laptop),
        ("hang_up", "talk", laptop),
    ]
    assert bench.calls.commands[2][2]["to"] == "103"
    assert bench.calls.commands[3][2]["with"] == "ring"


async def test_what_opens_a_microphone_wider_stays_with_the_user(bench: Bench) -> None:
    ask = await program(bench)
    bench.calls.live[anna(bench)] = [a_call(id="talk", phase="connected")]
    for verb in ("unmute", "pull", "media.offer", "dial", "explode"):
        found = await refusal(ask("post", f"/users/{ANNA}/calls/talk/{verb}", {}))
        assert found == (404, "verb_unknown"), verb
    reader = await key(bench, [Permission.CALLS_READ])
    status, refused, _ = await bench.call("POST", f"/users/{ANNA}/calls", reader, json={"to": "1"})
    assert (status, refused["code"]) == (403, "permission_missing")
    assert bench.calls.commands == []


def test_every_verb_is_one_of_the_phones() -> None:
    assert VERBS < verbs.VERBS


async def test_who_is_not_there_or_may_not_phone(bench: Bench) -> None:
    ask = await program(bench)
    for named in (new_id(), "nobody@example.test", "mallory@other.test", "x", "%2e%2e"):
        found = await refusal(ask("get", f"/users/{named}/calls"))
        assert found == (404, "person_unknown"), named
    bench.calls.live[anna(bench)] = [a_call(id="talk")]
    asked = ask("post", f"/users/{ANNA}/calls/other/hang_up", {})
    assert await refusal(asked) == (404, "call_unknown")
    left = await appoint(bench, "user", "left@example.test")
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == left, disabled=True)
    asked = ask("post", f"/users/{left}/calls", {"to": "102", "from": "desk_phone"})
    assert await refusal(asked) == (409, "person_disabled")
    assert bench.calls.commands == []


async def test_the_audit_says_which_key_did_it_and_not_whom_was_called(bench: Bench) -> None:
    ask = await program(bench)
    await ask("post", f"/users/{ANNA}/calls", {"to": "102", "from": "desk_phone"})
    await appoint(bench, "admin", "adele@example.test")
    admin = (await bench.login("adele@example.test"))["access_token"]
    _, found, _ = await bench.call("GET", "/admin/audit?action=call.dial", admin)
    [entry] = found["items"]
    assert (entry["who"]["kind"], entry["who"]["name"]) == ("key", "a test's")
    assert entry["target"]["id"] == anna(bench).user_id
    assert "102" not in str(entry["after"])


async def test_the_same_key_dials_once(bench: Bench) -> None:
    ask = await program(bench)
    path, body = f"/users/{ANNA}/calls", {"to": "102", "from": "desk_phone"}
    first = await ask("post", path, body, once="order 7")
    again = await ask("post", path, body, once="order 7")
    assert first == again and len(bench.calls.commands) == 1
    other = {"to": "103", "from": "desk_phone"}
    reused = await refusal(ask("post", path, other, once="order 7"))
    assert reused == (422, "idempotency_key_reused")


async def test_a_program_reads_lists_page_by_page(bench: Bench) -> None:
    client = Client(bench.base, await key(bench, [Permission.PEOPLE_READ]))
    found = await asyncio.to_thread(lambda: list(client.pages("/admin/people", limit=1)))
    assert {person["email"] for person in found} == set(bench.demo.users)
