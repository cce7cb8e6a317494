"""Every name that we know in both spellings, and the misspellings seen on the wire.

ECMA-323 gives each name a long tag and, in its annex on short tags, a short one. Pairs that no
source shows are missing here on purpose: such a name is written long in either style, and every
reader takes both styles, element by element (platforms mix them in one session).
"""

from __future__ import annotations

from protocols.csta.tree import Node

_MESSAGES = """
MakeCall MC  MakeCallResponse MCR  AnswerCall AnC  AnswerCallResponse AnCR
AcceptCall AC  AcceptCallResponse ACR  ClearConnection CCn  ClearConnectionResponse ClCR
HoldCall HC  HoldCallResponse HCR  RetrieveCall RCl  RetrieveCallResponse RCRe
AlternateCall ACl  AlternateCallResponse ACRe  ReconnectCall RC  ReconnectCallResponse RCR
ConsultationCall CnC  ConsultationCallResponse CnCR  TransferCall TC  TransferCallResponse TCR
ConferenceCall CoC  ConferenceCallResponse CoCR
SingleStepTransferCall SSTC  SingleStepTransferCallResponse SSTCe
DeflectCall DCl  DeflectCallResponse DCRe  GroupPickupCall GPC  GroupPickupCallResponse GPCR
GenerateDigits GD  GenerateDigitsResponse GDR
GetDoNotDisturb GDND  GetDoNotDisturbResponse GDNDe
SetDoNotDisturb SDND  SetDoNotDisturbResponse SDNDe
GetForwarding GF  GetForwardingResponse GFR  SetForwarding SF  SetForwardingResponse SFR
GetMessageWaitingIndicator GMWI  GetMessageWaitingIndicatorResponse GMWIe
GetMicrophoneMute GMM  GetMicrophoneMuteResponse GMMR
SetMicrophoneMute SMM  SetMicrophoneMuteResponse SMMR
GetAgentState GAS  GetAgentStateResponse GASR  SetAgentState SAS  SetAgentStateResponse SASR
SnapshotDevice SDe  SnapshotDeviceResponse SnDR  SnapshotCall SC  SnapshotCallResponse SCR
GetLogicalDeviceInformation GLDI  GetLogicalDeviceInformationResponse GLDIe
CallBackCallRelated CB  CallBackCallRelatedResponse CBR
CallBackNonCallRelated CBNC  CallBackNonCallRelatedResponse CBNCe
CancelCallBack CCB  CancelCallBackResponse CCBR
MonitorStart MS  MonitorStartResponse MSR  MonitorStop MSp  MonitorStopResponse MSRe
RequestSystemStatus RSS  RequestSystemStatusResponse RSSR
SystemStatus SS  SystemStatusResponse SSR
SetBusy zSBN  SetBusyResponse zSBNe  InternalServiceError ISEC
ServiceInitiatedEvent SIE  OriginatedEvent OEt  OfferedEvent OE  DeliveredEvent DE
EstablishedEvent EEt  HeldEvent HE  RetrievedEvent ReE  DivertedEvent DEt  TransferredEvent TE
ConferencedEvent CoE  FailedEvent FE  QueuedEvent QE  ConnectionClearedEvent CCEt
CallInformationEvent CIE  DigitsGeneratedEvent DGE  DoNotDisturbEvent DNDE  ForwardingEvent FEt
MessageWaitingEvent MWE  AgentBusyEvent ABE  AgentLoggedOffEvent ALOE  AgentLoggedOnEvent ALOEt
AgentNotReadyEvent ANRE  AgentReadyEvent ARE  AgentWorkingAfterCallEvent AWAC
BackInServiceEvent BISE  OutOfServiceEvent OOSE  DeviceCapsChangedEvent DCCE
ServiceCompletionFailureEvent SCFE  CallBackEvent CBE
"""

