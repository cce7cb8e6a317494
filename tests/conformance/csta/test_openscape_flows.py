"""Whole flows of OpenScape platforms through link, session and view.

A script plays the platform: what it sends for each request, as text in its own tags. The numbers
F2 to F13 are those of `docs/protocols/csta.md`.
"""

from __future__ import annotations

import pytest

from protocols.csta.dialects import BUSINESS, OS4000, VOICE, Dialect
from protocols.csta.ids import ConnectionId
from protocols.csta.message import ErrorResponse, Request
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.services.monitoring import SnapshotCall, SnapshotDevice
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.features import learn
from tests.support.csta_platform import (
    ME,
    Platform,
    cleared,
    connection,
    delivered,
    device,
    established,
    event,
    held,
    initiated,
    moved,
    originated,
    positive,
    retrieved,
)


def dial(call: str, far: str) -> dict[type[Request], list[str]]:
    return {
        cc.MakeCall: [
            positive("MakeCall", connection("callingDevice", call)),
            initiated(call),
            originated(call, far),
            delivered(call, far, ME, "connected"),
        ]
    }


def in_a_call(platform: Platform, call: str = "AA", far: str = "101") -> None:
    platform.tell(delivered(call, ME, far, "alerting"), established(call, ME, far))
    assert not platform.view.doubtful
    platform.states.clear()


CALL = ConnectionId("AA", ME)


def test_f2_make_call() -> None:
    platform = Platform(
        script=dial("AA", "101")
        | {cc.ClearConnection: [positive("ClearConnection"), cleared("AA")]}
    )
    made = platform.ask(cc.MakeCall(calling_device=ME, called_directory_number="101"))
    assert made == cc.MakeCallResponse(calling_device=CALL)
    platform.tell(established("AA", "101", ME))
    assert platform.view.calls[0].answered
    platform.ask(cc.ClearConnection(connection_to_be_cleared=CALL))
    assert [list(state.values()) for state in platform.states] == [
        ["initiated"],
        ["connected"],
        ["connected"],
        ["connected"],
        [],
    ]
    assert not platform.view.doubtful


@pytest.mark.parametrize("cause", ["busy", "destNotObtainable", "doNotDisturb"])
def test_f3_a_call_that_fails(cause: str) -> None:
    platform = Platform(script=dial("AA", "712"))
    platform.ask(cc.MakeCall(calling_device=ME, called_directory_number="712"))
    failed = connection("failedConnection", "AA", "712") + device("failingDevice", "712")
    failed += device("callingDevice", ME) + device("calledDevice", "712")
    platform.tell(event("FailedEvent", failed, "connected", cause))
    assert (platform.view.calls[0].failed, platform.view.calls[0].state) == (cause, State.CONNECTED)
    platform.tell(cleared("AA"))
    assert (platform.view.calls, platform.view.doubtful) == ((), False)


def test_f4_an_offered_call_rings_on_every_own_device_until_one_answers() -> None:
    offered = connection("offeredConnection", "AA") + device("offeredDevice", ME)
    offered += device("callingDevice", "030555") + device("calledDevice", ME)
    desk, client = (f"&lt;{ME}&gt;;ond={n};epid=E{n}" for n in (100, 190))
    platform = Platform(
        script={
            cc.AcceptCall: [
                positive("AcceptCall"),
                delivered("AA", desk, "030555", "alerting"),
                delivered("AA", client, "030555", "alerting"),
            ]
        }
    )
    platform.tell(event("OfferedEvent", offered, "alerting", "newCall"))
    assert platform.view.calls[0].offered
    platform.ask(cc.AcceptCall(call_to_be_accepted=CALL))
    assert not platform.view.calls[0].offered
    platform.tell(established("AA", client, "030555"), cleared("AA", desk, "connected"))
    (call,) = platform.view.calls
    assert (call.state, [leg.key for leg in call.legs]) == (State.CONNECTED, [(ME, "190")])
    assert call.parties[0].number == "030555"
    assert not platform.view.doubtful


