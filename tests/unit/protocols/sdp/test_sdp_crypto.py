"""SDES key lines, RFC 4568."""

import pytest

from protocols.sdp import SdpError
from protocols.sdp.crypto import CryptoLine, answer_line, choose, make_lines, match_answer

# RFC 4568 4: the example line.
EXAMPLE = (
    "1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 "
    "FEC_ORDER=FEC_SRTP"
)


def counted(length: int) -> bytes:
    return bytes(range(length))


def test_round_trip_with_lifetime_mki_and_params() -> None:
    line = CryptoLine.parse(EXAMPLE)
    assert (line.tag, line.lifetime, line.mki) == (1, "2^20", "1:4")
    assert len(line.key) == 30
    assert str(line) == EXAMPLE
    assert not line.usable  # MKI and FEC order are not for us


def test_the_key_stays_out_of_repr() -> None:
    line = make_lines(counted)[0]
    assert str(line).split(":")[1] not in repr(line)


def test_choose_takes_the_first_line_we_can_run() -> None:
    lines = [
        CryptoLine.parse(EXAMPLE),
        CryptoLine(2, "F8_128_HMAC_SHA1_80", counted(30)),
        CryptoLine(3, "AES_CM_128_HMAC_SHA1_80", counted(30), session_params=("UNENCRYPTED_SRTP",)),
        CryptoLine(4, "AES_CM_128_HMAC_SHA1_32", counted(30), session_params=("WSH=64", "-x")),
        CryptoLine(5, "AES_CM_128_HMAC_SHA1_80", counted(30)),
    ]
    chosen = choose(lines)
    assert chosen is not None and chosen.tag == 4


def test_answer_keeps_tag_and_suite_with_a_key_of_its_own() -> None:
    offered = make_lines(counted)
    theirs = answer_line(offered[1], lambda n: b"\7" * n)
    assert (theirs.tag, theirs.suite, theirs.key) == (2, "AES_CM_128_HMAC_SHA1_32", b"\7" * 30)
    assert match_answer(offered, [theirs]) == (offered[1], theirs)


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [CryptoLine(9, "AES_CM_128_HMAC_SHA1_80", counted(30))],
        [CryptoLine(1, "AES_CM_128_HMAC_SHA1_32", counted(30))],
        list(make_lines(counted)),
    ],
)
def test_an_answer_that_was_not_offered_is_refused(answers: list[CryptoLine]) -> None:
    with pytest.raises(SdpError):
        match_answer(make_lines(counted), answers)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1 AES_CM_128_HMAC_SHA1_80",
        "x AES_CM_128_HMAC_SHA1_80 inline:AAAA",
        "01 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
        "1 AES_CM_128_HMAC_SHA1_80 uri:AAAA",
        "1 AES_CM_128_HMAC_SHA1_80 inline:***",
        "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
        "1 AES_CM_128_HMAC_SHA1_80 inline:é",
    ],
)
def test_malformed_lines_are_refused(value: str) -> None:
    with pytest.raises(SdpError):
        CryptoLine.parse(value)
