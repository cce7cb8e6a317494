"""What a request does to a group's members, as sets of ids (pure).

The library that reads SCIM makes an object of every member, old ones too: with twenty thousand of
them that takes seconds, each time somebody joins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scim2_models import InvalidValueException

_PATH = re.compile(
    r"(?:urn:ietf:params:scim:schemas:core:2\.0:Group:)?members"
    r"(?:\[\s*value\s+eq\s+\"(?P<id>[^\"\\]*)\"\s*\])?",
    re.IGNORECASE,
)
_OF_MEMBERS = re.compile(
    r"(?:urn:ietf:params:scim:schemas:core:2\.0:Group:)?members\b", re.IGNORECASE
)


class NotPlain(Exception):
    """This says something of members that takes the whole group to know."""


@dataclass(slots=True)
class MemberChange:
    """``whole``: ``added`` are all members there shall be."""

    whole: bool = False
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return self.whole or bool(self.added or self.removed)

    def add(self, ids: set[str]) -> None:
        self.added |= ids
        self.removed -= ids

    def remove(self, ids: set[str]) -> None:
        self.added -= ids
        self.removed |= ids

    def replace(self, ids: set[str]) -> None:
        self.whole, self.added, self.removed = True, ids, set()


def split(operations: Iterable[Any]) -> tuple[MemberChange, list[dict[str, Any]]]:
    """What operations of a PATCH come to for members, and those of them that say more (RFC 7644
    section 3.5.2). Raises :class:`NotPlain`."""
    change, others = MemberChange(), []
    for one in operations:
        rest = _take(change, str(one.op), None if one.path is None else str(one.path), one.value)
        if rest is not None:
            others.append(rest)
    return change, others


def _take(change: MemberChange, op: str, path: str | None, value: Any) -> dict[str, Any] | None:
    """What is left of an operation when that of members is taken out."""
    if path is None:
        if not isinstance(value, Mapping):
            return {"op": op, "value": value}
        rest = {name: said for name, said in value.items() if not _OF_MEMBERS.match(name)}
        for name, said in value.items():
            if name not in rest:
                _apply(change, op, ids_of(said))
        return {"op": op, "value": rest} if rest else None
    found = _PATH.fullmatch(path)
    if found is None:
        if _OF_MEMBERS.match(path):
            raise NotPlain
        said = {} if op == "remove" and value is None else {"value": value}
        return {"op": op, "path": path, **said}
    if found["id"] is not None:
        if op != "remove":
            raise NotPlain
        change.remove({found["id"]})
    elif op == "remove" and value is None:
        change.replace(set())
    else:
        # Entra names whom to remove in the value.
        _apply(change, op, ids_of(value))
    return None


def _apply(change: MemberChange, op: str, ids: set[str]) -> None:
    if op == "add":
        change.add(ids)
    elif op == "remove":
        change.remove(ids)
    else:
        change.replace(ids)


def ids_of(value: Any) -> set[str]:
    """Of one member or a list of them, as JSON or as the library's objects."""
    found = set()
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        said = one.get("value") if isinstance(one, Mapping) else getattr(one, "value", None)
        if not isinstance(said, str) or not said:
            raise InvalidValueException(detail="A member needs a value")
        found.add(said)
    return found
