"""An import over HTTP with its progress, and what a kill -9 in the middle of it does: nothing."""

from __future__ import annotations

import asyncio
import gzip
import random
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from gateway.credentials.secrets import Secrets
from gateway.storage.models import Line, Site, User
from tests.support.databases import empty_storage
from tests.support.gateway_platform import Bench, open_bench
from tests.support.people_world import PeopleWorld

ROOT = Path(__file__).parents[2]
CSV = {"Content-Type": "text/csv"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


async def admin(bench: Bench) -> str:
    anna = bench.demo.users["anna@example.test"]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == anna, role="admin")
    token: str = (await bench.login())["access_token"]
    return token


async def at_rest(bench: Bench, token: str, made: dict[str, Any]) -> dict[str, Any]:
    """Asks like the portal does, until the step that goes on is over."""
    async with asyncio.timeout(30):
        seen = 0
        while True:
            status, view, _ = await bench.call("GET", f"/admin/imports/{made['id']}", token)
            assert status == 200 and seen <= view["done"] <= view["total"], view
            seen = view["done"]
            if view["state"] in ("planned", "applied", "undone"):
                result: dict[str, Any] = view
                return result


def a_file(rows: int) -> bytes:
    lines = (f"p{i}@x.test;Person {i};{20000 + i};pw-{i}" for i in range(rows))
    return ("E-Mail;Name;Nebenstelle;Kennwort\n" + "\n".join(lines)).encode("cp1252")


async def test_from_the_file_to_the_people_and_back(bench: Bench) -> None:
    token = await admin(bench)
    site = bench.demo.site_id
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(Site, Site.id == site, extension_digits=5)
    path = "/admin/imports?filename=leute.csv"
    status, made, _ = await bench.call("POST", path, token, data=a_file(250), headers=CSV)
    assert (status, made["state"], made["total"]) == (202, "planning", 250), made
    planned = await at_rest(bench, token, made)
    assert planned["counts"]["create"] == 250 and planned["reading"]["encoding"] == "utf-8"
    status, page, _ = await bench.call("GET", f"/admin/imports/{made['id']}/rows?limit=3", token)
    assert [row["number"] for row in page["items"]] == [2, 3, 4]
    following = f"/admin/imports/{made['id']}/rows?cursor={page['next_cursor']}&limit=1"
    assert (await bench.call("GET", following, token))[1]["items"][0]["number"] == 5
    act = f"/admin/imports/{made['id']}"
    status, begun, _ = await bench.call("POST", f"{act}/apply", token, json={})
    assert (status, begun["state"]) == (202, "applying")
    applied = await at_rest(bench, token, made)
    assert (applied["state"], applied["counts"]["applied"]) == ("applied", 250)
    _, people, _ = await bench.call("GET", "/admin/people?q=p7@x", token)
    assert people["items"][0]["line"]["number"] == "20007"
    session = {"instance": bench.demo.site_id, "version": "1", "profile": "business"}
    _, config, _ = await bench.call("POST", "/connector/session", bench.api_key, json=session)
    passwords = {line["number"]: line["auth_password"] for line in config["lines"]}
    assert passwords["20249"] == "pw-249"  # what the connector registers with
    assert (await bench.call("DELETE", act, token))[0] == 204
    status, again, _ = await bench.call("POST", path, token, data=a_file(250), headers=CSV)
    assert (await at_rest(bench, token, again))["counts"]["unchanged"] == 250
    status, problem, _ = await bench.call("POST", f"/admin/imports/{again['id']}/undo", token)
    assert (status, problem["code"]) == (409, "import_state")


