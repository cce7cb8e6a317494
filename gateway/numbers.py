"""Numbers in their three forms: as dialled (cleaned), canonical, for people (pure).

Canonical is ``+E.164``, or digits for what only the site understands: its extensions, short and
emergency numbers, star and hash codes. Exit codes, trunk prefixes and node numbers are the
connector's business and are neither stripped nor added here.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
    shortnumberinfo,
)

from gateway.ports import NumberNormaliser, Numbers, Problem, SiteProfile

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
            return _own(_external(cleaned, _parse(cleaned, None)), site)
        if is_internal(cleaned, site) or _is_short(cleaned, region):
            return Numbers(cleaned, cleaned, cleaned)
        whole = _national(cleaned, site) if _is_local(cleaned, site) else cleaned
        return _own(_external(cleaned, _parse(whole, region)), site)

    def from_wire(self, user_part: str, site: SiteProfile) -> Numbers:
        plain = _PARAMETERS.sub("", user_part).strip()
        compact = _SEPARATORS.sub("", plain)
        if re.fullmatch(r"\+\d{1,30}", compact):
            try:
                return _own(_external(compact, _parse(compact, None)), site)
            except Problem:
                return Numbers(compact, compact, compact)
        return Numbers(plain, compact, plain)


def forms_of(text: str, rules: NumberNormaliser, site: SiteProfile | None) -> Numbers:
    """Raises 422 ``number_invalid``. Without a site nothing says what a number without ``+`` is."""
    if site is None:
        if not text.startswith("+"):
            raise Problem(
                422, "number_invalid", "Without a site a number must begin with + and its country"
            )
        site = SiteProfile("", "", "business", "de", "", 0)
    return rules.normalise(text, site)


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
    return len(digits) <= site.extension_digits or any(
        len(digits) == len(first) and first <= digits <= last
        for first, last in site.extension_ranges
    )


def _own(numbers: Numbers, site: SiteProfile) -> Numbers:
    """A number of the site's own block is the extension behind it, whoever writes it: colleagues
    have one canonical number, inside and outside."""
    block = site.number_block
    extension = numbers.canonical.removeprefix(block)
    if not block or not extension or extension == numbers.canonical:
        return numbers
    return (
        Numbers(numbers.dialled, extension, numbers.display)
        if is_internal(extension, site) and len(extension) >= _shortest(site)
        else numbers
    )


def _shortest(site: SiteProfile) -> int:
    """Digits of the shortest extension: what is shorter is somebody else's, or the exchange's."""
    return min([site.extension_digits, *(len(first) for first, _ in site.extension_ranges)])


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


def _trunk_prefix(site: SiteProfile) -> str:
    """What is written before an area code in the site's country; "" where nothing is."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(site.country.upper())
    return "" if metadata is None else metadata.national_prefix or ""


def _is_local(digits: str, site: SiteProfile) -> bool:
    """Dialled without the area code, which the site's is put before.

    Where a trunk prefix announces the area code, its absence tells. Where there is none (Italy,
    Spain) or it is optional (North America), the length does.
    """
    if not site.area_code:
        return False
    prefix = _trunk_prefix(site)
    if prefix not in ("", "1"):
        return not digits.startswith(("0", prefix))
    try:
        number = phonenumbers.parse(digits, site.country.upper())
    except NumberParseException:
        return False
    return phonenumbers.is_possible_number_with_reason(number) in (
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
        ValidationResult.TOO_SHORT,
    )


def _national(digits: str, site: SiteProfile) -> str:
    """A number of the own town, dialled without its area code."""
    country = phonenumbers.country_code_for_region(site.country.upper())
    prefix = _trunk_prefix(site)
    # Italy's area codes keep their 0 behind +39: there it is no prefix.
    return f"+{country}{site.area_code.removeprefix(prefix) if prefix else site.area_code}{digits}"


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
