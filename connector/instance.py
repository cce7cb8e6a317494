"""The id of this installation, the ``+sip.instance`` of its flows (RFC 5626 section 4.1)."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


class InstanceFileError(RuntimeError):
    """The file exists but does not hold a UUID; refusing beats becoming a second installation."""


def load_or_create(path: Path) -> str:
    """The UUID kept in ``path``, made at first start. It must survive restarts and upgrades."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _create(path)
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise InstanceFileError(f"{path} does not hold a UUID") from None


def _create(path: Path) -> str:
    value = str(uuid.uuid4())
    path.parent.mkdir(parents=True, exist_ok=True)
    # exclusive and atomic: a half-written id would lock the site out after a power cut
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with temporary.open("x", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return value
