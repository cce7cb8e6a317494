"""What differs between the platforms beyond the dialect on the wire, as data with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.plan.profiles import ProfileName
from protocols.csta.dialects import DIALECTS, Dialect
from protocols.csta.values import Cause


@dataclass(frozen=True, slots=True)
class Quirks:
    """``dialect`` carries what both ends of a link must know; the rest is the switch's own.

    ``member_names``: own devices are named group/member (client library, SIP test tool), else by
    ``ond`` (client library). ``hidden_line``: what stands in ``ond`` for a line whose number is
    never shown (vendor's architecture paper: auxiliary device; the word is ours).
    ``second_ring``: cause of Delivered at the second of several own devices, and of
    ConnectionCleared where another one answered (client library).
    ``preferred_device``: the alternative number is a forwarding of its own type; ``static_ond``: it
    stands in private data (client library).
    ``pickup_tells_caller``: a member who calls into his own pickup group is told, too (client).
    ``max_links``: of one system (vendor's interface paper says 4 for Business; ours elsewhere).
    ``first_byte``: of call ids, which a transfer changes (capture); "" = plain numbers (ours).
    """

    dialect: Dialect
    member_names: bool = False
    hidden_line: str = ""
    second_ring: str = Cause.NEW_CALL
    lost_ring: str = Cause.NORMAL_CLEARING
    preferred_device: bool = False
    static_ond: bool = False
    pickup_tells_caller: bool = False
    max_links: int = 16
    first_byte: str = ""


QUIRKS: Mapping[ProfileName, Quirks] = {
    "business": Quirks(
        DIALECTS["business"],
        member_names=True,
        second_ring=Cause.MULTIPLE_ALERTING,
        lost_ring=Cause.MULTIPLE_ALERTING,
        preferred_device=True,
        max_links=4,
    ),
    "voice": Quirks(DIALECTS["voice"], static_ond=True, first_byte="FF"),
    "os4000": Quirks(
        DIALECTS["os4000"], hidden_line="aux", pickup_tells_caller=True, first_byte="FF"
    ),
}
