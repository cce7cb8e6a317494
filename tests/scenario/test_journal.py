"""Missed while nobody was signed in, seen on the first device, gone from all."""

from __future__ import annotations

from gateway.ports import Numbers, UserKey
from gateway.storage.ids import new_id, utc_now
from tests.support.gateway_platform import Bench


async def missed_call(bench: Bench, name: str | None) -> str:
    anna = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    journal, call_id = bench.gateway.features.ports.journal, new_id()
    numbers = Numbers("102", "102", "102")
    entry_id = await journal.open(
        anna, call_id, direction="in", numbers=numbers, name=name, started_at=utc_now()
    )
    await journal.settle(
        anna,
        call_id,
        kind="missed",
        reason="no_answer",
        device_id=None,
        ended_at=utc_now(),
        duration_ms=0,
        name=None,
    )
    return entry_id


async def test_calls_missed_while_offline_wait_for_their_user(bench: Bench) -> None:
    ids = [await missed_call(bench, f"Caller {n}") for n in range(3)]
    token = (await bench.login())["access_token"]
    laptop, tablet = await bench.socket(token), await bench.socket(token)
    assert (await laptop.next("snapshot"))["unread"] == 3
    assert (await tablet.next("snapshot"))["unread"] == 3
    _, page, _ = await bench.call("GET", "/journal?limit=2", token)
    assert [entry["id"] for entry in page["items"]] == [ids[2], ids[1]]
    assert page["items"][0]["kind"] == "missed" and page["items"][0]["unread"] is True
    _, rest, _ = await bench.call("GET", f"/journal?limit=2&cursor={page['next_cursor']}", token)
    assert [entry["id"] for entry in rest["items"]] == [ids[0]] and rest["next_cursor"] is None

    _, reply, _ = await bench.call("POST", "/journal/read", token, json={})
    assert reply == {"unread": 0}
    changed = await tablet.next("journal.changed")
    assert changed["entry"]["unread"] is False

    assert (await bench.call("DELETE", f"/journal/{ids[1]}", token))[0] == 204
    assert (await tablet.next("journal.removed"))["id"] == ids[1]
    assert (await bench.call("DELETE", f"/journal/{ids[1]}", token))[0] == 404
    assert (await bench.call("DELETE", "/journal", token))[0] == 204
    _, page, _ = await bench.call("GET", "/journal", token)
    assert page == {"items": [], "next_cursor": None, "unread": 0}


async def test_a_call_missed_now_is_announced_on_all_devices(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    phones = [await bench.socket(token) for _ in range(2)]
    for phone in phones:
        await phone.next("snapshot")
    entry_id = await missed_call(bench, None)
    for phone in phones:
        added = await phone.next("journal.added")
        assert added["entry"]["id"] == entry_id and added["unread"] == 1
        assert added["entry"]["started_at"].endswith("Z")
