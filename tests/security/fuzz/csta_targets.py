"""CSTA: frames, XML in every edition and tag style, the phone's feature events, device names."""

from __future__ import annotations

import contextlib

from tests.security.fuzz.registry import Run, target

EVENT = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<DeliveredEvent xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4">'
    b"<monitorCrossRefID>3</monitorCrossRefID><connection><callID>17</callID>"
    b'<deviceID typeOfNumber="dialingNumber">N&lt;101&gt;Anna;ond=5</deviceID></connection>'
    b"<alertingDevice><deviceIdentifier>101</deviceIdentifier></alertingDevice>"
    b"<callingDevice><notKnown/></callingDevice>"
    b"<localConnectionInfo>alerting</localConnectionInfo><cause>newCall</cause></DeliveredEvent>"
)
MESSAGES = (
    EVENT,
    b"<MonitorStart><monitorObject><deviceObject>101</deviceObject></monitorObject></MonitorStart>",
    b"<CSTAErrorCode><operation>invalidDeviceID</operation></CSTAErrorCode>",
    b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b"<SystemStatus><systemStatus>normal</systemStatus></SystemStatus>",
)


def framed(invoke_id: int, payload: bytes) -> bytes:
    return b"\0\0" + (8 + len(payload)).to_bytes(2, "big") + b"%04d" % invoke_id + payload


@target(lambda: MESSAGES)
def csta_message() -> Run:
    """What was read can be written again in the peer's style, and says the same."""
    from protocols.csta.codec import Style, decode, encode
    from protocols.csta.errors import LocalError, ParseError
    from protocols.csta.message import Message

    def run(data: bytes) -> None:
        try:
            found = decode(data)
        except ParseError:
            return
        if not isinstance(found.message, Message):
            return
        try:
            written = encode(found.message, found.style(Style()))
        except LocalError:  # text that came in escaped and may not stand in XML
            return
        assert decode(written).message == found.message

    return run


@target(lambda: [framed(1, EVENT), framed(9999, EVENT) * 2, b"\0\0\0\x08abcd"])
def csta_stream() -> Run:
    from protocols.csta.codec import Style
    from protocols.csta.link import StreamLink

    def run(data: bytes) -> None:
        step = 1 + data[0] if data else 1
        cut, whole = StreamLink(Style(), mirror=True), StreamLink(Style(), mirror=True)
        found = [one for at in range(0, len(data), step) for one in cut.feed(data[at : at + step])]
        assert repr(found) == repr(whole.feed(data))

    return run


@target(lambda: [b"N<101/1>Anna;ond=5", b"sip:101@h;x=y", b"tel:+49301", b"N+49301;epid=a"])
def csta_device() -> Run:
    from protocols.csta.device_names import parse_device
    from protocols.csta.errors import LocalError

    def run(data: bytes) -> None:
        device = parse_device(data.decode("utf-8", "replace"))
        with contextlib.suppress(LocalError):
            str(device)

    return run


FEATURES = (
    b'<DoNotDisturbEvent xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed3">'
    b"<device>101</device><doNotDisturbOn>true</doNotDisturbOn></DoNotDisturbEvent>"
)


@target(lambda: [FEATURES, b"--x\r\n\r\n" + FEATURES + b"\r\n--x--\r\n"])
def csta_features() -> Run:
    from protocols.csta.errors import ParseError
    from protocols.csta.feature_event import read_events, read_request

    kinds = ("application/x-as-feature-event+xml", "multipart/mixed;boundary=x")

    def run(data: bytes) -> None:
        for kind in (*kinds, data.partition(b"\r\n")[0].decode("latin-1")):
            for read in (read_events, read_request):
                with contextlib.suppress(ParseError):
                    read(kind, data)

    return run


def conversation() -> list[bytes]:
    """A call that rings, is answered and ends, with the answers of a monitor's start."""
    call = b"<cID>17</cID><dID>101</dID>"
    return [
        b"<SS><ssS>enabled</ssS></SS>",
        b"<SystemRegisterResponse/>",
        b"<MSR><mCRI>3</mCRI></MSR>",
        b"<SnDR><cRID><sDa><sDRI><cIr>" + call + b"</cIr></sDRI></sDa></cRID></SnDR>",
        EVENT,
        b"<EEt><mCRI>3</mCRI><eCn>" + call + b"</eCn><anD><dIr>101</dIr></anD></EEt>",
        b"<HE><mCRI>3</mCRI><hCn>" + call + b"</hCn><hD><dIr>101</dIr></hD></HE>",
        b"<TE><mCRI>3</mCRI><pOC>" + call + b"</pOC><tCs><cLI><nCn><cID>18</cID>"
        b"<dID>101</dID></nCn></cLI></tCs><lCI>connected</lCI></TE>",
        b"<CCEt><mCRI>3</mCRI><drC>" + call + b"</drC></CCEt>",
    ]


def conversation_stream() -> list[bytes]:
    ids = [9999, 0, 1, 2, 9999, 9999, 9999, 9999, 9999]
    pairs = zip(ids, conversation(), strict=True)
    return [b"".join(framed(invoke_id, payload) for invoke_id, payload in pairs)]


@target(conversation_stream)
def csta_sessions() -> Run:
    """Both ends of a link, and the view of the device that the client watches."""
    from protocols.csta.dialects import VOICE
    from protocols.csta.link import Garbled, Incoming, StreamLink
    from protocols.csta.session.actions import DeviceSnapshot, Reported
    from protocols.csta.session.client import ClientSession
    from protocols.csta.session.server import ServerSession
    from protocols.csta.view.model import new_view
    from protocols.csta.view.reduce import reduce
    from protocols.csta.view.snapshots import reconcile

    def run(data: bytes) -> None:
        client, server = ClientSession(VOICE.heartbeat), ServerSession(VOICE)
        view = new_view("101")
        server.connected(0.0)
        actions = [*client.connected(0.0), *client.watch("101", 0.0)]
        for item in StreamLink(VOICE.style).feed(data):
            if isinstance(item, Garbled):
                actions += client.garbled(item.invoke_id, 0.0)
                server.garbled(item.invoke_id)
            elif isinstance(item, Incoming):
                actions += client.receive(item.invoke_id, item.message, 0.0)
                server.receive(item.invoke_id, item.message, 0.0)
        for action in actions:
            if isinstance(action, Reported):
                view = reduce(view, action.event)
            elif isinstance(action, DeviceSnapshot):
                view = reconcile(view, action.snapshot)
        assert all(call.legs and call.call_id for call in view.calls)

    return run


@target(lambda: [*MESSAGES, b"<PlayMessage/>", b"<SystemRegister/>"])
def csta_in_sip() -> Run:
    """Whatever a NOTIFY holds, what the session says to it can be sent."""
    from protocols.csta.dialects import BUSINESS
    from protocols.csta.session.actions import Send
    from protocols.csta.session.server import ServerSession
    from protocols.csta.sip_link import CONTENT_TYPE, EVENT_PACKAGE, Asked, SipAnswer, SipLink

    def run(data: bytes) -> None:
        link, server = SipLink(BUSINESS.style), ServerSession(BUSINESS)
        asked = link.asked("key", EVENT_PACKAGE, CONTENT_TYPE, data)
        if isinstance(asked, Asked):
            incoming = asked.incoming
            for action in server.receive(incoming.invoke_id, incoming.message, 0.0):
                if isinstance(action, Send):
                    assert isinstance(link.outgoing(action.invoke_id, action.message), SipAnswer)
        link.answered(1, 200, CONTENT_TYPE, data)

    return run
