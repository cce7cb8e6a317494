"""The three platforms as data: what differs in numbers, names and switches.

What is known of each, and what we decided, is in docs/protocols/openscape.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from emulator.plan.model import Extension, Kind

ProfileName = Literal["business", "voice", "os4000"]

_ANNA = Extension(number="101", name="Anna König", pickup_group="1")
_BERTA = Extension(number="102", name="Berta Schulz", pickup_group="1")
_CARLA = Extension(number="103", name="Carla Lang", pickup_group="1")
_SERVICES = (
    Extension(number="710", name="Deniz Meyer", kind=Kind.SPEAKER, answer_after=1.5),
    Extension(number="711", name="Echo test", kind=Kind.ECHO),
    Extension(number="712", name="Always busy", kind=Kind.BUSY),
    Extension(number="713", name="Never answers", kind=Kind.NEVER),
    Extension(number="714", name="Out of service", kind=Kind.UNAVAILABLE),
    Extension(number="715", name="Test tone", kind=Kind.TONE),
    Extension(number="716", name="Announcement", kind=Kind.ANNOUNCEMENT, prompt="unknown-number"),
    Extension(number="199", name="Voicemail", kind=Kind.VOICEMAIL),
    Extension(number="350", name="Sales", kind=Kind.GROUP, members=("101", "102")),
    Extension(
        number="351", name="Support", kind=Kind.GROUP, members=("101", "102"), ringing="parallel"
    ),
)


class OneNumber(StrEnum):
    """How a platform gives the devices of a person one number."""

    MULAP = "mulap"  # a group of members; each member has a number of its own beside it
    ONS = "ons"  # the number, and which of its devices (OND) is preferred
    AUXILIARY = "auxiliary"  # the desk phone's number, and a hidden second device


@dataclass(frozen=True, slots=True)
class Profile:
    """``server`` is what the PBX calls itself in SIP. ``keeps_second_id``: a conference goes on
    under the second call's id."""

    name: ProfileName
    title: str
    server: str
    extensions: tuple[Extension, ...]
    one_number: OneNumber
    keeps_second_id: bool = False

    @property
    def hidden_lines(self) -> bool:
        """The client line's own number is nobody's to dial."""
        return self.one_number is OneNumber.AUXILIARY


PROFILES: dict[ProfileName, Profile] = {
    "business": Profile(
        "business",
        "OpenScape Business (emulated)",
        "Offhook-Emulator-Business",
        (_ANNA, _BERTA, _CARLA, *_SERVICES),
        OneNumber.MULAP,
    ),
    "voice": Profile(
        "voice",
        "OpenScape Voice (emulated)",
        "Offhook-Emulator-Voice",
        (_ANNA, _BERTA, _CARLA, *_SERVICES),
        OneNumber.ONS,
    ),
    "os4000": Profile(
        "os4000",
        "OpenScape 4000 (emulated)",
        "Offhook-Emulator-4000",
        (_ANNA, _BERTA, _CARLA, *_SERVICES),
        OneNumber.AUXILIARY,
        keeps_second_id=True,
    ),
}
