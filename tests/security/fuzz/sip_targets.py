"""SIP and what travels in it: messages, streams, digest, events, SDP."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from tests.security.fuzz.registry import Run, target

TORTURE = Path(__file__).parents[2] / "conformance" / "rfc4475" / "messages"

HEADERS = b"""INVITE sip:101@pbx.test;user=phone SIP/2.0\r
Via: SIP/2.0/TLS [2001:db8::1]:5061;branch=z9hG4bKa;rport;received=192.0.2.1\r
From: "A \\"B\\"" <sip:a%20b@host;transport=tls>;tag=1\r
To: <tel:+4930123;phone-context=x>\r
Call-ID: a@b\r
CSeq: 4294967295 INVITE\r
Max-Forwards: 70\r
Contact: <sip:x@h;ob>;expires=5;+sip.instance="<urn:uuid:1>";reg-id=1, <sip:y@h>;q=0.5\r
Record-Route: <sip:p1;lr>,<sip:p2;lr>\r
Event: message-summary;id=1\r
Subscription-State: terminated;reason=timeout;retry-after=3\r
Session-Expires: 90;refresher=uas\r
Replaces: a@b;to-tag=1;from-tag=2;early-only\r
RAck: 1 2 INVITE\r
RSeq: 7\r
Require: 100rel, timer\r
Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2\r
P-Asserted-Identity: "X" <sip:1@h>, <tel:+1>\r
Diversion: <sip:9@h>;reason=no-answer;counter=2;privacy=off\r
History-Info: <sip:9@h?Reason=SIP%3Bcause%3D302>;index=1.1;mp=1\r
Privacy: id;critical\r
Reason: SIP;cause=200;text="Call completed elsewhere", Q.850;cause=26\r
Refer-To: <sip:b@h?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>\r
Warning: 399 h "text"\r
Retry-After: 5 (busy);duration=3600\r
Content-Type: application/sdp\r
Content-Length: 3\r
\r
v=0"""

RESPONSE = (
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@h>;tag=1\r\n"
    b"To: <sip:b@h>;tag=2\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)

SDP = (
    b"v=0\r\no=- 7 2 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    b"a=group:BUNDLE 0\r\na=ice-lite\r\na=fingerprint:sha-256 AB:CD\r\n"
    b"m=audio 4000 RTP/SAVP 8 0 9 111 101\r\nc=IN IP6 2001:db8::1\r\na=mid:0\r\n"
    b"a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
    b"a=rtcp:4001 IN IP4 192.0.2.7\r\na=rtcp-mux\r\na=setup:actpass\r\n"
    b"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    b"a=candidate:1 1 udp 2130706431 192.0.2.7 4000 typ host\r\n"
    b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20\r\n"
    b"m=video 0 RTP/AVP 96\r\n"
)


def torture() -> Iterable[bytes]:
    return [*(file.read_bytes() for file in sorted(TORTURE.glob("*.dat"))), HEADERS, RESPONSE]


@target(torture)
def sip_datagram() -> Run:
    from protocols.sip import identity
    from protocols.sip.dialog import from_invitation
    from protocols.sip.errors import SipError
    from protocols.sip.event.refer import ReferRequest
    from protocols.sip.message import Request, Response
    from protocols.sip.parser import parse_datagram
    from protocols.sip.session import Settings, refusal
    from protocols.sip.validate import verdict

    values = [name for name, kind in vars(Request.__base__).items() if isinstance(kind, property)]
    assert len(values) > 20

    def run(data: bytes) -> None:
        try:
            message = parse_datagram(data)
        except SipError:
            return
        for name in values:
            with contextlib.suppress(SipError):
                getattr(message, name)
        identity.caller(message.headers, trusted=True)
        identity.diversions(message.headers)
        identity.reasons(message.headers)
        message.to_bytes()
        if not isinstance(message, Request):
            return
        with contextlib.suppress(SipError):
            message.request_uri  # noqa: B018
        with contextlib.suppress(SipError):
            ReferRequest.parse(message)
        # What passed is handled further without another look: nothing may raise then.
        if verdict(message) is None:
            Response.for_request(message, 400, to_tag="x").to_bytes()
            if message.method == "INVITE" and refusal(Settings(), message, "x") is None:
                from_invitation(message, "x")

    return run


@target(lambda: [b"\r\n\r\n" + HEADERS + b"\r\n" + RESPONSE, HEADERS * 2, RESPONSE * 3])
def sip_stream() -> Run:
    from protocols.sip.framer import StreamFramer

    def frames(data: bytes, step: int) -> list[str]:
        framer, found = StreamFramer(), []
        for at in range(0, len(data), step):
            found += [type(frame).__name__ for frame in framer.feed(data[at : at + step])]
        return found

    def run(data: bytes) -> None:
        if data:
            frames(data, 1 + data[0])
            frames(data, len(data))

    return run


@target(lambda: [SDP, SDP.replace(b"SAVP", b"AVP"), SDP.replace(b"RTP/SAVP", b"UDP/TLS/RTP/SAVPF")])
def sdp() -> Run:
    from media.engine import MediaError
    from media.worker.remote import read_description
    from protocols.sdp import SdpError, SessionDescription
    from protocols.sdp.negotiate import AudioSession, LocalAudio, Srtp, is_held

    def run(data: bytes) -> None:
        with contextlib.suppress(MediaError):
            read_description(data.decode("utf-8", "surrogateescape"))
        try:
            offer = SessionDescription.parse(data)
        except SdpError:
            return
        offer.to_bytes()
        is_held(offer)
        for srtp in (Srtp.OFF, Srtp.REQUIRED):
            local = LocalAudio("192.0.2.1", 4000, srtp=srtp)
            callee = AudioSession(local, 1, random=bytes)
            with contextlib.suppress(SdpError):
                callee.answer(offer).to_bytes()
        caller = AudioSession(LocalAudio("192.0.2.1", 4000), 1)
        caller.offer()
        with contextlib.suppress(SdpError):
            caller.accept(offer)

    return run


DIGEST = (
    b'Digest realm="pbx.test", nonce="abc", algorithm=SHA-256, qop="auth,auth-int", opaque="x",'
    b' stale=true, domain="sip:h"',
    b'Digest username="6101", realm="pbx.test", nonce="abc", uri="sip:h", response="00",'
    b' algorithm=MD5, cnonce="0a", qop=auth, nc=00000001, userhash=false',
    b"Bearer realm=x, error=invalid_token",
)


@target(lambda: DIGEST)
def digest() -> Run:
    from protocols.sip.auth.credentials import DigestCredentials
    from protocols.sip.auth.digest_client import DigestClient
    from protocols.sip.auth.digest_server import DigestServer
    from protocols.sip.message import Request, Response

    core = [
        ("Via", "SIP/2.0/UDP h;branch=z9hG4bKa"),
        ("From", "<sip:6101@h>;tag=1"),
        ("To", "<sip:6101@h>"),
        ("Call-ID", "c"),
        ("CSeq", "1 REGISTER"),
    ]
    server = DigestServer("pbx.test", {"6101": "secret"}.get)
    client = DigestClient.of(DigestCredentials("6101", "secret"))

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape").translate({0: None, 10: None, 13: None})
        request = Request("REGISTER", "sip:h", [*core, ("Authorization", text)])
        server.check(request, 1.0)
        asked = Request("REGISTER", "sip:h", core)
        response = Response.for_request(asked, 401, to_tag="x")
        response.headers.add("WWW-Authenticate", text)
        challenged = client.challenged(asked, response)
        if challenged is not None:
            challenged.sign("REGISTER", "sip:h", b"", "0a")

    return run


BODIES = (
    b"Messages-Waiting: yes\r\nMessage-Account: sip:a@h\r\nVoice-Message: 2/8 (0/2)\r\n",
    b"SIP/2.0 200 OK\r\nX: y\r\n",
    b"Signal=5\r\nDuration=160\r\n",
    b'{"version": "1.2", "layers": [{"layer": "voice", "state": "down"}]}',
)


@target(lambda: BODIES)
def sip_bodies() -> Run:
    from gateway.connectors.report import read_report
    from protocols.sip.errors import SipError
    from protocols.sip.event.mwi import MessageSummary, SummaryError
    from protocols.sip.event.refer import parse_sipfrag
    from protocols.sip.info.dtmf import InfoDigit, InfoDigitError

    def run(data: bytes) -> None:
        with contextlib.suppress(SummaryError):
            MessageSummary.parse(data).to_bytes()
        with contextlib.suppress(SipError):
            parse_sipfrag(data)
        for kind in ("application/dtmf-relay", "application/dtmf", None):
            with contextlib.suppress(InfoDigitError):
                InfoDigit.parse(kind, data)
        read_report(data)

    return run
