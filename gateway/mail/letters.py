"""From a template and its values to a subject, a text and a page, in the reader's language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, meta

_HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "ca")
#: Where the button of a letter leads; ``{secret}`` never goes to a server's log: it is a fragment.
LINKS = {
    "invitation": "/welcome#token={secret}",
    "admin_invitation": "/welcome#token={secret}",
    "password_reset": "/reset#token={secret}",
    "password_changed": "/",
    "second_factor_added": "/",
    "second_factor_removed": "/",
    "second_factor_reset": "/",
    "connector_down": "/admin/",
    "connector_up": "/admin/",
    "webhook_stopped": "/admin/#/webhooks",
    "domain_missing": "/admin/",
    "domain_lost": "/admin/",
    "announcement": "/",
    "export_ready": "/admin/",
}
TEMPLATES = frozenset({*LINKS, "email_change_code", "email_changed", "tenant_suspended"})
_MOST = 200
_MOST_TEXT = 4000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]+")

# The same words twice: escaped for the page, as they are for the text. What reads HTML never gets
# the second.
_ESCAPED = Environment(autoescape=True, undefined=StrictUndefined)
_PLAIN = Environment(autoescape=False, undefined=StrictUndefined)  # noqa: S701
# Read at the start: the loop must not wait for files later.
_PAGE = _ESCAPED.from_string((_HERE / "letter.html").read_text("utf-8"))
_TEXTS: dict[str, dict[str, Any]] = {
    language: json.loads((_HERE / "texts" / f"{language}.json").read_text("utf-8"))
    for language in LANGUAGES
}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class LetterError(ValueError):
    """No such template, or a value is missing: a fault of the caller."""


def language_of(*wanted: str) -> str:
    """The first that there are texts for: ``de-AT`` is ``de``."""
    for item in wanted:
        base = item.lower().replace("_", "-").partition("-")[0]
        if base in LANGUAGES:
            return base
    return "en"


@cache
def needs(template: str) -> frozenset[str]:
    """The values that a template asks for, without those that every letter has."""
    if template not in TEMPLATES:
        raise LetterError(f"there is no letter {template!r}")
    words = _TEXTS["en"]["letters"][template]
    source = "\n".join([words["subject"], *words["lines"]])
    named = meta.find_undeclared_variables(_PLAIN.parse(source))
    return frozenset(named - {"tenant", "secret"})


def check(template: str, values: Mapping[str, Any]) -> None:
    missing = needs(template) - set(values)
    if missing:
        raise LetterError(f"letter {template!r} lacks {', '.join(sorted(missing))}")


def render(
    template: str,
    language: str,
    values: Mapping[str, Any],
    *,
    tenant: str,
    support: str = "",
    public_url: str = "",
    secret: str = "",
) -> Letter:
    """``values`` come from people: one line each, but for an announcement's ``text``."""
    check(template, values)
    texts = _TEXTS[language_of(language)]
    words = texts["letters"][template]
    known = {name: _clean(name, value) for name, value in values.items()}
    known |= {"tenant": _clean("tenant", tenant), "secret": secret}

    def said(source: str) -> str:
        return _PLAIN.from_string(source).render(known)

    subject = _clean("subject", said(words["subject"]))
    lines = [said(line) for line in words["lines"]]
    greeting = said(texts["greeting"]) if known.get("name") else ""
    footer = said(texts["footer"])
    asks = _PLAIN.from_string(texts["support"]).render(support=_clean("support", support))
    link = public_url + LINKS[template].format(secret=secret) if "button" in words else ""
    button = words.get("button", "")
    html = _PAGE.render(
        language=language_of(language),
        subject=subject,
        greeting=greeting,
        lines=[line for line in lines if line.strip()],
        button=button,
        link=link,
        footer=footer,
        support=asks if support else "",
    )
    parts = [greeting, *lines, f"{button}:\n{link}" if button else ""]
    parts += ["-- \n" + footer + (f" {asks}" if support else "")]
    text = "\n\n".join(part for part in parts if part.strip()) + "\n"
    return Letter(subject, text, html)


def _clean(name: str, value: Any) -> str:
    """One line without control characters: nothing of a value can become a header or a paragraph
    of its own."""
    if name == "text":
        return _CONTROL_BUT_LINES.sub(" ", str(value))[:_MOST_TEXT].strip()
    return _CONTROL.sub(" ", _moment(value))[:_MOST].strip()


def _moment(value: Any) -> str:
    """Times are written the same way in every language, and say their zone."""
    text = str(value)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", text):
        return text
    at = datetime.fromisoformat(text).astimezone(UTC)
    return at.strftime("%Y-%m-%d %H:%M UTC")
