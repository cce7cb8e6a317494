"""RFC 4475 at the level of parser and validation: verdicts, and what must be understood."""

from __future__ import annotations

import pytest

from protocols.sip.errors import ParseError
from protocols.sip.framer import FramingFault, StreamFramer
from protocols.sip.message import Request, Response
from protocols.sip.parser import parse_datagram
from protocols.sip.uri import SipUri
from protocols.sip.validate import verdict
from tests.support.rfc4475 import ALL, BAD_RESPONSE, DROP, FOLDER, OK, RESPONSE, Torture

BY_NAME = {torture.name: torture for torture in ALL}


def judge(data: bytes) -> int:
    try:
        message = parse_datagram(data)
    except ParseError as error:
        if error.status is None or error.partial is None:
            return BAD_RESPONSE
        answer = Response.for_request(error.partial, error.status, to_tag="x")
        assert answer.to_bytes().startswith(b"SIP/2.0 %d " % error.status)
        assert answer.via  # it finds its way back
        return error.status
    if isinstance(message, Response):
        return RESPONSE
    refusal = verdict(message)
    return OK if refusal is None else refusal.status


def test_all_49_files_are_judged() -> None:
    assert {torture.name for torture in ALL} == {path.stem for path in FOLDER.glob("*.dat")}
    assert len(ALL) == 49


@pytest.mark.parametrize("torture", ALL, ids=lambda t: t.name)
def test_verdict(torture: Torture) -> None:
    assert judge(torture.data) == torture.core


@pytest.mark.parametrize("step", [1, 7, 4096])
@pytest.mark.parametrize("torture", ALL, ids=lambda t: t.name)
def test_verdict_on_a_stream(torture: Torture, step: int) -> None:
    """The same verdict however the bytes are cut; a framer never raises."""
    framer = StreamFramer()
    frames = []
    for start in range(0, len(torture.data), step):
        frames += framer.feed(torture.data[start : start + step])
    expected = torture.core if torture.stream is None else torture.stream
    if expected == DROP:
        assert frames == []
        assert framer.pending
        return
    first = frames[0]
    if isinstance(first, FramingFault):
        got = BAD_RESPONSE if first.partial is None else (first.status or BAD_RESPONSE)
    elif isinstance(first, Response):
        got = RESPONSE
    else:
        assert isinstance(first, Request)
        refusal = verdict(first)
        got = OK if refusal is None else refusal.status
    # without Content-Length a stream cannot end the message: 400 instead of the later verdict
    if b"ontent-Length" not in torture.data and b"\nl:" not in torture.data.lower():
        assert got == 400
    else:
        assert got == expected


def request(name: str) -> Request:
    message = parse_datagram(BY_NAME[name].data)
    assert isinstance(message, Request)
    return message


def test_wsinv_is_understood_in_spite_of_its_white_space() -> None:
    message = request("wsinv")
    assert message.max_forwards == 68
    assert message.to.display == ""
    assert message.to.tag == "1918181833n"
    assert message.from_.display == 'J Rosenberg \\"'
    assert message.cseq == (9, "INVITE")
    assert len(message.vias) == 3
    assert [via.branch for via in message.vias] == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]
    assert message.headers.get("s") == ""
    assert message.content_type == "application/sdp"
    assert (
        message.headers.get(
            "NewFangledHeader",
        )
        is not None
    )
    assert [str(r.uri) for r in message.routes] == [
        "sip:services.example.com;lr;unknownwith=value;unknown-no-value"
    ]


def test_intmeth_keeps_every_octet() -> None:
    message = request("intmeth")
    assert message.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert message.to.display == "BEL:\x07 NUL:\x00 DEL:\x7f"
    assert "\N{CYRILLIC SMALL LETTER A}" not in message.from_.display
    assert message.from_.tag == "_token~1'+`*%!-."
    # the answer carries the same To and From, NUL and all
    answer = Response.for_request(message, 501, to_tag="t").to_bytes()
    assert b"NUL:\\\x00" in answer


def test_esc01_escapes_stay_part_of_the_user() -> None:
    message = request("esc01")
    uri = message.request_uri
    assert isinstance(uri, SipUri)
    assert uri.user == "sips%3Auser%40example.com"
    assert uri.user_text == "sips:user@example.com"
    assert message.to.user == "user"
    assert message.contact is not None
    assert message.contact.uri.param("lr") is None


def test_escnull_names_two_users() -> None:
    contacts = request("escnull").contacts
    assert [contact.user for contact in contacts] == ["\x00", "\x00\x00"]


def test_dblreq_on_a_stream_gives_both_requests() -> None:
    frames = StreamFramer().feed(BY_NAME["dblreq"].data)
    assert [frame.method for frame in frames if isinstance(frame, Request)] == [
        "REGISTER",
        "INVITE",
    ]


def test_semiuri_the_semicolon_belongs_to_the_user() -> None:
    uri = request("semiuri").request_uri
    assert isinstance(uri, SipUri)
    assert (uri.user, uri.host, uri.params) == ("user;par=u%40example.net", "example.com", ())


def test_transports_any_token_is_a_transport() -> None:
    assert [via.transport for via in request("transports").vias] == [
        "UDP",
        "SCTP",
        "TLS",
        "UNKNOWN",
        "TCP",
    ]


def test_mpart01_body_is_kept_octet_by_octet() -> None:
    message = request("mpart01")
    assert message.media_type is not None
    assert message.media_type.param("boundary") == "7a9cbec02ceef655"
    assert len(message.body) == int(message.headers.get("Content-Length") or 0)
    assert message.to_bytes().endswith(message.body)


def test_unreason_and_noreason_give_their_phrase() -> None:
    unreason = parse_datagram(BY_NAME["unreason"].data)
    noreason = parse_datagram(BY_NAME["noreason"].data)
    assert isinstance(unreason, Response)
    assert isinstance(noreason, Response)
    assert unreason.reason.startswith("= 2**3 * 5**2")
    assert noreason.reason == ""


def test_cparam_a_parameter_outside_brackets_is_the_headers() -> None:
    outside, inside = request("cparam01").contact, request("cparam02").contact
    assert outside is not None
    assert inside is not None
    assert outside.param("unknownparam") == ""
    assert outside.uri.param("unknownparam") is None
    assert inside.uri.param("unknownparam") == ""


def test_regescrt_the_bound_uri_keeps_its_headers() -> None:
    contact = request("regescrt").contact
    assert contact is not None
    assert isinstance(contact.uri, SipUri)
    assert contact.uri.headers == (("Route", "%3Csip:sip.example.com%3E"),)


def test_inv2543_has_no_branch_and_is_read() -> None:
    message = request("inv2543")
    assert message.via.branch is None
    assert message.from_.tag is None
    assert message.routes == []
