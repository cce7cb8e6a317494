"""Three forms of a number (typed, canonical, for people), as a table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.numbers import NumberRules
from gateway.ports import Numbers, Problem, SiteProfile

MUNICH = SiteProfile("t", "s", "business", "de", "89", 3)
ZURICH = replace(MUNICH, country="ch", area_code="44")
NO_AREA = replace(MUNICH, area_code="")
RULES = NumberRules()
CORPUS = json.loads((Path(__file__).parents[3] / "docs" / "numbers" / "corpus.json").read_text())


@pytest.mark.parametrize(
    ("typed", "site", "canonical", "display"),
    [
        # extensions and what only the PBX knows
        ("101", MUNICH, "101", "101"),
        (" 1 0 1 ", MUNICH, "101", "101"),
        ("9", MUNICH, "9", "9"),
        # star and hash codes pass unchanged
        ("*21*089123456#", MUNICH, "*21*089123456#", "*21*089123456#"),
        ("#0", MUNICH, "#0", "#0"),
        ("**7101", MUNICH, "**7101", "**7101"),
        # emergency and short numbers
        ("112", MUNICH, "112", "112"),
        ("110", MUNICH, "110", "110"),
        ("116117", MUNICH, "116117", "116117"),
        ("117", ZURICH, "117", "117"),
        # international
        ("+49 89 1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("+49 (0) 89 / 1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("0049 89 1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("+1 (212) 555-0123", MUNICH, "+12125550123", "+1 212-555-0123"),
        ("+41 44 668 18 00", ZURICH, "+41446681800", "+41 44 668 18 00"),
        # national and local
        ("089 1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("(089) 1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("030 901820", MUNICH, "+4930901820", "+49 30 901820"),
        ("0151 12345678", MUNICH, "+4915112345678", "+49 1511 2345678"),
        ("044 668 18 00", ZURICH, "+41446681800", "+41 44 668 18 00"),
        ("6681800", ZURICH, "+41446681800", "+41 44 668 18 00"),
        # links and letters
        ("tel:+49-89-1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("TEL:+49.89.1234567;ext=12", MUNICH, "+49891234567", "+49 89 1234567"),
        ("tel:1234567;phone-context=+4989", ZURICH, "+49891234567", "+49 89 1234567"),
        ("tel:101;phone-context=example.test", MUNICH, "101", "101"),
        ("+1 800 FLOWERS", MUNICH, "+18003569377", "+1 800-356-9377"),
        # other digits, invisible signs of copied text
        ("\uff0b\uff14\uff19 \uff18\uff19 1234567", MUNICH, "+49891234567", "+49 89 1234567"),
        ("\u202d+49 89\u00a01234567\u202c", MUNICH, "+49891234567", "+49 89 1234567"),
        ("\u0661\u0660\u0661", MUNICH, "101", "101"),
        ("+49\u201389\u20131234567", MUNICH, "+49891234567", "+49 89 1234567"),
    ],
)
def test_normalise(typed: str, site: SiteProfile, canonical: str, display: str) -> None:
    numbers = RULES.normalise(typed, site)
    assert (numbers.canonical, numbers.display) == (canonical, display)
    assert numbers.dialled and not set(numbers.dialled) - set("+*#0123456789")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "+",
        "tel:",
        "anna@example.test",
        "sip:101@x",
        "++49",
        "49+89",
        "1" * 31,
        "1" * 300,
        "+49",
        "+999 12345",
        "12\r\nINVITE",
        "101\0",
        "101<script>",
        "½",
        "💥",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        RULES.normalise(typed, MUNICH)
    assert (caught.value.status, caught.value.code) == (422, "number_invalid")


def test_without_an_area_code_a_local_number_is_taken_as_national() -> None:
    assert RULES.normalise("030901820", NO_AREA).canonical == "+4930901820"


@pytest.mark.parametrize(
    ("user_part", "numbers"),
    [
        ("+49891234567", Numbers("+49891234567", "+49891234567", "+49 89 1234567")),
        ("101", Numbers("101", "101", "101")),
        ("+4989", Numbers("+4989", "+4989", "+49 89")),
        ("+1", Numbers("+1", "+1", "+1")),
        ("anonymous", Numbers("anonymous", "anonymous", "anonymous")),
        ("+49891234567;ext=1", Numbers("+49891234567", "+49891234567", "+49 89 1234567")),
        ("", Numbers("", "", "")),
    ],
)
def test_from_the_link(user_part: str, numbers: Numbers) -> None:
    assert RULES.from_wire(user_part, MUNICH) == numbers


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_a_problem(text: str) -> None:
    RULES.from_wire(text, MUNICH)
    try:
        numbers = RULES.normalise(text, MUNICH)
    except Problem:
        return
    assert RULES.normalise(numbers.canonical, MUNICH).canonical == numbers.canonical


def of_corpus(name: str) -> SiteProfile:
    said = CORPUS["sites"][name]
    ranges = tuple((first, last) for first, last in said["extension_ranges"])
    return replace(MUNICH, **{**said, "extension_ranges": ranges})


@pytest.mark.parametrize(
    "case", CORPUS["cases"], ids=lambda case: f"{case['site']}: {case['typed']}"
)
def test_the_published_corpus(case: dict[str, str]) -> None:
    site = of_corpus(case["site"])
    numbers = RULES.normalise(case["typed"], site)
    assert numbers.canonical == case["canonical"]
    # What is canonical stays so, typed or from the link.
    assert RULES.normalise(numbers.canonical, site).canonical == numbers.canonical
    assert RULES.from_wire(numbers.canonical, site).canonical == numbers.canonical