def test_f5_hold_and_retrieve() -> None:
    platform = Platform(
        script={
            cc.HoldCall: [positive("HoldCall"), held("AA")],
            cc.RetrieveCall: [positive("RetrieveCall"), retrieved("AA")],
        }
    )
    in_a_call(platform)
    platform.ask(cc.HoldCall(call_to_be_held=CALL))
    platform.tell(held("AA", "101", "hold"))
    assert platform.view.calls[0].held_by == {"101"}
    platform.ask(cc.RetrieveCall(call_to_be_retrieved=CALL))
    assert [state["AA"] for state in platform.states] == ["hold", "hold", "connected"]
    assert not platform.view.doubtful


def test_f5_hold_on_business_is_a_consultation_without_a_partner() -> None:
    platform = Platform(
        dialect=BUSINESS,
        script={
            cc.ConsultationCall: ["=<CnCR/>", held("AA")],
            cc.ReconnectCall: ["=<RCR/>", retrieved("AA")],
        },
    )
    assert BUSINESS.holds_by_consultation
    in_a_call(platform)
    assert platform.ask(cc.ConsultationCall(existing_call=CALL)) == cc.ConsultationCallResponse()
    platform.ask(cc.ReconnectCall(held_call=CALL, active_call=ConnectionId()))
    assert [state["AA"] for state in platform.states] == ["hold", "connected"]
    assert not platform.view.doubtful


def consult() -> Platform:
    platform = Platform(
        script={
            cc.ConsultationCall: [
                positive("ConsultationCall", connection("initiatedCall", "BB")),
                held("AA"),
                initiated("BB"),
                originated("BB", "102"),
                delivered("BB", "102", ME, "connected"),
                established("BB", "102", ME),
            ],
            cc.AlternateCall: [positive("AlternateCall"), held("BB"), retrieved("AA")],
            cc.ReconnectCall: [positive("ReconnectCall"), cleared("BB"), retrieved("AA")],
        }
    )
    in_a_call(platform)
    answer = platform.ask(cc.ConsultationCall(existing_call=CALL, consulted_device="102"))
    assert answer == cc.ConsultationCallResponse(initiated_call=ConnectionId("BB", ME))
    assert platform.states[-1] == {"AA": "hold", "BB": "connected"}
    return platform


def transfer(call: str, new: str, state: str, cause: str, *numbers: str, second: str = "") -> str:
    body = connection("primaryOldCall", call)
    body += connection("secondaryOldCall", second) if second else ""
    body += device("transferringDevice", ME) + device("transferredToDevice", numbers[0])
    body += f"<transferredConnections>{moved(new, *numbers)}</transferredConnections>"
    return event("TransferedEvent", body, state, cause)


def test_f6_swap_and_reconnect() -> None:
    platform = consult()
    platform.ask(cc.AlternateCall(held_call=CALL, active_call=ConnectionId("BB", ME)))
    assert platform.states[-1] == {"AA": "connected", "BB": "hold"}
    platform = consult()
    platform.ask(cc.ReconnectCall(held_call=CALL, active_call=ConnectionId("BB", ME)))
    assert platform.states[-1] == {"AA": "connected"}
    assert not platform.view.doubtful


def test_f6_attended_transfer() -> None:
    platform = consult()
    platform.script[cc.TransferCall] = [
        positive("TransferCall", connection("transferredCall", "03AA", "102")),
        transfer("AA", "03AA", "null", "transfer", "102", "101", second="BB"),
    ]
    platform.ask(cc.TransferCall(held_call=CALL, active_call=ConnectionId("BB", ME)))
    assert (platform.view.calls, platform.view.doubtful) == ((), False)


SST = cc.SingleStepTransferCall(active_call=CALL, transferred_to="103")


def away() -> str:
    return transfer("AA", "03AA", "null", "singleStepTransfer", "103", "101")


