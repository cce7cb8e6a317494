"""What features may ask of the PBX, over the link (the ``PbxControl`` port)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast, get_args

from gateway.bus import PbxFeatureChanged
from gateway.calls.desk import DeskPhones
from gateway.calls.desk_commands import Ask
from gateway.calls.desk_line import DeskLine
from gateway.pbx_ports import Forwarding, ForwardingKind, HuntGroup, PbxCapabilities
from gateway.ports import (
    Line,
    LineDirectory,
    NumberNormaliser,
    Numbers,
    Problem,
    SiteProfile,
    UserKey,
)
from protocols.csta.services.features import (
    GetDoNotDisturb,
    GetDoNotDisturbResponse,
    GetForwarding,
    GetForwardingResponse,
    SetAgentState,
    SetDoNotDisturb,
    SetForwarding,
)
from protocols.csta.shapes import ForwardListItem, HuntGroupState
from protocols.csta.values import ForwardingType, RequestedAgentState

_KINDS: dict[ForwardingType, ForwardingKind] = {
    ForwardingType.IMMEDIATE: "immediate",
    ForwardingType.BUSY: "busy",
    ForwardingType.NO_ANSWER: "no_answer",
}
_TYPES = {kind: type_ for type_, kind in _KINDS.items()}


class LinkPbxControl:
    """Implements :class:`gateway.pbx_ports.PbxControl`."""

    def __init__(
        self,
        desk: DeskPhones,
        ask: Ask,
        lines: LineDirectory,
        numbers: NumberNormaliser,
    ) -> None:
        self._desk = desk
        self._ask = ask
        self._lines = lines
        self._numbers = numbers

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        home = await self._lines.home_line(user)
        if home is None:
            return PbxCapabilities()
        line, _ = home
        known = self._desk.line_of(line)
        if known is None or not self._desk.reachable(line.tenant_id, line.site_id):
            return PbxCapabilities()
        view = known.view
        kinds = tuple(
            kind
            for kind in get_args(ForwardingKind)
            if any(item.forwarding_type is _TYPES[kind] for item in view.forwarding)
        )
        preferred = [
            item
            for item in view.forwarding
            if item.forwarding_type is ForwardingType.PREFERRED_DEVICE
        ]
        return PbxCapabilities(
            reachable=True,
            do_not_disturb=view.do_not_disturb is not None,
            forwarding=kinds,
            hunt_groups=bool(view.hunt_groups),
            preferred_device=bool(preferred),
            alternative_calls=not preferred or any(item.forward_status for item in preferred),
            desk_phone=view.in_service is not False,
            desk_phone_in_service=view.in_service,
            tells_changes=True,
        )

    async def get_do_not_disturb(self, user: UserKey) -> bool:
        line, _ = await self._home(user)
        answer = await self._ask(line, GetDoNotDisturb(device=line.number))
        return cast(GetDoNotDisturbResponse, answer).do_not_disturb_on

    async def set_do_not_disturb(self, user: UserKey, on: bool) -> None:
        line, _ = await self._home(user)
        await self._ask(line, SetDoNotDisturb(device=line.number, do_not_disturb_on=on))

    async def get_forwarding(self, user: UserKey) -> Sequence[Forwarding]:
        line, site = await self._home(user)
        answer = await self._ask(line, GetForwarding(device=line.number))
        items = cast(GetForwardingResponse, answer).forwarding_list
        return forwardings(items, line, site, self._numbers)

    async def set_forwarding(
        self, user: UserKey, kind: ForwardingKind, *, active: bool, to: Numbers | None = None
    ) -> None:
        line, _ = await self._home(user)
        await self._ask(
            line,
            SetForwarding(
                device=line.number,
                forwarding_type=_TYPES[kind],
                activate_forward=active,
                forward_dn=None if to is None else to.canonical,
            ),
        )

    async def hunt_groups(self, user: UserKey) -> Sequence[HuntGroup]:
        line, site = await self._home(user)
        known = self._desk.line_of(line)
        if known is None or not self._desk.reachable(line.tenant_id, line.site_id):
            raise Problem(503, "pbx_unreachable", "Your phone system cannot be asked now.")
        return hunt_groups(known.view.hunt_groups, site, self._numbers)

    async def set_hunt_group(self, user: UserKey, number: str, logged_in: bool) -> None:
        line, _ = await self._home(user)
        state = RequestedAgentState.LOGGED_ON if logged_in else RequestedAgentState.LOGGED_OFF
        request = SetAgentState(device=line.number, requested_agent_state=state, group=number)
        await self._ask(line, request)

    async def get_preferred_device(self, user: UserKey) -> Numbers | None:
        line, site = await self._home(user)
        answer = await self._ask(line, GetForwarding(device=line.number))
        for item in cast(GetForwardingResponse, answer).forwarding_list:
            if item.forwarding_type is ForwardingType.PREFERRED_DEVICE and item.forward_status:
                return self._numbers.from_wire(item.forward_dn, site)
        return None

    async def set_preferred_device(self, user: UserKey, to: Numbers | None) -> None:
        line, _ = await self._home(user)
        await self._ask(
            line,
            SetForwarding(
                device=line.number,
                forwarding_type=ForwardingType.PREFERRED_DEVICE,
                activate_forward=to is not None,
                forward_dn=None if to is None else to.canonical,
            ),
        )

    async def _home(self, user: UserKey) -> tuple[Line, SiteProfile]:
        home = await self._lines.home_line(user)
        if home is None:
            raise Problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
        line, site = home
        if self._desk.line_of(line) is None:
            raise Problem(409, "not_offered", "The telephone system cannot be asked for this here.")
        return line, site


def forwardings(
    items: Sequence[ForwardListItem], line: Line, site: SiteProfile, numbers: NumberNormaliser
) -> tuple[Forwarding, ...]:
    """The three kinds that we know; others are the PBX's own affair."""
    found = []
    for item in items:
        kind = _KINDS.get(item.forwarding_type) if item.forwarding_type else None
        if kind is not None:
            to = numbers.from_wire(item.forward_dn, site) if item.forward_dn else None
            mailbox = to is not None and to.canonical == line.mailbox_number
            found.append(Forwarding(kind, item.forward_status, to, voicemail=mailbox))
    return tuple(found)


def hunt_groups(
    states: Sequence[HuntGroupState], site: SiteProfile, numbers: NumberNormaliser
) -> tuple[HuntGroup, ...]:
    return tuple(
        HuntGroup(
            numbers.from_wire(state.pilot, site).canonical, state.name or None, not state.busy
        )
        for state in states
    )


def announce_features(
    announce: Callable[[object], None], numbers: NumberNormaliser
) -> Callable[[DeskLine], None]:
    """Tells the bus the whole of what the PBX has said of a line."""

    def told(desk: DeskLine) -> None:
        view = desk.view
        known = forwardings(view.forwarding, desk.line, desk.site, numbers)
        announce(
            PbxFeatureChanged(
                user=desk.user,
                do_not_disturb=view.do_not_disturb,
                forwarding=known or None,
                message_waiting=view.message_waiting,
                desk_phone_in_service=view.in_service,
                hunt_groups=hunt_groups(view.hunt_groups, desk.site, numbers),
            )
        )

    return told
