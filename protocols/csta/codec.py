"""Bytes to typed messages and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import ModuleType
from typing import TypeAlias

from protocols.csta.errors import LocalError, ParseError
from protocols.csta.events import call, device
from protocols.csta.ids import DeviceStatus
from protocols.csta.limits import DEFAULT_LIMITS, Limits
from protocols.csta.message import ErrorResponse, Event, Message, Request, Response, UnknownMessage
from protocols.csta.schema import read_struct, write_struct
from protocols.csta.services import call_control, features, monitoring, system
from protocols.csta.tags import is_short, to_standard, to_wire
from protocols.csta.tree import Node, read_document, write_document
from protocols.csta.values import ErrorCategory

#: ECMA-323 editions by number. Edition 2 stood on another host.
EDITIONS: dict[int, str] = {
    2: "http://www.ecma.ch/standards/ecma-323/csta/ed2",
    **{n: f"http://www.ecma-international.org/standards/ecma-323/csta/ed{n}" for n in (3, 4, 5, 6)},
}
_SCX = "http://www.siemens.com/schema/csta"


@dataclass(frozen=True, slots=True)
class Style:
    """How to write. `spellings` names tags that a platform writes otherwise than the standard;
    `left_out_empty` those that it leaves out when they have no content; `plain_devices` writes a
    device's identifier straight into the device's element."""

    namespace: str = EDITIONS[4]
    short: bool = False
    spellings: tuple[tuple[str, str], ...] = ()
    left_out_empty: frozenset[str] = frozenset()
    plain_devices: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """A message and how its sender wrote it, so that an answer can be written alike."""

    message: Message | UnknownMessage
    namespace: str
    short: bool

    def style(self, style: Style) -> Style:
        """`style` in the edition and tags of this sender."""
        return replace(style, namespace=self.namespace, short=self.short)


MessageType: TypeAlias = type[Message]


def _messages(*modules: ModuleType) -> dict[str, MessageType]:
    return {
        name: item
        for module in modules
        for name, item in vars(module).items()
        if isinstance(item, type)
        and issubclass(item, Request | Response | Event)
        and item.__module__ == module.__name__
    }


_TYPES = _messages(call_control, features, monitoring, system, call, device)
_CATEGORIES = {category.value: category for category in ErrorCategory}


def message_types() -> dict[str, MessageType]:
    """Every message with an element of its own name."""
    return dict(_TYPES)


def response_type(request: Request) -> MessageType:
    return _TYPES[f"{type(request).__name__}Response"]


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Decoded:
    """Read one message; raises ParseError. A root that is none of ours gives UnknownMessage."""
    document = read_document(data, limits)
    short = is_short(document.root)
    return Decoded(_typed(to_standard(document.root)), document.namespace, short)


def _typed(root: Node) -> Message | UnknownMessage:
    if root.name == ErrorResponse.wire_name:
        return _read_error(root)
    if root.name == "InternalServiceError":
        code = root.child("code")
        return ErrorResponse(category=ErrorCategory.INTERNAL, value=code.text if code else "")
    kind = _TYPES.get(root.name)
    return UnknownMessage(name=root.name) if kind is None else read_struct(kind, root)


def encode(message: Message, style: Style) -> bytes:
    """Write one message; raises LocalError for what XML cannot hold."""
    if isinstance(message, ErrorResponse):
        node = _error_node(message)
    elif type(message).__name__ in _TYPES:
        node = write_struct(message, type(message).__name__)
    else:
        raise LocalError(f"{type(message).__name__} is no message")
    node = _without_empty(node, style.left_out_empty)
    if style.plain_devices:
        node = _plain(node)
    wired = to_wire(node, short=style.short, spellings=dict(style.spellings))
    return write_document(
        wired,
        namespace=style.namespace,
        private_parent="private",
        private_namespace=_SCX if style.namespace else "",
        private_prefix="scx",
    )


def _read_error(root: Node) -> ErrorResponse:
    """A category unknown to us is still an error: it must end the request that it answers."""
    if not root.children:
        return ErrorResponse(value=root.text)
    first = root.children[0]
    category = _CATEGORIES.get(first.name)
    if category is None:
        return ErrorResponse(value=f"{first.name}:{first.text}")
    return ErrorResponse(category=category, value=first.text)


def _error_node(error: ErrorResponse) -> Node:
    if error.category is ErrorCategory.INTERNAL:
        return Node("InternalServiceError", children=(Node("code", error.value),))
    return Node(ErrorResponse.wire_name, children=(Node(error.category.value, error.value),))


def _without_empty(node: Node, names: frozenset[str]) -> Node:
    if not names:
        return node
    kept = tuple(
        _without_empty(child, names)
        for child in node.children
        if child.children or child.text or child.name not in names
    )
    return Node(node.name, node.text, kept)


def _plain(node: Node) -> Node:
    if len(node.children) == 1 and node.children[0].name in _DEVICE_CHOICES:
        return Node(node.name, node.children[0].text)
    return Node(node.name, node.text, tuple(_plain(child) for child in node.children))


_DEVICE_CHOICES = frozenset(status.value for status in DeviceStatus)

__all__ = [
    "EDITIONS",
    "Decoded",
    "ParseError",
    "Style",
    "decode",
    "encode",
    "message_types",
    "response_type",
]
