"""From whom a plain RTP leg takes packets. Pure.

RTP is believed only from the address that the peer's SDP names; its port may be learnt once,
because many PBX gateways send from another port than they announce. SDES legs learn from the
first packet that authenticates, wherever it comes from: the keys are the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.worker.addresses import Address, sockaddr


def _host(address: Address) -> bytes:
    return sockaddr((address[0], 0))


@dataclass(slots=True)
class SourceRule:
    announced: Address
    authenticated: bool = False  # SDES: address does not matter, the packet's tag does
    learnt: Address | None = None

    def admits(self, source: Address) -> bool:
        """May a packet from ``source`` be looked at?"""
        if self.learnt is not None:
            return sockaddr(source) == sockaddr(self.learnt)
        return self.authenticated or _host(source) == _host(self.announced)

    def learn(self, source: Address) -> None:
        """``source`` sent a good packet: it is the peer until the next description."""
        if self.learnt is None:
            self.learnt = source
