"""The facts of a platform that the rest of the connector asks for."""

from __future__ import annotations

from dataclasses import dataclass

from connector.profiles.numbers import NumberPlan


@dataclass(frozen=True, slots=True)
class Profile:
    """One PBX platform.

    `info_dtmf`: the platform takes SIP INFO where telephone-event is missing.
    `transfer`: how the platform takes a transfer over SIP, "" = not at all.
    `hides_number`: `Privacy: id` in a call keeps the number from the other side (RFC 3325).
    `park`, `unpark`, `pickup`, `conference`: the codes that users dial for it, "" = no such code; a
    site may have others, see `pbx.park_code` and the like.
    """

    name: str
    title: str
    codecs: tuple[str, ...]
    numbers: NumberPlan
    register_expires: int = 300
    info_dtmf: bool = False
    hold_by_reinvite: bool = True
    transfer: str = "refer"
    hides_number: bool = True
    park: str = "*56"
    unpark: str = "#56"
    pickup: str = "*59"
    conference: str = "*3"
