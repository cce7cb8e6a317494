"""Enumerations of ECMA-269 that the code acts on.

An event's cause stays a string: 120 values exist, vendors add more, and one that nobody acts on
must survive. `Cause` names those that somebody does act on.
"""

from __future__ import annotations

from enum import StrEnum


class LocalConnectionState(StrEnum):
    """ECMA-269 connection states, as the monitored device sees its own connection."""

    NULL = "null"
    INITIATED = "initiated"
    ALERTING = "alerting"
    CONNECTED = "connected"
    HOLD = "hold"
    QUEUED = "queued"
    FAIL = "fail"


class SystemState(StrEnum):
    """What SystemStatus reports."""

    INITIALIZING = "initializing"
    ENABLED = "enabled"
    NORMAL = "normal"
    MESSAGES_LOST = "messagesLost"
    DISABLED = "disabled"
    PARTIALLY_DISABLED = "partiallyDisabled"
    OVERLOAD_IMMINENT = "overloadImminent"
    OVERLOAD_REACHED = "overloadReached"
    OVERLOAD_RELIEVED = "overloadRelieved"

    @property
    def working(self) -> bool:
        return self not in (SystemState.INITIALIZING, SystemState.DISABLED)


class ForwardingType(StrEnum):
    IMMEDIATE = "forwardImmediate"
    BUSY = "forwardBusy"
    NO_ANSWER = "forwardNoAns"
    DO_NOT_DISTURB = "forwardDND"
    IMMEDIATE_INTERNAL = "forwardImmInt"
    IMMEDIATE_EXTERNAL = "forwardImmExt"
    BUSY_INTERNAL = "forwardBusyInt"
    BUSY_EXTERNAL = "forwardBusyExt"
    NO_ANSWER_INTERNAL = "forwardNoAnsInt"
    NO_ANSWER_EXTERNAL = "forwardNoAnsExt"
    DO_NOT_DISTURB_INTERNAL = "forwardDNDInt"
    DO_NOT_DISTURB_EXTERNAL = "forwardDNDExt"
    #: OpenScape Business: the alternative number of a user, not a type of ECMA-269.
    PREFERRED_DEVICE = "preferredDevice"


class AutoOriginate(StrEnum):
    """Whether the user must lift the receiver before MakeCall dials."""

    PROMPT = "prompt"
    DO_NOT_PROMPT = "doNotPrompt"


class MonitorType(StrEnum):
    CALL = "call"
    DEVICE = "device"


class AgentState(StrEnum):
    NOT_READY = "agentNotReady"
    NULL = "agentNull"
    READY = "agentReady"
    BUSY = "agentBusy"
    WORKING_AFTER_CALL = "agentWorkingAfterCall"


class RequestedAgentState(StrEnum):
    LOGGED_ON = "loggedOn"
    LOGGED_OFF = "loggedOff"
    NOT_READY = "notReady"
    READY = "ready"
    WORKING_AFTER_CALL = "workingAfterCall"


class ErrorCategory(StrEnum):
    """The choice inside CSTAErrorCode (ECMA-269 universal failure)."""

    OPERATION = "operation"
    SECURITY = "security"
    STATE = "stateIncompatibility"
    SYSTEM_RESOURCE = "systemResourceAvailability"
    SUBSCRIBED_RESOURCE = "subscribedResourceAvailability"
    PERFORMANCE = "performanceManagement"
    PRIVATE_DATA = "privateData"
    UNSPECIFIED = "unspecified"
    #: Not of ECMA-269: an OpenScape error with a bare code (short root `ISEC`).
    INTERNAL = "internalService"


class Cause:
    """Event causes that somebody acts on (ECMA-269 EventCause)."""

    NEW_CALL = "newCall"
    NORMAL = "normal"
    NORMAL_CLEARING = "normalClearing"
    MAKE_CALL = "makeCall"
    BUSY = "busy"
    BLOCKED = "blocked"
    DO_NOT_DISTURB = "doNotDisturb"
    REORDER_TONE = "reorderTone"
    DEST_NOT_OBTAINABLE = "destNotObtainable"
    DEST_OUT_OF_ORDER = "destOutOfOrder"
    CALL_CANCELLED = "callCancelled"
    CALL_NOT_ANSWERED = "callNotAnswered"
    CALL_FORWARD = "callForward"
    CALL_FORWARD_IMMEDIATE = "callForwardImmediate"
    CALL_FORWARD_BUSY = "callForwardBusy"
    CALL_FORWARD_NO_ANSWER = "callForwardNoAnswer"
    CALL_PICKUP = "callPickup"
    CAMP_ON = "campOn"
    PARK = "park"
    KEY_OPERATION = "keyOperation"
    MULTIPLE_ALERTING = "multipleAlerting"
    MULTIPLE_QUEUING = "multipleQueuing"
    NO_AVAILABLE_AGENTS = "noAvailableAgents"
    ENTERING_DISTRIBUTION = "enteringDistribution"
    DISTRIBUTED = "distributed"
    REDIRECTED = "redirected"
    ALTERNATE = "alternate"
    CONSULTATION = "consultation"
    CONFERENCE = "conference"
    TRANSFER = "transfer"
    SINGLE_STEP_TRANSFER = "singleStepTransfer"
    RECALL = "recall"
    RECALL_BUSY = "recallBusy"
    RECALL_NO_ANSWER = "recallNoAnswer"
    RECALL_FORWARDED = "recallForwarded"
    RECALL_RESOURCES = "recallResourcesNotAvailable"
    RESOURCES_NOT_AVAILABLE = "resourcesNotAvailable"
    TRUNKS_BUSY = "trunksBusy"


#: A call that was given away comes back to this device, under its old id.
RECALLS = frozenset(
    (
        Cause.RECALL,
        Cause.RECALL_BUSY,
        Cause.RECALL_NO_ANSWER,
        Cause.RECALL_FORWARDED,
        Cause.RECALL_RESOURCES,
    )
)
