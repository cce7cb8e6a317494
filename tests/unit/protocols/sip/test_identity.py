"""Identity, privacy, diversion, reason and session headers."""

from __future__ import annotations

import pytest

from protocols.sip import identity
from protocols.sip.errors import ParseError
from protocols.sip.header_list import HeaderList
from protocols.sip.identity import Diversion, SessionId
from protocols.sip.uri import parse_uri

FROM = ("From", '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1')


def test_an_assertion_counts_only_from_a_trusted_side() -> None:
    headers = HeaderList([FROM, ("P-Asserted-Identity", '"Cullen" <sip:fluffy@example.com>')])
    trusted = identity.caller(headers, trusted=True)
    assert (trusted.display, str(trusted.uri), trusted.asserted) == (
        "Cullen",
        "sip:fluffy@example.com",
        True,
    )
    assert str(identity.caller(headers, trusted=False).uri) == "sip:anonymous@anonymous.invalid"


def test_one_sip_and_one_tel_identity_at_most() -> None:
    headers = HeaderList(
        [
            ("P-Asserted-Identity", "<sip:a@h>, <tel:+491>"),
            ("P-Asserted-Identity", "<sips:b@h>, <http://x>, nonsense <"),
        ]
    )
    found = [str(value.uri) for value in identity.asserted_identities(headers)]
    assert found == ["sip:a@h", "tel:+491"]


@pytest.mark.parametrize(
    ("privacy", "withheld"),
    [("id", True), ("header;user", True), ("none", False), ("id;none", False), ("history", False)],
)
def test_privacy(privacy: str, withheld: bool) -> None:
    headers = HeaderList([FROM, ("P-Asserted-Identity", "<sip:a@h>"), ("Privacy", privacy)])
    assert identity.caller(headers, trusted=True).withheld is withheld
    identity.leave_trust_domain(headers)
    assert ("P-Asserted-Identity" in headers) is ("id" not in privacy)


def test_entering_strips_assertions() -> None:
    headers = HeaderList([FROM, ("P-Asserted-Identity", "<sip:boss@h>")])
    identity.enter_trust_domain(headers)
    assert "P-Asserted-Identity" not in headers


def test_diversion_header_is_latest_first() -> None:
    headers = HeaderList(
        [
            ("Diversion", '"Bob" <sip:bob@h>;reason=user-busy;counter=1;privacy=off'),
            ("Diversion", "<sip:alice@h>;reason=UNCONDITIONAL;counter=2;privacy=full, junk <"),
        ]
    )
    bob, alice = identity.diversions(headers)
    assert (bob.by.display, bob.reason, bob.counter, bob.private) == ("Bob", "user-busy", 1, False)
    assert (alice.by.user, alice.reason, alice.counter, alice.private) == (
        "alice",
        "unconditional",
        2,
        True,
    )


def test_history_info_is_read_as_diversions() -> None:
    # RFC 7544: the entry with a cause was reached from the one before it
    headers = HeaderList(
        [
            ("History-Info", "<sip:alice@h>;index=1, <sip:bob@h;cause=302>;index=1.1"),
            ("History-Info", "<sip:voicemail@h;cause=486>;index=1.1.1"),
            ("History-Info", "<sip:noindex@h;cause=486>"),
        ]
    )
    found = identity.diversions(headers)
    assert [(hop.by.user, hop.reason) for hop in found] == [
        ("bob", "user-busy"),
        ("alice", "unconditional"),
    ]


def test_diversion_to_history_info_and_back() -> None:
    from protocols.sip.headers import NameAddr

    hops = [
        Diversion(NameAddr("Bob", parse_uri("sip:bob@h")), "no-answer", 1, private=True),
        Diversion(NameAddr("", parse_uri("tel:+491")), "user-busy", 1),
    ]
    values = identity.history_info(hops, parse_uri("sip:carol@h"))
    assert values == [
        "<tel:+491>;index=1",
        '"Bob" <sip:bob@h;cause=486?Privacy=history>;index=1.1',
        "<sip:carol@h;cause=408>;index=1.1.1",
    ]
    back = identity.diversions(HeaderList([("History-Info", ", ".join(values))]))
    assert [(hop.by.user, hop.reason, hop.private) for hop in back] == [
        ("bob", "no-answer", True),
        ("+491", "user-busy", False),
    ]
    assert hops[0].to_header() == '"Bob" <sip:bob@h>;reason=no-answer;counter=1;privacy=full'
    assert identity.history_info([], parse_uri("sip:x@h")) == []


def test_reasons() -> None:
    headers = HeaderList([("Reason", value) for value in identity.ANSWERED_ELSEWHERE])
    assert identity.was_answered_elsewhere(headers)
    assert not identity.was_answered_elsewhere(HeaderList([("Reason", "Q.850;cause=16")]))
    assert [
        r.cause
        for r in identity.reasons(HeaderList([("Reason", "SIP;cause=1, , a b, Q.850;cause=2")]))
    ] == [1, 2]


def test_session_id() -> None:
    value = SessionId.parse("AB30317F1A784DC48FF824D0D3715D86;remote=" + "0" * 32)
    assert value.local == "ab30317f1a784dc48ff824d0d3715d86"
    assert value.as_peer_sees_it == SessionId("0" * 32, value.local)
    assert SessionId.parse(str(value)) == value
    assert SessionId.parse(value.local).remote == identity.NIL_SESSION
    assert SessionId.new() != SessionId.new()
    for bad in ("", "xyz", "ab30", value.local + ";remote=zz"):
        with pytest.raises(ParseError):
            SessionId.parse(bad)
