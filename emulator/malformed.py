"""Messages that nobody should send, for those who have to survive them: on request, not by chance.

What is sent over a stream may end it, where it breaks the framing; that is part of the trial.
"""

from __future__ import annotations

from collections.abc import Iterable

from protocols.aio.flow import Flow, FlowClosedError

_TAIL = "Content-Length: 0\r\n\r\n"
_VIA = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-malformed\r\n"
_DIALOG = (
    "From: <sip:102@pbx.invalid>;tag=1\r\nTo: <sip:{user}@pbx.invalid>\r\n"
    "Call-ID: malformed\r\nMax-Forwards: 70\r\n"
)
_SIP = (
    "INVITE sip:{user}@192.0.2.1 SIP/2.0\r\n" + _VIA + _DIALOG + "CSeq: INVITE one\r\n" + _TAIL,
    "INVITE sip:{user}@192.0.2.1 SIP/2.0\r\n" + _DIALOG + "CSeq: 1 INVITE\r\n" + _TAIL,
    "INVITE sip:{user}@192.0.2.1 SIP/2.0\r\n"
    + _VIA
    + _DIALOG
    + "CSeq: 1 INVITE\r\nContact: <sip:\r\nContent-Type: application/sdp\r\n"
    + "Content-Length: 3\r\n\r\nv=x",
    "NOTIFY sip:{user}@192.0.2.1 SIP/2.0\r\n"
    + _VIA
    + _DIALOG
    + "CSeq: 1 NOTIFY\r\nEvent: message-summary\r\n"
    + "Content-Length: 17\r\n\r\nMessages-Waiting:",
    "NOTIFY sip:{user}@192.0.2.1 SIP/2.0\r\n" + _VIA + "From: \r\nTo: \r\n" + _TAIL,
    "SIP/2.0 999 Never\r\n" + _VIA + _DIALOG + "CSeq: 4294967296 INVITE\r\n" + _TAIL,
    "SIP/2.0 200 OK\r\nVia: \r\n" + _TAIL,
    "OPTIONS sip:{user}@192.0.2.1 SIP/2.0\r\n"
    + _VIA
    + _DIALOG
    + "CSeq: 1 OPTIONS\r\nContent-Length: -5\r\n\r\n",
    "\x00\x01\x02 this is no SIP at all\r\n\r\n",
)

#: Bodies of whole frames. After each of them the link goes on.
CSTA = (
    b"",
    b"<DeliveredEvent><monitorCrossRefID>1",
    b"\xff\xfe no text at all",
    b'<!DOCTYPE a [<!ENTITY b "c">]><DE><mCRI>&b;</mCRI></DE>',
    b"<DE>" + b"<cnncn>" * 100 + b"</cnncn>" * 100 + b"</DE>",
    b"<EEt><mCRI>1</mCRI><eCn/></EEt>",
    b"<DeliveredEvent><connection><callID>1</callID></connection></DeliveredEvent>",
    b"<NobodyKnowsThisEvent/>",
    b"<SDeR><sDa><sDRI/></sDa></SDeR>",
)


def send_sip(flows: Iterable[Flow], user: str) -> int:
    """Every message over every flow; how many flows there were."""
    count = 0
    for flow in flows:
        count += 1
        for text in _SIP:
            try:
                flow.send(text.replace("{user}", user).encode())
            except FlowClosedError:
                break
    return count
