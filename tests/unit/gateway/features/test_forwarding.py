"""What of forwarding is refused before the PBX is asked, and how a PBX that cannot is shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.gateway_platform import Bench


async def test_a_pbx_that_cannot_be_asked_is_said_to_be_so(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    status, view, _ = await bench.call("GET", "/forwarding", token)
    assert (status, view["available"], view["why_not"]) == (200, False, "not_offered")
    assert view["kinds"] == view["entries"] == []
    status, body, _ = await bench.call("PUT", "/forwarding/busy", token, json={"active": False})
    assert (status, body["code"]) == (409, "not_offered")


@pytest.mark.parametrize(
    ("kind", "wanted", "status", "code"),
    [
        ("immediate", {"active": True}, 422, "number_missing"),
        ("immediate", {"active": True, "to": "  "}, 422, "number_missing"),
        ("busy", {"active": True, "to": "101"}, 422, "forward_to_self"),
        ("busy", {"active": True, "to": "112"}, 422, "forward_to_emergency"),
        ("no_answer", {"active": True, "to": "???"}, 422, "number_invalid"),
        ("sometimes", {"active": False}, 404, "not_found"),
    ],
)
async def test_where_calls_cannot_go(
    bench: Bench, kind: str, wanted: dict[str, Any], status: int, code: str
) -> None:
    token = (await bench.login())["access_token"]
    got, body, _ = await bench.call("PUT", f"/forwarding/{kind}", token, json=wanted)
    assert (got, body["code"]) == (status, code)
