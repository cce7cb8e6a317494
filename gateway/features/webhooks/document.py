"""The ``webhooks`` of the OpenAPI document (3.1.0, section 4.8.1): what a receiver is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.features.webhooks.events import ABOUT, TEST, VERSION, TestSent
from gateway.http.endpoint import ReplyModel

_HEADERS = (
    ("webhook-id", "the same for every attempt; what was seen before is a repeat"),
    ("webhook-timestamp", "seconds since 1970 of this attempt; refuse what is older than minutes"),
    ("webhook-signature", "v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them"),
)


def payloads() -> Iterator[tuple[str, str, type[ReplyModel]]]:
    """(event, summary, model of its data)"""
    for event, about in ABOUT.items():
        yield event.value, about.summary, about.data
    yield TEST, "An administrator has asked for it", TestSent


def webhooks(references: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        event: {"post": _operation(event, summary, references[(model, "serialization")])}
        for event, summary, model in payloads()
    }


def _operation(event: str, summary: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "on_" + event.replace(".", "_"),
        "summary": summary,
        "tags": ["webhooks"],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": words,
                "schema": {"type": "string"},
            }
            for name, words in _HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _envelope(event, data)}},
        },
        "responses": {
            "2XX": {"description": "taken; whatever is in the answer is not read"},
            "410": {"description": "the webhook is stopped at once"},
            "default": {"description": "not taken: it is sent again later"},
        },
    }


def _envelope(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        "type": {"type": "string", "const": event},
        "version": {"type": "integer", "const": VERSION},
        "timestamp": {"type": "string", "format": "date-time", "description": "when it happened"},
        "tenant_id": {"type": "string"},
        "data": dict(data),
    }
    return {"type": "object", "required": list(properties), "properties": properties}