async def test_bombs_and_parcels_are_refused_before_they_are_opened(bench: Bench) -> None:
    token = await admin(bench)
    await bench.call("POST", "/admin/imports", token, data=a_file(3), headers=CSV)
    before = psutil.Process().memory_info().rss
    zeros = await asyncio.to_thread(gzip.compress, b"\0" * (200 * 1024 * 1024), 1)
    parcels: list[tuple[bytes, dict[str, str], int, str]] = [
        (zeros, CSV | {"Content-Encoding": "gzip"}, 415, "unsupported_media_type"),
        (zeros, CSV, 422, "file_packed"),
        (b"PK\x03\x04" + zeros[:1000], CSV, 422, "file_packed"),
        (zeros, {"Content-Type": "application/zip"}, 415, "unsupported_media_type"),
        (b"email\n" + b"x" * (8 * 1024 * 1024), CSV, 413, "too_large"),
        (b"[" * 1_000_000, JSON, 422, "json_deep"),
        (b'{"a":' * 500_000, JSON, 422, "json_deep"),
        (b'{"version":' + b"1" * 1_000_000 + b"}", JSON, 422, "json_syntax"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', CSV, 422, "column_missing"),
    ]
    del zeros
    for data, headers, status, code in parcels:
        started = time.monotonic()
        answer = await bench.call("POST", "/admin/imports", token, data=data, headers=headers)
        assert (answer[0], answer[1]["code"]) == (status, code), data[:20]
        assert time.monotonic() - started < 5
        if status == 422:
            (row,) = answer[1]["rows"]
            assert row["row"] >= 1 and row["column"] and row["reason"]
    grown = psutil.Process().memory_info().rss - before
    assert grown < 60 * 1024 * 1024, f"{grown / 1e6:.0f} MB"
    _, listed, _ = await bench.call("GET", "/admin/imports", token)
    assert len(listed["items"]) == 1


async def test_an_import_goes_on_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench(tmp_path, monkeypatch) as bench:
        token = await admin(bench)
        worker = bench.gateway.features.people.worker
        await worker.aclose()  # as if it had ended before the first batch
        status, made, _ = await bench.call(
            "POST", "/admin/imports", token, data=a_file(5), headers=CSV
        )
        assert (status, made["state"]) == (202, "planning")
        await worker.start()
        assert (await at_rest(bench, token, made))["done"] == 5


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_killed_in_the_middle_nothing_is_lost_or_doubled(tmp_path: Path, seed: int) -> None:
    """Twice: while it is applied, and while it is undone."""
    storage = await empty_storage(tmp_path)
    secrets_dir = tmp_path / "secrets"
    world = PeopleWorld(storage, await asyncio.to_thread(Secrets.load, secrets_dir))
    await world.open()
    await world.person("Person 3", "20300", email="p3@x.test")
    before, rows = await world.dump(), 100
    made = await world.plan(a_file(rows))
    url = storage.engine.url.render_as_string(hide_password=False)

    async def killed() -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.import_child",
            url,
            str(secrets_dir),
            world.tenant_id,
            made.id,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert child.stdout is not None
        batches = random.Random(seed).randint(1, 10)
        while batches:  # among lines of its log
            line = (await child.stdout.readline()).strip()
            assert line and line != b"done"
            batches -= line == b"batch"
        child.kill()
        await child.wait()
        view = await world.imports.get(world.tenant_id, made.id)
        assert view.state in ("applying", "undoing") and view.done < rows

    await world.imports.apply(world.who(), made.id, False)
    await killed()
    applied = await world.finish(made.id)
    assert (applied.state, applied.done, applied.counts.applied) == ("applied", rows, rows)
    async with storage.read(world.tenant_id) as db:
        people, lines = await db.find(User), await db.find(Line)
    assert {user.email for user in people} == {"ada@x.test"} | {f"p{i}@x.test" for i in range(rows)}
    assert len(people) == rows + 1
    assert sorted(line.number for line in lines) == [str(20000 + i) for i in range(rows)]
    assert (await world.plan(a_file(rows))).counts.unchanged == rows

    await world.imports.undo(world.who(), made.id)
    await killed()
    undone = await world.finish(made.id)
    assert (undone.state, undone.counts.undone, undone.counts.kept) == ("undone", rows, 0)
    assert await world.dump() == before
    await storage.aclose()
