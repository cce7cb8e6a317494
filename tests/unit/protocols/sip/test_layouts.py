"""A head whose names came in that order before is read as it was read the first time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from protocols.sip import layouts
from protocols.sip.errors import ParseError
from protocols.sip.header_list import HeaderList
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.message import Request
from protocols.sip.parser import parse_datagram, parse_head

NAMES = (
    *("Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Subject"),
    *("Session-Expires", "Content-Length"),
)
VALUES = (
    *("SIP/2.0/UDP h;branch=z9hG4bKx", "70", '"A" <sip:a@h>;tag=1', "<sip:b@h>", "c1", "1 INVITE"),
    *("<sip:a@1.2.3.4>", "s", "1800", "0"),
)
START = "INVITE sip:b@h SIP/2.0"


def head(values: tuple[str, ...] = VALUES, start: str = START) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in zip(NAMES, values, strict=True))]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def forget() -> None:
    for memory in (layouts._layouts, layouts._made, layouts._sightings, layouts._replaced):
        memory.clear()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def learnt(data: bytes) -> None:
    for _ in range(layouts._WORTH_IT * layouts._LOOK_EVERY):
        parse_head(data)
    assert len(layouts._layouts) == 1


def test_it_is_learnt_from_messages_that_come_again() -> None:
    learnt(head())
    assert layouts._layouts[KEY].names == NAMES
    assert LAYOUT.match(head().decode()) is not None


def outcome(data: bytes, limits: Limits = DEFAULT_LIMITS) -> object:
    """All that a reader of the message can see of it."""
    try:
        message, length = parse_head(data, limits)
    except ParseError as error:
        return error.status, error.body_length, str(error.partial)
    try:
        contacts: object = (message.contact_star, message.contacts)
    except ParseError:
        contacts = "unreadable"
    routed = (message.via, message.from_, message.to, message.cseq, message.call_id)
    subject = message.headers.get("subject")
    return str(message), length, routed, contacts, subject, list(message.headers)


KEY, LAYOUT = (START[:6], len(NAMES)), layouts._make(NAMES)


def both(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    layouts._layouts[KEY] = LAYOUT
    quick = outcome(data, limits)
    forget()
    assert quick == outcome(data, limits)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*("\r", "\n", "\r\n", "\r\n ", ": ", ":", "To: ", "\0", "\\\0", " ", "\t", ","), ""]
        ),
        st.sampled_from(["<sip:a@h>", ";tag=1", "*", "1", "é", "\x0b", "\x85", "\u2028", "\udcff"]),
    ),
    max_size=4,
).map("".join)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(VALUES)), PIECES, st.sampled_from(["before", "after", "instead"]))
@example(7, "a\nb", "instead")  # LF alone in a value, as many line ends as names elsewhere
@example(4, " \t", "instead")
@example(9, "", "instead")
def test_whatever_stands_in_the_values(place: int, text: str, how: str) -> None:
    parts = [START, *VALUES]
    parts[place] = {
        "before": text + parts[place],
        "after": parts[place] + text,
        "instead": text,
    }[how]
    both(head(tuple(parts[1:]), parts[0]))


def test_a_line_end_lost_here_and_gained_there_is_no_line_end() -> None:
    """As many LF as names, but one of them in a value and one too few between the lines."""
    data = head().replace(b"\r\nSubject: s", b"").replace(b"<sip:b@h>", b"<sip:b@h>\nSubject: s")
    both(data)
    with pytest.raises(ParseError):
        parse_head(data)


def test_too_many_headers_are_too_many() -> None:
    limits = Limits(headers=len(NAMES) - 1)
    both(head(), limits)
    with pytest.raises(ParseError, match="too many"):
        parse_head(head(), limits)


def test_a_header_that_is_not_there() -> None:
    without = head().replace(b"\r\nContact: <sip:a@1.2.3.4>", b"")
    learnt(without)
    message, length = parse_head(without)
    assert message.contacts == []
    assert length == 0


def test_changes_go_to_all_lines() -> None:
    learnt(head())
    message = parse_datagram(head() + b"\r\n\r\n")
    message.headers.set("Subject", "t")
    message.headers.add("Contact", "<sip:z@h>")
    message.headers.prepend("Via", "SIP/2.0/UDP other;branch=z9hG4bKy")
    assert [str(contact) for contact in message.contacts] == ["<sip:a@1.2.3.4>", "<sip:z@h>"]
    assert message.via.host == "other"
    message.headers.set("Call-ID", "c2")
    assert message.call_id == "c2"
    again = parse_datagram(message.to_bytes())
    assert list(again.headers) == list(message.headers)


def in_order(turn: int) -> tuple[bytes, tuple[str, ...]]:
    """The same headers in one of 90 orders."""
    names = sorted({*NAMES} - {"Content-Length"})
    texts = dict(zip(NAMES, VALUES, strict=True))
    order = names[turn % 9 :] + names[: turn % 9]
    order.insert(turn // 9, "Content-Length")
    data = "\r\n".join([START, *(f"{name}: {texts[name]}" for name in order)]).encode()
    return data, tuple(order)


def taught(turn: int) -> bool:
    data, order = in_order(turn)
    for _ in range(layouts._WORTH_IT * layouts._LOOK_EVERY):
        assert isinstance(parse_head(data)[0], Request)
    return order in layouts._made


def test_peers_cannot_make_it_learn_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(layouts, "monotonic", lambda: now)
    assert all(taught(turn) for turn in range(layouts._AT_MOST))
    late = range(layouts._AT_MOST, layouts._AT_MOST + 10)
    assert [turn for turn in late if taught(turn)] == list(late[: layouts._A_MINUTE])
    assert len(layouts._made) == layouts._AT_MOST
    # those who come late are learnt too, in their time
    now += 61
    assert taught(late[-1])
    assert len(layouts._made) == layouts._AT_MOST
    # orders that come once leave nothing behind either
    layouts._made.clear()
    for turn in range(2 * layouts._SIGHTINGS * layouts._LOOK_EVERY):
        layouts.learn(KEY, HeaderList.from_index({"Via": "", str(turn): ""}))
    assert layouts._made == {}
    assert len(layouts._sightings) <= layouts._SIGHTINGS
