"""Logical and physical device features (ECMA-269 clauses 21 and 22): DND, forwarding, the lamp,
microphone, agent state, call back."""

from __future__ import annotations

from typing import Annotated

from protocols.csta.ids import ConnectionId
from protocols.csta.message import Request, Response
from protocols.csta.schema import At, wire
from protocols.csta.shapes import ForwardListItem
from protocols.csta.values import AgentState, ForwardingType, RequestedAgentState


@wire
class GetDoNotDisturb(Request):
    device: str


@wire
class GetDoNotDisturbResponse(Response):
    do_not_disturb_on: bool


@wire
class SetDoNotDisturb(Request):
    device: str
    do_not_disturb_on: bool


@wire
class SetDoNotDisturbResponse(Response):
    pass


@wire
class GetForwarding(Request):
    device: str


@wire
class GetForwardingResponse(Response):
    forwarding_list: Annotated[
        tuple[ForwardListItem, ...], At("forwardingList/forwardListItem")
    ] = ()


@wire
class SetForwarding(Request):
    device: str
    forwarding_type: ForwardingType | None = None
    activate_forward: bool
    forward_dn: str | None = None
    ring_count: int | None = None


@wire
class SetForwardingResponse(Response):
    pass


@wire
class GetMessageWaitingIndicator(Request):
    device: str


@wire
class GetMessageWaitingIndicatorResponse(Response):
    message_waiting_on: bool


@wire
class SetMessageWaitingIndicator(Request):
    device: str
    message_waiting_on: bool


@wire
class SetMessageWaitingIndicatorResponse(Response):
    pass


@wire
class GetMicrophoneMute(Request):
    device: str


@wire
class GetMicrophoneMuteResponse(Response):
    microphone_mute_on: Annotated[
        bool, At("microphoneMuteList/microphoneMuteItem/microphoneMuteOn")
    ]


@wire
class SetMicrophoneMute(Request):
    device: str
    microphone_mute_on: bool


@wire
class SetMicrophoneMuteResponse(Response):
    """OpenScape answers with the state; ECMA-269 with nothing."""

    microphone_mute_on: Annotated[
        bool | None, At("microphoneMuteList/microphoneMuteItem/microphoneMuteOn")
    ] = None


@wire
class AgentStateEntry:
    logged_on_state: bool
    agent_group: Annotated[str | None, At("agentInfo/agentInfoItem/agentGroup")] = None
    state: Annotated[AgentState | None, At("agentInfo/agentInfoItem/agentState")] = None


@wire
class GetAgentState(Request):
    device: str
    agent_group: str | None = None


@wire
class GetAgentStateResponse(Response):
    entries: Annotated[tuple[AgentStateEntry, ...], At("agentStateList/agentStateEntry")] = ()


@wire
class SetAgentState(Request):
    device: str
    requested_agent_state: RequestedAgentState
    group: str | None = None


@wire
class SetAgentStateResponse(Response):
    pass


@wire
class CallBackCallRelated(Request):
    call_back_connection: ConnectionId


@wire
class CallBackCallRelatedResponse(Response):
    pass


@wire
class CallBackNonCallRelated(Request):
    originating_device: str
    target_device: str


@wire
class CallBackNonCallRelatedResponse(Response):
    pass


@wire
class CancelCallBack(Request):
    originating_device: str
    target_device: str


@wire
class CancelCallBackResponse(Response):
    pass


@wire
class SetBusy(Request):
    """Not of ECMA-269: OpenScape Business takes the user as busy while a client is in a call."""

    device: str
    busy: bool


@wire
class SetBusyResponse(Response):
    pass
