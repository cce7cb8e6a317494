"""Keys in SIP INFO bodies, and what a phone can be told to say."""

import pytest

from emulator.phones.info import digit_of
from emulator.phones.phone import PhoneError, source_named

RELAY, DTMF = "application/dtmf-relay", "application/dtmf"


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        (RELAY, b"Signal=5\r\nDuration=160\r\n", "5"),
        (RELAY, b"signal = *\nduration=1", "*"),
        (RELAY, b"Signal=11", "#"),
        (RELAY, b"Signal=d", "D"),
        (DTMF, b"7", "7"),
        (DTMF, b" 10 ", "*"),
        (RELAY, b"Duration=160", None),
        (RELAY, b"Signal=12", None),
        (RELAY, b"\xff\xfe", None),
        (DTMF, b"", None),
        (DTMF, b"!", None),
        ("text/plain", b"1", None),
    ],
)
def test_digit_of(kind: str, body: bytes, digit: str | None) -> None:
    assert digit_of(kind, body) == digit


@pytest.mark.parametrize("what", ["silence", "tone", "tone:800", "speech", "prompt:echo", "echo"])
def test_sources_give_what_is_asked_for(what: str) -> None:
    source = source_named(what)
    assert len(source.read(160)) == len(source.read(160)) == 320


@pytest.mark.parametrize("what", ["", "song", "tone:20", "tone:9999", "prompt:../secret"])
def test_unknown_sources_say_why(what: str) -> None:
    with pytest.raises(PhoneError):
        source_named(what)
