"""Messages as OpenScape platforms write them, by hand, long and short, with their typed form."""

from __future__ import annotations

from protocols.csta.events import call as ev
from protocols.csta.events import device as dev
from protocols.csta.ids import (
    NOT_REQUIRED,
    ConnectionId,
    Device,
    Endpoint,
    RedirectionDevice,
)
from protocols.csta.message import ErrorResponse, Message, operation_error, resource_error
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.services import monitoring as mo
from protocols.csta.services import system as sy
from protocols.csta.shapes import (
    AUTO_ANSWER,
    ConnectionListItem,
    ForwardListItem,
    HuntGroupState,
    PrimaryOrSecondaryCall,
    Private,
    ServicesPermitted,
    SnapshotCallItem,
    SnapshotDeviceItem,
)
from protocols.csta.values import (
    AgentState,
    AutoOriginate,
    ErrorCategory,
    ForwardingType,
    RequestedAgentState,
    SystemState,
)
from protocols.csta.values import LocalConnectionState as State

A, B = ConnectionId("FF00AA", "100"), ConnectionId("FF00BB", "100")
LONG_A = "<callID>FF00AA</callID><deviceID>100</deviceID>"
LONG_B = "<callID>FF00BB</callID><deviceID>100</deviceID>"
SHORT_A = "<cID>FF00AA</cID><dID>100</dID>"
SHORT_B = "<cID>FF00BB</cID><dID>100</dID>"

