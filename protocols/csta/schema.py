"""How a typed message stands in XML, read off the dataclass itself.

A field's element is its name in camel case (`monitor_cross_ref_id` is `monitorCrossRefID`) unless
`At` says otherwise; its type says how it is written. Fields are written in the order of the class,
except those that ECMA-323 puts at the end of every message. Reading is lenient: order, unknown
elements and repeated elements do not matter, optional values without sense count as absent.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeVar, Union, dataclass_transform, get_args, get_origin
from typing import get_type_hints as hints_of

from protocols.csta.errors import LocalError, ParseError
from protocols.csta.ids import Device, DeviceStatus
from protocols.csta.tree import Node

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def wire(cls: type[T]) -> type[T]:
    """A message, or a structure inside one: frozen, keyword arguments only."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@dataclass(frozen=True, slots=True)
class At:
    """Where a field stands, names from the parent down with "/" between; `also` is read too."""

    path: str
    also: tuple[str, ...] = ()


#: Elements that close a message, whatever stands before them (ECMA-323 event and response types).
_TRAILER = (
    "localConnectionInfo",
    "correlatorData",
    "cause",
    "servicesPermitted",
    "networkCallingDevice",
    "networkCalledDevice",
    "extensions",
)


class _Unreadable(ValueError):
    """An element whose content fits its type in no way."""


@dataclass(frozen=True, slots=True)
class _Codec:
    read: Callable[[Node], object]
    write: Callable[[str, Any], Node]


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    containers: tuple[str, ...]
    leaf: str
    also: tuple[str, ...]
    codec: _Codec
    many: bool
    required: bool


def read_struct(cls: type[T], node: Node) -> T:
    """Build `cls` from an element; raises ParseError when something it cannot do without lacks."""
    values: dict[str, object] = {}
    for field in _plan(cls):
        parent: Node | None = node
        for container in field.containers:
            parent = parent.child(container) if parent is not None else None
        found = _matching(parent, field) if parent is not None else []
        if field.many:
            if parent is not None:
                values[field.name] = tuple(_read_all(found, field))
        elif found:
            _read_one(found[0], field, node.name, values)
        elif field.required:
            raise ParseError(f"{field.leaf} is missing", node.name)
    return cls(**values)


def _read_one(node: Node, field: _Field, message: str, values: dict[str, object]) -> None:
    try:
        values[field.name] = field.codec.read(node)
    except (_Unreadable, ParseError) as error:
        if field.required:
            raise ParseError(f"{field.leaf}: {error}", message) from None


def _matching(parent: Node, field: _Field) -> list[Node]:
    found = [child for child in parent.children if child.name == field.leaf]
    if not found and field.also:
        found = [child for child in parent.children if child.name in field.also]
    return found


def _read_all(nodes: list[Node], field: _Field) -> list[object]:
    values = []
    for node in nodes:
        try:
            values.append(field.codec.read(node))
        except (_Unreadable, ParseError):
            continue  # one bad item of a list must not hide the others
    return values


def write_struct(value: object, name: str) -> Node:
    """The element `name` for a typed value."""
    draft = _Draft(name)
    for field in _plan(type(value)):
        content = getattr(value, field.name)
        if content is None:
            continue
        parent = draft.inside(field.containers)
        for item in content if field.many else (content,):
            parent.items.append(field.codec.write(field.leaf, item))
    return draft.node()


