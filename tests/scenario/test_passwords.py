"""Passwords: changing one, and the letter for who has forgotten it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.credentials import one_time
from gateway.storage.models import User
from gateway.storage.tables.one_time import OneTimeToken
from tests.support.gateway_platform import PASSWORD, Bench
from tests.support.letters import Letters

NEW = "seven green umbrellas fly"
ANNA = "anna@example.test"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


async def sign_in(bench: Bench, password: str, email: str = ANNA) -> int:
    body = {"email": email, "password": password, "device": {"kind": "api"}}
    return (await bench.call("POST", "/auth/login", json=body))[0]


class TestChange:
    async def test_it_ends_the_other_sessions_and_tells_the_owner(
        self, letters: Letters, bench: Bench
    ) -> None:
        here, there = await bench.login(), await bench.login()
        phone = await bench.socket(there["access_token"])
        change = {"old_password": PASSWORD, "new_password": NEW}
        status, _, _ = await bench.call("PUT", "/me/password", here["access_token"], json=change)
        assert status == 204
        assert (await phone.next("session.ended"))["reason"] == "password_changed"
        assert (await bench.call("GET", "/me", here["access_token"]))[0] == 200
        assert (await bench.call("GET", "/me", there["access_token"]))[0] == 401
        assert [await sign_in(bench, password) for password in (PASSWORD, NEW)] == [401, 200]
        told = await letters.next("password_changed")
        assert told.to == ANNA and told.values["client_ip"] == "127.0.0.1"
        assert NEW not in str(told)

    async def test_what_is_refused(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        for old, new, status, code in (
            ("not my password", NEW, 403, "password_wrong"),
            (None, NEW, 403, "password_wrong"),
            (PASSWORD, "short", 422, "password_too_short"),
            (PASSWORD, "passwordpassword", 422, "password_too_easy"),
            (PASSWORD, "anna@example.test", 422, "password_too_easy"),
        ):
            change = {"old_password": old, "new_password": new}
            got, body, _ = await bench.call("PUT", "/me/password", token, json=change)
            assert (got, body["code"]) == (status, code), (old, new)
        assert await sign_in(bench, PASSWORD) == 200

    async def test_who_signs_in_elsewhere_has_none_here(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        user_id = bench.demo.users[ANNA]
        async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
            await db.update(User, User.id == user_id, source="sso")
        change = {"old_password": PASSWORD, "new_password": NEW}
        status, body, _ = await bench.call("PUT", "/me/password", token, json=change)
        assert (status, body["code"]) == (409, "managed_elsewhere")
        assert await sign_in(bench, PASSWORD) == 401  # though a hash is stored


class TestReset:
    async def ask(self, bench: Bench, email: str) -> int:
        return (await bench.call("POST", "/auth/password-reset", json={"email": email}))[0]

    async def finish(self, bench: Bench, token: str, password: str) -> tuple[int, str]:
        body = {"token": token, "password": password}
        status, reply, _ = await bench.call("POST", "/auth/password-reset/finish", json=body)
        return status, reply["code"] if status != 204 else ""

    async def test_once_and_all_sessions_end(self, letters: Letters, bench: Bench) -> None:
        old = await bench.login()
        assert await self.ask(bench, " ANNA@example.test ") == 204
        letter = await letters.next("password_reset")
        assert letter.to == ANNA and letter.secret not in str(letter)
        assert await self.finish(bench, letter.secret, "short") == (422, "password_too_short")
        assert await self.finish(bench, letter.secret, NEW) == (204, "")
        assert await self.finish(bench, letter.secret, NEW + "!") == (410, "link_over")
        assert (await bench.call("GET", "/me", old["access_token"]))[0] == 401
        assert [await sign_in(bench, password) for password in (PASSWORD, NEW)] == [401, 200]
        assert (await letters.next("password_changed")).to == ANNA

    async def test_only_the_newest_link_counts(self, letters: Letters, bench: Bench) -> None:
        for _ in range(2):
            await self.ask(bench, ANNA)
        first, second = (
            await letters.next("password_reset"),
            await letters.next("password_reset", 2),
        )
        assert await self.finish(bench, first.secret, NEW) == (410, "link_over")
        assert await self.finish(bench, second.secret, NEW) == (204, "")

    async def test_unknown_disabled_and_foreign_get_the_answer_but_no_letter(
        self, letters: Letters, bench: Bench
    ) -> None:
        storage, tenant = bench.gateway.features.storage, bench.demo.tenant_id
        async with storage.write(tenant) as db:
            await db.update(User, User.id == bench.demo.users[ANNA], disabled=True)
            sso = bench.demo.users["carla@example.test"]
            await db.update(User, User.id == sso, source="sso")
        for email in ("nobody@example.test", ANNA, "carla@example.test", "berta@example.test"):
            assert await self.ask(bench, email) == 204
        await letters.next("password_reset")  # in order: the last of them
        assert [letter.to for letter in letters.letters] == ["berta@example.test"]

    async def test_an_address_gets_few_letters(self, letters: Letters, bench: Bench) -> None:
        for _ in range(5):
            assert await self.ask(bench, ANNA) == 204
        assert await self.ask(bench, "berta@example.test") == 204
        while not letters.of("password_reset") or letters.letters[-1].to == ANNA:
            await letters.next("password_reset", len(letters.letters) + 1)
        assert [letter.to for letter in letters.letters].count(ANNA) == 3

    async def test_made_up_old_and_other_kinds_of_links(self, bench: Bench) -> None:
        storage, tenant = bench.gateway.features.storage, bench.demo.tenant_id
        user_id = bench.demo.users[ANNA]
        texts = ["x", f"{tenant}.{'A' * 43}", one_time.new(bench.other_tenant)[0]]
        for kind, hours in (("password_reset", -1), ("invitation", 1), ("email_change", 1)):
            text, digest = one_time.new(tenant)
            row = OneTimeToken(
                tenant_id=tenant,
                kind=kind,
                user_id=user_id,
                digest=digest,
                expires_at=bench_time(hours),
            )
            async with storage.write(tenant) as db:
                await db.add(row)
            texts.append(text)
        for text in texts:
            assert await self.finish(bench, text, NEW) == (410, "link_over")
        assert await sign_in(bench, PASSWORD) == 200


def bench_time(hours: int) -> object:
    from datetime import timedelta

    from gateway.storage.ids import utc_now

    return utc_now() + timedelta(hours=hours)


async def test_the_list_of_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hashlib import sha1

    from tests.support.gateway_platform import open_bench

    file = tmp_path / "breached.txt"
    words = sorted(sha1(f"word {i}".encode()).hexdigest().upper() for i in range(2000))
    words.append(sha1(NEW.encode()).hexdigest().upper())
    file.write_text("".join(f"{word}:3\r\n" for word in sorted(words)))
    overrides = {"auth": {"breached_passwords": file}}
    async with open_bench(tmp_path, monkeypatch, overrides) as bench:
        token = (await bench.login())["access_token"]
        change = {"old_password": PASSWORD, "new_password": NEW}
        status, body, _ = await bench.call("PUT", "/me/password", token, json=change)
        assert (status, body["code"]) == (422, "password_breached")
        change["new_password"] = NEW + "!"
        assert (await bench.call("PUT", "/me/password", token, json=change))[0] == 204
