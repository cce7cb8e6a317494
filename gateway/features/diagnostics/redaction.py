"""What of a bundle is not for support: secrets, names, numbers, addresses (pure).

The page that sends it does the same before its user reads it (``sdk/src/diagnostics/redact.ts``);
``sdk/src/diagnostics/redaction.cases.json`` keeps the two alike. Here it is done again, for nobody
knows what the sender did.
"""

from __future__ import annotations

import re
from typing import Any

REMOVED = "[removed]"
EMAIL = "[e-mail]"
ADDRESS = "[address]"
MAX_DEPTH = 20

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _member(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|_)(?:{words})s?(?:_|$)")


#: Members by the words of their names, ``callbackToken`` as ``callback_token``.
_SECRET = _member(
    "password|passwd|pwd|passphrase|secret|token|credential|authorization|cookie|jwt|bearer|"
    "api_?key|private_key|signing_key|otp|totp|pin|recovery_code|challenge|crypto|ufrag|digit|dtmf"
)
_NAME = _member("name|username|displayname|fullname|firstname|lastname|nickname|surname|email|mail")
_NUMBER = _member(
    "number|phone|tel|msisdn|extension|dialled|dialed|called|calling|caller|callee|to|from|cli"
)
#: Words that say somebody only where they end a name: ``user`` and not ``user_agent``.
_SOMEBODY = re.compile(
    r"(?:^|_)(?:user|login|label|identity|display|peer|party|participant|company)$"
)
_LINE = re.compile(r"(?:^|_)line$")

# Every repetition is bounded or begins where a word does: a bundle made to be slow is read in a
# time that goes by its length.
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_MOMENT = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_KEPT = rf"{_UUID}|{_MOMENT}"
_NUMBERS = re.compile(rf"(?<!\w)(?:({_KEPT})|(\+?\d(?:[ ()/-]{{0,2}}\d){{6,24}}))(?!\w)", re.ASCII)
#: In a member that is said to be a number the short ones are meant too.
_DIGITS = re.compile(rf"(?<!\w)(?:({_KEPT})|(\+?\d(?:[ ()/-]{{0,2}}\d){{1,24}}))(?!\w)", re.ASCII)
_LONG = re.compile(r"(?<![\w-])[\w-]{32,}(?![\w-])", re.ASCII)
#: As base64 has it, with what paths have too: those are not of capitals, small ones and digits.
_BASE64 = re.compile(r"(?<![\w+/-])[\w+/-]{32,}={0,2}(?![\w+/-])", re.ASCII)
_ID = re.compile(_UUID)
_SAID = r"token|secret|password|passwd|pwd|api_?key|credential"
_EITHER = re.ASCII | re.IGNORECASE

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?", re.ASCII), REMOVED),
    (re.compile(r"gwc_\w+", re.ASCII), REMOVED),
    (re.compile(rf"{_UUID}\.[\w-]{{16,}}", re.ASCII), REMOVED),
    (re.compile(r"\b(Bearer|bearer|Basic)\s{1,4}[^\s,;\"']+", re.ASCII), rf"\1 {REMOVED}"),
    (re.compile(r"(?<![\w-])((?:Set-)?Cookie:\s{0,4})[^\r\n]+", _EITHER), rf"\1{REMOVED}"),
    (re.compile(r"\b(Digest)\s{1,4}[^\r\n]+", re.ASCII), rf"\1 {REMOVED}"),
    (re.compile(r"(a=(?:ice-pwd|ice-ufrag|crypto|fingerprint):)[^\r\n]*"), rf"\1{REMOVED}"),
    (
        re.compile(
            rf"((?<![\w-])[\w-]{{0,40}}(?:{_SAID})[\w-]{{0,40}}[\"']?\s{{0,3}}[=:]\s{{0,3}}[\"']?)"
            r"[^\s&,;\"']+",
            _EITHER,
        ),
        rf"\1{REMOVED}",
    ),
    (re.compile(r"([?&#](?:code|state|key|sig|signature)=)[^\s&#\"']+", _EITHER), rf"\1{REMOVED}"),
    (re.compile(r"(\w://)[^\s/@]+@", re.ASCII), rf"\1{REMOVED}@"),
)
_PEOPLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^\s@<>\"':;,=/()\[\]]{1,64}@[\w.-]+", re.ASCII), EMAIL),
    # Not the version of a browser, which looks like an IPv4 address: Chrome/120.0.0.0.
    (re.compile(r"(?<![\w.])(?<![A-Za-z]/)\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)", re.ASCII), ADDRESS),
    (
        re.compile(
            r"(?<![\w:])(?:(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}"
            r"|[0-9a-fA-F]{1,4}::[0-9a-fA-F]{1,4})(?![\w:])",
            re.ASCII,
        ),
        ADDRESS,
    ),
)


