"""What is wrong with a configuration, for the person who wrote it."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Sequence
from typing import get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from settings.model import DELIMITER, Settings


def faults(kind: type[Settings], error: ValueError) -> list[str]:
    """One line per fault: the key or the variable, what is allowed, and the value unless it may be
    a secret."""
    prefix = kind.model_config.get("env_prefix", "")
    if isinstance(error, ValidationError):
        return [_line(kind, row, prefix) for row in error.errors(include_url=False)]
    if isinstance(error, SettingsError):
        return [f"{error} (variables are named {prefix}<TABLE>__<KEY>; a list is JSON)"]
    if isinstance(error, tomllib.TOMLDecodeError):
        return [f"this is no TOML: {error}"]
    return [str(error)]


def _line(kind: type[BaseModel], row: ErrorDetails, prefix: str) -> str:
    path = row["loc"]
    key = _variable(prefix, path) or ".".join(str(part) for part in path) or "(as a whole)"
    if row["type"] == "extra_forbidden":
        return f"{key}: there is no such key. {_known(kind, path)}"
    if row["type"] == "missing":
        return f"{key}: required, but not set{_meaning(kind, path)}"
    message = row["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    value = row["input"]
    whole_table = not isinstance(value, str | int | float | bool)  # may hold a secret
    if whole_table or _is_secret(kind, path) or repr(value) in message:
        return f"{key}: {message}"
    return f"{key}: {message} (given: {value!r:.120})"


def _variable(prefix: str, path: Sequence[int | str]) -> str:
    """The variable that set ``path``, if one did: it won over the file."""
    wanted = (prefix + DELIMITER.join(str(part) for part in path)).upper()
    names = [name for name in os.environ if name.upper() == wanted]
    return f"environment variable {names[0]}" if names else ""


def _known(kind: type[BaseModel], path: Sequence[int | str]) -> str:
    keys = _table(kind, path).model_fields
    wrong = str(path[-1]).partition(DELIMITER)[0]  # an unknown variable comes as a whole
    near = difflib.get_close_matches(wrong, keys, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(keys)}"


def _meaning(kind: type[BaseModel], path: Sequence[int | str]) -> str:
    field = _table(kind, path).model_fields.get(str(path[-1]))
    return f" ({field.description})" if field is not None and field.description else ""


def _table(kind: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel]:
    """The model that the last part of ``path`` is a key of."""
    for part in path[:-1]:
        kind = next(_tables(kind, part), kind)
    return kind


def _is_secret(kind: type[BaseModel], path: Sequence[int | str]) -> bool:
    table = kind
    for part in path:
        field = table.model_fields.get(str(part))
        if field is not None and SecretStr in _types(field.annotation):
            return True
        table = next(_tables(table, part), table)
    return False


def _tables(table: type[BaseModel], key: int | str) -> Iterator[type[BaseModel]]:
    """The model that ``key`` of ``table`` holds, alone or in a list."""
    field = table.model_fields.get(str(key))
    if field is not None:
        for each in _types(field.annotation):
            if isinstance(each, type) and issubclass(each, BaseModel):
                yield each


def _types(annotation: object) -> Iterator[object]:
    """A type and all that it is made of: of ``tuple[X, ...] | None`` also ``X``."""
    yield annotation
    for part in get_args(annotation):
        yield from _types(part)
