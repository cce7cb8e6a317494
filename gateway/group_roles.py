"""From the groups that a provider names to a role here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_MAX_GROUPS = 2000
#: The highest first. An operator is made by operators alone, never by a tenant's provider.
ASSIGNABLE = ("admin", "help_desk", "user")


def groups_of(claims: Mapping[str, Any], claim: str) -> list[str] | None:
    """A list of names, or one name; ``realm_access.roles`` looks into an object.

    ``None``: nothing is said. Providers leave the claim out where there are too many groups, and a
    mistyped one is never there: that somebody has no groups is said by an empty list alone.
    """
    found: Any = claims.get(claim)
    if found is None and "." in claim:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list):
        return None
    return [item for item in found[:_MAX_GROUPS] if isinstance(item, str)]


def role_of(groups: Iterable[str] | None, mapping: Mapping[str, str]) -> str | None:
    """The highest one mapped, ``user`` if none is.

    ``None``: the role stays as it is, for nothing is mapped or nothing is said of groups.
    """
    if not mapping or groups is None:
        return None
    # Group names of directories (and their DNs) differ in case alone at times.
    folded = {name.casefold(): role for name, role in mapping.items()}
    held = {folded.get(group.casefold()) for group in groups}
    return next((role for role in ASSIGNABLE if role in held), "user")
