"""Datagrams: limits, line ends, what is answered and what is dropped."""

from __future__ import annotations

import pytest

from protocols.sip.errors import ParseError
from protocols.sip.limits import Limits
from protocols.sip.message import Request, Response
from protocols.sip.parser import parse_datagram

CORE = {
    "Via": "SIP/2.0/UDP h;branch=z9hG4bK1",
    "From": "<sip:a@h>;tag=1",
    "To": "<sip:b@h>",
    "Call-ID": "c1",
    "CSeq": "1 OPTIONS",
}


def build(
    start: str = "OPTIONS sip:b@h SIP/2.0", body: bytes = b"", **changes: str | None
) -> bytes:
    headers = {**CORE, **{name.replace("_", "-"): value for name, value in changes.items()}}
    lines = [start, *(f"{n}: {v}" for n, v in headers.items() if v is not None)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def fault(data: bytes, limits: Limits | None = None) -> ParseError:
    with pytest.raises(ParseError) as caught:
        parse_datagram(data, limits or Limits())
    return caught.value


def test_bytes_after_content_length_are_dropped() -> None:
    message = parse_datagram(build(body=b"abcdef", Content_Length="3"))
    assert message.body == b"abc"


def test_without_content_length_the_datagram_ends_the_body() -> None:
    assert parse_datagram(build(body=b"abcdef")).body == b"abcdef"


def test_leading_line_ends_are_ignored() -> None:
    assert isinstance(parse_datagram(b"\r\n\r\n" + build()), Request)


def test_a_datagram_without_the_empty_line_has_no_body() -> None:
    assert parse_datagram(build().rstrip(b"\r\n")).body == b""


def test_folded_lines_are_joined() -> None:
    data = build().replace(b"From: <sip:a@h>;tag=1", b"From:\r\n  <sip:a@h>\r\n\t;tag=1")
    assert parse_datagram(data).from_tag == "1"


@pytest.mark.parametrize("missing", list(CORE))
def test_a_missing_header_is_400(missing: str) -> None:
    error = fault(build(**{missing: None}))
    if missing == "Via":  # nowhere to answer to
        assert error.partial is None
    else:
        assert (error.status, missing in error.reason) == (400, True)
        assert error.partial is not None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"start": "OPTIONS sip:b@h SIP/3.0"}, 505),
        ({"start": "OPTIONS  sip:b@h SIP/2.0"}, 400),
        ({"start": "OPTIONS sip:b@h SIP/2.0 "}, 400),
        ({"start": "OPTIONS <sip:b@h> SIP/2.0"}, 400),
        ({"CSeq": "1 INVITE"}, 400),
        ({"Content_Length": "-1"}, 400),
        ({"Content_Length": "99"}, 400),
        ({"Content_Length": "1, 1"}, 400),
        ({"From": '"x <sip:a@h>'}, 400),
        ({"X Y": "1"}, 400),
        ({"Call_ID": ""}, 400),
    ],
)
def test_malformed_requests_are_answered(changes: dict[str, str], status: int) -> None:
    error = fault(build(**changes))
    assert error.status == status
    assert isinstance(error.partial, Request)
    assert Response.for_request(error.partial, status).via.branch == "z9hG4bK1"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n",
        b"\0\0\0\0",
        build(From="<sip:a\0b@h>;tag=1"),
        b"hello\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        build("SIP/2.0 700 What"),
        build("SIP/2.0 20 What"),
        build("SIP/2.0 200 OK", From="x"),
        build("ACK sip:b@h SIP/2.0", CSeq="x"),
    ],
)
def test_what_cannot_or_must_not_be_answered_is_dropped(data: bytes) -> None:
    error = fault(data)
    assert error.partial is None or error.status is None or error.partial.method == "GET"


def test_repeated_single_headers() -> None:
    twice = build().replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 OPTIONS\r\ncseq: 1 OPTIONS")
    assert parse_datagram(twice).cseq.number == 1  # the same thing said twice is harmless
    error = fault(build().replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 OPTIONS\r\nCSeq: 2 OPTIONS"))
    assert error.status == 400
    compact = build().replace(b"Call-ID: c1", b"Call-ID: c1\r\ni: c2")
    assert fault(compact).status == 400


@pytest.mark.parametrize("stray", [b"a\nb", b"a\rb", b"a\r b\n"])
def test_stray_line_ends_in_a_value(stray: bytes) -> None:
    assert fault(build().replace(b"Call-ID: c1", b"Call-ID: c1\r\nX: " + stray)).status == 400


def test_limits() -> None:
    small = Limits(datagram=2000, header_bytes=600, headers=8, body=10)
    assert fault(b"x" * 2001, small).status is None
    assert fault(build(Subject="x" * 600), small).status is None
    many = build(**{f"X{i}": "1" for i in range(8)})
    assert fault(many, small).status == 400
    assert fault(build(body=b"12345678901"), small).status == 413
    assert parse_datagram(build(body=b"1234567890"), small).body == b"1234567890"


def test_unusual_but_legal() -> None:
    message = parse_datagram(build(Subject="", **{"X-Odd~!*": "a:b: c"}))
    assert message.headers.get("subject") == ""
    assert message.headers.get("x-odd~!*") == "a:b: c"
    tabs = build().replace(b"Call-ID: c1", b"Call-ID\t :\t c1 \t")
    assert parse_datagram(tabs).call_id == "c1"
    tight = build().replace(b"Call-ID: c1", b"CALL-id:c1")
    assert parse_datagram(tight).call_id == "c1"


def test_responses() -> None:
    message = parse_datagram(build("sip/2.0 486 Busy", CSeq="7 INVITE"))
    assert isinstance(message, Response)
    assert (message.status, message.reason, message.cseq) == (486, "Busy", (7, "INVITE"))


def test_a_line_without_colon_does_not_hide_behind_another_of_its_name() -> None:
    data = build().replace(b"Call-ID: c1", b"Subject\r\nSubject: x\r\nCall-ID: c1")
    assert fault(data).status == 400


def test_a_via_without_element_leads_nowhere() -> None:
    assert fault(build(Via=",")).partial is None


def test_unreadable_via_is_reduced_for_the_answer() -> None:
    error = fault(build(Via="SIP/2.0/UDP h:5070;;branch=z9hG4bKx;bad=;rport"))
    assert error.partial is not None
    assert str(error.partial.via) == "SIP/2.0/UDP h:5070;branch=z9hG4bKx;rport"
