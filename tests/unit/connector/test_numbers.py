"""Between canonical numbers and what the PBX dials and shows (pure)."""

from __future__ import annotations

import pytest

from connector.profiles import PROFILES
from connector.profiles.numbers import NumberPlan

PLAN = NumberPlan(
    exit_code="0",
    country_code="49",
    area_code="89",
    trunk_number="8972200",
    extension_digits=4,
)


@pytest.mark.parametrize(
    ("canonical", "dialled"),
    [
        ("110", "110"),
        ("112", "112"),  # emergency: nothing before it
        ("1234", "1234"),
        ("*21#", "*21#"),
        ("#31#", "#31#"),
        ("+4989123456", "0089123456"),
        ("+49 30 / 123-456", "0030123456"),
        ("+4312345", "0004312345"),
        ("+49897220042", "42"),  # our own trunk: the bare extension
        ("+498972200", "008972200"),  # the trunk itself is no extension
    ],
)
def test_to_pbx(canonical: str, dialled: str) -> None:
    assert PLAN.to_pbx(canonical) == dialled


@pytest.mark.parametrize(
    ("shown", "canonical"),
    [
        ("110", "110"),
        ("4711", "4711"),
        ("0089123456", "+4989123456"),  # with exit code
        ("0123456", "+4989123456"),  # exit code and local number
        ("0004312345", "+4312345"),
        ("+4312345", "+4312345"),
        ("123456", "+4989123456"),  # local number
        ("+49897220042", "42"),
        ("0089722004711", "4711"),
        ("*21#", "*21#"),
        ("anna", "anna"),
        ("", ""),
    ],
)
def test_to_canonical(shown: str, canonical: str) -> None:
    assert PLAN.to_canonical(shown) == canonical


def test_a_pbx_that_shows_numbers_as_the_network_does() -> None:
    plan = NumberPlan(country_code="49", area_code="89", shows_exit_code=False)
    assert plan.to_canonical("089123456") == "+4989123456"
    assert plan.to_canonical("004312345") == "+4312345"


@pytest.mark.parametrize(
    "canonical", ["110", "112", "4711", "+4989123456", "+43123456", "+12015550123", "42"]
)
def test_there_and_back(canonical: str) -> None:
    for plan in (PLAN, NumberPlan(exit_code="", country_code="49", e164=True)):
        assert plan.to_canonical(plan.to_pbx(canonical)) == canonical


def test_a_platform_that_takes_e164() -> None:
    plan = PROFILES["voice"].numbers
    assert plan.to_pbx("+4989123456") == "+4989123456"
    assert plan.to_canonical("+4989123456") == "+4989123456"


def test_without_knowledge_of_the_country_nothing_is_guessed() -> None:
    plan = NumberPlan(exit_code="0")
    assert plan.to_canonical("0089123456") == "0089123456"
    assert plan.to_canonical("00089123456") == "+89123456"
    assert plan.to_pbx("+4989123") == "0004989123"
