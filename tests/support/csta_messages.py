"""Any message of ours, made from its type."""

from __future__ import annotations

import types
from dataclasses import fields
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from protocols.csta.codec import message_types
from protocols.csta.ids import ConnectionId, Device, DeviceStatus
from protocols.csta.message import ErrorResponse
from protocols.csta.values import ErrorCategory

#: What an element can hold and give back unchanged: no control characters, no space around it.
TEXT = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=0, max_size=6
)
SERVICES = st.frozensets(
    st.sampled_from(["answerCall", "holdCall", "generateDigits", "zseHo", "parkCall"]), max_size=3
)


def of_hint(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Annotated:
        return of_hint(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        inner = next(arg for arg in get_args(hint) if arg is not types.NoneType)
        return st.none() | of_hint(inner)
    if get_origin(hint) is tuple:
        return st.lists(of_hint(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is frozenset:
        return SERVICES
    if hint is str:
        return TEXT
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(0, 10**6)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if issubclass(hint, Device):
        status = st.sampled_from([s for s in DeviceStatus if s is not DeviceStatus.IDENTIFIED])
        return st.builds(hint, TEXT) | status.map(lambda value: hint(status=value))
    return of_class(hint)


def of_class(kind: type[Any]) -> st.SearchStrategy[Any]:
    if kind is ConnectionId:
        return st.builds(ConnectionId, TEXT, TEXT)
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{item.name: of_hint(hints[item.name]) for item in fields(kind)})


MESSAGES = st.one_of([of_class(kind) for kind in message_types().values()]) | st.builds(
    ErrorResponse, category=st.sampled_from(list(ErrorCategory)), value=TEXT
)
