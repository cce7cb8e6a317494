"""What features may ask of a user's PBX: typing Protocols and what they pass on.

As with :mod:`gateway.ports`, features know these and never each other; ``gateway/wiring`` wires.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.ports import Numbers, UserKey

ForwardingKind = Literal["immediate", "busy", "no_answer"]


@dataclass(frozen=True, slots=True)
class Forwarding:
    """One kind of forwarding as the PBX reports it. An inactive one may keep its target."""

    kind: ForwardingKind
    active: bool
    to: Numbers | None
    #: The target is the user's own mailbox.
    voicemail: bool = False


@dataclass(frozen=True, slots=True)
class HuntGroup:
    """A hunt group that the user is a member of. Logged out, its calls do not come."""

    number: str  # canonical
    name: str | None
    logged_in: bool


@dataclass(frozen=True, slots=True)
class PbxCapabilities:
    """What the user's PBX can be asked for now; features offer exactly this.

    ``reachable``: the link to the PBX's control side speaks at this moment. While it does not,
    everything else is False, whatever the platform could do.
    """

    reachable: bool = False
    do_not_disturb: bool = False
    forwarding: tuple[ForwardingKind, ...] = ()
    #: The desk phone can be commanded: dial there, answer there.
    desk_phone: bool = False
    #: Registered at the PBX; ``None``: nobody has said so.
    desk_phone_in_service: bool | None = None
    #: The user is in hunt groups, and may leave and join them.
    hunt_groups: bool = False
    #: The PBX keeps an alternative number of its own beside the kinds of forwarding.
    preferred_device: bool = False
    #: Calls can begin at the alternative number (where the PBX keeps it, only if it has one).
    alternative_calls: bool = False
    #: Do not disturb set on a desk phone or here is one and the same switch, told both ways.
    tells_changes: bool = False


class PbxControl(Protocol):
    """How features ask the user's PBX (over the connector's CSTA link) and what it can do.

    Every method answers within 5 s. They raise :class:`Problem`: 409 ``no_line`` (the user has no
    extension), 409 ``not_offered`` (this PBX cannot, or no such link is set up), 503
    ``pbx_unreachable`` (it could, but does not answer now), 502 ``pbx_refused`` (it said no; the
    detail is its reason), 429 ``too_fast`` (the guard against two systems that correct each other
    for ever: three changes in two seconds stop the fourth for a minute).

    A change, whoever made it, comes as ``gateway.bus.PbxFeatureChanged``: a successful ``set_...``
    is followed by it as soon as the PBX reports it, and only what the PBX reports counts.
    """

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        """What can be asked now. Never raises; nothing at all for a user without a line."""

    async def get_do_not_disturb(self, user: UserKey) -> bool:
        """As the PBX has it now (it is asked, unless it keeps us informed)."""

    async def set_do_not_disturb(self, user: UserKey, on: bool) -> None:
        """Returns when the PBX has agreed."""

    async def get_forwarding(self, user: UserKey) -> Sequence[Forwarding]:
        """One entry for each kind that the PBX knows, active or not."""

    async def set_forwarding(
        self, user: UserKey, kind: ForwardingKind, *, active: bool, to: Numbers | None = None
    ) -> None:
        """Switch one kind on (``to`` says where to) or off. Returns when the PBX has agreed."""

    async def hunt_groups(self, user: UserKey) -> Sequence[HuntGroup]:
        """Those that the user is in, as the PBX has told."""

    async def set_hunt_group(self, user: UserKey, number: str, logged_in: bool) -> None:
        """Returns when the PBX has agreed."""

    async def get_preferred_device(self, user: UserKey) -> Numbers | None:
        """The alternative number that the PBX keeps and rings when nobody answers; None: none."""

    async def set_preferred_device(self, user: UserKey, to: Numbers | None) -> None:
        """Only where ``preferred_device`` says so. Returns when the PBX has agreed."""
