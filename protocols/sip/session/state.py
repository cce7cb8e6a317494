"""The state of one INVITE session, an immutable value.

```
 UAC   CALLING --1xx--> PROCEEDING --1xx with tag--> EARLY --2xx--> CONFIRMED
          |                 |                          |  \\--2xx with offer--> UNACKED
          +----- hang_up ---+------> CANCELLING <------+     UNACKED --our answer--> CONFIRMED
 UAS   INCOMING --1xx--> EARLY --accept--> ACCEPTED --ACK--> CONFIRMED
          |                |  \\--1xx not PRACKed--> HELD --PRACK--> ACCEPTED
          |                |                          ACCEPTED --hang_up--> CLOSING --ACK--> BYE
 any of these --> ENDED (a BYE of ours may still be on its way)
```
`machine.py` holds the dispatch; the tests walk every phase and event.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from protocols.sip.auth.digest_client import DigestClient
from protocols.sip.dialog import Dialog
from protocols.sip.message import Request, Response
from protocols.sip.oa import OfferAnswer
from protocols.sip.session.events import Headers
from protocols.sip.txn.timers import Timers


class Phase(enum.Enum):
    CALLING = "calling"
    PROCEEDING = "proceeding"
    INCOMING = "incoming"
    EARLY = "early"
    HELD = "held"  # UAS: 2xx waits for the PRACK of a 1xx with SDP (RFC 3262 section 3)
    UNACKED = "unacked"  # UAC: 2xx brought an offer, the ACK waits for our answer
    CANCELLING = "cancelling"  # UAC: hung up before the final response
    ACCEPTED = "accepted"  # UAS: 2xx sent, no ACK yet
    CLOSING = "closing"  # UAS: hung up before the ACK; BYE follows it (RFC 3261 section 15)
    CONFIRMED = "confirmed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Settings:
    """What our side can do; the same for all sessions of a user agent."""

    timers: Timers = field(default_factory=Timers)
    allow: tuple[str, ...] = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS")
    supported: tuple[str, ...] = ("100rel", "timer", "replaces")
    #: Wanted session interval, None = we do not ask for one (RFC 4028); `min_se` is our floor.
    session_expires: int | None = 1800
    min_se: int = 90
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Fork:
    """One dialog of the set with its offer/answer state."""

    dialog: Dialog
    oa: OfferAnswer
    #: RSeq of the last reliable 1xx taken (RFC 3262 section 4), None before the first.
    rseq: int | None = None
    #: The reliable 1xx with an offer whose PRACK waits for our answer.
    unpracked: Response | None = None
    #: Our last ACK: sent again for every copy of its 2xx.
    ack: Request | None = None
    #: Method names from the peer's Allow, None = it never said.
    allow: frozenset[str] | None = None


Purpose = Literal["offer", "refresh", "bye", "prack", "request"]


@dataclass(frozen=True, slots=True)
class Client:
    """A client transaction of ours in a dialog."""

    key: int
    purpose: Purpose
    request: Request
    tag: str
    token: int = 0
    offer: bytes | None = None
    extra: Headers = ()  # the owner's headers, for another try
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Server:
    """A request of the peer that we have not answered finally: re-INVITE, UPDATE or PRACK."""

    key: int
    request: Request
    tag: str


@dataclass(frozen=True, slots=True)
class Reliable:
    """A reliable 1xx on its way (RFC 3262): one at a time, the rest waits in `queue`."""

    response: Response
    rseq: int
    interval: float
    with_sdp: bool
    queue: tuple[tuple[Response, bytes | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Unacked:
    """A 2xx to (re-)INVITE that is repeated until its ACK (RFC 3261 section 13.3.1.4)."""

    key: int
    response: Response
    cseq: int
    interval: float
    initial: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """An offer of the owner that waits for its turn or for its retry."""

    sdp: bytes | None
    headers: Headers = ()
    tries: int = 0
    waiting: bool = False  # for the retry timer


@dataclass(frozen=True, slots=True)
class SessionTimer:
    """RFC 4028 as agreed last. `interval` 0 = no session timer."""

    interval: int = 0
    refresher: bool = False  # we refresh
    min_se: int = 0  # largest Min-SE heard of


@dataclass(frozen=True, slots=True)
class Session:
    uac: bool
    phase: Phase
    settings: Settings
    invite: Request
    local_tag: str
    key: int  # of the INVITE transaction (client or server)
    next_key: int = 1
    offer: bytes | None = None  # UAC: the offer in the INVITE
    forks: tuple[Fork, ...] = ()
    chosen: str | None = None  # remote tag of the dialog that is the session
    clients: tuple[Client, ...] = ()
    server: Server | None = None
    reliable: Reliable | None = None
    next_rseq: int = 1
    held: tuple[bytes | None, Headers] | None = None  # arguments of a held-back accept
    unacked: Unacked | None = None
    wanted: Wanted | None = None
    delayed: int | None = None  # UAC: CSeq of the (re-)INVITE whose 2xx offer we must answer
    timer: SessionTimer = SessionTimer()
    auth: DigestClient | None = None
    close_headers: Headers = ()  # for the BYE that phase CLOSING waits to send
    reported: bool = False  # Ended went out

    # -- reading ---------------------------------------------------------------------------

    def fork(self, tag: str | None) -> Fork | None:
        for fork in self.forks:
            if fork.dialog.remote_tag == tag:
                return fork
        return None

    @property
    def current(self) -> Fork | None:
        """The session's dialog: the confirmed one, else the most recent early one."""
        if self.chosen is not None:
            return self.fork(self.chosen)
        return self.forks[-1] if self.forks else None

    def client(self, key: int) -> Client | None:
        return next((c for c in self.clients if c.key == key), None)

    def open_clients(self, *purposes: Purpose) -> Iterator[Client]:
        return (c for c in self.clients if c.purpose in purposes)

    # -- writing ---------------------------------------------------------------------------

    def with_fork(self, fork: Fork) -> Session:
        """Put `fork` in the place of the one with its tag, or at the end."""
        tag = fork.dialog.remote_tag
        if self.fork(tag) is None:
            return replace(self, forks=(*self.forks, fork))
        forks = tuple(fork if f.dialog.remote_tag == tag else f for f in self.forks)
        return replace(self, forks=forks)

    def without_client(self, key: int) -> Session:
        return replace(self, clients=tuple(c for c in self.clients if c.key != key))