def taken() -> str:
    return positive("SingleStepTransferCall", connection("transferredCall", "03AA", "103"))


@pytest.mark.parametrize("dialect", [VOICE, OS4000], ids=["voice", "os4000"])
def test_f7_blind_transfer_in_the_platforms_order(dialect: Dialect) -> None:
    late = "SingleStepTransferCall" in dialect.late_responses
    order = [away(), taken()] if late else [taken(), away()]
    platform = Platform(dialect=dialect, script={cc.SingleStepTransferCall: order})
    in_a_call(platform)
    assert isinstance(platform.ask(SST), cc.SingleStepTransferCallResponse)
    assert (platform.view.calls, platform.view.doubtful) == ((), False)


def test_f7_a_blind_transfer_that_fails_comes_back() -> None:
    platform = Platform(script={cc.SingleStepTransferCall: [taken(), away()]})
    in_a_call(platform)
    platform.ask(SST)
    platform.tell(established("AA", ME, "101", "recall"))
    assert platform.view.calls[0].state is State.CONNECTED
    assert platform.view.calls[0].parties[0].number == "101"


@pytest.mark.parametrize("keeps", ["AA", "BB"])
def test_f8_conference_under_either_id(keeps: str) -> None:
    platform = consult()
    body = connection("primaryOldCall", "AA") + connection("secondaryOldCall", "BB")
    body += device("conferencingDevice", ME) + device("addedParty", "102")
    body += f"<conferenceConnections>{moved(keeps, '101', '102', ME)}</conferenceConnections>"
    platform.script[cc.ConferenceCall] = [
        positive("ConferenceCall", connection("conferenceCall", keeps)),
        event("ConferencedEvent", body, "connected", "conference"),
    ]
    platform.ask(cc.ConferenceCall(held_call=CALL, active_call=ConnectionId("BB", ME)))
    (call,) = platform.view.calls
    assert (call.call_id, call.conference) == (keeps, True)
    assert {party.number for party in call.parties} == {"101", "102"}
    platform.tell(cleared(keeps, "102", "connected"), cleared(keeps))
    assert (platform.view.calls, platform.view.doubtful) == ((), False)


def test_f9_pull_moves_the_call_to_another_own_device() -> None:
    client = f"&lt;{ME}&gt;;ond=190;epid=WEB1"
    platform = Platform(
        script={
            cc.SingleStepTransferCall: [
                positive("SingleStepTransferCall", connection("transferredCall", "03AA", client)),
                transfer("AA", "03AA", "connected", "singleStepTransfer", client, "101"),
            ]
        }
    )
    in_a_call(platform)
    pull = cc.SingleStepTransferCall(active_call=CALL, transferred_to=f"<{ME}>;ond=190;epid=WEB1")
    platform.ask(pull)
    (call,) = platform.view.calls
    assert (call.call_id, call.state, call.leg.key) == ("03AA", State.CONNECTED, (ME, "190"))
    assert [party.number for party in call.parties] == ["101"]
    end = platform.view.end_of("AA")
    assert end is not None and end.became == "03AA"


def test_f9_a_move_that_fails_leaves_the_call_where_it_is() -> None:
    failure = (
        "<SCFE><mCRI>1000000001</mCRI><prC><dID>100</dID><cIDD><cID>AA</cID><dID>100</dID></cIDD>"
        "<lCSe>connected</lCSe></prC><cs>destNotObtainable</cs></SCFE>"
    )
    platform = Platform(script={cc.SingleStepTransferCall: ["=<SSTCe/>", failure]})
    in_a_call(platform)
    platform.ask(SST)
    assert platform.view.calls[0].state is State.CONNECTED
    assert not platform.view.doubtful


