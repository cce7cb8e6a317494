"""Reading rtpengine's answer to ``query``. Pure, tolerant: unknown shapes give zeros."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What came from one party (``in``) and what went to it (``out``)."""

    packets_in: int = 0
    bytes_in: int = 0
    errors: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    codec: str = ""


def figures_of(reply: dict[str, Any], tag: str) -> StreamFigures:
    own = _streams(reply, tag)
    others = [s for name in _table(reply, "tags") if name != tag for s in _streams(reply, name)]
    return StreamFigures(
        packets_in=_sum(own, "packets"),
        bytes_in=_sum(own, "bytes"),
        errors=_sum(own, "errors"),
        # A relay sends to one party what the other sent.
        packets_out=_sum(others, "packets"),
        bytes_out=_sum(others, "bytes"),
        codec=_codec(reply, tag),
    )


def _table(holder: dict[str, Any], name: str) -> dict[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _items(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def _medias(reply: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    party = _table(_table(reply, "tags"), tag)
    return [m for m in _items(party, "medias") if isinstance(m, dict)]


def _streams(reply: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    """The RTP streams: RTCP ones carry no audio."""
    streams = [s for m in _medias(reply, tag) for s in _items(m, "streams")]
    return [s for s in streams if isinstance(s, dict) and "RTP" in _items(s, "flags")]


def _codec(reply: dict[str, Any], tag: str) -> str:
    return next((str(m["codec"]) for m in _medias(reply, tag) if "codec" in m), "")


def _sum(streams: list[dict[str, Any]], name: str) -> int:
    total = 0
    for stream in streams:
        value = _table(stream, "stats").get(name)
        total += value if isinstance(value, int) else 0
    return total
