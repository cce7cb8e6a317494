"""Sign-in with the password of the company's directory, against OpenLDAP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.addresses import AddressPolicy, SystemLookup
from gateway.ldap import Binding, LdapClient, LdapError, LdapSearch, LdapServer, in_filter
from gateway.ports import JsonObject
from tests.support.pki import TestCa
from tests.support.sign_on import SignOnBench, sign_on_bench
from tests.support.slapd import PASSWORD, SERVICE_DN, SERVICE_PASSWORD, SUFFIX, Slapd, slapd

PEOPLE = f"ou=people,{SUFFIX}"
ADMINS = f"cn=phone-admins,ou=groups,{SUFFIX}"


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


def setup(server: Slapd, **wanted: Any) -> JsonObject:
    return {
        "host": "localhost",
        "port": server.port,
        "security": "starttls",
        "ca_pem": server.ca_pem,
        "method": "search",
        "base_dn": PEOPLE,
        "bind_dn": SERVICE_DN,
        "bind_password": SERVICE_PASSWORD,
        "role_by_group": {ADMINS: "admin"},
        "active": True,
        **wanted,
    }


async def configure(bench: SignOnBench, wanted: JsonObject) -> JsonObject:
    _, shown, headers = await bench.bench.call("GET", "/admin/directory-sign-in", bench.token)
    tag = {"If-Match": headers["ETag"]}
    path = "/admin/directory-sign-in"
    status, shown, _ = await bench.bench.call("PUT", path, bench.token, json=wanted, headers=tag)
    assert status == 200, shown
    if not shown["domains"]:
        await bench.prove("example.test", None)
    return dict(shown)


async def sign_in(bench: SignOnBench, email: str, password: str) -> tuple[int, str]:
    # One address asks many times here; what limits that is not what is looked at.
    bench.bench.gateway.features.sign_in.login._by_ip.reset("127.0.0.1")
    body = {"email": email, "password": password, "device": {"kind": "api"}}
    status, said, _ = await bench.bench.call("POST", "/auth/login", json=body)
    return status, said.get("code", "")


@pytest.mark.parametrize("security", ["starttls", "ldaps"])
@pytest.mark.parametrize("method", ["search", "bind"])
async def test_people_of_the_directory_sign_in(
    bench: SignOnBench, server: Slapd, security: str, method: str
) -> None:
    port = server.port if security == "starttls" else server.tls_port
    more = {"user_dn": f"uid={{user}},{PEOPLE}", "bind_dn": "", "bind_password": ""}
    wanted = setup(server, security=security, port=port, method=method)
    shown = await configure(bench, wanted | (more if method == "bind" else {}))
    assert SERVICE_PASSWORD not in str(shown)
    assert await sign_in(bench, "dora@example.test", PASSWORD) == (200, "")
    assert await sign_in(bench, "Emil@Example.Test", PASSWORD) == (200, "")
    dora, emil = await bench.user("dora@example.test"), await bench.user("emil@example.test")
    if emil is None:
        emil = await bench.user("Emil@example.test")
    assert dora is not None and (dora.name, dora.role, dora.source) == (
        "Dora Lind",
        "admin",
        "ldap",
    )
    assert emil is not None and (emil.name, emil.role) == ("Emil (Süd) *", "user")
    refused = (401, "bad_credentials")
    assert await sign_in(bench, "dora@example.test", "wrong") == refused
    assert await sign_in(bench, "nobody@example.test", PASSWORD) == refused
    assert await sign_in(bench, "guest@elsewhere.test", PASSWORD) == refused
    assert await sign_in(bench, "twin@example.test", PASSWORD) == refused, "two are one too many"


@pytest.mark.parametrize("method", ["search", "bind"])
async def test_nothing_can_be_put_into_filter_or_name(
    bench: SignOnBench, server: Slapd, method: str
) -> None:
    """Each of these finds or binds somebody where values are pasted as they come."""
    more = {"user_dn": f"uid={{user}},{PEOPLE}", "user_filter": "(|(mail={email})(uid={user}))"}
    await configure(bench, setup(server, method=method) | more)
    client = bench.bench.gateway.features.sso.directory
    for typed in (
        "*@example.test",
        "d*@example.test",
        "dora)(uid=*@example.test",
        "*)(|(uid=dora@example.test",
        "nobody@example.test)(uid=dora",
        "dora\\2c@example.test",
        "x,uid=dora@example.test",
        "dora\x00@example.test",
        "dora+cn=x@example.test",
        "",
        "@example.test",
    ):
        assert await client.verify(typed, PASSWORD) is None, typed
    # RFC 4513 5.1.2: a name without a password is nobody, and servers say yes to nobody.
    assert await client.verify("dora@example.test", "") is None


async def test_a_local_password_goes_on_until_the_directory_takes_over(
    bench: SignOnBench, server: Slapd
) -> None:
    await configure(bench, setup(server))
    assert (await sign_in(bench, "berta@example.test", "correct horse battery"))[0] == 200
    assert (await sign_in(bench, "berta@example.test", PASSWORD))[0] == 401


async def test_a_test_says_what_would_be_and_changes_nothing(
    bench: SignOnBench, server: Slapd
) -> None:
    await configure(bench, setup(server, active=False))
    path = "/admin/directory-sign-in/test"
    typed = {"email": "dora@example.test", "password": PASSWORD}
    result = await bench.admin("POST", path, json=typed)
    assert (result["ok"], result["role"], result["groups"]) == (True, "admin", [ADMINS])
    assert await bench.user("dora@example.test") is None
    result = await bench.admin("POST", path, json=typed | {"password": "wrong"})
    assert (result["ok"], result["code"]) == (False, "bad_credentials")
    assert (await sign_in(bench, "dora@example.test", PASSWORD))[0] == 401, "it is not active"
    for change, code in (
        ({"bind_password": "wrong"}, "bind_refused"),
        ({"ca_pem": ""}, "tls_failed"),
        ({"port": 1}, "directory_unreachable"),
        ({"host": "127.0.0.3"}, "address_refused"),
        ({"base_dn": "no name"}, "search_failed"),
    ):
        await configure(bench, setup(server, **change))
        result = await bench.admin("POST", path, json=typed)
        assert (result["ok"], result["code"]) == (False, code), (change, result)


async def test_an_unreachable_directory_is_no_wrong_password(
    bench: SignOnBench, server: Slapd
) -> None:
    await configure(bench, setup(server, port=1))
    assert await sign_in(bench, "dora@example.test", PASSWORD) == (503, "directory_unreachable")
    shown = await bench.admin("GET", "/admin/directory-sign-in")
    assert shown["last_error"] == "directory_unreachable"


async def test_only_a_verified_certificate_hears_a_password(server: Slapd, tmp_path: Path) -> None:
    lookup = SystemLookup()
    client = LdapClient(AddressPolicy(["localhost", "127.0.0.1"], lookup))
    good = LdapServer("localhost", server.port, "starttls", server.ca_pem)
    binding = Binding(SERVICE_DN, SERVICE_PASSWORD)
    search = LdapSearch(PEOPLE, "(uid=dora)", ("cn", "telephoneNumber"))
    try:
        (found,) = await client.search(good, binding, search)
        assert (found.first("cn"), found.first("telephoneNumber")) == (
            "Dora Lind",
            "+49 89 555 01",
        )
        special = LdapSearch(PEOPLE, f"(cn={in_filter('Emil (Süd) *')})", ("uid",))
        assert [one.first("uid") for one in await client.search(good, binding, special)] == ["emil"]
        other_ca = TestCa(tmp_path, "Other").ca_file.read_text()
        for bad, code in (
            (replace(good, ca_pem=other_ca), "tls_failed"),
            (replace(good, host="127.0.0.1"), "tls_failed"),
            (replace(good, security="ldaps"), "tls_failed"),
            (replace(good, security="ldaps", port=server.tls_port, ca_pem=other_ca), "tls_failed"),
            (replace(good, ca_pem="rubbish"), "tls_failed"),
        ):
            with pytest.raises(LdapError) as refused:
                await client.search(bad, binding, search)
            assert refused.value.code == code, bad
    finally:
        client.close()
        lookup.close()


async def test_a_name_of_several_servers_is_tried_at_each(server: Slapd) -> None:
    asked: list[str] = []

    async def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.2", "127.0.0.3", "127.0.0.1"]  # nobody listens at the first two

    client = LdapClient(AddressPolicy(["localhost"], lookup))
    good = LdapServer("localhost", server.port, "starttls", server.ca_pem)
    try:
        search = LdapSearch(PEOPLE, "(uid=dora)", ("cn",))
        (found,) = await client.search(good, Binding(SERVICE_DN, SERVICE_PASSWORD), search)
        assert found.first("cn") == "Dora Lind" and asked == ["localhost"]
        with pytest.raises(LdapError) as refused:
            nobody = replace(good, port=1)
            await client.search(nobody, Binding(SERVICE_DN, SERVICE_PASSWORD), search)
        assert refused.value.code == "directory_unreachable"
    finally:
        client.close()


async def test_who_is_bound_must_be_whose_entry_is_found(server: Slapd) -> None:
    """Name and filter are made of what was typed, each in its way, and may mean two people."""

    async def lookup(host: str) -> list[str]:
        return ["127.0.0.1"]

    client = LdapClient(AddressPolicy(["localhost"], lookup))
    asked = LdapServer("localhost", server.port, "starttls", server.ca_pem)
    search = LdapSearch(PEOPLE, "(mail=dora@example.test)", ("mail", "cn"), limit=2)
    try:
        other = Binding(SERVICE_DN, SERVICE_PASSWORD)
        assert await client.bind_and_read(asked, other, search) is None
        for name in (f"uid=dora,{PEOPLE}", f"UID=Dora, {PEOPLE}"):  # one name in two spellings
            found = await client.bind_and_read(asked, Binding(name, PASSWORD), search)
            assert found is not None and found.first("cn") == "Dora Lind"
            assert await client.bind_and_read(asked, Binding(name, "wrong"), search) is None
    finally:
        client.close()


async def test_any_address_of_the_entry_finds_the_person(bench: SignOnBench, server: Slapd) -> None:
    """Typed is one that nobody has here; the entry has another one, which is Carla's."""
    await configure(bench, setup(server))
    assert await sign_in(bench, "c.lang@example.test", PASSWORD) == (200, "")
    assert await bench.user("c.lang@example.test") is None
    carla = await bench.user("carla@example.test")
    assert carla is not None and carla.source == "ldap"
    assert carla.id == bench.bench.demo.users["carla@example.test"]
