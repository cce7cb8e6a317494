"""What is read from SIP: whatever a peer writes there, clients get short, clean text or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.calls.caller import read_caller
from gateway.calls.sip import answered_elsewhere, holds
from protocols.sip.message import Request

#: Header text as it comes off the wire: any byte but the ones that end a header.
wild = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0") | st.sampled_from("\udcfc\udcff"),
    max_size=60,
)


def invite(**headers: str) -> Request:
    base = {
        "Via": "SIP/2.0/TLS x;branch=z9hG4bKa",
        "From": '"Berta" <sip:102@site.example>;tag=a',
        "To": "<sip:line-1@calls.test>",
        "Call-ID": "c",
        "CSeq": "1 INVITE",
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("INVITE", "sip:line-1@calls.test", [*(base | named).items()])


@given(wild, wild, wild, wild)
def test_no_header_of_a_peer_breaks_a_call_or_carries_rubbish(
    identity: str, diversion: str, privacy: str, session: str
) -> None:
    caller = read_caller(
        invite(
            P_Asserted_Identity=identity,
            Diversion=diversion,
            Privacy=privacy,
            Session_ID=session,
        )
    )
    assert caller.user.isprintable() and len(caller.user) <= 128
    stations = (caller.diverted_by, caller.original_called)
    for station in stations:
        assert station is None or (station.user.isprintable() and len(station.user) <= 128)
    for text in (caller.name, *(station.name for station in stations if station is not None)):
        assert text is None or (text.isprintable() and 0 < len(text) <= 128)
    assert caller.session_id is None or len(caller.session_id) == 32


@given(wild)
def test_no_reason_header_breaks_a_call(reason: str) -> None:
    assert answered_elsewhere(invite(Reason=reason)) in (True, False)


@pytest.mark.parametrize(
    ("reasons", "elsewhere"),
    [
        (['SIP;cause=200;text="Call completed elsewhere"'], True),
        (["Q.850;cause=26"], True),
        (["q.850 ;cause=26", "SIP;cause=487"], True),
        (['SIP;cause=487, SIP;cause=200;text="a, b"'], True),
        (["SIP;cause=487"], False),
        (["Q.850;cause=200"], False),
        (["SIP;cause=26"], False),
        (["SIP"], False),
        ([], False),
    ],
)
def test_answered_elsewhere(reasons: list[str], elsewhere: bool) -> None:
    request = invite()
    for reason in reasons:
        request.headers.add("Reason", reason)
    assert answered_elsewhere(request) is elsewhere
    assert answered_elsewhere(None) is False


@pytest.mark.parametrize(
    ("headers", "user", "name"),
    [
        ({}, "102", "Berta"),
        ({"P_Asserted_Identity": '"Carla" <sip:103@x>'}, "103", "Carla"),
        ({"P_Asserted_Identity": "<tel:+498912345>"}, "+498912345", "Berta"),
        ({"P_Asserted_Identity": '"Carla" <sip:103@x>, <tel:+4989103>'}, "103", "Carla"),
        ({"P_Asserted_Identity": "<sip:x"}, "102", "Berta"),
        ({"P_Asserted_Identity": "<sip:M%FCller@x>"}, "Müller", "Berta"),
        ({"P_Asserted_Identity": "<sip:m%00%0d%0ax@x>"}, "mx", "Berta"),
        ({"P_Asserted_Identity": "<sip:103@x>", "Privacy": "id"}, "", None),
        ({"Privacy": "user;critical"}, "", None),
        ({"Privacy": "none"}, "102", "Berta"),
        ({"From": '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=a'}, "", None),
    ],
)
def test_who_calls(headers: dict[str, str], user: str, name: str | None) -> None:
    caller = read_caller(invite(**headers))
    assert (caller.user, caller.name) == (user, name)


@pytest.mark.parametrize(
    ("headers", "by", "meant"),
    [
        ({}, None, None),
        ({"Diversion": "<sip:100@x>;reason=no-answer"}, "100", None),
        ({"Diversion": "<sip:100@x>, <sip:101@x>, <sip:102@x>"}, "100", "102"),
        ({"Diversion": "<sip:100@x>, <sip:100@x>"}, "100", None),
        ({"Diversion": "<sip:100@x>;privacy=full, <sip:101@x>"}, "101", None),
        ({"Diversion": "no address, <sip:101@x>"}, "101", None),
        ({"History-Info": "<sip:line-1@x>;index=1"}, None, None),
        ({"History-Info": "<sip:7@x>;index=1, <sip:line-1@x>;index=1.1"}, "7", None),
        (
            {"History-Info": "<sip:7@x>;index=1, <sip:8@x>;index=1.1, <sip:l@x>;index=1.1.1"},
            "8",
            "7",
        ),
        ({"History-Info": "<sip:7@x?Privacy=history>;index=1, <sip:l@x>;index=1.1"}, None, None),
        (
            {"Diversion": "<sip:9@x>", "History-Info": "<sip:7@x>;index=1, <sip:l@x>;index=1.1"},
            "9",
            None,
        ),
    ],
)
def test_by_which_way(headers: dict[str, str], by: str | None, meant: str | None) -> None:
    caller = read_caller(invite(**{k.replace("-", "_"): v for k, v in headers.items()}))
    users = [s and s.user for s in (caller.diverted_by, caller.original_called)]
    assert users == [by, meant]


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("a=sendonly", True),
        ("a=inactive", True),
        ("c=IN IP4 0.0.0.0", True),
        ("c=IN IP4 192.0.2.1", False),
        ("a=sendrecv", False),
        ("a=recvonly", False),
        ("i=a=inactive", False),
    ],
)
def test_hold_in_all_its_spellings(line: str, held: bool) -> None:
    session = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    assert holds(f"{session}m=audio 9 RTP/AVP 8\r\n{line}\r\n") is held
    assert not holds("no description at all")
