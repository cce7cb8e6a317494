"""What an extension has switched on: do-not-disturb, forwarding, second call, groups.

Nothing is carried out here; :mod:`emulator.switch.routing` reads it when a call comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from emulator.switch.model import Setting, SwitchError


class When(StrEnum):
    IMMEDIATE = "forwardImmediate"
    BUSY = "forwardBusy"
    NO_ANSWER = "forwardNoAns"


class Origin(StrEnum):
    """Whose calls a forwarding is for."""

    ANY = "any"
    INTERNAL = "internal"
    EXTERNAL = "external"


class Ringing(StrEnum):
    PARALLEL = "parallel"
    SERIAL = "serial"


class Target(StrEnum):
    """Which devices of an extension ring: the routing choice of its user."""

    ALL = "all"
    DESK = "desk"
    LINE = "line"
    ALTERNATIVE = "alternative"


@dataclass(slots=True)
class Features:
    """The settings of one extension. ``call_waiting`` off: busy on busy."""

    do_not_disturb: bool = False
    forwardings: dict[tuple[When, Origin], str] = field(default_factory=dict)
    alternative: str | None = None
    call_waiting: bool = True
    ringing: Ringing = Ringing.PARALLEL
    target: Target = Target.ALL
    left_groups: set[str] = field(default_factory=set)  # hunt groups it is logged out of

    def forwarding(self, when: When, external: bool) -> str | None:
        """Where calls of that origin go; the narrower rule wins."""
        origin = Origin.EXTERNAL if external else Origin.INTERNAL
        return self.forwardings.get((when, origin)) or self.forwardings.get((when, Origin.ANY))


class FeatureStore:
    """All extensions. ``tell(what, device, on, kind, to)`` hears of changes, and only of those."""

    def __init__(
        self, numbers: set[str], tell: Callable[[Setting, str, bool, str | None, str | None], None]
    ) -> None:
        self._of = {number: Features() for number in numbers}
        self._tell = tell

    def of(self, number: str) -> Features:
        found = self._of.get(number)
        if found is None:
            raise SwitchError("invalidDeviceID", f"{number} has no settings")
        return found

    def set_do_not_disturb(self, number: str, on: bool) -> None:
        features = self.of(number)
        if features.do_not_disturb != on:
            features.do_not_disturb = on
            self._tell(Setting.DO_NOT_DISTURB, number, on, None, None)

    def set_forwarding(
        self, number: str, when: When, to: str | None, origin: Origin = Origin.ANY
    ) -> None:
        """None switches it off."""
        if to == number:
            raise SwitchError("invalidForwardingDestination", "a number cannot follow itself")
        forwardings = self.of(number).forwardings
        before = forwardings.get((when, origin))
        if to is None:
            forwardings.pop((when, origin), None)
        else:
            forwardings[when, origin] = to
        if before != to:
            kind = when.value + _SUFFIX[origin]
            self._tell(Setting.FORWARDING, number, to is not None, kind, to or before)

    def set_alternative(self, number: str, to: str | None) -> None:
        """The alternative number; Business reports it as a forwarding of its own type."""
        features = self.of(number)
        before, features.alternative = features.alternative, to
        if before != to:
            self._tell(Setting.FORWARDING, number, to is not None, "preferredDevice", to or before)

    def set_group(self, number: str, group: str, member: bool) -> None:
        """Log in to or out of a hunt group."""
        left = self.of(number).left_groups
        if member is (group not in left):
            return
        if member:
            left.discard(group)
        else:
            left.add(group)
        what = Setting.AGENT_LOGGED_ON if member else Setting.AGENT_LOGGED_OFF
        self._tell(what, number, member, None, group)

    def reset(self, number: str) -> None:
        """Everything off, as the code #0 does."""
        self.set_do_not_disturb(number, False)
        for when, origin in list(self.of(number).forwardings):
            self.set_forwarding(number, when, None, origin)
        for group in sorted(self.of(number).left_groups):
            self.set_group(number, group, True)
        self.set_alternative(number, None)
        self._of[number] = Features()


#: How the kinds are told apart in CSTA: forwardImmediate, forwardImmInt and so on.
_SUFFIX = {Origin.ANY: "", Origin.INTERNAL: "Int", Origin.EXTERNAL: "Ext"}
