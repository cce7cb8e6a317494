"""What a person may look like: each value brought to its one form, or a fault (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from email_validator import EmailNotValidError

from gateway.admin_ports import Fault, LineData, PersonData
from gateway.numbers import clean
from gateway.permissions import Role
from gateway.ports import NumberNormaliser, Problem, SiteProfile
from gateway.storage.folding import address_of
from gateway.storage.models import Site

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "ca")
MAX_EMAIL, MAX_NAME, MAX_DEPARTMENT, MAX_EXTERNAL_ID = 254, 200, 100, 200
MAX_NUMBER, MAX_DEVICE, MAX_AUTH_USER, MAX_PASSWORD = 40, 40, 80, 128
_DIGITS = re.compile(rf"\+?[0-9]{{1,{MAX_NUMBER - 1}}}")
#: Whoever dials may type letters of a keypad; a list of numbers with letters is a mistake.
_LETTER = re.compile(r"[^\W\d_]")
#: What turns the direction of text makes one name look like another.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Faults:
    """Collects what is wrong with one person."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, field: str, code: str, words: str) -> None:
        self.found.append(Fault(field, code, words))


def normalised(
    wanted: PersonData, sites: Mapping[str, Site], numbers: NumberNormaliser, faults: Faults
) -> PersonData:
    """The same person in the form that is stored; what has no such form is a fault."""
    role, language = wanted.role.strip(), wanted.language.strip().lower()
    if role not in set(Role):
        faults.add("role", "role_unknown", f"There is no role {role[:40]!r}")
    if language and language not in LANGUAGES:
        faults.add("language", "language_unknown", f"Languages are {', '.join(LANGUAGES)}")
    external_id = wanted.external_id
    if external_id is not None:
        external_id = _text("external_id", external_id, MAX_EXTERNAL_ID, faults) or None
    return replace(
        wanted,
        email=email_of(wanted.email, faults),
        name=_name(wanted.name, faults),
        role=role,
        department=_text("department", wanted.department, MAX_DEPARTMENT, faults),
        language=language,
        external_id=external_id,
        line=None if wanted.line is None else _line(wanted.line, sites, numbers, faults),
    )


def email_of(text: str, faults: Faults) -> str:
    if not text.strip():
        faults.add("email", "email_missing", "There is no e-mail address")
        return ""
    try:
        found = address_of(text, ascii_local=True)
    except EmailNotValidError:
        faults.add("email", "email_invalid", f"{text.strip()[:80]!r} is not an e-mail address")
        return ""
    if len(found) > MAX_EMAIL:
        faults.add("email", "too_long", f"An e-mail address has {MAX_EMAIL} characters at most")
    return found


def _name(text: str, faults: Faults) -> str:
    name = _text("name", text, MAX_NAME, faults)
    if not name:
        faults.add("name", "name_missing", "There is no name")
    return name


def _text(field: str, text: str, limit: int, faults: Faults) -> str:
    found = unicodedata.normalize("NFC", text.strip())
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in found) or _INVISIBLE.search(found):
        faults.add(field, f"{field}_invalid", "There are characters that nobody can see")
    if len(found) > limit:
        faults.add(field, "too_long", f"{limit} characters at most")
    return found


def _line(
    wanted: LineData, sites: Mapping[str, Site], numbers: NumberNormaliser, faults: Faults
) -> LineData:
    site = sites.get(wanted.site_id)
    if site is None:
        faults.add("site", "site_unknown", "There is no such site")
        return wanted
    number = _number(wanted.number, site, numbers, faults)
    device = _word("device_id", wanted.device_id.strip() or number, MAX_DEVICE, faults)
    password = wanted.auth_password
    if password is not None and (len(password) > MAX_PASSWORD or not password.isprintable()):
        faults.add("auth_password", "auth_password_invalid", "This cannot be a password of a PBX")
    mailbox = (wanted.mailbox_number or "").strip()
    return replace(
        wanted,
        number=number,
        desk_number=_digits("desk_number", wanted.desk_number, faults),
        device_id=device,
        mailbox_number=_digits("mailbox_number", mailbox, faults) or None,
        auth_user=_word("auth_user", wanted.auth_user.strip() or device, MAX_AUTH_USER, faults),
    )


def _number(text: str, site: Site, numbers: NumberNormaliser, faults: Faults) -> str:
    """The extension's digits, or ``+`` and the whole number where the site has none."""
    if not text.strip():
        faults.add("number", "number_missing", "There is no number")
        return ""
    try:
        found = "" if _LETTER.search(text) else numbers.normalise(text, profile_of(site)).canonical
    except Problem:
        found = ""
    if not _DIGITS.fullmatch(found) or not _of_site(text, found, site):
        faults.add("number", "number_invalid", f"{text.strip()[:40]!r} is not a number of the site")
        return ""
    return found


def _of_site(text: str, found: str, site: Site) -> bool:
    """An extension of its ranges, or a number that was written as one of the outside world."""
    if found.startswith("+"):
        return clean(text).startswith(("+", "0"))
    return in_ranges(found, site)


def in_ranges(digits: str, site: Site) -> bool:
    """A site that names no ranges has every number."""
    ranges = site.extension_ranges
    return not ranges or any(
        len(digits) == len(first) and first <= digits <= last for first, last in ranges
    )


def _digits(field: str, text: str, faults: Faults) -> str:
    if not text.strip():
        return ""
    try:
        found = "" if _LETTER.search(text) else clean(text)
    except Problem:
        found = ""
    if not _DIGITS.fullmatch(found):
        faults.add(field, f"{field}_invalid", f"{text.strip()[:40]!r} is not a number")
        return ""
    return found


def _word(field: str, text: str, limit: int, faults: Faults) -> str:
    """A name at the PBX: it goes into SIP messages (RFC 3261 25.1) as it is."""
    if len(text) > limit or not re.fullmatch(r"[A-Za-z0-9+_.\-@]*", text):
        faults.add(field, f"{field}_invalid", f"Letters, digits and + _ . - @, {limit} at most")
        return ""
    return text


def profile_of(site: Site) -> SiteProfile:
    return SiteProfile(
        tenant_id=site.tenant_id,
        site_id=site.id,
        profile=site.profile,
        country=site.country,
        area_code=site.area_code,
        extension_digits=site.extension_digits,
        codecs=tuple(site.codecs.split(",")),
        extension_ranges=tuple((first, last) for first, last in site.extension_ranges),
        number_block=site.number_block,
    )
