"""Finding a colleague to call."""

from __future__ import annotations

from urllib.parse import quote

from tests.support.gateway_platform import Bench


async def test_a_colleague_is_found_by_name_and_number(bench: Bench) -> None:
    token = (await bench.login("berta@example.test"))["access_token"]
    for typed in ("kön", "Koenig", "anna k", "101"):
        _, page, _ = await bench.call("GET", f"/directory?q={quote(typed)}", token)
        assert [person["name"] for person in page["items"]] == ["Anna König"], typed
        assert page["items"][0]["number"]["canonical"] == "101"
        assert page["items"][0]["user_id"] == bench.demo.users["anna@example.test"]
    _, page, _ = await bench.call("GET", "/directory?q=zzz", token)
    assert page == {"items": [], "next_cursor": None}


async def test_all_colleagues_page_by_page(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    names: list[str] = []
    path = "/directory?limit=2"
    while path:
        _, page, _ = await bench.call("GET", path, token)
        names += [person["name"] for person in page["items"]]
        following = page["next_cursor"]
        path = f"/directory?limit=2&cursor={following}" if following else ""
    assert names == ["Anna König", "Berta Schulz", "Carla Lang"]


async def test_queries_out_of_bounds_are_refused(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    for query in ("limit=0", "limit=101", "limit=x", "q=" + "x" * 101, "tenant=other"):
        status, body, _ = await bench.call("GET", f"/directory?{query}", token)
        assert (status, body["code"]) == (422, "invalid"), query


async def test_the_name_of_a_caller_is_known_to_call_control(bench: Bench) -> None:
    directory = bench.gateway.features.ports.directory
    anna = await directory.name_of(bench.demo.tenant_id, "101")
    assert anna is not None and anna.name == "Anna König"
    theirs = await directory.name_of(bench.other_tenant, "101")
    assert theirs is not None and theirs.name == "Mallory Other"
