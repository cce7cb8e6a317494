"""Digest, both sides (RFC 7616, RFC 2617, RFC 8760)."""

from __future__ import annotations

import pytest

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest import digest_a1, digest_response
from protocols.sip.auth.digest_client import DigestClient, signed
from protocols.sip.auth.digest_server import DigestServer, Refused, Verified
from protocols.sip.dialog import build_request
from protocols.sip.message import Request, Response

REALM = "pbx.test"
PASSWORDS = {"100": "pw-100", "101": "pw-101"}


def register(method: str = "REGISTER") -> Request:
    return build_request(
        method, "sip:pbx.test", from_="<sip:100@pbx.test>;tag=1", to="<sip:100@pbx.test>",
        call_id="c1", cseq=1,
    )  # fmt: skip


def challenge(*values: str, status: int = 401) -> Response:
    response = Response(status)
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    for value in values:
        response.headers.add(name, value)
    return response


def test_published_examples() -> None:
    # RFC 7616 section 3.9.1
    values = {
        "method": "GET",
        "uri": "/dir/index.html",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "qop": "auth",
        "nc": "00000001",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    }
    expected = {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }
    for algorithm, response in expected.items():
        a1 = digest_a1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life")
        assert digest_response(algorithm, a1, **values) == response
    # RFC 2617 section 3.5
    a1 = digest_a1("MD5", "Mufasa", "testrealm@host.com", "Circle Of Life")
    assert (
        digest_response(
            "MD5", a1, method="GET", uri="/dir/index.html",
            nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth", nc="00000001",
            cnonce="0a4f113b",
        )
        == "6629fae49393a05397450978507c4ef1"
    )  # fmt: skip


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256"])
@pytest.mark.parametrize("proxy", [False, True])
def test_client_and_server_agree(algorithm: str, proxy: bool) -> None:
    server = DigestServer(
        REALM, PASSWORDS.get, algorithms=(algorithm.removesuffix("-sess"),), proxy=proxy
    )
    request = register()
    refused = server.check(request, 0.0)
    assert isinstance(refused, Refused) and refused.reason == "missing"
    assert refused.response.status == (407 if proxy else 401)
    name = "Proxy-Authenticate" if proxy else "WWW-Authenticate"
    value = refused.response.headers.get(name) or ""
    refused.response.headers.set(
        name,
        value.replace("algorithm=" + algorithm.removesuffix("-sess"), f"algorithm={algorithm}"),
    )
    client = DigestClient.of(DigestCredentials("100", "pw-100")).challenged(
        request, refused.response
    )
    assert client is not None
    client, headers = client.sign(request.method, request.uri, b"", "cnonce")
    assert server.check(signed(request, headers), 1.0) == Verified("100")
    client, headers = client.sign(request.method, request.uri, b"", "cnonce2")
    assert "nc=00000002" in headers[0][1]
    assert server.check(signed(request, headers), 2.0) == Verified("100")


def test_one_challenge_per_algorithm_strongest_first() -> None:
    # RFC 8760 section 2.4; no nonce serves two algorithms
    server = DigestServer(REALM, PASSWORDS.get, algorithms=("SHA-256", "MD5"))
    response = server.challenge(register(), 0.0)
    lines = response.headers.all("WWW-Authenticate")
    assert ["SHA-256" in lines[0], "MD5" in lines[1]] == [True, True]
    nonces = {line.split('nonce="')[1].split('"')[0] for line in lines}
    assert len(nonces) == 2
    client = DigestClient.of(DigestCredentials("100", "pw-100")).challenged(register(), response)
    assert client is not None
    assert client.protections[0].algorithm == "SHA-256"
    weak = DigestClient.of(DigestCredentials("100", "pw-100", algorithms=("MD5",)))
    taken = weak.challenged(register(), response)
    assert taken is not None and taken.protections[0].algorithm == "MD5"


def test_a_nonce_for_one_algorithm_is_no_nonce_for_another() -> None:
    server = DigestServer(REALM, PASSWORDS.get, algorithms=("SHA-256", "MD5"))
    response = server.challenge(register(), 0.0)
    lines = response.headers.all("WWW-Authenticate")
    mixed = challenge(lines[0].replace("algorithm=SHA-256", "algorithm=MD5"))
    client = DigestClient.of(DigestCredentials("100", "pw-100")).challenged(register(), mixed)
    assert client is not None
    _, headers = client.sign("REGISTER", "sip:pbx.test", b"", "c")
    verdict = server.check(signed(register(), headers), 1.0)
    assert isinstance(verdict, Refused) and verdict.reason == "stale"


def login(server: DigestServer, user: str, password: str, **kw: float) -> object:
    request = register()
    client = DigestClient.of(DigestCredentials(user, password))
    challenged = client.challenged(request, server.challenge(request, 0.0))
    assert challenged is not None
    _, headers = challenged.sign(request.method, request.uri, b"", "c")
    return server.check(signed(request, headers), kw.get("now", 1.0))


def test_wrong_user_and_wrong_password_look_the_same() -> None:
    server = DigestServer(REALM, PASSWORDS.get)
    verdicts = [login(server, "100", "guess"), login(server, "999", "guess")]
    for verdict in verdicts:
        assert isinstance(verdict, Refused)
        assert verdict.reason == "wrong"
        assert "stale" not in str(verdict.response.headers.all("WWW-Authenticate"))


