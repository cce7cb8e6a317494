"""From whom a plain RTP leg takes packets. Pure.

RTP is believed only from the address that the peer's SDP names; its port may be learnt once,
because many PBX gateways send from another port than they announce. SDES legs learn from the
first packet that authenticates, wherever it comes from: the keys are the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.worker.addresses import Address, sockaddr


@dataclass(slots=True)
class SourceRule:
    """The announced address always wins: a late packet from the port that was in use before a
    re-INVITE would otherwise be learnt and lock the new peer out for good. Nor is anything learnt
    from that port while it is not the announced one: two legs on one host that the PBX has just
    brought together would both aim at their former peers, and neither would hear the other."""

    announced: Address
    authenticated: bool = False  # SDES: address does not matter, the packet's tag does
    learnt: Address | None = None
    former: Address | None = None  # who was the peer until now

    def admits(self, source: Address) -> bool:
        """May a packet from ``source`` be looked at?"""
        if same(source, self.announced):
            return True
        if self.learnt is not None:
            return same(source, self.learnt)
        return self.authenticated or _host(source) == _host(self.announced)

    def learn(self, source: Address) -> bool:
        """``source`` sent a good packet. True when that makes it the peer, anew."""
        if self._is_late(source):
            return False
        if self.learnt is not None and (
            same(source, self.learnt) or not same(source, self.announced)
        ):
            return False
        self.learnt = source
        return True

    def _is_late(self, source: Address) -> bool:
        if self.former is None or self.authenticated or same(source, self.announced):
            return False
        return same(source, self.former)

    @property
    def peer(self) -> Address:
        """Where it sends from, as far as known."""
        return self.learnt or self.announced

    @property
    def settled(self) -> bool:
        """The peer sends from where it said: nobody else needs to be heard any more."""
        return self.learnt is not None and same(self.learnt, self.announced)


def same(one: Address, other: Address) -> bool:
    """Equal although perhaps spelled differently (IPv6)."""
    return one == other or sockaddr(one) == sockaddr(other)


def _host(address: Address) -> bytes:
    return sockaddr((address[0], 0))