#: name: (long, short, typed). "" where no source shows the form.
REQUESTS: dict[str, tuple[str, str, Message]] = {
    "make call": (
        "<MakeCall><callingDevice>100</callingDevice><calledDirectoryNumber>101"
        "</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate></MakeCall>",
        "<MC><caD>100</caD><cDN>101</cDN><aOe>doNotPrompt</aOe></MC>",
        cc.MakeCall(
            calling_device="100",
            called_directory_number="101",
            auto_originate=AutoOriginate.DO_NOT_PROMPT,
        ),
    ),
    "answer": (
        f"<AnswerCall><callToBeAnswered>{LONG_A}</callToBeAnswered></AnswerCall>",
        f"<AnC><cTBAd>{SHORT_A}</cTBAd></AnC>",
        cc.AnswerCall(call_to_be_answered=A),
    ),
    "accept": (
        f"<AcceptCall><callToBeAccepted>{LONG_A}</callToBeAccepted></AcceptCall>",
        f"<AC><cTBA>{SHORT_A}</cTBA></AC>",
        cc.AcceptCall(call_to_be_accepted=A),
    ),
    "clear": (
        f"<ClearConnection><connectionToBeCleared>{LONG_A}</connectionToBeCleared>"
        "<reason>busy</reason></ClearConnection>",
        f"<CCn><coTBC>{SHORT_A}</coTBC><rsn>busy</rsn></CCn>",
        cc.ClearConnection(connection_to_be_cleared=A, reason="busy"),
    ),
    "hold": (
        f"<HoldCall><callToBeHeld>{LONG_A}</callToBeHeld></HoldCall>",
        f"<HC><cTBH>{SHORT_A}</cTBH></HC>",
        cc.HoldCall(call_to_be_held=A),
    ),
    "exclusive hold": (
        "",
        f"<HC><cTBH>{SHORT_A}</cTBH><extn><zhOs>exclusiveHold</zhOs></extn></HC>",
        cc.HoldCall(call_to_be_held=A, hold_options="exclusiveHold"),
    ),
    "retrieve": (
        f"<RetrieveCall><callToBeRetrieved>{LONG_A}</callToBeRetrieved></RetrieveCall>",
        f"<RCl><cTBRd>{SHORT_A}</cTBRd></RCl>",
        cc.RetrieveCall(call_to_be_retrieved=A),
    ),
    "alternate": (
        f"<AlternateCall><heldCall>{LONG_A}</heldCall><activeCall>{LONG_B}</activeCall>"
        "</AlternateCall>",
        f"<ACl><hC>{SHORT_A}</hC><atC>{SHORT_B}</atC></ACl>",
        cc.AlternateCall(held_call=A, active_call=B),
    ),
    "reconnect without the active call's id": (
        "",
        f"<RC><hC>{SHORT_A}</hC><atC><cID/></atC></RC>",
        cc.ReconnectCall(held_call=A, active_call=ConnectionId()),
    ),
    "consultation": (
        f"<ConsultationCall><existingCall>{LONG_A}</existingCall>"
        "<consultedDevice>102</consultedDevice></ConsultationCall>",
        f"<CnC><cnD>102</cnD><eCl>{SHORT_A}</eCl></CnC>",
        cc.ConsultationCall(existing_call=A, consulted_device="102"),
    ),
    "hold by consultation": (
        "",
        f"<CnC><eCl>{SHORT_A}</eCl></CnC>",
        cc.ConsultationCall(existing_call=A),
    ),
    "transfer": (
        f"<TransferCall><heldCall>{LONG_A}</heldCall><activeCall>{LONG_B}</activeCall>"
        "</TransferCall>",
        f"<TC><hC>{SHORT_A}</hC><atC>{SHORT_B}</atC></TC>",
        cc.TransferCall(held_call=A, active_call=B),
    ),
    "conference": (
        f"<ConferenceCall><heldCall>{LONG_A}</heldCall><activeCall>{LONG_B}</activeCall>"
        "</ConferenceCall>",
        f"<CoC><hC>{SHORT_A}</hC><atC>{SHORT_B}</atC></CoC>",
        cc.ConferenceCall(held_call=A, active_call=B),
    ),
    "pull": (
        "",
        f"<SSTC><atC>{SHORT_A}</atC><tTo>&lt;100&gt;;ond=190;epid=WEB1</tTo><extn><pDa><prvt>"
        "<ztTgt>Auto-Answer</ztTgt><zseHo>true</zseHo></prvt></pDa></extn></SSTC>",
        cc.SingleStepTransferCall(
            active_call=A,
            transferred_to="<100>;ond=190;epid=WEB1",
            private=Private(transfer_target=AUTO_ANSWER, seamless_handover=True),
        ),
    ),
    "deflect": (
        "<DeflectCall><callToBeDiverted><deviceID>100</deviceID><callID>FF00AA</callID>"
        "</callToBeDiverted><newDestination>900</newDestination></DeflectCall>",
        f"<DCl><cTBD>{SHORT_A}</cTBD><nD>900</nD></DCl>",
        cc.DeflectCall(call_to_be_diverted=A, new_destination="900"),
    ),
    "group pickup": (
        "<GroupPickupCall><newDestination>100</newDestination></GroupPickupCall>",
        "<GPC><nD>100</nD></GPC>",
        cc.GroupPickupCall(new_destination="100"),
    ),
    "directed pickup": (
        f"<DirectedPickupCall><callToBePickedUp>{LONG_A}</callToBePickedUp>"
        "<requestingDevice>101</requestingDevice></DirectedPickupCall>",
        "",
        cc.DirectedPickupCall(call_to_be_picked_up=A, requesting_device="101"),
    ),
    "park": (
        f"<ParkCall><parking>{LONG_A}</parking><parkTo>700</parkTo></ParkCall>",
        "",
        cc.ParkCall(parking=A, park_to="700"),
    ),
    "digits": (
        f"<GenerateDigits><connectionToSendDigits>{LONG_A}</connectionToSendDigits>"
        "<charactersToSend>12#</charactersToSend></GenerateDigits>",
        f"<GD><cTSD>{SHORT_A}</cTSD><cTS>12#</cTS></GD>",
        cc.GenerateDigits(connection_to_send_digits=A, characters_to_send="12#"),
    ),
    "set do not disturb": (
        "<SetDoNotDisturb><device>100</device><doNotDisturbOn>true</doNotDisturbOn>"
        "</SetDoNotDisturb>",
        "<SDND><dvc>100</dvc><dNDO>true</dNDO></SDND>",
        ft.SetDoNotDisturb(device="100", do_not_disturb_on=True),
    ),
    "get forwarding": (
        "<GetForwarding><device>100</device></GetForwarding>",
        "<GF><dvc>100</dvc></GF>",
        ft.GetForwarding(device="100"),
    ),
    "set forwarding": (
        "<SetForwarding><device>100</device><forwardingType>forwardNoAns</forwardingType>"
        "<activateForward>true</activateForward><forwardDN>900</forwardDN></SetForwarding>",
        "<SF><dvc>100</dvc><aF>true</aF><fDNN>900</fDNN><fTe>forwardNoAns</fTe></SF>",
        ft.SetForwarding(
            device="100",
            forwarding_type=ForwardingType.NO_ANSWER,
            activate_forward=True,
            forward_dn="900",
        ),
    ),
    "agent state": (
        "",
        "<SAS><dvc>350</dvc><rAS>notReady</rAS><grp>350</grp></SAS>",
        ft.SetAgentState(
            device="350", requested_agent_state=RequestedAgentState.NOT_READY, group="350"
        ),
    ),
    "call back": (
        "",
        "<CBNC><orD>100</orD><tD>101</tD></CBNC>",
        ft.CallBackNonCallRelated(originating_device="100", target_device="101"),
    ),
    "busy of a mulap user": (
        "",
        "<zSBN><dvc>350</dvc><zbO>true</zbO></zSBN>",
        ft.SetBusy(device="350", busy=True),
    ),
    "monitor": (
        "<MonitorStart><monitorObject><deviceObject typeOfNumber='dialingNumber'>100"
        "</deviceObject></monitorObject></MonitorStart>",
        "",
        mo.MonitorStart(device="100"),
    ),
    "stop": (
        "<MonitorStop><monitorCrossRefID>1000000001</monitorCrossRefID></MonitorStop>",
        "<MSp><mCRI>1000000001</mCRI></MSp>",
        mo.MonitorStop(monitor_cross_ref_id="1000000001"),
    ),
    "look at a device": (
        "<SnapshotDevice><snapshotObject>100</snapshotObject></SnapshotDevice>",
        "<SDe><sO>100</sO></SDe>",
        mo.SnapshotDevice(snapshot_object="100"),
    ),
    "look at a call": (
        f"<SnapshotCall><snapshotObject>{LONG_A}</snapshotObject></SnapshotCall>",
        f"<SC><sO>{SHORT_A}</sO></SC>",
        mo.SnapshotCall(snapshot_object=A),
    ),
    "register": (
        "<SystemRegister><requestTypes><systemStatus>true</systemStatus>"
        "<requestSystemStatus>false</requestSystemStatus></requestTypes></SystemRegister>",
        "",
        sy.SystemRegister(system_status=True),
    ),
    "status": (
        "<SystemStatus><systemStatus>enabled</systemStatus></SystemStatus>",
        "<SS><ssS>enabled</ssS></SS>",
        sy.SystemStatus(system_status=SystemState.ENABLED),
    ),
    "empty status": ("<SystemStatus/>", "<SS/>", sy.SystemStatus()),
}

