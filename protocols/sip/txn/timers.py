"""The timer values of RFC 3261 section 17 and Table 4, per instance and never global."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Timer(enum.Enum):
    """Names of RFC 3261 Table 4 and RFC 6026, plus two of our own."""

    A = "A"  # INVITE request retransmission, UDP only
    B = "B"  # INVITE client transaction timeout
    D = "D"  # wait for re-sent final responses
    E = "E"  # non-INVITE request retransmission, UDP only
    F = "F"  # non-INVITE client transaction timeout
    G = "G"  # INVITE response retransmission
    H = "H"  # wait for the ACK
    I = "I"  # wait for re-sent ACKs  # noqa: E741
    J = "J"  # wait for re-sent non-INVITE requests
    K = "K"  # wait for re-sent responses
    L = "L"  # wait for re-sent INVITEs after a 2xx (RFC 6026)
    M = "M"  # wait for re-sent or forked 2xx (RFC 6026)
    TRYING = "TRYING"  # send a 100 when the user is slow (RFC 3261 17.2.1, RFC 4320 4.1)
    CANCEL = "CANCEL"  # give up on a cancelled INVITE (RFC 3261 9.1)

    # An identity hash: enum's own goes through Python code and these are dictionary keys.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Timers:
    """Base values in seconds; the rest follows from them."""

    t1: float = 0.5  # round-trip estimate
    t2: float = 4.0  # cap of non-INVITE request and INVITE response retransmission
    t4: float = 5.0  # how long a message may live in the network
    trying: float = 0.2  # 100 Trying is due within 200 ms (RFC 3261 17.2.1)
    d: float = 32.0  # Timer D for unreliable transports: at least 32 s

    @property
    def timeout(self) -> float:
        """64*T1: Timers B, F, H, J, L, M."""
        return 64 * self.t1

    @property
    def non_invite_trying(self) -> float:
        """How long a client's Timer E takes until it is set to T2 (RFC 4320 section 4.1)."""
        total, step = 0.0, self.t1
        while step < self.t2:
            total += step
            step *= 2
        return total
