"""Who asks without an account learns nothing about who has one: not by answers, not by work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.credentials.passwords import Passwords
from gateway.http.shapes import DeviceInfo
from gateway.ports import Problem
from gateway.storage.models import User
from gateway.storage.storage import Storage
from tests.support.gateway_platform import Bench, open_bench

ADDRESSES = {
    "anna@example.test": {},
    "berta@example.test": {"disabled": True},
    "carla@example.test": {"source": "sso"},
    "mallory@other.test": {},
    "nobody@example.test": {},
    "nobody@nowhere.test": {},
}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    many = {"auth": {"logins_per_account": 100, "logins_per_ip": 1000}}
    async with open_bench(tmp_path, monkeypatch, many) as opened:
        async with opened.gateway.features.storage.write(opened.demo.tenant_id) as db:
            for email, change in ADDRESSES.items():
                if change:
                    await db.update(User, User.email == email, **change)
        yield opened


class Work:
    """What the task that makes it has to wait for: transactions and hashes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self._task = asyncio.current_task()
        for owner, name in ((Storage, "read"), (Storage, "write"), (Storage, "index")):
            self._count(monkeypatch, owner, name)
        self._count(monkeypatch, Passwords, "_run")

    def _count(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        real, done = getattr(owner, name), self.done

        def counted(*args: Any, **options: Any) -> Any:
            if asyncio.current_task() is self._task:
                done.append(name)
            return real(*args, **options)

        monkeypatch.setattr(owner, name, counted)

    def since(self, mark: int) -> list[str]:
        return self.done[mark:]


async def test_a_wrong_password(bench: Bench) -> None:
    answers = {}
    for email in ADDRESSES:
        body = {"email": email, "password": "not this one", "device": {"kind": "api"}}
        replies = [await bench.call("POST", "/auth/login", json=body) for _ in range(12)]
        answers[email] = [(status, reply["code"]) for status, reply, _ in replies]
    free, late = (401, "bad_credentials"), (429, "rate_limited")
    assert set(map(tuple, answers.values())) == {(free,) * 10 + (late,) * 2}


async def test_first_attempts_cost_the_same(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    login = bench.gateway.features.sign_in.login
    work = Work(monkeypatch)
    costs = {}
    for email in ADDRESSES:
        mark = len(work.done)
        with pytest.raises(Problem):
            await login.sign_in(email, "not this one", DeviceInfo(kind="api"), "192.0.2.1")
        costs[email] = work.since(mark)
    # Where the address, then the person, then the guesses are; then the hash.
    own = ["index", "read", "read", "_run"]
    for email, cost in costs.items():
        assert cost[:4] == own and "write" not in cost, (email, cost)
    # What a company's directory costs depends on the address' domain, and on nobody's account.
    assert len({tuple(cost) for email, cost in costs.items() if "@example.test" in email}) == 1


async def test_a_forgotten_password(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = bench.gateway.features.sign_in.letters
    asked: list[bytes] = []
    monkeypatch.setattr(letters._asked, "put_nowait", asked.append)
    work = Work(monkeypatch)
    for email in ADDRESSES:
        letters.ask(email, "192.0.2.1")
    assert work.done == []  # all of it comes after the answer
    answers = set()
    for email in ADDRESSES:
        status, reply, headers = await bench.call(
            "POST", "/auth/password-reset", json={"email": email}
        )
        answers.add((status, reply, headers.get("Content-Type")))
    assert len(answers) == 1 and answers.pop()[0] == 204
    assert len(asked) == 2 * len(ADDRESSES)
