"""DND and forwarding between phone and server as `Event: as-feature-event`.

A phone sends SUBSCRIBE, with a Set request in its body when it wants a change; the server sends
NOTIFY with the matching event, several of them as multipart/mixed. The bodies are uaCSTA documents
whose devices are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes

from protocols.csta.codec import EDITIONS, Style, decode, encode
from protocols.csta.errors import LocalError, ParseError
from protocols.csta.events.device import DoNotDisturbEvent, ForwardingEvent
from protocols.csta.limits import DEFAULT_LIMITS
from protocols.csta.services.features import SetDoNotDisturb, SetForwarding

EVENT_PACKAGE = "as-feature-event"
CONTENT_TYPE = "application/x-as-feature-event+xml"
STYLE = Style(namespace=EDITIONS[3], plain_devices=True)

_MAX_PARTS = 16
_BOUNDARY = re.compile(r"[A-Za-z0-9]{1,70}")


def write_events(
    events: Sequence[DoNotDisturbEvent | ForwardingEvent], boundary: str
) -> tuple[str, bytes]:
    """Content-Type and body of a NOTIFY. `boundary` must not stand in any text of the events."""
    bodies = [encode(event, STYLE) for event in events]
    if len(bodies) == 1:
        return CONTENT_TYPE, bodies[0]
    mark = boundary.encode("ascii", "replace")
    if _BOUNDARY.fullmatch(boundary) is None or any(mark in body for body in bodies):
        raise LocalError("a boundary must be letters and digits that stand in no body")
    head = b"--" + mark + b"\r\nContent-Type: " + CONTENT_TYPE.encode() + b"\r\n\r\n"
    parts = b"".join(head + body + b"\r\n" for body in bodies)
    return f'multipart/mixed;boundary="{boundary}"', parts + b"--" + mark + b"--\r\n"


def read_events(content_type: str, body: bytes) -> list[DoNotDisturbEvent | ForwardingEvent]:
    """The events of a NOTIFY; parts of other types are passed over. Raises ParseError."""
    found = []
    for document in _documents(content_type, body):
        message = decode(document).message
        if isinstance(message, DoNotDisturbEvent | ForwardingEvent):
            found.append(message)
    return found


def read_request(content_type: str, body: bytes) -> SetDoNotDisturb | SetForwarding | None:
    """What a SUBSCRIBE wants changed; None for one without a body. Raises ParseError."""
    if not body:
        return None
    for document in _documents(content_type, body):
        message = decode(document).message
        if isinstance(message, SetDoNotDisturb | SetForwarding):
            return message
    raise ParseError("neither SetDoNotDisturb nor SetForwarding")


def _documents(content_type: str, body: bytes) -> list[bytes]:
    if len(body) > DEFAULT_LIMITS.frame or any(mark in content_type for mark in "\r\n"):
        raise ParseError("body too long, or a broken Content-Type")
    head = b"Content-Type: " + content_type.encode("utf-8", "replace") + b"\r\n\r\n"
    parsed = message_from_bytes(head + body)
    if not parsed.is_multipart():
        if parsed.get_content_type() != CONTENT_TYPE:
            raise ParseError(f"{parsed.get_content_type()} is no feature event")
        return [body]
    documents = []
    for part in list(parsed.walk())[: _MAX_PARTS + 1]:
        payload = part.get_payload(decode=True)
        if part.get_content_type() == CONTENT_TYPE and isinstance(payload, bytes):
            documents.append(payload)
    return documents
