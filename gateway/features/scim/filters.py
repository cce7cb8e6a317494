"""The filters that are answered: one attribute equal to one value (RFC 7644 section 3.4.2.2).

Directories ask for somebody by name, by their own id or by address, to find out whether they are
known here. Nothing else is searched for, and saying so is better than reading every user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scim2_models import InvalidFilterException
from scim2_models.path import CompareOperator, Comparison


@dataclass(frozen=True, slots=True)
class Equal:
    attribute: str  # lower case, without its schema
    value: str

    def unusable(self) -> InvalidFilterException:
        return InvalidFilterException(detail=f"{self.attribute} cannot be searched for")


def equal_of(wanted: Any) -> Equal:
    node = wanted.ast
    if not isinstance(node, Comparison) or node.op is not CompareOperator.eq:
        raise InvalidFilterException(detail="Only one comparison with eq is supported")
    path = node.attr_path
    name = path.attr if path.sub_attr is None else f"{path.attr}.{path.sub_attr}"
    if not isinstance(node.value, str):
        raise InvalidFilterException(detail="Only texts can be searched for")
    return Equal(name.lower(), node.value[:254])
