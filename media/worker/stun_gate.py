"""The door for STUN: what may reach the control thread, decided on the media thread.

A datagram is let through only when it names a fragment of ours that is alive, and no source more
often than its share. Everything else ends here, at the price of a dictionary look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from media.worker.ice import Credentials, local_ufrag

_MAX_SOURCES = 4096
_WINDOW_S = 1.0


@dataclass(slots=True)
class Generation:
    """One set of credentials of a leg. Older ones live on after an ICE restart."""

    leg: Any
    credentials: Credentials
    expires: float | None = None


class StunGate:
    def __init__(self, per_source: int) -> None:
        self._per_source = per_source
        self._generations: dict[str, Generation] = {}
        self._counts: dict[str, int] = {}
        self._window = 0.0
        self.dropped = 0

    # control thread

    def add(self, leg: object, credentials: Credentials) -> None:
        self._generations[credentials.ufrag] = Generation(leg, credentials)

    def retire(self, credentials: Credentials, at: float) -> None:
        """RFC 8445 9: checks of the old generation go on for a while after a restart."""
        generation = self._generations.get(credentials.ufrag)
        if generation is not None:
            generation.expires = at

    def remove(self, leg: object) -> None:
        for ufrag in [u for u, g in self._generations.items() if g.leg is leg]:
            del self._generations[ufrag]

    def expire(self, now: float) -> None:
        gone = [u for u, g in self._generations.items() if g.expires and g.expires <= now]
        for ufrag in gone:
            del self._generations[ufrag]

    def find(self, ufrag: str) -> Generation | None:
        return self._generations.get(ufrag)

    def __len__(self) -> int:
        return len(self._generations)

    # media thread

    def admit(self, data: bytes, host: str, now: float) -> str | None:
        """Our half of the USERNAME when this request may be looked at, else None."""
        ufrag = local_ufrag(data)
        if ufrag is None or ufrag not in self._generations:
            self.dropped += 1
            return None
        if now - self._window >= _WINDOW_S or len(self._counts) > _MAX_SOURCES:
            self._window = now
            self._counts.clear()
        count = self._counts.get(host, 0)
        if count >= self._per_source * max(1, _WINDOW_S):
            self.dropped += 1
            return None
        self._counts[host] = count + 1
        return ufrag
