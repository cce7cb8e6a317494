"""Contacts of the company's LDAP directory, against OpenLDAP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.ports import JsonObject
from tests.support.sign_on import SignOnBench, sign_on_bench
from tests.support.slapd import SERVICE_DN, SERVICE_PASSWORD, SUFFIX, Slapd, slapd

CONTACTS = f"ou=contacts,{SUFFIX}"
PATH = "/admin/contact-sources/ldap"
HANNA, JUERGEN = "Hanna Wolf", "Jürgen Müller"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Slapd]:
    folder = tmp_path / "ldap"
    folder.mkdir()
    async with slapd(folder) as opened:
        yield opened


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SignOnBench]:
    folder = tmp_path / "gateway"
    folder.mkdir()
    async with sign_on_bench(folder, monkeypatch) as opened:
        yield opened


async def configure(bench: SignOnBench, server: Slapd, **wanted: Any) -> JsonObject:
    _, _, headers = await bench.bench.call("GET", PATH, bench.token)
    setup = {
        "host": "localhost",
        "port": server.port,
        "ca_pem": server.ca_pem,
        "bind_dn": SERVICE_DN,
        "bind_password": SERVICE_PASSWORD,
        "base_dn": CONTACTS,
        "filter": "(objectClass=inetOrgPerson)",
        "active": True,
        **wanted,
    }
    return await bench.admin("PUT", PATH, json=setup, headers={"If-Match": headers["ETag"]})


async def search(bench: SignOnBench, text: str) -> JsonObject:
    return await bench.admin("GET", "/contact-sources/search", params={"q": text})


async def names(bench: SignOnBench, text: str) -> list[str]:
    return [item["name"] for item in (await search(bench, text))["items"]]


@pytest.mark.parametrize("security", ["starttls", "ldaps"])
async def test_found_as_somebody_types_with_numbers_that_can_be_dialled(
    bench: SignOnBench, server: Slapd, security: str
) -> None:
    port = server.port if security == "starttls" else server.tls_port
    shown = await configure(bench, server, security=security, port=port)
    assert SERVICE_PASSWORD not in str(shown) and shown["has_bind_password"] is True
    found = await search(bench, "han wo")
    assert found["sources"] == [{"source": "ldap", "state": "working"}]
    (hanna,) = found["items"]
    assert (hanna["name"], hanna["company"], hanna["private"]) == (HANNA, "Wolf Druck", False)
    assert [(one["kind"], one["number"]["canonical"]) for one in hanna["numbers"]] == [
        ("work", "+49405556677"),
        ("mobile", "+4915112345678"),
    ], "what nobody can dial is left out"
    for typed, expected in (
        ("wolf", [HANNA, JUERGEN]),  # the company's name
        ("müll", [JUERGEN]),
        ("hanna@wolf", [HANNA]),
        ("stern", ["Johanna Stern"]),
        ("0405556677", [HANNA]),
        ("+49 151 123", []),  # it is not written with its country
        ("5556600", ["Johanna Stern", JUERGEN]),
        ("hidden", []),  # not of the filter
        ("anna", []),  # beginnings of words only
    ):
        assert await names(bench, typed) == expected, typed


async def test_nothing_can_be_put_into_the_filter(bench: SignOnBench, server: Slapd) -> None:
    await configure(bench, server)
    for typed in ("**", "h*", "*)(cn=*", "x)(|(cn=*", "\\2a\\2a", "hanna)(mail=*", "(cn=hanna)"):
        assert await names(bench, typed) == [], typed


async def test_the_name_of_a_caller(bench: SignOnBench, server: Slapd) -> None:
    await configure(bench, server)
    lookup = bench.bench.gateway.features.ports.directory
    user = await bench.user("berta@example.test")
    assert user is not None

    async def name_of(canonical: str) -> str | None:
        found = await lookup.name_of(bench.tenant_id, canonical, user.id)
        return None if found is None else found.name

    for number in ("+49405556677", "+4915112345678"):
        assert await name_of(number) == "Hanna Wolf (Wolf Druck)", number
    assert await name_of("+49405556600") is None, "two people have it"
    assert await name_of("+49305556677") is None, "another town's, which ends alike"
    colleague = await lookup.name_of(bench.tenant_id, "101", user.id)
    assert colleague is not None and colleague.user_id is not None
    # What was found stays for a while, and lists of calls are given no more than that.
    server.process.terminate()
    await server.process.wait()
    async with asyncio.timeout(0.1):
        assert await name_of("+49405556677") == "Hanna Wolf (Wolf Druck)"
    known = await lookup.names_of(bench.tenant_id, {"+49405556677", "+49401111111"}, user.id)
    assert known == {"+49405556677": "Hanna Wolf (Wolf Druck)"}


async def test_a_call_waits_a_moment_and_has_the_name_later(
    bench: SignOnBench, server: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The directory is asked once, however often somebody gave up waiting."""
    await configure(bench, server)
    client, go, asked = bench.bench.gateway.features.ldap_contacts, asyncio.Event(), []
    ask = client.search

    async def slow(*question: Any) -> Any:
        asked.append(question)
        await go.wait()
        return await ask(*question)

    monkeypatch.setattr(client, "search", slow)
    lookup = bench.bench.gateway.features.ports.directory
    user = await bench.user("berta@example.test")
    assert user is not None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await lookup.name_of(bench.tenant_id, "+49405556677", user.id)
    later = asyncio.create_task(lookup.name_of(bench.tenant_id, "+49405556677", user.id))
    await asyncio.sleep(0)
    go.set()
    found = await later
    assert found is not None and found.name == "Hanna Wolf (Wolf Druck)"
    assert len(asked) == 1


