"""Where a call goes: a pure decision from the plan, the settings and who is busy.

The decision says what to ring, what comes after it, and by which way it got there (for Diversion
headers and Diverted events). Forwarding is followed over several extensions, never in a circle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension, Kind
from emulator.switch.features import Features, FeatureStore, Ringing, Target, When

#: More hops than anyone sets up on purpose (also the usual Max-Diversions of a PBX).
MAX_HOPS = 5


@dataclass(frozen=True, slots=True)
class Hop:
    """One diversion on the way: whose, and why."""

    number: str
    why: str


class Way(StrEnum):
    DEVICES = "devices"  # ring the devices of an extension
    GROUP = "group"  # ring the members of a hunt group
    SERVICE = "service"  # a number of the PBX itself
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Route:
    way: Way
    extension: Extension | None = None
    hops: tuple[Hop, ...] = ()
    target: Target = Target.ALL
    ringing: Ringing = Ringing.PARALLEL
    #: Where it goes on when nobody answers.
    no_answer: str | None = None
    members: tuple[Extension, ...] = ()
    status: int = 0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    number: str
    external: bool = False


class Router:
    """``calls_of(number)`` says how many calls an extension is in."""

    def __init__(
        self, plan: DialPlan, features: FeatureStore, calls_of: Callable[[str], int]
    ) -> None:
        self._plan = plan
        self._features = features
        self._calls_of = calls_of

    def route(self, dialled: str, caller: Caller, hops: tuple[Hop, ...] = ()) -> Route:
        extension = self._plan.resolve(dialled)
        if extension is None:
            return Route(Way.REFUSED, hops=hops, status=404, cause="destNotObtainable")
        if len(hops) > MAX_HOPS or extension.number in {hop.number for hop in hops}:
            # RFC 5806 leaves the answer open; a circle is as good as nobody there
            return Route(Way.REFUSED, extension, hops, status=480, cause="destNotObtainable")
        if extension.kind is Kind.GROUP:
            return self._group(extension, hops)
        if extension.kind is not Kind.USER:
            return Route(Way.SERVICE, extension, hops)
        return self._user(extension, caller, hops)

    def on_busy(self, route: Route, caller: Caller) -> Route | None:
        """All devices of the extension turned out to be busy: where it goes then."""
        return self._forwarded(route.extension, When.BUSY, caller, route.hops)

    def on_no_answer(self, route: Route, caller: Caller) -> Route | None:
        if route.no_answer is None or route.extension is None:
            return None
        return self.route(route.no_answer, caller, (*route.hops, _hop(route, "no-answer")))

    def _user(self, extension: Extension, caller: Caller, hops: tuple[Hop, ...]) -> Route:
        features = self._features.of(extension.number)
        forwarded = self._forwarded(extension, When.IMMEDIATE, caller, hops)
        if forwarded is not None:
            return forwarded
        if features.do_not_disturb:
            return Route(Way.REFUSED, extension, hops, status=486, cause="doNotDisturb")
        if not features.call_waiting and self._calls_of(extension.number):
            return self._forwarded(extension, When.BUSY, caller, hops) or Route(
                Way.REFUSED, extension, hops, status=486, cause="busy"
            )
        if features.target is Target.ALTERNATIVE and features.alternative is not None:
            hop = Hop(extension.number, "follow-me")
            return self.route(features.alternative, caller, (*hops, hop))
        return Route(
            Way.DEVICES,
            extension,
            hops,
            features.target,
            features.ringing,
            _after(features, caller),
        )

    def _forwarded(
        self, extension: Extension | None, when: When, caller: Caller, hops: tuple[Hop, ...]
    ) -> Route | None:
        if extension is None or extension.kind is not Kind.USER:
            return None
        to = self._features.of(extension.number).forwarding(when, caller.external)
        if to is None or self._plan.resolve(to) == self._plan.resolve(caller.number):
            return None  # whom it was forwarded to may still call through
        return self.route(to, caller, (*hops, Hop(extension.number, _WHY[when])))

    def _group(self, group: Extension, hops: tuple[Hop, ...]) -> Route:
        members = tuple(
            member
            for number in group.members
            if (member := self._plan.extension(number)) is not None and self._takes(group, member)
        )
        if not members:
            return Route(Way.REFUSED, group, hops, status=480, cause="noAvailableAgents")
        return Route(Way.GROUP, group, hops, ringing=Ringing(group.ringing), members=members)

    def _takes(self, group: Extension, member: Extension) -> bool:
        """Hunt groups pass over members who are away, busy or not to be disturbed."""
        if member.kind is not Kind.USER:
            return True
        features = self._features.of(member.number)
        available = group.number not in features.left_groups and not features.do_not_disturb
        return available and not self._calls_of(member.number)


def _after(features: Features, caller: Caller) -> str | None:
    to = features.forwarding(When.NO_ANSWER, caller.external)
    return to if to is not None else features.alternative


def _hop(route: Route, why: str) -> Hop:
    assert route.extension is not None
    return Hop(route.extension.number, why)


#: The reasons of RFC 5806 section 4.
_WHY = {
    When.IMMEDIATE: "unconditional",
    When.BUSY: "user-busy",
    When.NO_ANSWER: "no-answer",
}