RESPONSES: dict[str, tuple[str, str, Message]] = {
    "make call": (
        f"<MakeCallResponse><callingDevice>{LONG_A}</callingDevice></MakeCallResponse>",
        f"<MCR><caD>{SHORT_A}</caD></MCR>",
        cc.MakeCallResponse(calling_device=A),
    ),
    "transfer": (
        f"<TransferCallResponse><transferredCall>{LONG_A}</transferredCall></TransferCallResponse>",
        f"<TCR><trC>{SHORT_A}</trC></TCR>",
        cc.TransferCallResponse(transferred_call=A),
    ),
    "move": (
        "",
        f"<SSTCe><trC>{SHORT_A}</trC><extn><pDa><prvt><zseHo>true</zseHo></prvt></pDa></extn>"
        "</SSTCe>",
        cc.SingleStepTransferCallResponse(
            transferred_call=A, private=Private(seamless_handover=True)
        ),
    ),
    "conference": (
        "",
        f"<CoCR><coC>{SHORT_A}</coC></CoCR>",
        cc.ConferenceCallResponse(conference_call=A),
    ),
    "monitor": (
        "<MonitorStartResponse><monitorCrossRefID>1000000001</monitorCrossRefID>"
        "</MonitorStartResponse>",
        "<MSR><mCRI>1000000001</mCRI></MSR>",
        mo.MonitorStartResponse(monitor_cross_ref_id="1000000001"),
    ),
    "no calls": (
        "<SnapshotDeviceResponse><crossRefIDorSnapshotData><snapshotData/>"
        "</crossRefIDorSnapshotData></SnapshotDeviceResponse>",
        "<SnDR><cRID><sDa/></cRID></SnDR>",
        mo.SnapshotDeviceResponse(),
    ),
    "one call": (
        "<SnapshotDeviceResponse><crossRefIDorSnapshotData><snapshotData>"
        f"<snapshotDeviceResponseInfo><connectionIdentifier>{LONG_A}</connectionIdentifier>"
        "<localCallState><compoundCallState><localConnectionState>connected"
        "</localConnectionState></compoundCallState></localCallState>"
        "</snapshotDeviceResponseInfo></snapshotData></crossRefIDorSnapshotData>"
        "</SnapshotDeviceResponse>",
        f"<SnDR><cRID><sDa><sDRI><cIr>{SHORT_A}</cIr><lCS><cCSe><lCSe>connected</lCSe></cCSe></lCS>"
        "</sDRI></sDa></cRID></SnDR>",
        mo.SnapshotDeviceResponse(
            calls=(SnapshotDeviceItem(connection_identifier=A, states=(State.CONNECTED,)),)
        ),
    ),
    "desk phone registered": (
        "",
        "<SnDR><cRID><sDa/></cRID><extn><pDa><prvt><zdP>true</zdP></prvt></pDa></extn></SnDR>",
        mo.SnapshotDeviceResponse(private=Private(desk_phone=True)),
    ),
    "who is in the call": (
        "",
        f"<SCR><caD><dIr>100</dIr></caD><cDe><dIr>101</dIr></cDe><cRID><sDa><sCRIo><dOC><dIr>100"
        f"</dIr></dOC><cI>{SHORT_A}</cI><lCI>hold</lCI></sCRIo></sDa></cRID></SCR>",
        mo.SnapshotCallResponse(
            calling_device=Device("100"),
            called_device=Device("101"),
            endpoints=(
                SnapshotCallItem(
                    device_on_call=Device("100"),
                    call_identifier=A,
                    local_connection_info=State.HOLD,
                ),
            ),
        ),
    ),
    "forwarding of voice": (
        "<GetForwardingResponse><forwardingList><forwardListItem>"
        "<forwardingType>forwardImmediate</forwardingType><forwardStatus>false</forwardStatus>"
        "<forwardDN/></forwardListItem></forwardingList><extensions><privateData>"
        "<private xmlns:scx='http://www.siemens.com/schema/csta'>"
        "<scx:staticOndActive>false</scx:staticOndActive><scx:staticOndDN/>"
        "</private></privateData></extensions></GetForwardingResponse>",
        "<GFR><fL><fLI><fTe>forwardImmediate</fTe><fS>false</fS><fDNN/></fLI></fL><extn><pDa><prvt>"
        "<zsOA>false</zsOA><zsOD/></prvt></pDa></extn></GFR>",
        ft.GetForwardingResponse(
            forwarding_list=(
                ForwardListItem(forwarding_type=ForwardingType.IMMEDIATE, forward_status=False),
            ),
            private=Private(static_ond_active=False, static_ond_dn=""),
        ),
    ),
    "forwarding of business": (
        "",
        "<GFR><fL><fLI><fTe>preferredDevice</fTe><fS>true</fS><fDNN>5</fDNN></fLI>"
        "<fLI><fTe>forwardNoAns</fTe><fS>false</fS></fLI></fL><extn><pDa><prvt><zvMA>true</zvMA>"
        "<zmRD>20</zmRD><zcPN>0171</zcPN><zrTCN>false</zrTCN></prvt></pDa></extn></GFR>",
        ft.GetForwardingResponse(
            forwarding_list=(
                ForwardListItem(
                    forwarding_type=ForwardingType.PREFERRED_DEVICE,
                    forward_status=True,
                    forward_dn="5",
                ),
                ForwardListItem(forwarding_type=ForwardingType.NO_ANSWER, forward_status=False),
            ),
            private=Private(
                voicemail_active=True,
                main_ring_duration=20,
                alternative_number="0171",
                route_to_cell=False,
            ),
        ),
    ),
    "lamp": (
        "<GetMessageWaitingIndicatorResponse><messageWaitingOn>true</messageWaitingOn>"
        "</GetMessageWaitingIndicatorResponse>",
        "<GMWIe><mWO>true</mWO></GMWIe>",
        ft.GetMessageWaitingIndicatorResponse(message_waiting_on=True),
    ),
    "mute": (
        "",
        "<GMMR><mML><mMI><mMO>false</mMO></mMI></mML></GMMR>",
        ft.GetMicrophoneMuteResponse(microphone_mute_on=False),
    ),
    "agent": (
        "",
        "<GASR><aSL><aSE><lOS>true</lOS><aIo><aII><aS>agentReady</aS></aII></aIo></aSE></aSL>"
        "<extn><pDa><prvt><zeMBSL><zeMBS><zgNM>Sales</zgNM><zgDN>380</zgDN><zMB>false</zMB></zeMBS>"
        "</zeMBSL></prvt></pDa></extn></GASR>",
        ft.GetAgentStateResponse(
            entries=(ft.AgentStateEntry(logged_on_state=True, state=AgentState.READY),),
            private=Private(hunt_groups=(HuntGroupState(name="Sales", pilot="380", busy=False),)),
        ),
    ),
    "a desk phone is there": (
        "",
        "<GLDIe><hPE>true</hPE></GLDIe>",
        sy.GetLogicalDeviceInformationResponse(has_physical_element=True),
    ),
    "system is well": (
        "<RequestSystemStatusResponse><systemStatus>normal</systemStatus>"
        "</RequestSystemStatusResponse>",
        "<RSSR><ssS>normal</ssS></RSSR>",
        sy.RequestSystemStatusResponse(system_status=SystemState.NORMAL),
    ),
    "no such device": (
        "<CSTAErrorCode><operation>invalidDeviceID</operation></CSTAErrorCode>",
        "<CSTAErrorCode><oprt>invalidDeviceID</oprt></CSTAErrorCode>",
        operation_error("invalidDeviceID"),
    ),
    "no desk phone": (
        "<CSTAErrorCode><systemResourceAvailability>deviceOutOfService"
        "</systemResourceAvailability></CSTAErrorCode>",
        "<CSTAErrorCode><sRAy>deviceOutOfService</sRAy></CSTAErrorCode>",
        resource_error("deviceOutOfService"),
    ),
    "bare code": (
        "",
        "<ISEC><code>7</code></ISEC>",
        ErrorResponse(category=ErrorCategory.INTERNAL, value="7"),
    ),
}

