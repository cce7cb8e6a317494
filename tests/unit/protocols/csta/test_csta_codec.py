"""Typed messages: both tag styles, every edition, lenient reading, strict writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.csta.codec import EDITIONS, Style, decode, encode, message_types, response_type
from protocols.csta.errors import LocalError, ParseError
from protocols.csta.events.call import DeliveredEvent, TransferredEvent
from protocols.csta.events.device import ForwardingEvent
from protocols.csta.ids import NOT_KNOWN, ConnectionId, Device, Endpoint
from protocols.csta.message import (
    ErrorResponse,
    Message,
    Request,
    UnknownMessage,
    operation_error,
)
from protocols.csta.services.call_control import ClearConnection, HoldCall, MakeCall
from protocols.csta.services.features import GetForwardingResponse, SetDoNotDisturb
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.services.system import SystemStatus
from protocols.csta.shapes import Private, ServicesPermitted
from protocols.csta.tags import SHORT, standard_name
from protocols.csta.values import ErrorCategory, ForwardingType, LocalConnectionState
from tests.support.csta_messages import MESSAGES

SHORT_STYLE = Style(namespace="", short=True)
STYLES = [Style(namespace=uri) for uri in EDITIONS.values()] + [
    SHORT_STYLE,
    Style(namespace=EDITIONS[6] + "/short_tags", short=True),
    Style(spellings=(("TransferredEvent", "TransferedEvent"),)),
    Style(
        namespace="",
        short=True,
        left_out_empty=frozenset(("mediaAttachmentServices", "routeingServices", "voiceServices")),
    ),
]


@given(MESSAGES, st.sampled_from(STYLES))
def test_every_message_comes_back_in_every_style(message: Message, style: Style) -> None:
    data = encode(message, style)
    decoded = decode(data)
    assert decoded.message == message
    assert decoded.namespace == style.namespace
    if type(message).__name__ in SHORT or not style.short:  # else nothing may show the style
        assert encode(decoded.message, decoded.style(style)) == data


@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<MC>{text}</MC>".encode())
)
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    try:
        decode(data)
    except ParseError:
        pass


@given(MESSAGES, st.sampled_from(STYLES), st.data())
def test_no_damage_breaks_the_decoder(message: Message, style: Style, data: st.DataObject) -> None:
    encoded = bytearray(encode(message, style))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(encoded) - 1))
        encoded[at] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(encoded))
    except ParseError:
        pass


def test_short_and_long_names_never_collide() -> None:
    assert len(set(SHORT.values())) == len(SHORT)
    assert not set(SHORT) & set(SHORT.values())
    for long, short in SHORT.items():
        assert standard_name(long) == long
        assert standard_name(short) == long


def test_every_short_message_name_belongs_to_a_message() -> None:
    names = message_types()
    roots = [long for long in SHORT if long[0].isupper() and not long.startswith("InternalService")]
    assert [name for name in roots if name not in names] == []


def test_every_request_has_its_response() -> None:
    names = message_types()
    for name, kind in names.items():
        if issubclass(kind, Request):
            assert f"{name}Response" in names
    assert response_type(SystemStatus()).__name__ == "SystemStatusResponse"


@pytest.mark.parametrize(
    "text",
    [
        "<SetDoNotDisturb><device>1</device><doNotDisturbOn>true</doNotDisturbOn></SetDoNotDisturb>",
        "<SetDoNotDisturb><doNotDisturbOn>1</doNotDisturbOn><device>1</device></SetDoNotDisturb>",
        "<SetDoNotDisturb><device k='v'> 1 </device><more><device>9</device></more>"
        "<doNotDisturbOn>true</doNotDisturbOn><device>2</device></SetDoNotDisturb>",
        "<SDND><device>1</device><dNDO>true</dNDO></SDND>",
        "<SetDoNotDisturb><dvc>1</dvc><doNotDisturbOn>true</doNotDisturbOn></SetDoNotDisturb>",
        "<x:SetDoNotDisturb xmlns:x='http://www.ecmainternational.org/standards/ecma-323/csta/ed5'>"
        "<x:device>1</x:device><x:doNotDisturbOn>true</x:doNotDisturbOn></x:SetDoNotDisturb>",
    ],
)
def test_order_extras_and_mixed_tags_do_not_matter(text: str) -> None:
    assert decode(text.encode()).message == SetDoNotDisturb(device="1", do_not_disturb_on=True)


@pytest.mark.parametrize(
    "text",
    [
        "<SetDoNotDisturb><device>1</device></SetDoNotDisturb>",
        "<SetDoNotDisturb><device>1</device><doNotDisturbOn>maybe</doNotDisturbOn></SetDoNotDisturb>",
        "<SDND/>",
        "<DeliveredEvent><cause>newCall</cause></DeliveredEvent>",
    ],
)
def test_a_message_without_what_it_is_about_is_refused(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        decode(text.encode())
    assert caught.value.name in ("SetDoNotDisturb", "DeliveredEvent")


def test_an_optional_value_without_sense_counts_as_absent() -> None:
    text = (
        "<DE><cnncn><cID>1</cID></cnncn><lCI>dancing</lCI><cs>newCall</cs>"
        "<sP><cCSs><anC/><dCl>false</dCl><hCl>true</hCl></cCSs></sP></DE>"
    )
    message = decode(text.encode()).message
    assert message == DeliveredEvent(
        connection=ConnectionId("1"),
        cause="newCall",
        services_permitted=ServicesPermitted(call_control=frozenset(("answerCall", "holdCall"))),
    )


def test_one_bad_item_does_not_hide_the_others() -> None:
    text = (
        "<GFR><fL><fLI><fTe>forwardBusy</fTe></fLI>"
        "<fLI><fTe>forwardSomehow</fTe><fS>true</fS><fDNN>9</fDNN></fLI></fL></GFR>"
    )
    message = decode(text.encode()).message
    assert isinstance(message, GetForwardingResponse)
    (item,) = message.forwarding_list
    assert (item.forwarding_type, item.forward_status, item.forward_dn) == (None, True, "9")


def test_the_root_says_which_tags_a_sender_writes() -> None:
    """Else what it holds does: some roots have no short tag that we know of."""
    set_dnd = b"<SetDoNotDisturb><dvc>1</dvc><dNDO>true</dNDO></SetDoNotDisturb>"
    assert not decode(set_dnd).short
    assert decode(b"<ParkCall><parking><cID>1</cID></parking><parkTo>7</parkTo></ParkCall>").short
    assert decode(b"<SSR/>").short
    assert not decode(b"<ParkCallResponse/>").short


def test_unknown_roots_keep_their_name() -> None:
    assert decode(b"<PlayMessage/>").message == UnknownMessage(name="PlayMessage")


@pytest.mark.parametrize(
    ("text", "category", "value"),
    [
        (
            "<CSTAErrorCode><operation>invalidDeviceID</operation></CSTAErrorCode>",
            ErrorCategory.OPERATION,
            "invalidDeviceID",
        ),
        ("<CSTA><oprt>invalidCallID</oprt></CSTA>", ErrorCategory.OPERATION, "invalidCallID"),
        (
            "<CSTAErrorCode><sRAy>deviceOutOfService</sRAy></CSTAErrorCode>",
            ErrorCategory.SYSTEM_RESOURCE,
            "deviceOutOfService",
        ),
        (
            "<CSTAErrorCode><systemResourceAvailibility>overallMonitorLimitExceeded"
            "</systemResourceAvailibility></CSTAErrorCode>",
            ErrorCategory.SYSTEM_RESOURCE,
            "overallMonitorLimitExceeded",
        ),
        ("<CSTAErrorCode><pDa>x</pDa></CSTAErrorCode>", ErrorCategory.PRIVATE_DATA, "x"),
        (
            "<CSTAErrorCode><privateDataInformation>x</privateDataInformation></CSTAErrorCode>",
            ErrorCategory.PRIVATE_DATA,
            "x",
        ),
        ("<ISEC><code>42</code></ISEC>", ErrorCategory.INTERNAL, "42"),
        ("<CSTAErrorCode/>", ErrorCategory.UNSPECIFIED, ""),
        ("<CSTAErrorCode><odd>y</odd></CSTAErrorCode>", ErrorCategory.UNSPECIFIED, "odd:y"),
    ],
)
def test_errors_in_every_spelling(text: str, category: ErrorCategory, value: str) -> None:
    assert decode(text.encode()).message == ErrorResponse(category=category, value=value)


def test_the_long_style_to_the_byte() -> None:
    message = MakeCall(calling_device="100", called_directory_number="<&>")
    assert encode(message, Style()) == (
        b'<?xml version="1.0" encoding="UTF-8"?>'
        b'<MakeCall xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4">'
        b"<callingDevice>100</callingDevice>"
        b"<calledDirectoryNumber>&lt;&amp;&gt;</calledDirectoryNumber></MakeCall>"
    )


def test_the_short_style_to_the_byte() -> None:
    message = ClearConnection(
        connection_to_be_cleared=ConnectionId("1A2B", "N<350/102>"), reason="busy"
    )
    assert encode(message, SHORT_STYLE) == (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        b"<CCn><coTBC><cID>1A2B</cID><dID>N&lt;350/102&gt;</dID></coTBC><rsn>busy</rsn></CCn>"
    )


def test_what_closes_an_event_stands_at_its_end() -> None:
    """localConnectionInfo, cause, servicesPermitted, extensions: the order of ECMA-285."""
    event = DeliveredEvent(
        private=Private(epid="WEB1"),
        monitor_cross_ref_id="7",
        local_connection_info=LocalConnectionState.ALERTING,
        cause="newCall",
        services_permitted=ServicesPermitted(),
        connection=ConnectionId("1", "2"),
        alerting_device=Device("2"),
        network_calling_device=NOT_KNOWN,
    )
    names = [part.split(b">")[0] for part in encode(event, SHORT_STYLE).split(b"<")]
    order = [b"mCRI", b"cnncn", b"aDe", b"lCI", b"cs", b"sP", b"ntCD", b"extn"]
    assert [name for name in names if name in order] == order


def test_private_data_stands_in_the_vendors_namespace() -> None:
    event = ForwardingEvent(
        device=Device("1"),
        forwarding_type=ForwardingType.BUSY,
        forward_status=True,
        private=Private(static_ond_active=False, static_ond_dn=""),
    )
    data = encode(event, Style())
    assert b'xmlns:scx="http://www.siemens.com/schema/csta"' in data
    assert b"<scx:staticOndActive>false</scx:staticOndActive><scx:staticOndDN/>" in data


def test_hold_options_stand_beside_private_data() -> None:
    message = HoldCall(
        call_to_be_held=ConnectionId("1", "2"),
        hold_options="exclusiveHold",
        private=Private(epid="e"),
    )
    data = encode(message, SHORT_STYLE)
    assert (
        b"<extn><pDa><prvt><zEpid>e</zEpid></prvt></pDa><zhOs>exclusiveHold</zhOs></extn>" in data
    )


def test_lists_of_none_and_of_one() -> None:
    empty = decode(b"<SnDR><cRID><sDa/></cRID></SnDR>").message
    assert empty == SnapshotDeviceResponse()
    one = decode(
        b"<SCR><caD><dIr>5</dIr></caD><cRID><sDa><sCRIo><dOC><dIr>5</dIr></dOC>"
        b"<cI><cID>1</cID></cI><lCI>hold</lCI></sCRIo></sDa></cRID></SCR>"
    ).message
    assert isinstance(one, SnapshotCallResponse)
    assert one.endpoints[0].local_connection_info is LocalConnectionState.HOLD


def test_an_endpoint_within_an_endpoint_is_read() -> None:
    text = b"<TE><pOC><cID>1</cID></pOC><tCs><cLI><endp><endp>5</endp></endp></cLI></tCs></TE>"
    message = decode(text).message
    assert isinstance(message, TransferredEvent)
    assert message.connections[0].endpoint == Endpoint("5")


def test_what_is_no_message_is_not_written() -> None:
    with pytest.raises(LocalError):
        encode(Private(), Style())  # type: ignore[arg-type]
    with pytest.raises(LocalError):
        encode(operation_error("\x00"), Style())
