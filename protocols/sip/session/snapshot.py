"""A session as plain data and back, so that another process can go on with the call.

The codec follows the type annotations of the dataclasses; a field added there is carried without
a change here. Credentials are left out: a snapshot may be stored, a password may not.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from functools import lru_cache
from typing import Any

from protocols.sip.message import Request, Response
from protocols.sip.session.state import Session

Plain = dict[str, Any]
VERSION = 1


def to_dict(session: Session) -> Plain:
    """JSON-ready."""
    plain = _encode(dataclasses.replace(session, auth=None))
    return {"version": VERSION, "session": plain}


def from_dict(data: Plain) -> Session:
    """Raises ValueError for what another version wrote."""
    if data.get("version") != VERSION:
        raise ValueError(f"session snapshot of version {data.get('version')!r}")
    session: Session = _decode(Session, data["session"])
    return session


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_encode(item) for item in value)
    if isinstance(value, Request):
        return {
            "method": value.method,
            "uri": value.uri,
            "headers": [list(item) for item in value.headers.items()],
            "body": _encode(value.body),
        }
    if isinstance(value, Response):
        return {
            "status": value.status,
            "reason": value.reason,
            "headers": [list(item) for item in value.headers.items()],
            "body": _encode(value.body),
            "local": value.local,
        }
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _encode(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    return value


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        options = [option for option in typing.get_args(kind) if option is not type(None)]
        return None if value is None else _decode(options[0], value)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value)
    if origin is frozenset:
        return frozenset(value)
    if kind is bytes:
        return value.encode("latin-1")
    if kind is Request:
        headers = [(name, text) for name, text in value["headers"]]
        return Request(value["method"], value["uri"], headers, _decode(bytes, value["body"]))
    if kind is Response:
        headers = [(name, text) for name, text in value["headers"]]
        body = _decode(bytes, value["body"])
        return Response(value["status"], value["reason"], headers, body, local=value["local"])
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _decode(hints[name], item) for name, item in value.items()})
    return value


def _decode_tuple(items: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_decode(items[0], item) for item in value)
    return tuple(_decode(item, entry) for item, entry in zip(items, value, strict=True))
