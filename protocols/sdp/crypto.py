"""SDES: SRTP keys in ``a=crypto`` lines (RFC 4568).

Only to be used where the signalling is protected (RFC 4568 1), which the caller decides. MKI and
several keys in one line are read and written, but a line that uses them is not chosen, because the
SRTP library below cannot take them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from protocols.sdp.errors import SdpError
from protocols.sdp.values import whole_number

# Suite name to length of master key plus master salt (RFC 4568 6.2, RFC 6188 4, RFC 7714 14.3.2).
SUITES: dict[str, int] = {
    "AES_CM_128_HMAC_SHA1_80": 30,
    "AES_CM_128_HMAC_SHA1_32": 30,
    "AES_256_CM_HMAC_SHA1_80": 46,
    "AEAD_AES_128_GCM": 28,
    "AEAD_AES_256_GCM": 44,
}
DEFAULT_SUITES = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")
_MAX_TAG = 999_999_999


@dataclass(frozen=True, slots=True, repr=False)
class CryptoLine:
    """One ``a=crypto`` value. ``key`` is master key and salt in one; it is kept out of ``repr``."""

    tag: int
    suite: str
    key: bytes
    lifetime: str = ""
    mki: str = ""
    session_params: tuple[str, ...] = ()
    more_keys: bool = False

    @classmethod
    def parse(cls, value: str) -> CryptoLine:
        """Read ``tag suite inline:key|lifetime|mki params`` (RFC 4568 9.1)."""
        parts = value.split()
        if len(parts) < 3:
            raise SdpError("a=crypto needs tag, suite and key")
        tag = whole_number(parts[0], 9)
        if tag is None or tag > _MAX_TAG or parts[0] != str(tag):
            raise SdpError("a=crypto tag is not a number")
        first, *others = parts[2].split(";")
        method, _, info = first.partition(":")
        if method.lower() != "inline":
            raise SdpError("a=crypto has an unknown key method")
        encoded, *options = info.split("|")
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except (binascii.Error, ValueError) as error:
            raise SdpError("a=crypto key is not base64") from error
        expected = SUITES.get(parts[1])
        if expected is not None and len(key) != expected:
            raise SdpError(f"a=crypto key of {parts[1]} must have {expected} bytes")
        lifetime = next((o for o in options if ":" not in o), "")
        mki = next((o for o in options if ":" in o), "")
        return cls(tag, parts[1], key, lifetime, mki, tuple(parts[3:]), bool(others))

    def __str__(self) -> str:
        tail = "".join(f"|{option}" for option in (self.lifetime, self.mki) if option)
        inline = f"inline:{base64.b64encode(self.key).decode()}{tail}"
        return " ".join([str(self.tag), self.suite, inline, *self.session_params])

    def __repr__(self) -> str:
        return f"CryptoLine(tag={self.tag}, suite={self.suite!r})"

    @property
    def usable(self) -> bool:
        """Whether we can run SRTP by this line.

        RFC 4568 6.3.7: an unknown session parameter forbids the line unless it begins with ``-``.
        Of the known ones only the window hint can be ignored without changing the packets.
        """
        plain = all(p.startswith(("-", "WSH=")) for p in self.session_params)
        return self.suite in SUITES and plain and not self.mki and not self.more_keys


def parse_lines(values: Iterable[str]) -> list[CryptoLine]:
    """Every well-formed line; a malformed one costs only itself."""
    found = []
    for value in values:
        try:
            found.append(CryptoLine.parse(value))
        except SdpError:
            continue
    return found


def make_lines(
    random: Callable[[int], bytes], suites: Sequence[str] = DEFAULT_SUITES
) -> tuple[CryptoLine, ...]:
    """Fresh keys for an offer, one line per suite. ``random`` is ``os.urandom`` or a test's own."""
    return tuple(
        CryptoLine(index, suite, random(SUITES[suite])) for index, suite in enumerate(suites, 1)
    )


def choose(
    offered: Iterable[CryptoLine], suites: Sequence[str] = DEFAULT_SUITES
) -> CryptoLine | None:
    """The first offered line we can run: the offerer's order is its preference (RFC 4568 5.1.2)."""
    return next((line for line in offered if line.usable and line.suite in suites), None)


def answer_line(chosen: CryptoLine, random: Callable[[int], bytes]) -> CryptoLine:
    """Our own key for the offerer's tag and suite (RFC 4568 5.1.2)."""
    return CryptoLine(chosen.tag, chosen.suite, random(SUITES[chosen.suite]))


def match_answer(
    offered: Iterable[CryptoLine], answered: Iterable[CryptoLine]
) -> tuple[CryptoLine, CryptoLine]:
    """(ours, theirs) after an answer, which must name one of our tags and its suite (5.1.3)."""
    answers = list(answered)
    if len(answers) != 1 or not answers[0].usable:
        raise SdpError("the answer has no single usable a=crypto line")
    theirs = answers[0]
    for ours in offered:
        if (ours.tag, ours.suite) == (theirs.tag, theirs.suite):
            return ours, theirs
    raise SdpError("the answer's a=crypto line was not offered")
