"""One party of a call, as the call sees it: a registered device, a virtual phone, a service.

Commands go down (call to end), events come up (:class:`EndEvents`). No end sees the other's
protocol. Ends report events outside the command that caused them, never from within it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Party:
    """Who somebody is to the others: an extension, never a device."""

    number: str
    name: str = ""
    anonymous: bool = False


class EndEvents(Protocol):
    """What a call is told by its ends."""

    def ringing(self, end: End, status: int, sdp: bytes | None) -> None: ...

    def answered(self, end: End, sdp: bytes | None, headers: Headers) -> None: ...

    def failed(self, end: End, status: int, reason: str) -> None: ...

    def awaits_ack(self, end: End) -> bool:
        """Whether the caller's ACK is to carry its answer (we made the offer in the 200)."""

    def established(self, end: End) -> None:
        """The caller acknowledged our answer; its description is final now."""

    def offered(self, end: End, sdp: bytes | None) -> None: ...

    def offer_result(self, end: End, status: int, sdp: bytes | None) -> None: ...

    def info(self, end: End, content_type: str, body: bytes) -> None: ...

    def ended(self, end: End, headers: Headers) -> None:
        """The end hung up, or is lost. Not reported for our own ``hang_up``."""


class End(ABC):
    """A party of one call. Made per call and thrown away with it."""

    #: Set by the call that owns this end.
    events: EndEvents
    #: What it is called in logs and on the console: a device user or a service number.
    name: str
    #: Nobody speaks here: whoever is connected to it hears music.
    silent = False
    #: Whether it is to hear music while it is held: a conference must not.
    wants_music = True
    #: Whether its extension is in the call: one whose place is merely kept is not.
    present = True
    #: Whom the other side sees.
    party: Party
    #: The last description this end gave, and the last one it was given.
    described: bytes | None = None
    told: bytes | None = None

    # -- called party ------------------------------------------------------------------------
    @abstractmethod
    def invite(self, offer: bytes | None, caller: Party, dialled: str, headers: Headers) -> None:
        """Start ringing this end."""

    @abstractmethod
    def acknowledge(self, sdp: bytes) -> None:
        """The caller's answer to the offer this end gave when it answered."""

    # -- calling party -----------------------------------------------------------------------
    @abstractmethod
    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None: ...

    @abstractmethod
    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None: ...

    @abstractmethod
    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None: ...

    # -- both --------------------------------------------------------------------------------
    @abstractmethod
    def hang_up(self, headers: Headers = ()) -> None: ...

    @abstractmethod
    def offer(self, sdp: bytes) -> None: ...

    @abstractmethod
    def answer(self, sdp: bytes) -> None: ...

    @abstractmethod
    def refuse_offer(self, status: int) -> None: ...

    @abstractmethod
    def send_info(self, content_type: str, body: bytes) -> None: ...
