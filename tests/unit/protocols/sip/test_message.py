"""Header lists and messages: order, bytes, views, serialiser."""

from __future__ import annotations

import pytest

from protocols.sip.errors import LocalError, ParseError
from protocols.sip.message import HeaderList, Request, Response, reason_phrase
from protocols.sip.parser import parse_datagram

INVITE = (
    b"INVITE sip:bob@biloxi.com SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP a.example.com;branch=z9hG4bKa\r\n"
    b"v: SIP/2.0/UDP b.example.com;branch=z9hG4bKb, SIP/2.0/TCP c.example.com;branch=z9hG4bKc\r\n"
    b"Max-Forwards: 70\r\n"
    b"f: Alice <sip:alice@atlanta.com>;tag=88\r\n"
    b"To: <sip:bob@biloxi.com>\r\n"
    b"i: 3848276298220188511@atlanta.com\r\n"
    b"CSeq: 31862 INVITE\r\n"
    b"m: <sip:alice@atlanta.com>\r\n"
    b"X-Latin: caf\xe9\r\n"
    b"c: application/sdp\r\n"
    b"l: 4\r\n\r\nv=0\n"
)


def parsed(data: bytes = INVITE) -> Request:
    message = parse_datagram(data)
    assert isinstance(message, Request)
    return message


def test_an_untouched_message_is_written_as_it_came() -> None:
    assert parsed().to_bytes() == INVITE


def test_views() -> None:
    message = parsed()
    assert message.via.host == "a.example.com"
    assert [via.host for via in message.vias] == ["a.example.com", "b.example.com", "c.example.com"]
    assert message.from_tag == "88"
    assert message.to_tag is None
    assert message.call_id == "3848276298220188511@atlanta.com"
    assert message.content_type == "application/sdp"
    assert message.max_forwards == 70
    assert message.expires is None
    assert message.contact is not None
    assert message.headers.get("Content-Type") == "application/sdp"
    assert "L" in message.headers
    assert "Route" not in message.headers


def test_a_view_follows_a_change() -> None:
    message = parsed()
    assert message.via.host == "a.example.com"
    message.headers.prepend("Via", "SIP/2.0/TLS d.example.com;branch=z9hG4bKd")
    assert message.via.host == "d.example.com"
    message.headers.set("From", "<sip:carol@atlanta.com>;tag=99")
    assert message.from_tag == "99"
    assert message.headers.all("Via")[1].startswith("SIP/2.0/UDP a.example")


def test_header_list_edits() -> None:
    headers = HeaderList([("A", "1"), ("Via", "x, y"), ("b", "2"), ("v", "z"), ("a", "3")])
    assert headers.all("a") == ["1", "3"]
    assert headers.values("VIA") == ["x", "y", "z"]
    headers.replace_top("Via", "w")
    assert headers.all("via") == ["w, y", "z"]
    assert headers.remove_first_value("Via") == "w"
    assert headers.remove_first_value("Via") == "y"
    assert headers.all("Via") == ["z"]
    headers.set("a", "9")
    assert list(headers.items()) == [("A", "9"), ("b", "2"), ("v", "z")]
    headers.add("Route", "r1")
    headers.prepend("Route", "r0")
    assert headers.all("route") == ["r0", "r1"]
    other = headers.copy()
    other.remove("Route")
    assert "Route" in headers
    assert "Route" not in other
    assert other != headers
    assert headers.remove_first_value("Nope") is None
    headers.prepend("Via", "first")
    assert headers.get("v") == "first"
    assert HeaderList([("Supported", "100rel, Timer")]).tokens("k") == {"100rel", "timer"}


@pytest.mark.parametrize("value", ["a\r\nEvil: 1", "a\nb", "a\rb", "a\0b"])
def test_control_characters_never_reach_the_wire(value: str) -> None:
    message = parsed()
    message.headers.add("Subject", value)
    with pytest.raises(LocalError):
        message.to_bytes()
    with pytest.raises(LocalError):
        Request("INVITE", f"sip:{value}").to_bytes()
    with pytest.raises(LocalError):
        Response(200, value).to_bytes()


def test_content_length_is_always_the_truth() -> None:
    message = parsed()
    message.body = b"longer body"
    message.headers.add("Content-Length", "999")
    data = message.to_bytes()
    assert data.count(b"\r\nl: 11\r\n") == 1
    assert b"999" not in data
    assert b"Content-Length: 0\r\n\r\n" in Response(200).to_bytes()


def test_response_copies_what_rfc_3261_8_2_6_asks() -> None:
    request = parsed()
    request.headers.add("Timestamp", "54")
    request.headers.add("Record-Route", "<sip:p1;lr>")
    response = Response.for_request(request, 180, to_tag="t1")
    assert response.headers.all("Via") == request.headers.all("Via")
    assert response.to_tag == "t1"
    assert response.headers.get("Timestamp") is None
    assert response.reason == "Ringing"
    trying = Response.for_request(request, 100, to_tag="t1")
    assert trying.to_tag is None  # 8.2.6.2: no tag in 100
    assert trying.headers.get("Timestamp") == "54"
    request.headers.set("To", "<sip:bob@biloxi.com>;tag=old")
    assert Response.for_request(request, 200, to_tag="t1").to_tag == "old"


def test_missing_headers_raise_when_they_are_looked_at() -> None:
    for view in ("via", "from_", "to", "cseq", "call_id"):
        with pytest.raises(ParseError):
            getattr(Request("OPTIONS", "sip:h"), view)


def test_contact_star() -> None:
    star = Request("REGISTER", "sip:h", [("Contact", "*")])
    assert star.contact_star
    assert star.contacts == []
    assert star.contact is None


def test_reason_phrases() -> None:
    assert reason_phrase(486) == "Busy Here"
    assert reason_phrase(499) == "Bad Request"
    assert reason_phrase(999) == "Unknown"
