"""URIs: RFC 3261 section 19.1, RFC 3966."""

from __future__ import annotations

import pytest

from protocols.sip.errors import ParseError
from protocols.sip.uri import AbsoluteUri, SipUri, TelUri, equivalent, parse_uri


@pytest.mark.parametrize(
    "text",
    [
        "sip:alice@atlanta.com",
        "sip:alice:secretword@atlanta.com;transport=tcp",
        "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone",
        "sips:1212@gateway.com",
        "sip:alice@192.0.2.4",
        "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
        "sip:alice;day=tuesday@atlanta.com",
        "sip:[2001:db8::10]:5070",
        "sip:*21#@pbx.example.com",
        "tel:+49-89-1234;phone-context=example.com",
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ],
)
def test_round_trip(text: str) -> None:
    assert str(parse_uri(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sip:",
        "sip:@host",
        "sip:a b@host",
        "sip:alice@",
        "sip:alice@ho st",
        "sip:alice@host:0",
        "sip:alice@host:65536",
        "sip:alice@host:",
        "sip:a%zz@host",
        "sip:alice@host;;lr",
        "sip:alice@host;lr;lr",
        "sip:alice@host?",
        "sip:alice@-host",
        "sip:alice@host\r\nVia: x",
        "sip:alice@host>",
        "tel:",
        "tel:hello",
        "no scheme",
        "1sip:x",
    ],
)
def test_malformed(text: str) -> None:
    with pytest.raises(ParseError):
        parse_uri(text)


def test_parts() -> None:
    uri = parse_uri("sip:a%40b:pw@[2001:db8::1]:5070;transport=TCP;lr?Subject=x")
    assert isinstance(uri, SipUri)
    assert (uri.user, uri.user_text, uri.password) == ("a%40b", "a@b", "pw")
    assert (uri.host, uri.port, uri.hostport) == ("[2001:db8::1]", 5070, "[2001:db8::1]:5070")
    assert (uri.transport, uri.param("lr"), uri.param("ttl")) == ("tcp", "", None)
    assert uri.headers == (("Subject", "x"),)
    assert parse_uri("tel:+49-89.1(2)") == TelUri("+49-89.1(2)")
    assert TelUri("+49-89.1(2)").digits == "+498912"
    assert parse_uri("mailto:x@y") == AbsoluteUri("mailto", "x@y")


def test_built_users_are_escaped() -> None:
    assert str(SipUri.of("a b@c<d>\r\n", "host")) == "sip:a%20b%40c%3Cd%3E%0D%0A@host"
    assert SipUri.of("Grüße", "host").user_text == "Grüße"
    assert str(SipUri.of("+49(89)1", "h", 5061, scheme="sips")) == "sips:+49(89)1@h:5061"


def test_parameters_are_replaced_in_place() -> None:
    uri = parse_uri("sip:a@h;x=1;transport=udp;y")
    assert isinstance(uri, SipUri)
    assert str(uri.with_param("transport", "tls")) == "sip:a@h;x=1;transport=tls;y"
    assert str(uri.with_param("lr")) == "sip:a@h;x=1;transport=udp;y;lr"
    assert str(uri.without_param("TRANSPORT")) == "sip:a@h;x=1;y"


# RFC 3261 section 19.1.4, its own examples
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
        ("tel:+1-201-555-0123", "tel:+12015550123"),
    ],
)
def test_equivalent(a: str, b: str) -> None:
    assert equivalent(parse_uri(a), parse_uri(b))
    assert equivalent(parse_uri(b), parse_uri(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:a@h", "sips:a@h"),
        ("tel:+1201", "sip:+1201@h"),
    ],
)
def test_not_equivalent(a: str, b: str) -> None:
    assert not equivalent(parse_uri(a), parse_uri(b))
    assert not equivalent(parse_uri(b), parse_uri(a))
