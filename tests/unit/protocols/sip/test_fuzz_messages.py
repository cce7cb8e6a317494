"""Whatever comes in, only the documented error comes out; what we write we read again."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocols.sip.errors import ParseError
from protocols.sip.framer import StreamFramer
from protocols.sip.grammar import escape, quote, unescape, unquote
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request, Response
from protocols.sip.params import parse_params
from protocols.sip.parser import parse_datagram
from protocols.sip.uri import SipUri, parse_uri
from protocols.sip.validate import verdict
from tests.support.rfc4475 import ALL

BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = [torture.data for torture in ALL]

texts = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n\0"), max_size=30
)


def swallow(data: bytes) -> None:
    with contextlib.suppress(ParseError):
        message = parse_datagram(data)
        if isinstance(message, Request):
            verdict(message)
            Response.for_request(message, 400, to_tag="x").to_bytes()
        else:
            message.to_bytes()


@BOUNDED
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    swallow(data)
    StreamFramer().feed(data)


@BOUNDED
@given(st.sampled_from(SEEDS), st.data())
def test_mutated_messages(seed: bytes, data: st.DataObject) -> None:
    mutated = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                mutated[at] = data.draw(st.integers(0, 255))
            case 1:
                del mutated[at : at + data.draw(st.integers(1, 20))]
                mutated = mutated or bytearray(b"x")
            case 2:
                mutated[at:at] = data.draw(
                    st.sampled_from([b"\r\n", b"\n", b'"', b"<", b";", b"\0"])
                )
            case 3:
                mutated[at:at] = mutated[: data.draw(st.integers(0, 40))]
    swallow(bytes(mutated))


@BOUNDED
@given(st.sampled_from(SEEDS), st.lists(st.integers(1, 90), min_size=1, max_size=8))
def test_cutting_changes_nothing(seed: bytes, cuts: list[int]) -> None:
    def run(steps: list[int]) -> list[str]:
        framer, out, at, turn = StreamFramer(), [], 0, 0
        while at < len(seed):
            step = steps[turn % len(steps)]
            out += [repr(f) for f in framer.feed(seed[at : at + step]) if "Pong" not in repr(f)]
            at, turn = at + step, turn + 1
        return out

    whole = [text for text in run([len(seed)]) if "Ping" not in text]
    assert [text for text in run(cuts) if "Ping" not in text] == whole


@BOUNDED
@given(st.text(max_size=40))
def test_uri_of_any_text(text: str) -> None:
    with contextlib.suppress(ParseError):
        assert parse_uri(str(parse_uri(text))) == parse_uri(text)
    with contextlib.suppress(ParseError):
        assert NameAddr.parse(str(NameAddr.parse(text))) == NameAddr.parse(text)
    with contextlib.suppress(ParseError):
        parse_params(text)


@BOUNDED
@given(texts, texts)
def test_built_addresses_are_read_back(display: str, user: str) -> None:
    uri = SipUri.of(user or "u", "example.com", 5061, params=(("transport", "tls"),))
    value = NameAddr(display, uri, (("tag", "1"),))
    again = NameAddr.parse(str(value))
    assert again == value
    assert again.user == (user or "u")


@BOUNDED
@given(texts)
def test_escapes_and_quotes(text: str) -> None:
    assert unescape(escape(text, "-_.")) == text
    assert unquote(quote(text)) == text


@BOUNDED
@given(st.lists(st.tuples(st.sampled_from(["X-A", "Subject", "via", "Foo~"]), texts), max_size=6))
def test_headers_survive_bytes(items: list[tuple[str, str]]) -> None:
    core = [
        ("Via", "SIP/2.0/UDP h;branch=z9hG4bK1"),
        ("From", "<sip:a@h>;tag=1"),
        ("To", "<sip:b@h>"),
        ("Call-ID", "c1"),
        ("CSeq", "1 OPTIONS"),
    ]
    written = [(name, value.strip(" \t")) for name, value in items if name != "via"]
    message = parse_datagram(Request("OPTIONS", "sip:h", [*core, *written]).to_bytes())
    assert list(message.headers.items()) == [*core, *written, ("Content-Length", "0")]
