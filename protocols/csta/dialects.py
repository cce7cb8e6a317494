"""What differs between platforms, as data. `docs/protocols/csta.md` gives the evidence for each
value, and says which are known facts and which our own decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from protocols.csta.codec import EDITIONS, Style
from protocols.csta.values import Cause

_RARE_LISTS = frozenset(("mediaAttachmentServices", "routeingServices", "voiceServices"))
#: Tags as OpenScape Voice misspells them.
_VOICE_SPELLINGS = (
    ("TransferredEvent", "TransferedEvent"),
    ("mediaAttachmentServices", "mediaAttachementServices"),
)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """SystemStatus goes out every `interval` seconds; after `misses` without answer the link is
    down. The other end asks by itself after a longer silence."""

    interval: float = 60.0
    misses: int = 3


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one platform speaks CSTA."""

    name: str
    style: Style
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    #: Requests whose events may overtake their response.
    late_responses: frozenset[str] = frozenset()
    #: A call is offered before it rings: AcceptCall, DeflectCall or ClearConnection decide.
    offers_calls: bool = False
    #: Only the number of a group of own devices can be monitored, not its members.
    monitors_groups_only: bool = False
    #: A call is held by ConsultationCall without a consulted device, and taken back by Reconnect.
    holds_by_consultation: bool = False
    #: Answering while another call is active swaps the two.
    alternates_on_answer: bool = True
    reports_digits: bool = True
    #: ConnectionCleared with such a cause clears another device's ring, not the call.
    clears_of_other_devices: frozenset[str] = frozenset()
    #: Delivered with such a cause can be answered at the desk phone alone.
    desk_only_causes: frozenset[str] = frozenset()
    #: What a user's second device is called where its number is never shown. "" = by its number.
    auxiliary: str = ""
    #: Which of the two calls gives a conference its id.
    conference_keeps: Literal["held", "active"] = "held"


BUSINESS = Dialect(
    name="business",
    style=Style(namespace="", short=True, left_out_empty=_RARE_LISTS),
    heartbeat=Heartbeat(interval=20.0),
    monitors_groups_only=True,
    holds_by_consultation=True,
    alternates_on_answer=False,
    reports_digits=False,
    clears_of_other_devices=frozenset((Cause.MULTIPLE_ALERTING,)),
    desk_only_causes=frozenset((Cause.RECALL_NO_ANSWER,)),
)

VOICE = Dialect(
    name="voice",
    style=Style(namespace=EDITIONS[4], spellings=_VOICE_SPELLINGS),
    offers_calls=True,
)

OS4000 = Dialect(
    name="os4000",
    style=Style(namespace=EDITIONS[4], spellings=_VOICE_SPELLINGS),
    late_responses=frozenset(("SingleStepTransferCall", "DeflectCall")),
    offers_calls=True,
    auxiliary="aux",
    conference_keeps="active",
)

#: Between connector and gateway: short tags without namespace whatever the platform writes.
LINK = Dialect(name="link", style=Style(namespace="", short=True, left_out_empty=_RARE_LISTS))

#: uaCSTA of phones and gateways (ECMA TR/87): edition 3, long tags.
UACSTA = Dialect(name="uacsta", style=Style(namespace=EDITIONS[3]))

DIALECTS: dict[str, Dialect] = {d.name: d for d in (BUSINESS, VOICE, OS4000, LINK, UACSTA)}
