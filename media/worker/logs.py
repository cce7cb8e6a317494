"""A worker's log: JSON lines like those of its parent, without key material.

Nothing here logs a description on purpose, but an exception's text may quote the line it choked on.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

REDACTED = "[redacted]"
_SECRETS = re.compile(r"(\binline:|\bice-pwd:|\bpassword['\"]?\s*[:=]\s*['\"]?)[^\s'\",}]+")


def redact(text: str) -> str:
    """Without SDES keys, ICE passwords and a relay's password."""
    return _SECRETS.sub(r"\1" + REDACTED, text)


class JsonLines(logging.Formatter):
    def __init__(self, worker: int) -> None:
        super().__init__()
        self._worker = worker

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "event": redact(record.getMessage()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "worker": self._worker,
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line)


def install(worker: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(worker))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
