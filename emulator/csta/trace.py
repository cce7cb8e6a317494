"""What crossed CSTA links, for the ladder on the console."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from protocols.csta.codec import Style, encode
from protocols.csta.errors import LocalError
from protocols.csta.message import Message, UnknownMessage


@dataclass(frozen=True, slots=True)
class CstaEntry:
    """``call_ids``: the calls that a message names, as they are written."""

    time: float
    direction: str
    peer: str
    invoke_id: int
    name: str
    call_ids: frozenset[str]
    text: str


class CstaTrace:
    """``on_entry`` hears of every message; nothing is kept here."""

    def __init__(self) -> None:
        self.on_entry: Callable[[CstaEntry], None] | None = None

    def note(
        self,
        direction: str,
        peer: str,
        invoke_id: int,
        message: Message | UnknownMessage,
        style: Style,
    ) -> None:
        if self.on_entry is None:
            return
        name, text = getattr(message, "wire_name", type(message).__name__), ""
        if isinstance(message, UnknownMessage):
            name = message.name
        else:
            try:
                text = encode(message, style).decode()
            except LocalError:
                text = repr(message)
        found = frozenset(_call_ids(message))
        self.on_entry(CstaEntry(time.time(), direction, peer, invoke_id, name, found, text))


def _call_ids(value: object) -> list[str]:
    """Every call id anywhere in a message."""
    if isinstance(value, tuple):
        return [found for item in value for found in _call_ids(item)]
    own = getattr(value, "call_id", None)
    if isinstance(own, str):
        return [own] if own else []
    fields = getattr(type(value), "__dataclass_fields__", {})
    return [found for name in fields for found in _call_ids(getattr(value, name))]