_ELEMENTS = """
callID cID  deviceID dID  deviceIdentifier dIr  numberDialed nDd  connectionID cIDD
callingDevice caD  calledDevice cDe  calledDirectoryNumber cDN  autoOriginate aOe
callToBeAnswered cTBAd  callToBeAccepted cTBA  connectionToBeCleared coTBC  reason rsn
callToBeHeld cTBH  callToBeRetrieved cTBRd  heldCall hC  activeCall atC  existingCall eCl
consultedDevice cnD  transferredTo tTo  transferredCall trC  conferenceCall coC
callToBeDiverted cTBD  newDestination nD  connectionToSendDigits cTSD  charactersToSend cTS
device dvc  doNotDisturbOn dNDO  activateForward aF  forwardDN fDNN  forwardingType fTe
ringCount riC  forwardingList fL  forwardListItem fLI  forwardStatus fS  forwardTo fTo
messageWaitingOn mWO  microphoneMuteOn mMO  microphoneMuteList mML  microphoneMuteItem mMI
agentGroup aG  group grp  requestedAgentState rAS  agentStateList aSL  agentStateEntry aSE
loggedOnState lOS  agentInfo aIo  agentInfoItem aII  agentState aS  agentDevice aD
snapshotObject sO  crossRefIDorSnapshotData cRID  snapshotData sDa
snapshotDeviceResponseInfo sDRI  connectionIdentifier cIr  localCallState lCS
compoundCallState cCSe  localConnectionState lCSe  snapshotCallResponseInfo sCRIo
deviceOnCall dOC  callIdentifier cI  localConnectionInfo lCI  hasPhysicalElement hPE
callBackConnection cC  originatingDevice orD  targetDevice tD  callBackSetCanceled cBSC
monitorCrossRefID mCRI  systemStatus ssS  cause cs  servicesPermitted sP
callControlServices cCSs  callAssociatedServices cAS
initiatedConnection iCn  initiatingDevice iD  offeredConnection oCn  offeredDevice oDe
connection cnncn  alertingDevice aDe  lastRedirectionDevice lRD  networkCallingDevice ntCD
establishedConnection eCn  answeringDevice anD  heldConnection hCn  holdingDevice hD
retrievedConnection rCn  retrievingDevice reD  divertingDevice dvD
primaryOldCall pOC  secondaryOldCall sOC  transferringDevice tDe  transferredToDevice tTDe
transferredConnections tCs  connectionListItem cLI  newConnection nCn  endpoint endp
conferencingDevice coD  addedParty aPy  conferenceConnections cnC
failedConnection fC  failingDevice fD  queuedConnection qC  queue q
droppedConnection drC  releasingDevice rD  digitGeneratedList dGL
primaryCall prC  secondaryCall sC
answerCall anC  alternateCall alC  consultationCall csC  deflectCall dCl  holdCall hCl
retrieveCall reC  reconnectCall rC  makeCall mCl  singleStepTransferCall sST  transferCall tCl
callBack cB  generateDigits gD
operation oprt  security scrt  stateIncompatibility sIy  systemResourceAvailability sRAy
subscribedResourceAvailability sRA  performanceManagement pM
extensions extn  privateData pDa  private prvt
extendedServicesPermitted zxSP  staticOndActive zsOA  staticOndDN zsOD  busy zbO
"""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SHORT: dict[str, str] = _pairs(_MESSAGES) | _pairs(_ELEMENTS)
_LONG: dict[str, str] = {short: long for long, short in SHORT.items()}

#: Other names on the wire for the same thing. None of them is written unless a dialect says so.
_ALIASES: dict[str, str] = {
    "TransferedEvent": "TransferredEvent",
    "mediaAttachementServices": "mediaAttachmentServices",
    "voiceUnitServices": "voiceServices",
    "systemResourceAvailibility": "systemResourceAvailability",
    "privateDataInformation": "privateData",
    "acdGroup": "agentGroup",
    "CSTA": "CSTAErrorCode",
}


def is_short(root: Node) -> bool:
    """Whether a document is written in short tags. Some roots have none that we know of; then
    what they hold decides."""
    if root.name in _LONG:
        return True
    return root.name not in SHORT and any(is_short(child) for child in root.children)


def standard_name(name: str) -> str:
    """The long, well-spelt name of an element; an unknown name is its own."""
    name = _LONG.get(name, name)
    return _ALIASES.get(name, name)


def to_standard(node: Node) -> Node:
    children = tuple(to_standard(child) for child in node.children)
    return Node(standard_name(node.name), node.text, children)


def to_wire(node: Node, *, short: bool, spellings: dict[str, str]) -> Node:
    name = spellings.get(node.name) or (SHORT.get(node.name, node.name) if short else node.name)
    children = tuple(to_wire(child, short=short, spellings=spellings) for child in node.children)
    return Node(name, node.text, children)
