"""Letters: whole in seven languages, and nothing of a value gets out of its place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gateway.mail import letters

TEXTS = Path(letters.__file__).parent / "texts"
VALUES = {
    "name": "Anna König",
    "invited_by": "Berta",
    "days": 7,
    "minutes": 60,
    "at": "2026-11-22T11:05:58.123456Z",
    "client_ip": "192.0.2.7",
    "new_email": "new@example.test",
    "site": "Head office",
    "down_minutes": 12,
    "since": "2026-11-22T11:05:58Z",
    "reason": "unpaid",
    "domain": "example.test",
    "record": "_offhook-challenge.example.test TXT offhook-domain=1",
    "title": "Maintenance",
    "text": "Tonight.\nAt nine.",
    "release": "0.2",
    "starts_at": "2026-11-22T21:00:00+00:00",
    "ends_at": "2026-11-22T22:30:00+00:00",
    "tested": "Head office (V3)",
    "expected": "Branch",
    "unsupported": "Harbour (V1)",
    "unknown": "Depot",
    "by": "Carla",
    "webhook": "Ticket system",
    "problem": "The server answers 500",
}


def made(template: str, language: str = "en", **values: object) -> letters.Letter:
    return letters.render(
        template,
        language,
        VALUES | values,
        tenant="Example GmbH",
        support="help@example.test",
        public_url="https://phone.example.test",
        secret="T0KEN",
    )


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\{\{ (\w+) \}\}", text))


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_every_language_has_every_letter_with_the_same_values(language: str) -> None:
    english = json.loads((TEXTS / "en.json").read_text())
    other = json.loads((TEXTS / f"{language}.json").read_text())
    assert set(other["letters"]) == set(english["letters"]) == letters.TEMPLATES
    for key in ("greeting", "footer", "support"):
        assert names_in(other[key]) == names_in(english[key]), key
    for template, words in english["letters"].items():
        theirs = other["letters"][template]
        assert set(theirs) == set(words), template
        assert names_in(" ".join(theirs["lines"])) == names_in(" ".join(words["lines"])), template
        assert names_in(theirs["subject"]) == names_in(words["subject"]), template
        if language != "en":
            assert theirs["lines"] != words["lines"], template


@pytest.mark.parametrize("template", sorted(letters.TEMPLATES))
@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_every_letter_can_be_made(template: str, language: str) -> None:
    letter = made(template, language)
    assert letter.subject and "{{" not in letter.text + letter.html + letter.subject
    assert f'<html lang="{language}">' in letter.html
    if template in letters.LINKS:
        link = "https://phone.example.test" + letters.LINKS[template].format(secret="T0KEN")
        assert link in letter.text and f'href="{link}"' in letter.html


def test_the_secret_is_in_a_fragment_or_in_the_words_and_never_in_the_subject() -> None:
    for template in letters.TEMPLATES:
        letter = made(template)
        assert "T0KEN" not in letter.subject
        before_fragment = re.findall(r"https://[^#\s\"]*", letter.text + letter.html)
        assert not any("T0KEN" in link for link in before_fragment), template
    assert "T0KEN" in made("email_change_code").text


def test_markup_in_a_name_stays_words() -> None:
    letter = made("invitation", invited_by='<script>alert(1)</script><a href="https://evil.test">')
    assert "<script" not in letter.html and 'href="https://evil.test"' not in letter.html
    assert "&lt;script&gt;" in letter.html


HOSTILE = '"><img src=x onerror=alert(1)><a href="javascript:alert(1)">{{ 7 * 7 }}\r\nBcc: x@y.test'


@pytest.mark.parametrize("template", sorted(letters.TEMPLATES))
def test_markup_in_any_value_of_any_letter_stays_words(template: str) -> None:
    """Names of people, companies, sites and webhooks, words of a reason: all but the link."""
    hostile = {name: HOSTILE for name, value in VALUES.items() if not is_counted(name, value)}
    letter = letters.render(
        template,
        "en",
        VALUES | hostile,
        tenant=HOSTILE,
        support="help@example.test",
        public_url="https://phone.example.test",
        secret="T0KEN",
    )
    assert tags_of(letter) <= tags_of(made(template)), "no other tag, no other attribute"
    assert "49" not in letter.subject and "\n" not in letter.subject and "\r" not in letter.subject


def tags_of(letter: letters.Letter) -> set[str]:
    return set(re.findall(r"<[^>]*>", letter.html))


def is_counted(name: str, value: object) -> bool:
    return isinstance(value, int) or name in ("at", "since", "new_email")


def test_a_template_in_a_value_is_not_run() -> None:
    assert "{{ secret }}" in made("invitation", invited_by="{{ secret }}").text


def test_line_breaks_in_a_value_are_gone() -> None:
    letter = made("announcement", title="Hello\r\nBcc: all@example.test\u2028x")
    assert letter.subject == "Hello Bcc: all@example.test x"
    letter = made("invitation", invited_by="Berta\n\nYour password has expired: https://evil.test")
    assert "Berta Your password" in letter.text


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_a_notice_says_release_hours_and_verdict_and_nothing_of_what_is_not_known(
    language: str,
) -> None:
    names = ("release", "starts_at", "ends_at", "tested", "expected", "unsupported", "unknown")
    letter = made("announcement", language)
    for said in ("0.2", "2026-11-22 21:00 UTC", "22:30 UTC", "Head office (V3)", "Branch"):
        assert said in letter.text and said in letter.html
    assert "Harbour (V1)" in letter.text and "Depot" in letter.text
    bare = made("announcement", language, **dict.fromkeys(names, ""))
    assert len(bare.text.split("\n\n")) == len(letter.text.split("\n\n")) - 6
    begins = made("announcement", language, **dict.fromkeys(names[2:], ""))
    assert "21:00 UTC" in begins.text and "22:30" not in begins.text


def test_times_say_their_zone() -> None:
    assert "2026-11-22 11:05 UTC" in made("password_changed").text


def test_languages_fall_back() -> None:
    assert letters.language_of("de-AT", "fr") == "de"
    assert letters.language_of("xx", "fr") == "fr"
    assert letters.language_of("", "") == "en"


def test_a_missing_value_is_the_callers_fault() -> None:
    with pytest.raises(letters.LetterError, match="minutes"):
        letters.check("password_reset", {"name": "Anna"})
    with pytest.raises(letters.LetterError, match="no letter"):
        letters.check("unheard_of", {})
