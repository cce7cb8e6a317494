"""Routing settings through REST, and what they make of the next call."""

from __future__ import annotations

from typing import Any

from gateway.ports import RING_EVERYWHERE, RingRule, UserKey
from tests.support.gateway_platform import Bench

WHOLE = {"apps": "now", "delay_ms": 10_000, "auto_answer": None, "when_busy": "second_call"}


async def put(bench: Bench, token: str, tag: str, **wanted: Any) -> tuple[int, Any]:
    status, body, _ = await bench.call(
        "PUT", "/routing", token, json=wanted, headers={"If-Match": tag}
    )
    return status, body


def anna_of(bench: Bench) -> UserKey:
    return UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])


async def test_what_is_chosen_is_what_call_control_does(bench: Bench) -> None:
    signed = await bench.login()
    token, device = signed["access_token"], signed["device_id"]
    rules = bench.gateway.features.ports.routing
    status, body, headers = await bench.call("GET", "/routing", token)
    assert (status, body, headers["ETag"]) == (200, {"routing": WHOLE, "version": 1}, '"1"')
    assert await rules.ring_rule(anna_of(bench)) == RING_EVERYWHERE

    phone = await bench.socket(token)
    await phone.next("snapshot")
    by_itself = {"device_id": device, "after_ms": 4000}
    status, body = await put(bench, token, '"1"', apps="later", delay_ms=8000, when_busy="busy")
    assert status == 200 and body["version"] == 2
    assert (await phone.next("routing.changed"))["routing"] == body
    status, body = await put(
        bench, token, '"2"', apps="later", delay_ms=8000, auto_answer=by_itself
    )
    assert status == 200 and body["routing"]["auto_answer"] == by_itself
    assert await rules.ring_rule(anna_of(bench)) == RingRule(
        "later", 8.0, auto_answer_device=device, auto_answer_after=4.0
    )


async def test_two_devices_do_not_overwrite_each_other(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    assert (await put(bench, token, '"1"', apps="never"))[0] == 200
    for stale in ('"1"', '"7"', "rubbish"):
        status, body = await put(bench, token, stale, apps="now")
        assert (status, body["code"]) == (412, "changed_meanwhile")
    status, body, _ = await bench.call("PUT", "/routing", token, json={})
    assert (status, body["code"]) == (428, "if_match_required")
    _, body, _ = await bench.call("GET", "/routing", token)
    assert body["routing"]["apps"] == "never"


async def test_only_an_own_device_answers_by_itself(bench: Bench) -> None:
    anna = await bench.login()
    berta = await bench.login("berta@example.test")
    for device in (berta["device_id"], "rubbish"):
        wanted = {"device_id": device}
        status, body = await put(bench, anna["access_token"], '"1"', auto_answer=wanted)
        assert (status, body["code"]) == (422, "device_unknown")
    for wrong in ({"delay_ms": 999}, {"apps": "sometimes"}, {"unknown": 1}):
        assert (await put(bench, anna["access_token"], '"1"', **wrong))[0] == 422
    assert await bench.gateway.features.ports.routing.ring_rule(anna_of(bench)) == RING_EVERYWHERE
