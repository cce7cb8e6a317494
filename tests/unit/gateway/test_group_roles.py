"""Groups of a provider and the roles that they give."""

from __future__ import annotations

import pytest

from gateway.group_roles import groups_of, role_of

MAPPING = {"Admins": "admin", "cn=Help,dc=x": "help_desk", "Staff": "user"}


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["staff", "ADMINS"], "admin"),
        (["CN=help,DC=x", "Staff"], "help_desk"),
        (["Staff"], "user"),
        (["unknown"], "user"),
        ([], "user"),
    ],
)
def test_the_highest_mapped_role_counts(groups: list[str], role: str) -> None:
    assert role_of(groups, MAPPING) == role


def test_without_a_mapping_roles_are_not_the_provider_s() -> None:
    assert role_of(["Admins"], {}) is None


def test_where_nothing_is_said_of_groups_the_role_stays() -> None:
    assert role_of(None, MAPPING) is None


def test_an_operator_is_never_made() -> None:
    assert role_of(["Root"], {"Root": "operator"}) == "user"


@pytest.mark.parametrize(
    ("claims", "claim", "found"),
    [
        ({"groups": ["a", 7, None, "b"]}, "groups", ["a", "b"]),
        ({"groups": "one"}, "groups", ["one"]),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ["a"]),
        ({"realm_access.roles": ["b"]}, "realm_access.roles", ["b"]),
        ({"groups": []}, "groups", []),
        ({"groups": {"a": 1}}, "groups", None),
        ({"realm_access": "text"}, "realm_access.roles", None),
        ({"_claim_names": {"groups": "src1"}}, "groups", None),
        ({}, "groups", None),
    ],
)
def test_groups_are_read_from_whatever_providers_send(
    claims: dict[str, object], claim: str, found: list[str] | None
) -> None:
    assert groups_of(claims, claim) == found
