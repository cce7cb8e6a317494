"""The controlling side of ICE towards a lite peer (RFC 8445), with consent (RFC 7675). No IO.

The connector has one host candidate (the system picks the source address) and the gateway one per
address family, so the check list is the gateway's candidates. The first pair that succeeds is
nominated at once; DTLS may begin on it while the nomination is under way.
"""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass, field

from aioice import stun

from media.worker.addresses import Address
from media.worker.ice import Credentials, parse

# DEVIATION (RFC 8445 14.3, 500 ms): the first repeats come sooner. A lost check must not be heard.
RETRY_S = (0.1, 0.2, 0.4, 0.8, 1.6)
PACE_S = 0.02  # between first checks of different candidates (RFC 8445 14.2 allows 5 ms up)
CONSENT_INTERVAL_S = 2.5  # RFC 7675 5.1: at most 5 s; quicker, to see a dead path sooner
CONSENT_EXPIRY_S = 30.0
_PRIORITY = (110 << 24) | (65535 << 8) | 255  # of a peer-reflexive candidate (7.1.1)


class AgentState(enum.StrEnum):
    IDLE = "idle"
    CHECKING = "checking"
    CONNECTED = "connected"
    FAILED = "failed"


@dataclass(slots=True)
class _Pair:
    address: Address
    tries: int = 0
    due: float = 0.0
    transactions: list[bytes] = field(default_factory=list)
    valid: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What one datagram changed."""

    replies: tuple[bytes, ...] = ()
    verified: bool = False  # the source is now proven
    nominated: bool = False  # and is the selected path


class ControllingAgent:
    def __init__(self, local: Credentials) -> None:
        self.local = local
        self.remote: Credentials | None = None
        self.state = AgentState.IDLE
        self.selected: Address | None = None
        self.last_consent = 0.0
        self._tie_breaker = secrets.randbits(64)
        self._pairs: list[_Pair] = []
        self._consent_due = 0.0

    def start(self, remote: Credentials, candidates: tuple[Address, ...], now: float) -> None:
        self.remote = remote
        self._pairs = [_Pair(a, due=now + i * PACE_S) for i, a in enumerate(candidates)]
        self.state = AgentState.CHECKING if self._pairs else AgentState.FAILED

    def poll(self, now: float) -> list[tuple[bytes, Address]]:
        """The checks that are due."""
        if self.state is AgentState.CONNECTED:
            return self._consent(now)
        sends: list[tuple[bytes, Address]] = []
        for pair in self._pairs:
            if self.state is not AgentState.CHECKING or pair.due > now:
                continue
            if pair.tries >= len(RETRY_S) + 3:
                continue
            pair.due = now + RETRY_S[min(pair.tries, len(RETRY_S) - 1)]
            pair.tries += 1
            sends.append((self._check(pair, nominate=pair.valid), pair.address))
        if self.state is AgentState.CHECKING and all(
            p.tries >= len(RETRY_S) + 3 and p.due <= now for p in self._pairs
        ):
            self.state = AgentState.FAILED
        return sends

    def next_timeout(self, now: float) -> float | None:
        if self.state is AgentState.CONNECTED:
            return max(0.0, self._consent_due - now)
        if self.state is AgentState.CHECKING:
            return max(0.0, min(p.due for p in self._pairs) - now)
        return None

    def receive(self, data: bytes, source: Address, now: float) -> Received:
        message = parse(data)
        if message is None or self.remote is None:
            return Received()
        if message.message_class == stun.Class.REQUEST:
            return self._request(message, source)
        pair = next((p for p in self._pairs if message.transaction_id in p.transactions), None)
        # RFC 8445 7.2.5.2.1: an answer from elsewhere than the check went to proves nothing.
        if pair is None or pair.address != source:
            return Received()
        if not message.check_message_integrity(self.remote.pwd.encode()):
            return Received()
        if message.message_class != stun.Class.RESPONSE:
            return Received()
        pair.transactions.clear()
        self.last_consent = now
        if self.state is AgentState.CONNECTED:
            return Received(verified=True, nominated=False)
        if not pair.valid:
            pair.valid, pair.due, pair.tries = True, now, 0
            for other in self._pairs:
                if other is not pair:
                    other.due = now + 3600.0  # RFC 8445 8.1.1: one valid pair is enough here
            nominate = self._check(pair, nominate=True)
            pair.due, pair.tries = now + RETRY_S[0], 1
            return Received(replies=(nominate,), verified=True)
        self.state = AgentState.CONNECTED
        self.selected = source
        self._consent_due = now + CONSENT_INTERVAL_S
        return Received(verified=True, nominated=True)

    def consent_expired(self, now: float) -> bool:
        return self.state is AgentState.CONNECTED and now - self.last_consent > CONSENT_EXPIRY_S

    def _consent(self, now: float) -> list[tuple[bytes, Address]]:
        if now < self._consent_due or self.selected is None:
            return []
        # RFC 7675 5.1: 0.8 to 1.2 times the interval, so that peers do not fall into step.
        self._consent_due = now + CONSENT_INTERVAL_S * (0.8 + secrets.randbelow(400) / 1000)
        pair = next(p for p in self._pairs if p.address == self.selected)
        return [(self._check(pair, nominate=False), pair.address)]

    def _check(self, pair: _Pair, *, nominate: bool) -> bytes:
        assert self.remote is not None
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self.remote.ufrag}:{self.local.ufrag}"
        message.attributes["PRIORITY"] = _PRIORITY
        message.attributes["ICE-CONTROLLING"] = self._tie_breaker
        if nominate:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(self.remote.pwd.encode())
        pair.transactions = [*pair.transactions[-7:], message.transaction_id]
        return bytes(message)

    def _request(self, message: stun.Message, source: Address) -> Received:
        """A check by a full peer: answer it, the integrity proves its source."""
        if message.message_method != stun.Method.BINDING:
            return Received()
        if not message.check_message_integrity(self.local.pwd.encode()):
            return Received()
        reply = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=message.transaction_id,
        )
        reply.attributes["XOR-MAPPED-ADDRESS"] = source
        reply.add_message_integrity(self.local.pwd.encode())
        return Received(replies=(bytes(reply),), verified=True)
