"""How long a server wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from gateway.outbound import OutboundReply

_MOST = 3600.0


def retry_after(reply: OutboundReply, now: datetime) -> float | None:
    """RFC 9110 section 10.2.3: seconds, or a date. ``None``: it does not say."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        wait = float(text[:9])
    else:
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        wait = (until - now).total_seconds()
    return min(max(wait, 1.0), _MOST)
