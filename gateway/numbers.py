"""Numbers in their three forms: as dialled (cleaned), canonical, for people (pure).

Canonical is ``+E.164``, or digits for what only the site understands: its extensions, short and
emergency numbers, star and hash codes. Exit codes, trunk prefixes and node numbers are the
connector's business and are neither stripped nor added here.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, shortnumberinfo

from gateway.ports import Numbers, Problem, SiteProfile

MAX_INPUT = 256
_MAX_DIGITS = 30
_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u00a0\u200b-\u200f\u202a-\u202e\u2060]")
_CODE = re.compile(r"[*#][0-9*#]{0,29}")
_PARAMETERS = re.compile(r";.*$", re.DOTALL)
_KEYPAD = {
    letter: digit
    for digit, letters in {
        "2": "ABC",
        "3": "DEF",
        "4": "GHI",
        "5": "JKL",
        "6": "MNO",
        "7": "PQRS",
        "8": "TUV",
        "9": "WXYZ",
    }.items()
    for letter in letters
}


class NumberRules:
    """Implements the ``NumberNormaliser`` port."""

    def normalise(self, typed: str, site: SiteProfile) -> Numbers:
        cleaned = clean(typed)
        if _CODE.fullmatch(cleaned):
            return Numbers(cleaned, cleaned, cleaned)
        if not re.fullmatch(rf"\+?\d{{1,{_MAX_DIGITS}}}", cleaned):
            raise _invalid("A number has digits, a leading +, or star and hash codes")
        region = site.country.upper()
        if cleaned.startswith("+"):
            return _external(cleaned, _parse(cleaned, None))
        if is_internal(cleaned, site) or _is_short(cleaned, region):
            return Numbers(cleaned, cleaned, cleaned)
        local = not cleaned.startswith("0") and site.area_code
        return _external(cleaned, _parse(_national(cleaned, site) if local else cleaned, region))

    def from_wire(self, user_part: str, site: SiteProfile) -> Numbers:
        plain = _PARAMETERS.sub("", user_part).strip()
        compact = _SEPARATORS.sub("", plain)
        if re.fullmatch(r"\+\d{1,30}", compact):
            try:
                return _external(compact, _parse(compact, None))
            except Problem:
                return Numbers(compact, compact, compact)
        return Numbers(plain, compact, plain)


def clean(typed: str) -> str:
    """What was typed, pasted or clicked, without decoration: RFC 3966 separators, letters, tel:."""
    if len(typed) > MAX_INPUT:
        raise _invalid("This is too long for a number")
    text = unicodedata.normalize("NFKC", typed).strip()
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise _invalid("This is more than one line")
    if text.lower().startswith("tel:"):
        text = _tel_uri(text[4:])
    text = _SEPARATORS.sub("", _PARAMETERS.sub("", text))
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() else _KEYPAD.get(c.upper(), c) for c in text
    )
    return text


def _tel_uri(text: str) -> str:
    """RFC 3966 5.1.5: a local number belongs to its phone-context, global digits complete it."""
    context = re.search(r";phone-context=(\+\d+)", text, re.IGNORECASE)
    number = _PARAMETERS.sub("", text)
    if context and not number.startswith("+"):
        return context[1] + number
    return number


def is_internal(digits: str, site: SiteProfile) -> bool:
    """No longer than the site's extensions: only its PBX can know what it means."""
    return len(digits) <= site.extension_digits


def _is_short(digits: str, region: str) -> bool:
    if len(digits) > 6:
        return False
    if phonenumbers.is_emergency_number(digits, region):
        return True
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return False
    return shortnumberinfo.is_valid_short_number_for_region(number, region)


def _national(digits: str, site: SiteProfile) -> str:
    """A number of the own town, dialled without its area code."""
    prefix = phonenumbers.country_code_for_region(site.country.upper())
    return f"+{prefix}{site.area_code.lstrip('0')}{digits}"


def _parse(text: str, region: str | None) -> PhoneNumber:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise _invalid("This is not a complete phone number") from None
    if not phonenumbers.is_possible_number(number):
        raise _invalid("This number is too short or too long for its country")
    return number


def _external(dialled: str, number: PhoneNumber) -> Numbers:
    return Numbers(
        dialled,
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
    )


def _invalid(why: str) -> Problem:
    return Problem(422, "number_invalid", "This number cannot be dialled", why)
