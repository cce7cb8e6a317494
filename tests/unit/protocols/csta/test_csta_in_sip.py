"""CSTA in NOTIFY and INFO, and the feature events of phones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.csta.dialects import BUSINESS, UACSTA, Heartbeat
from protocols.csta.errors import LocalError, ParseError
from protocols.csta.events.call import ConnectionClearedEvent
from protocols.csta.events.device import DoNotDisturbEvent, ForwardingEvent
from protocols.csta.feature_event import read_events, read_request, write_events
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.link import Garbled, Incoming
from protocols.csta.message import Request, operation_error
from protocols.csta.services.features import (
    GetDoNotDisturb,
    GetDoNotDisturbResponse,
    SetDoNotDisturb,
    SetForwarding,
)
from protocols.csta.services.monitoring import SnapshotDevice, SnapshotDeviceResponse
from protocols.csta.services.system import RequestSystemStatus, SystemStatusResponse
from protocols.csta.session.actions import (
    Asked as ServerAsked,
)
from protocols.csta.session.actions import (
    ClientAction,
    Close,
    DeviceSnapshot,
    MonitorUp,
    Outcome,
    Phase,
    Reported,
    Send,
    ServerAction,
)
from protocols.csta.session.client import ClientSession
from protocols.csta.session.server import ServerSession
from protocols.csta.sip_link import (
    CONTENT_TYPE,
    EVENT_PACKAGE,
    INFO,
    Asked,
    SipAnswer,
    SipLink,
    SipRequest,
)
from protocols.csta.values import ForwardingType

XML = b"<RSS/>"


def test_a_request_goes_out_as_notify_of_the_package() -> None:
    sent = SipLink(BUSINESS.style).outgoing(4, RequestSystemStatus())
    assert isinstance(sent, SipRequest)
    assert (sent.method, sent.invoke_id) == ("NOTIFY", 4)
    assert sent.headers == (("Event", "b2buaCSTA"), ("Content-Type", "application/csta+xml"))
    assert sent.body.endswith(b'standalone="yes"?><RSS/>')


def test_uacsta_goes_out_as_info_without_event() -> None:
    sent = SipLink(UACSTA.style, INFO).outgoing(4, GetDoNotDisturb(device="tel:+49"))
    assert isinstance(sent, SipRequest)
    assert sent.method == "INFO"
    assert sent.headers == (
        ("Content-Disposition", "signal;handling=required"),
        ("Content-Type", "application/csta+xml"),
    )
    assert b"csta/ed3" in sent.body
    asked = SipLink(UACSTA.style, INFO).asked("k", None, CONTENT_TYPE, sent.body)
    assert isinstance(asked, Asked)


@pytest.mark.parametrize(
    ("event", "content_type", "body", "status", "header"),
    [
        ("presence", CONTENT_TYPE, XML, 489, ("Allow-Events", EVENT_PACKAGE)),
        (None, CONTENT_TYPE, XML, 489, ("Allow-Events", EVENT_PACKAGE)),
        (EVENT_PACKAGE, "text/plain", XML, 415, ("Accept", CONTENT_TYPE)),
        (EVENT_PACKAGE, None, XML, 415, ("Accept", CONTENT_TYPE)),
        (EVENT_PACKAGE, CONTENT_TYPE, b"", 400, None),
        (EVENT_PACKAGE, CONTENT_TYPE, b"<!DOCTYPE a><RSS/>", 400, None),
    ],
)
def test_refusals(
    event: str | None,
    content_type: str | None,
    body: bytes,
    status: int,
    header: tuple[str, str] | None,
) -> None:
    answer = SipLink(BUSINESS.style).asked("k", event, content_type, body)
    assert answer == SipAnswer("k", status, (header,) if header else ())


def test_parameters_and_case_of_headers_do_not_matter() -> None:
    asked = SipLink(BUSINESS.style).asked(
        "k", "B2BUACsta;id=1", "Application/CSTA+xml; charset=utf-8", XML
    )
    assert isinstance(asked, Asked)


def test_a_request_is_answered_in_the_200_of_its_own_transaction() -> None:
    link = SipLink(BUSINESS.style)
    first = link.asked("a", EVENT_PACKAGE, CONTENT_TYPE, b"<GDND><dvc>1</dvc></GDND>")
    second = link.asked("b", EVENT_PACKAGE, CONTENT_TYPE, b"<GDND><dvc>2</dvc></GDND>")
    assert isinstance(first, Asked) and isinstance(second, Asked)
    assert first.answer is None
    answer = link.outgoing(
        second.incoming.invoke_id, GetDoNotDisturbResponse(do_not_disturb_on=True)
    )
    assert isinstance(answer, SipAnswer)
    assert (answer.key, answer.status) == ("b", 200)
    assert answer.body.endswith(b"<GDNDe><dNDO>true</dNDO></GDNDe>")
    with pytest.raises(LocalError):
        link.outgoing(second.incoming.invoke_id, SystemStatusResponse())
    link.gone("a")
    with pytest.raises(LocalError):
        link.outgoing(first.incoming.invoke_id, SystemStatusResponse())


def test_an_event_is_answered_at_once_without_a_body() -> None:
    asked = SipLink(BUSINESS.style).asked(
        "k", EVENT_PACKAGE, CONTENT_TYPE, b"<CCEt><drC><cID>1</cID></drC></CCEt>"
    )
    assert asked == Asked(
        Incoming(9999, ConnectionClearedEvent(dropped_connection=ConnectionId("1"))),
        SipAnswer("k", 200),
    )


def test_an_unknown_request_is_refused_in_its_200() -> None:
    link, server = SipLink(BUSINESS.style), ServerSession(BUSINESS)
    asked = link.asked("k", EVENT_PACKAGE, CONTENT_TYPE, b"<PlayMessage/>")
    assert isinstance(asked, Asked) and asked.answer is None
    (send,) = server.receive(asked.incoming.invoke_id, asked.incoming.message, 0.0)
    assert isinstance(send, Send)
    answer = link.outgoing(send.invoke_id, send.message)
    assert isinstance(answer, SipAnswer)
    assert (answer.key, b"serviceNotSupported" in answer.body) == ("k", True)
    odd = link.asked("k", EVENT_PACKAGE, CONTENT_TYPE, b"<PlayEvent/>")
    assert isinstance(odd, Asked) and odd.answer == SipAnswer("k", 200)


def test_too_many_unanswered_requests_are_put_off() -> None:
    link = SipLink(BUSINESS.style, unanswered=2)
    for key in "ab":
        assert isinstance(link.asked(key, EVENT_PACKAGE, CONTENT_TYPE, XML), Asked)
    refused = link.asked("c", EVENT_PACKAGE, CONTENT_TYPE, XML)
    assert refused == SipAnswer("c", 503, (("Retry-After", "5"),))


def test_final_responses() -> None:
    link = SipLink(BUSINESS.style)
    assert link.answered(3, 200, None, b"") is None
    assert link.answered(3, 200, CONTENT_TYPE, b"<SSR/>") == Incoming(3, SystemStatusResponse())
    for status, content_type, body in (
        (408, None, b""),
        (200, "text/plain", b"<SSR/>"),
        (200, CONTENT_TYPE, b"<SSR"),
    ):
        assert isinstance(link.answered(3, status, content_type, body), Garbled)


class Cloud:
    """A client session and a switching function that talk by NOTIFY alone."""

    def __init__(self) -> None:
        self.client, self.server = ClientSession(Heartbeat()), ServerSession(BUSINESS)
        self.here, self.there = SipLink(BUSINESS.style), SipLink(BUSINESS.style)
        self.seen: list[ClientAction] = []
        self.answers: dict[object, SipAnswer] = {}
        self.keys = 0

    def run(self, actions: list[ClientAction]) -> None:
        for action in actions:
            if not isinstance(action, Send):
                self.seen.append(action)
                continue
            out = self.here.outgoing(action.invoke_id, action.message)
            if isinstance(out, SipAnswer):
                self.answers[out.key] = out
            else:
                self._notify_server(out)

    def run_server(self, actions: list[ServerAction]) -> None:
        for action in actions:
            match action:
                case Send(invoke_id, message):
                    out = self.there.outgoing(invoke_id, message)
                    if isinstance(out, SipAnswer):
                        self.answers[out.key] = out
                    else:
                        self._notify_client(out)
                case ServerAsked(invoke_id, request):
                    self._decide(invoke_id, request)
                case _:
                    assert not isinstance(action, Close)

    def _decide(self, invoke_id: int, request: Request) -> None:
        if isinstance(request, SnapshotDevice):
            self.run_server(self.server.answer(invoke_id, SnapshotDeviceResponse()))
        elif isinstance(request, GetDoNotDisturb):
            refusal = operation_error("invalidDeviceID")
            self.run_server(self.server.answer(invoke_id, refusal))
        else:
            self.run_server(self.server.accept_monitor(invoke_id))

    def _notify_server(self, out: SipRequest) -> None:
        self.keys += 1
        key = self.keys
        asked = self.there.asked(key, EVENT_PACKAGE, CONTENT_TYPE, out.body)
        assert isinstance(asked, Asked)
        incoming = asked.incoming
        self.run_server(self.server.receive(incoming.invoke_id, incoming.message, 0.0))
        answer = asked.answer or self.answers.pop(key)
        taken = self.here.answered(out.invoke_id, answer.status, CONTENT_TYPE, answer.body)
        assert isinstance(taken, Incoming)
        self.run(self.client.receive(taken.invoke_id, taken.message, 0.0))

    def _notify_client(self, out: SipRequest) -> None:
        self.keys += 1
        key = self.keys
        asked = self.here.asked(key, EVENT_PACKAGE, CONTENT_TYPE, out.body)
        assert isinstance(asked, Asked)
        incoming = asked.incoming
        self.run(self.client.receive(incoming.invoke_id, incoming.message, 0.0))
        answer = asked.answer or self.answers.pop(key)
        taken = self.there.answered(out.invoke_id, answer.status, CONTENT_TYPE, answer.body)
        if taken is not None:
            assert isinstance(taken, Incoming)
            self.run_server(self.server.receive(taken.invoke_id, taken.message, 0.0))


def test_both_sessions_run_over_notify() -> None:
    """Flow F14 of docs/protocols/csta.md: status, monitor, snapshot, then events."""
    cloud = Cloud()
    cloud.run(cloud.client.connected(0.0))
    cloud.run_server(cloud.server.connected(0.0))
    cloud.run(cloud.client.timer(5.0))
    assert cloud.client.phase is Phase.UP
    cloud.run(cloud.client.watch("350", 0.0))
    assert cloud.seen[-2:] == [MonitorUp("350"), DeviceSnapshot("350", SnapshotDeviceResponse())]
    event = DoNotDisturbEvent(device=Device("350"), do_not_disturb_on=True)
    cloud.run_server(cloud.server.report("350", event))
    assert isinstance(cloud.seen[-1], Reported)
    token, actions = cloud.client.request(GetDoNotDisturb(device="9"), 0.0)
    cloud.run(actions)
    assert cloud.seen[-1] == Outcome(token, operation_error("invalidDeviceID"))


DND = DoNotDisturbEvent(device=Device("100"), do_not_disturb_on=True)
FORWARD = ForwardingEvent(
    device=Device("100"),
    forwarding_type=ForwardingType.NO_ANSWER,
    forward_status=True,
    forward_to="900",
    ring_count=3,
)


def test_one_feature_event_is_a_plain_body() -> None:
    content_type, body = write_events([DND], "unused")
    assert content_type == "application/x-as-feature-event+xml"
    assert b"<device>100</device><doNotDisturbOn>true</doNotDisturbOn>" in body
    assert read_events(content_type, body) == [DND]


def test_several_feature_events_are_parts() -> None:
    content_type, body = write_events([DND, FORWARD], "b1")
    assert content_type == 'multipart/mixed;boundary="b1"'
    assert read_events(content_type, body) == [DND, FORWARD]
    extra = body.replace(b"--b1--", b"--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1--")
    assert read_events(content_type, extra) == [DND, FORWARD]


@pytest.mark.parametrize("boundary", ["", "a b", 'a"', "a\r\nX: y", "device", "ä"])
def test_a_boundary_that_would_cut_wrongly_is_not_written(boundary: str) -> None:
    with pytest.raises(LocalError):
        write_events([DND, FORWARD], boundary)


def test_what_a_phone_wants_changed() -> None:
    kind = "application/x-as-feature-event+xml"
    set_dnd = b"<SetDoNotDisturb><device/><doNotDisturbOn>true</doNotDisturbOn></SetDoNotDisturb>"
    assert read_request(kind, set_dnd) == SetDoNotDisturb(device="", do_not_disturb_on=True)
    set_forward = (
        b"<SetForwarding><device>1</device><forwardingType>forwardBusy</forwardingType>"
        b"<forwardDN>5</forwardDN><activateForward>false</activateForward></SetForwarding>"
    )
    assert read_request(kind, set_forward) == SetForwarding(
        device="1", forwarding_type=ForwardingType.BUSY, activate_forward=False, forward_dn="5"
    )
    assert read_request(kind, b"") is None
    for wrong_kind, body in (
        (kind, b"<RSS/>"),
        ("text/plain", set_dnd),
        (kind + "\r\nX: y", set_dnd),
    ):
        with pytest.raises(ParseError):
            read_request(wrong_kind, body)


@given(st.text(max_size=40), st.binary(max_size=200))
def test_no_body_breaks_the_reader(content_type: str, body: bytes) -> None:
    for kind in (content_type, f'multipart/mixed;boundary="{content_type}"'):
        try:
            read_events(kind, body)
        except ParseError:
            pass