class Redaction:
    """One bundle; ``count``: what was taken out. ``people``: names and numbers are, too."""

    def __init__(self, *, people: bool = True) -> None:
        self.count = 0
        self._people = people

    def of(self, value: Any, name: str = "", depth: int = 0) -> Any:
        if depth > MAX_DEPTH:
            return self._gone()
        if value is None or isinstance(value, bool):
            return value
        if _SECRET.search(name):
            return self._gone()
        if isinstance(value, dict):
            return {
                self.text(key): self.of(item, words_of(key), depth + 1)
                for key, item in value.items()
            }
        if isinstance(value, list):
            match value:
                case [str(header), str()] if _SECRET.search(words_of(header)):
                    return [header, self._gone()]
            return [self.of(item, name, depth + 1) for item in value]
        if self._people and _NAME.search(name):
            return self._gone() if value != "" else value
        if self._people and isinstance(value, str) and _SOMEBODY.search(name):
            return value if value == "" or _ID.fullmatch(value) else self._gone()
        if self._people and (_NUMBER.search(name) or _LINE.search(name)):
            return self._number(value)
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str, numbers: re.Pattern[str] = _NUMBERS) -> str:
        for pattern, instead in _SECRETS:
            text = self._replaced(pattern, instead, text)
        text = _BASE64.sub(self._base64, text)
        text = _LONG.sub(self._opaque, text)
        if not self._people:
            return text
        for pattern, instead in _PEOPLE:
            text = self._replaced(pattern, instead, text)
        return numbers.sub(self._shortened, text)

    def _number(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value, _DIGITS)
        return self._gone() if isinstance(value, int) and abs(value) >= 10 else value

    def _gone(self) -> str:
        self.count += 1
        return REMOVED

    def _replaced(self, pattern: re.Pattern[str], instead: str, text: str) -> str:
        def one(found: re.Match[str]) -> str:
            made = found.expand(instead)
            self.count += made != found[0]
            return made

        return pattern.sub(one, text)

    def _opaque(self, found: re.Match[str]) -> str:
        """Long, with letters and digits, and more than ids: nothing that a person would write."""
        rest = _ID.sub("", found[0])
        mixed = any(one.isdigit() for one in rest) and any(one.isalpha() for one in rest)
        return self._gone() if mixed and len(rest) >= 32 else found[0]

    def _base64(self, found: re.Match[str]) -> str:
        rest = _ID.sub("", found[0])
        kinds = (str.isdigit, str.isupper, str.islower)
        mixed = all(any(kind(one) for one in rest) for kind in kinds)
        return self._gone() if mixed and len(rest) >= 32 else found[0]

    def _shortened(self, found: re.Match[str]) -> str:
        """The last two digits of what has seven or more: enough to tell two calls apart."""
        if found[1]:
            return found[1]
        self.count += 1
        digits = [one for one in found[2] if one.isdigit()]
        return "…" + ("".join(digits[-2:]) if len(digits) >= 7 else "")


def words_of(name: str) -> str:
    return "_".join(word.lower() for word in _WORD.findall(name))
