"""Who is on the other side of a Call, and what is to become of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    dialled: str
    canonical: str
    display: str


@dataclass(frozen=True, slots=True)
class Party:
    """One of the others in a conference."""

    id: str
    number: Number
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """What the phone system is asked to do with the Call's other side (RFC 3515).

    ``transfer`` and ``park`` give it away, ``merge`` makes a conference of it and another Call.
    """

    kind: Literal["transfer", "merge", "park"]
    number: Number
    name: str | None = None
    #: The user's own Call with whom the other side is brought together.
    to_call: str | None = None
    #: Who comes into the conference with a merge.
    gains: tuple[Party, ...] = ()
    #: The device that asked.
    device_id: str = ""
    #: The Call was not held before, so it is taken back if this fails.
    back: bool = False
    #: The phone system has been asked.
    sent: bool = False
