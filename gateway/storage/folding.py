"""How names and addresses are compared: without case, accents or the spelling of umlauts."""

from __future__ import annotations

import hashlib
import re
import unicodedata

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


def email_hash(email: str) -> bytes:
    """The key of the sign-in index: it tells the tenant without holding addresses."""
    return hashlib.sha256(email.strip().casefold().encode()).digest()


def masked(email: str) -> str:
    """``a***@example.com``: enough for its owner, too little for others."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}"