async def test_a_test_says_what_is_wrong(bench: SignOnBench, server: Slapd) -> None:
    async def tested(typed: str = "hanna", **wanted: Any) -> tuple[bool, str]:
        await configure(bench, server, active=False, **wanted)
        result = await bench.admin("POST", f"{PATH}/test", json={"q": typed})
        assert bool(result["items"]) == (result["ok"] and result["code"] == "")
        return result["ok"], result["code"]

    assert await tested() == (True, "")
    assert await names(bench, "hanna") == [], "it is not switched on"
    assert await tested("nobody") == (True, "nothing_found")
    for wanted, code in (
        ({"bind_password": "wrong"}, "bind_refused"),
        ({"ca_pem": "", "bind_password": "x"}, "tls_failed"),
        ({"port": 9}, "directory_unreachable"),
        ({"host": "127.0.0.2"}, "address_refused"),
        ({"base_dn": "no name"}, "search_failed"),
    ):
        ok, said = await tested(**wanted)
        assert not ok and said == code, wanted


async def test_a_directory_that_is_gone_is_said_and_not_waited_for_again(
    bench: SignOnBench, server: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    await configure(bench, server)
    assert await names(bench, "hanna") == [HANNA]
    server.process.terminate()
    await server.process.wait()
    assert (await search(bench, "stern"))["sources"] == [{"source": "ldap", "state": "failing"}]
    listed = await bench.admin("GET", "/me/contact-sources")
    assert [item["state"] for item in listed["items"]] == ["failing"]
    assert (await bench.admin("GET", PATH))["last_error"] == "directory_unreachable"

    async def never(*_question: Any) -> Any:
        raise AssertionError("it is asked again before the pause is over")

    monkeypatch.setattr(bench.bench.gateway.features.ldap_contacts, "search", never)
    assert (await search(bench, "wolf"))["sources"] == [{"source": "ldap", "state": "failing"}]
    assert await names(bench, "hanna") == [HANNA], "what was asked of late is there"


async def test_the_stored_password_goes_to_no_other_server(
    bench: SignOnBench, server: Slapd
) -> None:
    await configure(bench, server)
    _, _, headers = await bench.bench.call("GET", PATH, bench.token)
    for wanted, code in (
        ({"host": "elsewhere.test"}, "secret_required"),
        ({"port": 636}, "secret_required"),
        ({"ca_pem": ""}, "secret_required"),
        ({"filter": "(cn=x)(cn=y)"}, "filter_invalid"),
        ({"filter": "(|(cn=x)"}, "filter_invalid"),
        ({"ca_pem": "no certificate", "bind_password": ""}, "ca_invalid"),
        ({"work_attributes": [], "mobile_attributes": [], "home_attributes": []}, None),
    ):
        body = {"host": "localhost", "port": server.port, "ca_pem": server.ca_pem} | wanted
        tag = {"If-Match": headers["ETag"]}
        status, problem, _ = await bench.bench.call(
            "PUT", PATH, bench.token, json=body, headers=tag
        )
        assert status == 422 and problem["code"] == (code or "number_attribute_missing"), wanted
    assert await names(bench, "hanna") == [HANNA]
