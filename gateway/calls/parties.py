"""Who is on the other side of a Call, and what is to become of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


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
class Fetch:
    """A call of somebody else is brought here by what is dialled: the one that rings at ``number``,
    or that waits at the park place ``number``."""

    kind: Literal["pickup", "unpark"]
    number: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a line is to dial, and what is known of the other side."""

    number: Number
    name: str | None = None
    fetch: Fetch | None = None
    #: Whom the caller had meant, of a call that is fetched.
    meant_for: str | None = None
    hides_number: bool = False
    #: No limit of ours stands in its way, and it waits for nothing.
    emergency: bool = False


DESK_PHONE: Final = "desk_phone"
ALTERNATIVE: Final = "alternative"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Call may go on. ``to``: the desk phone, the alternative number, or a device's id."""

    to: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The Call is on its way to another place of its user. ``by``: the device that asked."""

    to: str
    by: str


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
    #: A transfer to another place of the user, which is what clients are told.
    place: str | None = None
