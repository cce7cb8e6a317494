"""How names and addresses are compared: without case, accents or the spelling of umlauts."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})
# Letters that no decomposition reduces to a base letter.
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")
MAX_TERMS = 6


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def search_name(name: str) -> str:
    """``Müller`` becomes `` muller mueller``: each word, in each spelling, after a space."""
    words: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", name).casefold()):
        # casefold has made ß into ss already
        spellings = dict.fromkeys((_plain(word), _plain(word.translate(_GERMAN))))
        words.extend(spellings)
    return "".join(f" {word}" for word in words)[:200]


def query_terms(text: str) -> list[str]:
    """The words of a query, folded like names; each must begin some word of a name."""
    folded = _plain(unicodedata.normalize("NFC", text).casefold())
    return _WORD.findall(folded)[:MAX_TERMS]


def query_digits(text: str) -> str | None:
    """The digits of a query that looks like a number."""
    compact = re.sub(r"[\s()/.-]", "", text)
    return compact if re.fullmatch(r"\+?\d{1,20}", compact) else None


def address_of(text: str, *, ascii_local: bool = False) -> str:
    """An e-mail address in the form that is stored: composed (NFC), its domain readable.

    ``ascii_local``: mail servers that take other letters before the @ are rare. Raises
    :class:`email_validator.EmailNotValidError`.
    """
    return validate_email(
        text.strip(),
        check_deliverability=False,
        allow_smtputf8=not ascii_local,
        test_environment=True,
        strict=True,
    ).normalized


def one_form(email: str) -> str:
    """The same for every spelling of one address (NFD, ``xn--``), and for what is none itself."""
    if email.isascii() and "xn--" not in email.lower():
        return email.strip()
    try:
        return address_of(email)
    except EmailNotValidError:
        return email.strip()


def same_address(one: str, other: str) -> bool:
    """Stricter than the index, to which ß and ss are one: those are two domains."""
    return one_form(one).lower() == one_form(other).lower()


def email_hash(email: str) -> bytes:
    """The key of the sign-in index: it tells the tenant without holding addresses."""
    return hashlib.sha256(one_form(email).casefold().encode()).digest()


def domain_of(email: str) -> str:
    """As it is looked up (RFC 5891 section 4): domains have no case. "" if it cannot be one."""
    domain = email.strip().rpartition("@")[2].rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        found = validate_email(
            f"x@{domain}", check_deliverability=False, test_environment=True
        ).ascii_domain
    except EmailNotValidError:
        return ""
    return found or ""


def masked(email: str) -> str:
    """``a***@example.com``: enough for its owner, too little for others."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}"
