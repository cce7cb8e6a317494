"""Typed header values: read, written, refused."""

from __future__ import annotations

import pytest

from protocols.sip.errors import ParseError
from protocols.sip.headers import (
    AuthChallenge,
    AuthCredentials,
    CSeq,
    Event,
    MediaType,
    NameAddr,
    RAck,
    Reason,
    Replaces,
    SessionExpires,
    SubscriptionState,
    Via,
    Warning_,
    parse_address_list,
    parse_retry_after,
    parse_uint,
    split_list,
)


@pytest.mark.parametrize(
    ("text", "display", "uri", "tag"),
    [
        ("<sip:a@h>;tag=1", "", "sip:a@h", "1"),
        ("sip:a@h;tag=1", "", "sip:a@h", "1"),
        ('"A. G. Bell" <sip:agb@h> ;tag=a48s', "A. G. Bell", "sip:agb@h", "a48s"),
        ("Anonymous <sip:c8@h>;tag=hyh8", "Anonymous", "sip:c8@h", "hyh8"),
        ('"\\"x\\" \\\\y" <sip:a@h>', '"x" \\y', "sip:a@h", None),
        ("König <sip:a@h>", "König", "sip:a@h", None),
        ('""<sip:a@h>', "", "sip:a@h", None),
        ("  caller   <sip:a@h>  ;  tag = 323", "caller", "sip:a@h", "323"),
        ("<tel:+4989>", "", "tel:+4989", None),
    ],
)
def test_name_addr(text: str, display: str, uri: str, tag: str | None) -> None:
    value = NameAddr.parse(text)
    assert (value.display, str(value.uri), value.tag) == (display, uri, tag)
    assert NameAddr.parse(str(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"open <sip:a@h>',
        "<sip:a@h",
        "<sip:a@h>x",
        "Bell, Alexander <sip:a@h>",
        "<sip:a@h>;;tag=1",
        "<sip:a@h>;tag=",
        '<sip:a@h>;x="open',
        "sip:a@h?Subject=x",
        "< sip:a@h>",
        '"a" sip:a@h',
    ],
)
def test_malformed_name_addr(text: str) -> None:
    with pytest.raises(ParseError):
        NameAddr.parse(text)


def test_name_addr_parameters() -> None:
    value = NameAddr.parse('<sip:a@h>;+sip.instance="<urn:uuid:1;2>";reg-id=1;lr')
    assert value.param("+sip.instance") == "<urn:uuid:1;2>"
    assert value.param("REG-ID".lower()) == "1"
    assert value.param("lr") == ""
    assert value.param("q") is None
    assert value.with_tag("x").tag == "x"
    assert str(value.with_param("reg-id", "2")).endswith(";reg-id=2;lr")
    assert value.without_param("lr").param("lr") is None


def test_address_lists_split_outside_quotes_and_brackets() -> None:
    found = parse_address_list(['"A, B" <sip:a,b@h>, <sip:c@h>;x="1,2"', "sip:d@h"])
    assert [str(item.uri) for item in found] == ["sip:a,b@h", "sip:c@h", "sip:d@h"]
    assert [item.display for item in found] == ["A, B", "", ""]
    assert found[1].param("x") == "1,2"


def test_split_list() -> None:
    assert split_list('a, "b,c" , <d,e>;f,,g') == ["a", '"b,c"', "<d,e>;f", "g"]
    assert split_list("") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SIP/2.0/UDP h;branch=z9hG4bK1", ("UDP", "h", None)),
        ("SIP/2.0/tls 192.0.2.1:5061;branch=z9hG4bK1;rport", ("TLS", "192.0.2.1", 5061)),
        ("SIP / 2.0 / UDP  [2001:db8::9]:5060 ;branch=x", ("UDP", "[2001:db8::9]", 5060)),
        ("SIP/2.0/SCTP h : 5060", ("SCTP", "h", 5060)),
    ],
)
def test_via(text: str, expected: tuple[str, str, int | None]) -> None:
    value = Via.parse(text)
    assert value[:3] == expected
    assert Via.parse(str(value)) == value