class _Draft:
    """An element being filled: fields that share containers share the element."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.items: list[Node | _Draft] = []

    def inside(self, names: tuple[str, ...]) -> _Draft:
        place = self
        for name in names:
            last = place.items[-1] if place.items else None
            if not isinstance(last, _Draft) or last.name != name:
                last = _Draft(name)
                place.items.append(last)
            place = last
        return place

    def node(self) -> Node:
        children = (item.node() if isinstance(item, _Draft) else item for item in self.items)
        return Node(self.name, children=tuple(children))


_PLANS: dict[type[Any], tuple[_Field, ...]] = {}


def _plan(cls: type[Any]) -> tuple[_Field, ...]:
    if cls not in _PLANS:
        _PLANS[cls] = _made_plan(cls)
    return _PLANS[cls]


def _made_plan(cls: type[Any]) -> tuple[_Field, ...]:
    hints = hints_of(cls, include_extras=True)
    plan = [
        _field(item.name, hints[item.name], _needed(item))
        for item in fields(cls)
        if not item.name.startswith("_")
    ]
    return tuple(sorted(plan, key=_position))


def _needed(item: Any) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _position(field: _Field) -> int:
    first = (*field.containers, field.leaf)[0]
    return _TRAILER.index(first) if first in _TRAILER else -1


def _field(name: str, hint: Any, required: bool) -> _Field:
    at = At(_camel(name))
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        at = next((note for note in notes if isinstance(note, At)), at)
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not types.NoneType)
    many = get_origin(hint) is tuple
    if many:
        hint = get_args(hint)[0]
    *containers, leaf = at.path.split("/")
    return _Field(name, tuple(containers), leaf, at.also, _codec(hint), many, required and not many)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(_CAPITALS.get(word, word.capitalize()) for word in rest)


_CAPITALS = {"id": "ID", "dn": "DN"}


def _codec(hint: Any) -> _Codec:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint)
    if isinstance(hint, type) and issubclass(hint, Device):
        return _device(hint)
    if get_origin(hint) is frozenset:
        return _Codec(_read_names, _write_names)
    if is_dataclass(hint) and isinstance(hint, type):
        kind: type[Any] = hint
        return _Codec(lambda node: read_struct(kind, node), lambda n, v: write_struct(v, n))
    raise LocalError(f"no XML form for {hint!r}")


def _read_flag(node: Node) -> bool:
    if node.text in ("true", "1"):
        return True
    if node.text in ("false", "0"):
        return False
    raise _Unreadable(f"{node.text[:20]!r} is neither true nor false")


def _read_number(node: Node) -> int:
    if not (node.text.isascii() and node.text.isdigit() and len(node.text) <= 9):
        raise _Unreadable(f"{node.text[:20]!r} is no number")
    return int(node.text)


def _read_names(node: Node) -> frozenset[str]:
    """A list of permissions: an empty element says yes, as `true` does (OpenScape clients)."""
    return frozenset(child.name for child in node.children if child.text in ("", "true", "1"))


def _write_names(name: str, value: frozenset[str]) -> Node:
    return Node(name, children=tuple(Node(item, "true") for item in sorted(value)))


def _choice(kind: type[StrEnum]) -> _Codec:
    def read(node: Node) -> StrEnum:
        try:
            return kind(node.text)
        except ValueError:
            raise _Unreadable(f"{node.text[:40]!r} is not known") from None

    return _Codec(read, lambda name, value: Node(name, value.value))


def _device(kind: type[Device]) -> _Codec:
    """A choice: the identifier in an element of its own, or an empty element that says why not.

    Reading takes the identifier from any of the elements that hold one, or straight from the text.
    """

    def read(node: Node) -> Device:
        for child in node.children:
            if child.name in _IDENTIFIERS:
                return kind(child.text)
            if child.name in _REASONS:
                return kind(status=DeviceStatus(child.name))
        return kind(node.text) if node.text else kind(status=DeviceStatus.NOT_KNOWN)

    def write(name: str, value: Device) -> Node:
        if value.status is DeviceStatus.IDENTIFIED:
            return Node(name, children=(Node(kind.element, value.identifier),))
        return Node(name, children=(Node(value.status.value),))

    return _Codec(read, write)


_IDENTIFIERS = frozenset(("deviceIdentifier", "numberDialed", "deviceID", "endpoint"))
_REASONS = frozenset(status.value for status in DeviceStatus) - {"deviceIdentifier"}

_SIMPLE: dict[Any, _Codec] = {
    str: _Codec(lambda node: node.text, lambda name, value: Node(name, value)),
    bool: _Codec(_read_flag, lambda name, value: Node(name, "true" if value else "false")),
    int: _Codec(_read_number, lambda name, value: Node(name, str(value))),
}