BERTA = "N&lt;101&gt;Berta;displayNumber=101"
EVENTS: dict[str, tuple[str, str, Message]] = {
    "delivered": (
        f"<DeliveredEvent><monitorCrossRefID>7</monitorCrossRefID><connection>{LONG_A}</connection>"
        f"<alertingDevice><deviceIdentifier>{BERTA}</deviceIdentifier></alertingDevice>"
        "<callingDevice><deviceIdentifier>N&lt;100&gt;;noa=nk</deviceIdentifier></callingDevice>"
        "<calledDevice><deviceIdentifier>N&lt;101&gt;;noa=nk</deviceIdentifier></calledDevice>"
        "<lastRedirectionDevice><notRequired/></lastRedirectionDevice>"
        "<localConnectionInfo>connected</localConnectionInfo>"
        "<correlatorData><string>AB12</string></correlatorData><cause>newCall</cause>"
        "<servicesPermitted><callControlServices><clearConnection>true</clearConnection>"
        "</callControlServices><callAssociatedServices/><mediaAttachementServices/>"
        "<routeingServices/><voiceServices/></servicesPermitted>"
        "<mediaCallCharacteristics><mediaClass><voice>true</voice></mediaClass>"
        "</mediaCallCharacteristics></DeliveredEvent>",
        f"<DE><mCRI>7</mCRI><cnncn>{SHORT_A}</cnncn><aDe><dIr>{BERTA}</dIr></aDe>"
        "<caD><dIr>N&lt;100&gt;;noa=nk</dIr></caD><cDe><dIr>N&lt;101&gt;;noa=nk</dIr></cDe>"
        "<lRD><notRequired/></lRD><lCI>connected</lCI><cs>newCall</cs>"
        "<sP><cCSs><clearConnection>true</clearConnection></cCSs></sP></DE>",
        ev.DeliveredEvent(
            monitor_cross_ref_id="7",
            connection=A,
            alerting_device=Device("N<101>Berta;displayNumber=101"),
            calling_device=Device("N<100>;noa=nk"),
            called_device=Device("N<101>;noa=nk"),
            last_redirection_device=NOT_REQUIRED,
            local_connection_info=State.CONNECTED,
            cause="newCall",
            services_permitted=ServicesPermitted(call_control=frozenset(("clearConnection",))),
        ),
    ),
    "redirected and established": (
        f"<EstablishedEvent><establishedConnection>{LONG_A}</establishedConnection>"
        "<lastRedirectionDevice><numberDialed>105</numberDialed></lastRedirectionDevice>"
        "</EstablishedEvent>",
        f"<EEt><eCn>{SHORT_A}</eCn><lRD><nDd>105</nDd></lRD></EEt>",
        ev.EstablishedEvent(
            established_connection=A, last_redirection_device=RedirectionDevice("105")
        ),
    ),
    "held": (
        f"<HeldEvent><heldConnection>{LONG_A}</heldConnection><holdingDevice><deviceIdentifier>100"
        "</deviceIdentifier></holdingDevice><localConnectionInfo>hold</localConnectionInfo>"
        "</HeldEvent>",
        f"<HE><hCn>{SHORT_A}</hCn><hD><dIr>100</dIr></hD><lCI>hold</lCI></HE>",
        ev.HeldEvent(
            held_connection=A, holding_device=Device("100"), local_connection_info=State.HOLD
        ),
    ),
    "transferred, with one r": (
        f"<TransferedEvent><primaryOldCall>{LONG_A}</primaryOldCall><secondaryOldCall>{LONG_B}"
        "</secondaryOldCall><transferringDevice><deviceIdentifier>100</deviceIdentifier>"
        f"</transferringDevice><transferredToDevice><deviceIdentifier>{BERTA}</deviceIdentifier>"
        "</transferredToDevice><transferredConnections><connectionListItem><newConnection>"
        f"<callID>0300AA</callID><deviceID>101</deviceID></newConnection><endpoint><deviceID>{BERTA}"
        "</deviceID></endpoint></connectionListItem></transferredConnections>"
        "<localConnectionInfo>null</localConnectionInfo><cause>transfer</cause></TransferedEvent>",
        f"<TE><pOC>{SHORT_A}</pOC><sOC>{SHORT_B}</sOC><tDe><dIr>100</dIr></tDe><tTDe><dIr>{BERTA}"
        "</dIr></tTDe><tCs><cLI><nCn><cID>0300AA</cID><dID>101</dID></nCn><endp>"
        f"<dID>{BERTA}</dID></endp></cLI></tCs><lCI>null</lCI><cs>transfer</cs></TE>",
        ev.TransferredEvent(
            primary_old_call=A,
            secondary_old_call=B,
            transferring_device=Device("100"),
            transferred_to_device=Device("N<101>Berta;displayNumber=101"),
            connections=(
                ConnectionListItem(
                    new_connection=ConnectionId("0300AA", "101"),
                    endpoint=Endpoint("N<101>Berta;displayNumber=101"),
                ),
            ),
            local_connection_info=State.NULL,
            cause="transfer",
        ),
    ),
    "a move failed": (
        "",
        f"<SCFE><prC><dID>100</dID><cIDD>{SHORT_A}</cIDD><lCSe>connected</lCSe></prC>"
        "<cs>destNotObtainable</cs></SCFE>",
        ev.ServiceCompletionFailureEvent(
            primary_call=PrimaryOrSecondaryCall(
                device_id="100", connection_id=A, local_connection_state=State.CONNECTED
            ),
            cause="destNotObtainable",
        ),
    ),
    "handover is possible": (
        "",
        f"<ReE><rCn>{SHORT_A}</rCn><extn><pDa><prvt><zxSP><zseHo/><zsiHo>false</zsiHo></zxSP>"
        "</prvt></pDa></extn></ReE>",
        ev.RetrievedEvent(
            retrieved_connection=A, private=Private(extended_services=frozenset(("zseHo",)))
        ),
    ),
    "dnd": (
        "<DoNotDisturbEvent><device><deviceIdentifier>100</deviceIdentifier></device>"
        "<doNotDisturbOn>true</doNotDisturbOn></DoNotDisturbEvent>",
        "<DNDE><dvc><dIr>100</dIr></dvc><dNDO>true</dNDO></DNDE>",
        dev.DoNotDisturbEvent(device=Device("100"), do_not_disturb_on=True),
    ),
    "forwarding": (
        "<ForwardingEvent><device><deviceIdentifier>100</deviceIdentifier></device>"
        "<forwardingType>forwardBusy</forwardingType><forwardStatus>true</forwardStatus>"
        "<forwardTo>900</forwardTo></ForwardingEvent>",
        "<FEt><dvc><dIr>100</dIr></dvc><fTe>forwardBusy</fTe><fS>true</fS><fTo>900</fTo></FEt>",
        dev.ForwardingEvent(
            device=Device("100"),
            forwarding_type=ForwardingType.BUSY,
            forward_status=True,
            forward_to="900",
        ),
    ),
    "lamp": (
        "<MessageWaitingEvent><targetDevice><deviceIdentifier>100</deviceIdentifier></targetDevice>"
        "<messageWaitingOn>true</messageWaitingOn></MessageWaitingEvent>",
        "<MWE><tD><dIr>100</dIr></tD><mWO>true</mWO></MWE>",
        dev.MessageWaitingEvent(target_device=Device("100"), message_waiting_on=True),
    ),
    "desk phone lost": (
        "",
        "<DCCE><dvc><dIr>100</dIr></dvc><extn><pDa><prvt><zdP>false</zdP></prvt></pDa></extn></DCCE>",
        dev.DeviceCapsChangedEvent(device=Device("100"), private=Private(desk_phone=False)),
    ),
}
