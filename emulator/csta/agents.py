"""Agent states: in and out of a hunt group, and (Business) which member of a MULAP is called.

OpenScape Business says by the agent state of a member whether calls of its number ring there: a
member that is not ready is passed over. That is the user's routing choice in another form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.csta.names import Named, Names
from emulator.csta.quirks import Quirks
from emulator.plan.model import Extension, Kind
from emulator.switch.features import Target
from emulator.switch.model import SwitchError
from protocols.csta.message import Response
from protocols.csta.services import features as ft
from protocols.csta.shapes import HuntGroupState, Private
from protocols.csta.values import AgentState, RequestedAgentState

if TYPE_CHECKING:
    from emulator.pbx import Pbx


class AgentServices:
    def __init__(self, pbx: Pbx, names: Names, quirks: Quirks) -> None:
        self._pbx = pbx
        self._names = names
        self._quirks = quirks

    async def state(self, request: ft.GetAgentState) -> Response:
        named = self._names.named(request.device)
        if request.agent_group is None and named.device is None:
            return ft.GetAgentStateResponse(private=self._groups_of(named.extension.number))
        group = self._group(request.agent_group, named)
        features = self._pbx.features.of(named.extension.number)
        if group is not None:
            there = group.number not in features.left_groups
        else:
            there = features.target is not self._without(named)
        state = AgentState.READY if there else AgentState.NOT_READY
        logged_on = there if group is not None else True
        entry = ft.AgentStateEntry(logged_on_state=logged_on, state=state)
        return ft.GetAgentStateResponse(entries=(entry,))

    async def set_state(self, request: ft.SetAgentState) -> Response:
        named = self._names.named(request.device)
        group = self._group(request.group, named)
        wanted = request.requested_agent_state
        features = self._pbx.features.of(named.extension.number)
        if group is not None:
            if wanted not in (RequestedAgentState.LOGGED_ON, RequestedAgentState.LOGGED_OFF):
                raise SwitchError("serviceNotSupported", wanted)
            on = wanted is RequestedAgentState.LOGGED_ON
            self._pbx.features.set_group(named.extension.number, group.number, on)
        elif wanted is RequestedAgentState.NOT_READY:
            features.target = self._without(named)
        elif wanted is RequestedAgentState.READY:
            if features.target is self._without(named):
                features.target = Target.ALL
        else:
            raise SwitchError("serviceNotSupported", wanted)
        return ft.SetAgentStateResponse()

    def _groups_of(self, number: str) -> Private:
        """All hunt groups of a number, as OpenScape lists them (client library)."""
        left = self._pbx.features.of(number).left_groups
        return Private(
            hunt_groups=tuple(
                HuntGroupState(name=group.name, pilot=group.number, busy=group.number in left)
                for group in self._pbx.plan
                if group.kind is Kind.GROUP and number in group.members
            )
        )

    def _group(self, asked: str | None, named: Named) -> Extension | None:
        """The hunt group that is meant; None for the devices of one number."""
        if asked is None or asked == named.extension.number:
            if not self._quirks.member_names or named.device is None:
                raise SwitchError("invalidDeviceID", "a group, or a member of one number")
            return None
        group = self._pbx.plan.extension(asked)
        if group is None or group.kind is not Kind.GROUP:
            raise SwitchError("invalidDeviceID", f"{asked} is no group")
        if named.extension.number not in group.members:
            raise SwitchError("invalidDeviceID", f"{named.extension.number} is not in {asked}")
        return group

    @staticmethod
    def _without(named: Named) -> Target:
        """What rings when this member does not."""
        return Target.DESK if named.device == named.extension.line_user else Target.LINE
