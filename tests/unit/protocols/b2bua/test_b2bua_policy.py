"""What crosses a bridge: headers, addresses, dialog ids, hold."""

from __future__ import annotations

import pytest

from protocols.b2bua.dialog_ids import DialogId, DialogIdMap
from protocols.b2bua.policy import (
    LINK_POLICY,
    crossing,
    readdressed,
    rewrite_addresses,
)
from protocols.sdp.model import SessionDescription
from protocols.sdp.negotiate import is_held
from protocols.sip.header_list import HeaderList
from protocols.sip.headers import NameAddr, Replaces
from tests.support.fake_media import sdp


def moved(value: NameAddr) -> NameAddr:
    return readdressed(
        value, host="site.invalid", number=lambda n: f"+{n}", keep_params=("reason",)
    )


def test_only_the_list_crosses() -> None:
    headers = HeaderList(
        [
            ("Via", "SIP/2.0/UDP 192.168.1.1"),
            ("Contact", "<sip:a@192.168.1.1>"),
            ("Reason", "Q.850;cause=16"),
            ("Authorization", 'Digest username="6101"'),
            ("P-Asserted-Identity", '"A" <sip:110:pw@192.168.1.1:5070;transport=udp>;tag=1'),
            ("Session-ID", "a" * 32),
            ("X-Secret", "1"),
        ]
    )
    assert crossing(headers, LINK_POLICY.requests, moved) == (
        ("Reason", "Q.850;cause=16"),
        ("P-Asserted-Identity", '"A" <sip:+110@site.invalid;user=phone>'),
        ("Session-ID", "a" * 32),
    )
    assert [n for n, _ in crossing(headers, LINK_POLICY.endings)] == ["Reason", "Session-ID"]
    assert crossing(None, LINK_POLICY.requests) == ()


def test_addresses_keep_what_has_meaning() -> None:
    value = "<sip:110@10.0.0.1>;reason=user-busy;foo=1, <tel:49-89;x=1>, broken <"
    assert rewrite_addresses(value, moved) == (
        "<sip:+110@site.invalid;user=phone>;reason=user-busy, <sip:+4989@site.invalid;user=phone>"
    )
    assert str(moved(NameAddr.parse("<sip:anna@h>"))) == "<sip:+anna@site.invalid>"
    assert str(moved(NameAddr.parse("<http://x>"))) == "<sip:site.invalid>"


def test_replaces_is_mapped_to_the_other_legs_dialog() -> None:
    pairs = DialogIdMap()
    pbx = DialogId("pbx-call", "our-tag-p", "pbx-tag")
    link = DialogId("link-call", "our-tag-l", "gw-tag")
    pairs.pair(pbx, link)
    # received on the link: to-tag is our local tag there
    received = Replaces("link-call", "our-tag-l", "gw-tag", early_only=True)
    assert pairs.map_replaces(received) == Replaces("pbx-call", "pbx-tag", "our-tag-p", True)
    assert pairs.map_replaces(Replaces("pbx-call", "our-tag-p", "pbx-tag")) == Replaces(
        "link-call", "gw-tag", "our-tag-l"
    )
    assert pairs.map_replaces(Replaces("other", "a", "b")) is None


def test_pairs_are_forgotten_whole() -> None:
    pairs = DialogIdMap()
    a, b, c = (DialogId(name, "1", "2") for name in "abc")
    pairs.pair(a, b)
    pairs.pair(a, c)
    assert (len(pairs), pairs.other(b), pairs.other(a), pairs.other(c)) == (1, None, c, a)
    pairs.forget(c)
    assert (len(pairs), pairs.other(a)) == (0, None)
    pairs.forget(c)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (sdp(7000), False),
        (sdp(7000, direction="recvonly"), False),
        (sdp(7000, direction="sendonly"), True),
        (sdp(7000, direction="inactive"), True),
        (sdp(0), True),
        (sdp(7000).replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"), True),
        (sdp(7000).replace("a=sendrecv\r\n", ""), False),
    ],
)
def test_hold(text: str, held: bool) -> None:
    assert is_held(SessionDescription.parse(text)) is held
