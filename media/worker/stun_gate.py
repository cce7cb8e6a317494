"""The door for STUN: what may reach the control thread, decided on the media thread.

A datagram is let through only when it names a fragment of ours that is alive, and no pair of
fragment and source more often than its share. The share is not the host's: a connector, a NAT or a
relay sends the checks of all its calls from one address. What a host is measured by are the checks
that were not authentic; past that budget it is heard only from addresses that proved themselves.
Everything else ends here, at the price of a dictionary look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from media.worker.addresses import Address
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
    def __init__(self, per_source: int, failures_per_host: int) -> None:
        self._per_source = per_source
        self._failures_per_host = failures_per_host
        self._generations: dict[str, Generation] = {}
        self._counts: dict[tuple[str, Address], int] = {}
        self._failures: dict[str, int] = {}
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

    def failed(self, host: str) -> None:
        """A check from there had no valid MESSAGE-INTEGRITY. The media thread clears the counts in
        between; one that is lost to that does not matter."""
        if host in self._failures or len(self._failures) < _MAX_SOURCES:
            self._failures[host] = self._failures.get(host, 0) + 1

    def __len__(self) -> int:
        return len(self._generations)

    # media thread

    def admit(
        self, data: bytes, source: Address, now: float, *, proven: bool = False
    ) -> str | None:
        """Our half of the USERNAME when this request may be looked at, else None. ``proven``: an
        authentic check came from exactly this address before."""
        ufrag = local_ufrag(data)
        if ufrag is None or ufrag not in self._generations:
            self.dropped += 1
            return None
        if now - self._window >= _WINDOW_S:
            self._window = now
            self._counts.clear()
            self._failures.clear()
        elif len(self._counts) > _MAX_SOURCES:
            self._counts.clear()
        count = self._counts.get((ufrag, source), 0)
        suspect = not proven and self._failures.get(source[0], 0) >= self._failures_per_host
        if suspect or count >= self._per_source:
            self.dropped += 1
            return None
        self._counts[ufrag, source] = count + 1
        return ufrag