def test_via_received_and_rport() -> None:
    via = Via.parse("SIP/2.0/UDP h;rport;branch=z9hG4bK1")
    assert via.wants_rport
    assert via.rport is None
    answered = via.with_param("received", "192.0.2.9").with_param("rport", "5071")
    assert (answered.received, answered.rport) == ("192.0.2.9", 5071)
    assert str(answered) == "SIP/2.0/UDP h;rport=5071;branch=z9hG4bK1;received=192.0.2.9"
    assert via.has_cookie
    assert not Via.parse("SIP/2.0/UDP h;branch=1").has_cookie


@pytest.mark.parametrize(
    "text",
    ["", "SIP/2.0/UDP", "SIP/1.0/UDP h", "SIP/2.0/UDP h:99999", "SIP/2.0/UDP h;;x", "UDP h"],
)
def test_malformed_via(text: str) -> None:
    with pytest.raises(ParseError):
        Via.parse(text)


@pytest.mark.parametrize("text", ["", "1", "INVITE", "-1 INVITE", "2147483648 INVITE", "1 IN VITE"])
def test_malformed_cseq(text: str) -> None:
    with pytest.raises(ParseError):
        CSeq.parse(text)


def test_small_values_round_trip() -> None:
    for kind, text in (
        (CSeq, "2147483647 INVITE"),
        (CSeq, "0009 FOO"),
        (RAck, "776656 1 INVITE"),
        (Event, "message-summary;id=7"),
        (SessionExpires, "1800;refresher=uac"),
        (SubscriptionState, "terminated;reason=noresource;retry-after=5"),
        (MediaType, 'multipart/mixed;boundary="x y"'),
        (Reason, 'SIP;cause=200;text="Call completed elsewhere"'),
        (Warning_, '399 h:5060 "it is \\"so\\""'),
        (Replaces, "98732@h;to-tag=r33;from-tag=f44;early-only"),
    ):
        value = kind.parse(text)  # type: ignore[attr-defined]
        assert kind.parse(str(value)) == value  # type: ignore[attr-defined]
    assert CSeq.parse("0009 FOO") == (9, "FOO")
    assert MediaType.parse("Application/SDP").value == "application/sdp"
    assert SubscriptionState.parse("Active;expires=60").state == "active"
    assert Reason.parse('Q.850;cause=26;text="x;y"').text == "x;y"
    assert Reason.parse("SIP;cause=abc").cause is None
    assert Replaces.parse("c;remote-tag=a;local-tag=b").to_tag == "a"
    assert parse_retry_after("120 (in a meeting);duration=3600") == 120


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (RAck, "1 INVITE"),
        (Event, "a b"),
        (MediaType, "application"),
        (SessionExpires, "soon"),
        (Replaces, "98732@h;to-tag=r33"),
        (Warning_, "399 h it"),
        (Reason, "a b;cause=1"),
    ],
)
def test_malformed_small_values(kind: type, text: str) -> None:
    with pytest.raises(ParseError):
        kind.parse(text)  # type: ignore[attr-defined]


def test_numbers_out_of_range() -> None:
    assert parse_uint(" 70 ", 255, "x") == 70
    for text in ("256", "-1", "", "1" * 5000, "1e3", "\u0661"):
        with pytest.raises(ParseError):
            parse_uint(text, 255, "x")


def test_challenges_and_credentials() -> None:
    challenge = AuthChallenge.parse(
        'Digest realm="pbx, \\"a\\"", nonce="n=1", qop="auth,auth-int", algorithm=SHA-256'
    )
    assert challenge.realm == 'pbx, "a"'
    assert challenge.qop == ["auth", "auth-int"]
    assert challenge.algorithm == "SHA-256"
    assert AuthChallenge.parse(str(challenge)) == challenge
    bearer = AuthCredentials.parse("Bearer abc.def-_~+/==")
    assert bearer.token == "abc.def-_~+/=="
    assert str(bearer) == "Bearer abc.def-_~+/=="
    for text in ('Digest realm="x', "Digest realm", "", 'Digest =x, y="1"'):
        with pytest.raises(ParseError):
            AuthChallenge.parse(text)
