"""No secret reaches a log: a structlog processor for the end of every chain.

Redaction works on the finished values, wherever they come from: a key in an exception's text is a
leak like one in a field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

REDACTED = "[redacted]"
_SECRET_FIELDS = re.compile(
    r"(authorization|cookie|password|passwd|secret|credential|ice[-_]pwd|token|api[-_]?key)$",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"gwc_[A-Za-z0-9_]+"), "gwc_" + REDACTED),
    # JSON Web Tokens, signed or not.
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), REDACTED),
    # Refresh tokens: a tenant's id, a dot, 43 characters.
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}"), REDACTED),
    (re.compile(r"(?i)((?:proxy-)?authorization\s*[:=]\s*)[^\r\n]+"), r"\1" + REDACTED),
    (re.compile(r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]+"), r"\1" + REDACTED),
    (re.compile(r"(a=ice-pwd:)\S+"), r"\1" + REDACTED),
    (re.compile(r"(a=crypto:\d+\s+\S+\s+inline:)\S+"), r"\1" + REDACTED),
)


def redact_text(text: str) -> str:
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any, name: str = "") -> Any:
    if name and _SECRET_FIELDS.search(name) and value is not None:
        return REDACTED
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {key: redact(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    if value is None or isinstance(value, int | float | bool):
        return value
    return redact_text(str(value))


def redact_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: redact(value, key) for key, value in event.items()}


def install() -> None:
    """Put the redaction before the renderer of whatever logging the process has set up."""
    processors = list(structlog.get_config()["processors"])
    if redact_event not in processors:
        processors.insert(len(processors) - 1, redact_event)
        structlog.configure(processors=processors)
