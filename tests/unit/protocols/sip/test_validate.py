"""The refusal due to a readable request (RFC 3261 section 8.2)."""

from __future__ import annotations

import pytest

from protocols.sip.message import Request
from protocols.sip.validate import unsupported_body, verdict

CORE = (
    ("Via", "SIP/2.0/UDP h;branch=z9hG4bK1"),
    ("From", "<sip:a@h>;tag=1"),
    ("To", "<sip:b@h>"),
    ("Call-ID", "c1"),
)


def make(
    method: str = "OPTIONS", uri: str = "sip:b@h", *headers: tuple[str, str], body: bytes = b""
) -> Request:
    return Request(method, uri, [*CORE, ("CSeq", f"1 {method}"), *headers], body)


def status(request: Request) -> int:
    refusal = verdict(request)
    return 0 if refusal is None else refusal.status


@pytest.mark.parametrize("uri", ["sip:b@h", "sips:b@h", "tel:+491"])
def test_good_requests_pass(uri: str) -> None:
    assert status(make("INVITE", uri, ("Max-Forwards", "1"), ("Contact", "<sip:a@h>"))) == 0


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (make("INVITE", "http://h/"), 416),
        (make("INVITE", "sip:b@h;x?y=1"), 400),
        (make("INVITE", "sip:b@h;method=INVITE"), 400),
        (make("INVITE", "sip:"), 400),
        (make("OPTIONS", "sip:b@h", ("Max-Forwards", "0")), 483),
        (make("OPTIONS", "sip:b@h", ("Max-Forwards", "256")), 400),
        (make("OPTIONS", "sip:b@h", ("Max-Forwards", "x")), 400),
        (make("OPTIONS", "sip:b@h", ("Require", "100rel, foo")), 420),
        (make("CANCEL", "sip:b@h", ("Require", "foo")), 0),
        (make("INVITE", "sip:b@h", ("Contact", "x")), 400),
        (make("INVITE", "sip:b@h", ("Contact", "*")), 400),
        (make("REGISTER", "sip:h", ("Contact", "*"), ("Expires", "0")), 0),
        (make("REGISTER", "sip:h", ("Contact", "*"), ("Expires", "1")), 400),
        (
            make("REGISTER", "sip:h", ("Contact", "*"), ("Contact", "<sip:x>"), ("Expires", "0")),
            400,
        ),
        (make("INVITE", "sip:b@h", ("Route", "<sip:p;lr>, x")), 400),
        (make("INVITE", "sip:b@h", ("Via", "nonsense")), 400),
        (make("INVITE", "sip:b@h", ("Accept", "text/plain")), 406),
        (make("INVITE", "sip:b@h", ("Accept", "text/plain, application/sdp;level=1")), 0),
        (make("OPTIONS", "sip:b@h", ("Accept", "text/plain")), 0),
        (make("INVITE", "sip:b@h", ("Content-Type", "nonsense")), 400),
        (make("INVITE", "sip:b@h", ("Replaces", "only-a-call-id")), 400),
        (make("INVITE", "sip:b@h", ("Session-Expires", "never")), 400),
        (make("PRACK", "sip:b@h", ("RAck", "1 INVITE")), 400),
    ],
)
def test_refusals(request_: Request, expected: int) -> None:
    assert status(request_) == expected


def test_420_names_the_unsupported_tags() -> None:
    refusal = verdict(make("OPTIONS", "sip:b@h", ("Require", "foo, timer"), ("Require", "bar")))
    assert refusal is not None
    assert refusal.headers.get("Unsupported") == "foo, bar"


def test_hops_do_not_matter_inside_a_dialog() -> None:
    bye = make("BYE", "sip:b@h", ("Max-Forwards", "0"))
    bye.headers.set("To", "<sip:b@h>;tag=2")
    assert status(bye) == 0


def test_an_ack_is_judged_but_only_for_its_form() -> None:
    assert status(make("ACK", "sip:b@h", ("Require", "foo"), ("Max-Forwards", "0"))) == 0
    assert status(make("ACK", "sip:b@h", ("Contact", "x"))) == 400


def test_bodies_that_cannot_be_read() -> None:
    sdp = frozenset({"application/sdp"})
    kind = ("Content-Type", "application/SDP")
    assert unsupported_body(make(), sdp) is None
    assert unsupported_body(make("INVITE", "sip:h", kind, body=b"v=0"), sdp) is None
    refusal = unsupported_body(make("INVITE", "sip:h", body=b"?"), sdp)
    assert refusal is not None
    assert (refusal.status, refusal.headers.get("Accept")) == (415, "application/sdp")
    encoded = make("INVITE", "sip:h", kind, ("Content-Encoding", "gzip"), body=b"?")
    assert unsupported_body(encoded, sdp) is not None
    optional = make(
        "INVITE",
        "sip:h",
        ("Content-Type", "image/png"),
        ("Content-Disposition", "icon; handling=optional"),
        body=b"?",
    )
    assert unsupported_body(optional, sdp) is None