def test_f11_f12_features_are_told_to_the_monitor() -> None:
    platform = Platform(
        script={
            ft.SetDoNotDisturb: [
                positive("SetDoNotDisturb"),
                "<DNDE><mCRI>1000000001</mCRI><dvc><dIr>100</dIr></dvc><dNDO>true</dNDO></DNDE>",
            ],
            ft.SetForwarding: [
                "=<SFR/>",
                "<ForwardingEvent><monitorCrossRefID>1000000001</monitorCrossRefID><device>"
                "<deviceIdentifier>100</deviceIdentifier></device><forwardingType>forwardBusy"
                "</forwardingType><forwardStatus>true</forwardStatus><forwardTo>900</forwardTo>"
                "</ForwardingEvent>",
            ],
        }
    )
    answer = platform.ask(ft.SetDoNotDisturb(device=ME, do_not_disturb_on=True))
    assert answer == ft.SetDoNotDisturbResponse()
    assert platform.view.do_not_disturb is True
    platform.ask(ft.SetForwarding(device=ME, activate_forward=True, forward_dn="900"))
    assert platform.view.forwarding[0].forward_dn == "900"


def test_f13_after_a_lost_link_the_state_is_the_platforms() -> None:
    """While the link was down one call ended, one was put on hold, one is new."""
    platform = Platform()
    in_a_call(platform, "AA")
    platform.tell(held("AA"))
    in_a_call(platform, "BB", "102")
    platform.run(platform.client.closed(0.0))

    def item(call: str, *states: str) -> str:
        inner = "".join(f"<localConnectionState>{s}</localConnectionState>" for s in states)
        return (
            f"<snapshotDeviceResponseInfo>{connection('connectionIdentifier', call)}"
            f"<localCallState><compoundCallState>{inner}</compoundCallState></localCallState>"
            "</snapshotDeviceResponseInfo>"
        )

    data = item("BB", "hold", "connected") + item("CC", "alerting", "connected")
    platform.script[SnapshotDevice] = [
        "=<SnapshotDeviceResponse><crossRefIDorSnapshotData><snapshotData>"
        f"{data}</snapshotData></crossRefIDorSnapshotData><extensions><privateData><private>"
        "<zdP>true</zdP></private></privateData></extensions></SnapshotDeviceResponse>"
    ]
    platform.script[SnapshotCall] = [
        "=<SCR><caD><dIr>030555</dIr></caD><cRID><sDa><sCRIo><dOC><dIr>030555</dIr></dOC>"
        "<lCI>connected</lCI></sCRIo></sDa></cRID></SCR>"
    ]
    platform.start()
    assert {c.call_id: c.state.value for c in platform.view.calls} == {
        "BB": "hold",
        "CC": "alerting",
    }
    assert not platform.view.doubtful
    assert not any(call.incomplete for call in platform.view.calls)
    assert platform.view.in_service is True
    platform.tell(established("CC", ME, "030555"), cleared("CC"), retrieved("BB"))
    assert {c.call_id: c.state.value for c in platform.view.calls} == {"BB": "connected"}
    assert not platform.view.doubtful


def test_answers_in_long_tags_within_a_short_session() -> None:
    """OpenScape Voice answers GetForwarding in long tags whatever it was asked in."""
    platform = Platform(
        dialect=BUSINESS,
        script={
            ft.GetForwarding: [
                "=<GetForwardingResponse xmlns='http://www.ecma-international.org/standards/"
                "ecma-323/csta/ed4'><forwardingList><forwardListItem><forwardingType>"
                "forwardImmediate</forwardingType><forwardStatus>true</forwardStatus><forwardDN>5"
                "</forwardDN></forwardListItem></forwardingList></GetForwardingResponse>"
            ]
        },
    )
    answer = platform.ask(ft.GetForwarding(device=ME))
    assert isinstance(answer, ft.GetForwardingResponse)
    assert learn(platform.view, answer).forwarding[0].forward_dn == "5"


def test_an_error_is_the_outcome() -> None:
    answer = Platform().ask(cc.AnswerCall(call_to_be_answered=CALL))
    assert isinstance(answer, ErrorResponse)
    assert str(answer) == "operation/generic"
