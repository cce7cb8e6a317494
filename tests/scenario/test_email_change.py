"""A new e-mail address, confirmed by a mailed code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.storage.ids import utc_now
from gateway.storage.models import Session, User
from gateway.storage.tables.one_time import OneTimeToken
from tests.support.gateway_platform import PASSWORD, Bench
from tests.support.letters import Letters

ANNA, NEW = "anna@example.test", "anna.koenig@elsewhere.test"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


async def begin(bench: Bench, token: str, email: str = NEW) -> tuple[int, Any]:
    status, body, _ = await bench.call("POST", "/me/email", token, json={"email": email})
    return status, body


async def confirm(bench: Bench, token: str, code: str) -> tuple[int, Any]:
    status, body, _ = await bench.call("POST", "/me/email/confirm", token, json={"code": code})
    return status, body


async def signs_in(bench: Bench, email: str) -> int:
    body = {"email": email, "password": PASSWORD, "device": {"kind": "api"}}
    return (await bench.call("POST", "/auth/login", json=body))[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_code_to_the_new_address_notice_to_the_old(letters: Letters, bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    assert (await begin(bench, token))[0] == 202
    await bench.call("POST", "/auth/password-reset", json={"email": ANNA})
    old_link = (await letters.next("password_reset")).secret
    letter = await letters.next("email_change_code")
    assert letter.to == NEW and len(letter.secret) == 6 and letter.secret.isdigit()
    status, body = await confirm(bench, token, wrong(letter.secret))
    assert (status, body["code"], body["attempts_left"]) == (403, "code_refused", 4)
    assert await confirm(bench, token, letter.secret) == (200, {"email": NEW})
    assert [await signs_in(bench, email) for email in (ANNA, NEW)] == [401, 200]
    reset = {"token": old_link, "password": "seven green umbrellas fly"}
    assert (await bench.call("POST", "/auth/password-reset/finish", json=reset))[0] == 410
    told = await letters.next("email_changed")
    assert told.to == ANNA and told.values["new_email"] == "a***@elsewhere.test"
    status, body = await confirm(bench, token, letter.secret)
    assert (status, body["code"]) == (410, "code_over")
    assert (await begin(bench, token, ANNA))[0] == 202  # the old one is free again
    back = await letters.next("email_change_code", 2)
    assert (await confirm(bench, token, back.secret))[0] == 200


async def test_five_guesses_and_a_quarter_of_an_hour(letters: Letters, bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    await begin(bench, token)
    code = (await letters.next("email_change_code")).secret
    codes = [(await confirm(bench, token, wrong(code)))[0] for _ in range(5)]
    assert codes == [403] * 5
    assert (await confirm(bench, token, code))[0] == 410
    await begin(bench, token)
    code = (await letters.next("email_change_code", 2)).secret
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        past = utc_now() - timedelta(seconds=1)
        await db.update(OneTimeToken, OneTimeToken.kind == "email_change", expires_at=past)
    assert (await confirm(bench, token, code))[0] == 410


async def test_a_taken_address_gets_no_letter_and_the_same_answer(
    letters: Letters, bench: Bench
) -> None:
    token = (await bench.login())["access_token"]
    for taken in ("mallory@other.test", "BERTA@example.test"):
        assert await begin(bench, token, taken) == await begin(bench, token, NEW)
    assert {letter.to for letter in letters.of("email_change_code")} == {NEW}


async def test_who_was_faster_has_it(letters: Letters, bench: Bench) -> None:
    anna = (await bench.login())["access_token"]
    mallory = (await bench.login("mallory@other.test"))["access_token"]
    for token in (anna, mallory):
        assert (await begin(bench, token))[0] == 202
    first, second = letters.of("email_change_code")
    assert (await confirm(bench, mallory, second.secret))[0] == 200
    status, body = await confirm(bench, anna, first.secret)
    assert (status, body["code"]) == (409, "email_taken")
    assert await signs_in(bench, ANNA) == 200  # nothing was half done


async def test_what_is_refused(bench: Bench) -> None:
    grant = await bench.login()
    token = grant["access_token"]
    for email in ("no address", "a@b", "x@" + "y" * 300 + ".test", 'anna"@x.test\r\nBcc: y@x.test'):
        assert (await begin(bench, token, email))[0] == 422
    storage, tenant = bench.gateway.features.storage, bench.demo.tenant_id
    async with storage.write(tenant) as db:
        await db.update(
            Session,
            Session.id == grant["session_id"],
            proven_at=utc_now() - timedelta(minutes=16),
        )
    status, body = await begin(bench, token)
    assert (status, body["code"]) == (403, "step_up_required")
    again = (await bench.login())["access_token"]
    async with storage.write(tenant) as db:
        await db.update(User, User.id == bench.demo.users[ANNA], source="scim")
    status, body = await begin(bench, again)
    assert (status, body["code"]) == (409, "managed_elsewhere")