def test_an_old_nonce_is_stale_only_for_who_knows_the_password() -> None:
    server = DigestServer(REALM, PASSWORDS.get, nonce_lifetime=60)
    stale = login(server, "100", "pw-100", now=61.0)
    assert isinstance(stale, Refused) and stale.reason == "stale"
    assert "stale=true" in (stale.response.headers.get("WWW-Authenticate") or "")
    wrong = login(server, "100", "guess", now=61.0)
    assert isinstance(wrong, Refused) and wrong.reason == "wrong"


def test_a_nonce_count_comes_only_once() -> None:
    server = DigestServer(REALM, PASSWORDS.get)
    request = register()
    client = DigestClient.of(DigestCredentials("100", "pw-100")).challenged(
        request, server.challenge(request, 0.0)
    )
    assert client is not None
    signed_requests = []
    for number in range(4):
        client, headers = client.sign("REGISTER", "sip:pbx.test", b"", f"c{number}")
        signed_requests.append(signed(request, headers))
    order = [0, 2, 1, 3]  # one overtook another
    for index in order:
        assert isinstance(server.check(signed_requests[index], 1.0), Verified)
    for index in order:
        verdict = server.check(signed_requests[index], 1.0)
        assert isinstance(verdict, Refused) and verdict.reason == "replayed"


def test_credentials_for_another_request_do_not_fit() -> None:
    server = DigestServer(REALM, PASSWORDS.get)
    request = register()
    client = DigestClient.of(DigestCredentials("100", "pw-100")).challenged(
        request, server.challenge(request, 0.0)
    )
    assert client is not None
    _, headers = client.sign("REGISTER", "sip:pbx.test", b"", "c")
    invite = signed(register("INVITE"), headers)
    assert isinstance(server.check(invite, 1.0), Refused)
    elsewhere = signed(register(), headers)
    elsewhere.uri = "sip:other.test"
    verdict = server.check(elsewhere, 1.0)
    assert isinstance(verdict, Refused) and verdict.reason == "malformed"


@pytest.mark.parametrize(
    "value",
    ["", "Digest", "Digest nonce", 'Digest realm="pbx.test"', "Basic eDp5", "Digest \x00=,,=",
     'Digest realm="pbx.test", nonce="AAAA", username="100", uri="sip:pbx.test", response="x", '
     "nc=zz, qop=auth"],
)  # fmt: skip
def test_rubbish_is_challenged(value: str) -> None:
    request = register()
    request.headers.add("Authorization", value)
    assert isinstance(DigestServer(REALM, PASSWORDS.get).check(request, 0.0), Refused)


def test_several_credentials_are_accepted_when_one_fits() -> None:
    # a phone that answers each challenge with a header of its own
    server = DigestServer(REALM, PASSWORDS.get, algorithms=("SHA-256", "MD5"))
    request = register()
    response = server.challenge(request, 0.0)
    headers = []
    for line in response.headers.all("WWW-Authenticate"):
        client = DigestClient.of(DigestCredentials("100", "pw-100")).challenged(
            request, challenge(line)
        )
        assert client is not None
        headers += client.sign("REGISTER", "sip:pbx.test", b"", "c")[1]
    assert isinstance(server.check(signed(request, tuple(headers)), 1.0), Verified)


# -- what a client does not answer -----------------------------------------------------------------

CLIENT = DigestClient.of(DigestCredentials("100", "pw-100", realm=REALM))


@pytest.mark.parametrize(
    "value",
    [
        'Digest realm="evil.test", nonce="1"',  # a realm our password is not for
        'Digest realm="pbx.test", nonce="1", algorithm=TOKEN',
        'Digest realm="pbx.test", nonce="1", qop="auth-conf"',
        'Digest realm="pbx.test"',
        'Basic realm="pbx.test"',
        "Digest ,,,",
    ],
)
def test_unanswerable_challenges(value: str) -> None:
    assert CLIENT.challenged(register(), challenge(value)) is None


def test_first_realm_is_pinned_when_none_was_configured() -> None:
    client = DigestClient.of(DigestCredentials("100", "pw-100"))
    first = client.challenged(register(), challenge('Digest realm="pbx.test", nonce="1"'))
    assert first is not None
    assert first.challenged(register(), challenge('Digest realm="evil.test", nonce="2"')) is None


def test_a_second_refusal_means_a_wrong_password() -> None:
    client = CLIENT.challenged(register(), challenge('Digest realm="pbx.test", nonce="1"'))
    assert client is not None
    client, headers = client.sign("REGISTER", "sip:pbx.test", b"", "c")
    request = signed(register(), headers)
    again = challenge('Digest realm="pbx.test", nonce="2"')
    assert client.challenged(request, again) is None
    stale = challenge('Digest realm="pbx.test", nonce="2", stale=TRUE')
    renewed = client.challenged(request, stale)
    assert renewed is not None
    # a server that calls every nonce stale would keep us signing for ever
    renewed, headers = renewed.sign("REGISTER", "sip:pbx.test", b"", "c")
    third = challenge('Digest realm="pbx.test", nonce="3", stale=true')
    assert renewed.challenged(signed(register(), headers), third) is None


def test_a_reused_nonce_may_run_out_without_stale() -> None:
    client = CLIENT.challenged(register(), challenge('Digest realm="pbx.test", nonce="1"'))
    assert client is not None
    client, _ = client.sign("REGISTER", "sip:pbx.test", b"", "c")
    client, headers = client.sign("REGISTER", "sip:pbx.test", b"", "c")
    request = signed(register(), headers)
    assert client.challenged(request, challenge('Digest realm="pbx.test", nonce="2"')) is not None


def test_password_never_shows() -> None:
    assert "pw-100" not in repr(CLIENT)
