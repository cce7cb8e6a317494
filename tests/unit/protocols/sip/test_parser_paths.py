"""The quick ways through the parser give what the careful ways give, for every text."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.sip import headers_address, parser
from protocols.sip.errors import ParseError
from protocols.sip.header_list import HeaderList
from protocols.sip.headers import NameAddr, Via
from protocols.sip.limits import DEFAULT_LIMITS

BOUNDED = settings(max_examples=400, deadline=None)


def outcome(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except ParseError:
        return "refused"


def pieces(*fixed: str) -> st.SearchStrategy[str]:
    """Texts made of what matters to the grammar."""
    some = st.sampled_from(
        [*fixed, '"', "\\", "<", ">", ";", "=", ",", " ", "\t", "\x0b", "é", "٣"]
    )
    return st.lists(st.one_of(some, st.text(max_size=3)), max_size=12).map("".join)


@BOUNDED
@given(pieces("<sip:a@h>", "sip:a@h", ";tag=", ">;tag=", "x", ";lr", '"A B" '))
def test_name_addr(text: str) -> None:
    assert outcome(NameAddr.parse, text) == outcome(headers_address._read_name_addr, text)


@BOUNDED
@given(pieces(";branch=", "z9hG4bKx", ";rport", ";received=h", "x"))
@example(';x="a;branch=b;c";branch=x')
@example("; branch=x;branch=b")
def test_via(text: str) -> None:
    text = "SIP/2.0/UDP h" + text
    assert outcome(Via.parse, text) == outcome(headers_address._read_via, text)


@BOUNDED
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Via", "v", "To", "Subject", "SUBJECT", "X-A", "A B", " To", ""]),
            st.sampled_from([": ", ":", " : ", "", ": a: "]),
            pieces("x"),
        ).map("".join),
        max_size=5,
    )
)
@example(["Subject", "Subject: x"])
def test_header_section(lines: list[str]) -> None:
    quick = parser._read_regular(lines)
    if quick is not None:
        careful, fault = parser._read_any(lines, DEFAULT_LIMITS)
        # a line end inside a value never reaches the quick way: parse_head sees to that
        if not any(c in line for line in lines for c in "\r\n"):
            assert fault is None
            assert isinstance(quick, HeaderList)
            assert list(quick) == list(careful)
            assert quick.first.keys() == careful.first.keys()
