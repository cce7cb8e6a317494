"""Both ends of a link: start, requests, monitors, snapshots, silence, loss."""

from __future__ import annotations

import pytest

from protocols.csta.dialects import BUSINESS, Heartbeat
from protocols.csta.events.call import ConnectionClearedEvent
from protocols.csta.framing import encode_frame
from protocols.csta.message import (
    Request,
    UnknownMessage,
    operation_error,
    resource_error,
)
from protocols.csta.services.call_control import (
    AnswerCall,
)
from protocols.csta.services.features import GetDoNotDisturb, GetDoNotDisturbResponse
from protocols.csta.services.monitoring import (
    MonitorStart,
    MonitorStartResponse,
    MonitorStop,
    SnapshotCall,
    SnapshotCallResponse,
    SnapshotDeviceResponse,
)
from protocols.csta.services.system import (
    RequestSystemStatus,
    RequestSystemStatusResponse,
    SystemRegister,
    SystemRegisterResponse,
    SystemStatus,
)
from protocols.csta.session.actions import (
    CallSnapshot,
    Close,
    DeviceSnapshot,
    Failure,
    MonitorDown,
    MonitorEnded,
    MonitorUp,
    Outcome,
    Phase,
    PhaseChanged,
    Reported,
    Send,
)
from protocols.csta.session.client import ClientSession
from protocols.csta.values import SystemState
from tests.support.csta_pair import CALL, ITEM, Pair, Reply, one_call, up


def test_a_session_starts_as_openscape_voice_does_it() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    assert pair.names() == [
        "server SystemStatus",
        "client SystemStatusResponse",
        "client SystemRegister",
        "server SystemRegisterResponse",
        "client MonitorStart",
        "server MonitorStartResponse",
        "client SnapshotDevice",
        "server SnapshotDeviceResponse",
        "client SnapshotCall",
        "server SnapshotCallResponse",
    ]
    ids = [invoke_id for _, invoke_id, _ in pair.wire]
    assert ids == [9999, 9999, 0, 0, 1, 1, 2, 2, 3, 3]
    assert pair.seen == [
        PhaseChanged(Phase.STARTING),
        PhaseChanged(Phase.UP),
        MonitorUp("100"),
        DeviceSnapshot("100", SnapshotDeviceResponse(calls=(ITEM,))),
        CallSnapshot("100", CALL, SnapshotCallResponse()),
    ]


def test_a_peer_that_does_not_greet_is_asked() -> None:
    client = ClientSession(Heartbeat())
    assert client.connected(10.0) == [PhaseChanged(Phase.STARTING)]
    assert client.deadline() == 11.0
    assert client.timer(10.9) == []
    (send,) = client.timer(11.0)
    assert isinstance(send, Send) and isinstance(send.message, SystemRegister)
    refusal = operation_error("serviceNotSupported")
    assert client.receive(send.invoke_id, refusal, 15.1) == [PhaseChanged(Phase.UP)]


def test_without_a_connection_the_peer_is_asked_at_once() -> None:
    """It greets only whom it knows."""
    client = ClientSession(Heartbeat(), connectionless=True)
    started, send = client.connected(10.0)
    assert started == PhaseChanged(Phase.STARTING)
    assert isinstance(send, Send) and isinstance(send.message, SystemRegister)


@pytest.mark.parametrize(("told", "anew"), [("27ss", False), ("", True), ("28ss", True)])
def test_a_status_for_nobody_says_that_the_switch_was_started_anew(told: str, anew: bool) -> None:
    """A greeting of a PBX that has forgotten us: no connection broke that could say so."""
    client = ClientSession(Heartbeat(), connectionless=True)
    client.watch("100", 0.0)
    register = client.connected(0.0)[1]
    assert isinstance(register, Send)
    answer = SystemRegisterResponse(sys_stat_register_id="27ss")
    start = client.receive(register.invoke_id, answer, 0.1)[1]
    assert isinstance(start, Send)
    client.receive(start.invoke_id, MonitorStartResponse(monitor_cross_ref_id="1"), 0.2)
    assert client.phase is Phase.UP

    status = SystemStatus(system_status=SystemState.NORMAL, sys_stat_register_id=told)
    actions = client.receive(9999, status, 5.0)

    asked = [type(a.message) for a in actions if isinstance(a, Send)]
    assert (SystemRegister in asked) is anew
    assert (client.phase is Phase.STARTING) is anew


def test_a_peer_that_never_answers_is_left() -> None:
    client = ClientSession(Heartbeat())
    client.connected(0.0)
    client.timer(5.0)
    assert client.timer(15.0) == [Close("no answer to SystemRegister")]
    assert client.deadline() is None


def test_a_request_ends_with_its_answer() -> None:
    pair = up()
    token = pair.ask(GetDoNotDisturb(device="100"))
    assert pair.seen[-1] == Outcome(token, GetDoNotDisturbResponse(do_not_disturb_on=True))
    token = pair.ask(AnswerCall(call_to_be_answered=CALL))
    assert pair.seen[-1] == Outcome(token, operation_error("invalidConnectionID"))


def test_a_request_ends_without_answer() -> None:
    pair = up()
    pair.muted = True
    token = pair.ask(GetDoNotDisturb(device="100"))
    pair.pass_time(pair.now + 9.9)
    assert Outcome(token, Failure.TIMEOUT) not in pair.seen
    pair.pass_time(pair.now + 0.1)
    assert pair.seen[-1] == Outcome(token, Failure.TIMEOUT)
    pair.muted = False
    late = encode_frame(
        1,
        b"<GetDoNotDisturbResponse><doNotDisturbOn>true</doNotDisturbOn></GetDoNotDisturbResponse>",
    )
    before = len(pair.seen)
    pair.to_client(late)
    assert len(pair.seen) == before
    assert pair.client.strays == 1


@pytest.mark.parametrize(
    "payload",
    [
        b"<AnswerCallResponse/>",
        b"<SomethingResponse/>",
        b"<GetDoNotDisturbResponse/>",
        b"<not xml",
        b"",
    ],
)
def test_an_answer_that_cannot_be_one_ends_the_request(payload: bytes) -> None:
    pair = up()
    pair.muted = True
    token = pair.ask(GetDoNotDisturb(device="100"))
    pair.to_client(encode_frame(1, payload))
    assert pair.seen[-1] == Outcome(token, Failure.NONSENSE)


def test_a_lost_link_ends_every_request_and_a_new_one_restores_the_monitors() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.muted = True
    tokens = [pair.ask(GetDoNotDisturb(device="100")) for _ in range(20)]  # more than the window
    pair.disconnect()
    assert pair.seen[-21:] == [
        *(Outcome(token, Failure.LINK_LOST) for token in tokens),
        PhaseChanged(Phase.DOWN),
    ]
    assert pair.client.deadline() is None
    pair.muted = False
    pair.seen.clear()
    pair.wire.clear()
    assert pair.client.request(GetDoNotDisturb(device="1"), pair.now)[1] == [
        Outcome(21, Failure.LINK_LOST)
    ]
    pair.connect()
    kinds = [type(action) for action in pair.seen]
    assert kinds == [PhaseChanged, PhaseChanged, MonitorUp, DeviceSnapshot, CallSnapshot]


def test_events_reach_their_device() -> None:
    pair = up()
    for device in ("100", "101"):
        pair.run(pair.client.watch(device, pair.now))
    event = ConnectionClearedEvent(dropped_connection=CALL)
    pair.run_server(pair.server.report("101", event))
    assert pair.seen[-1] == Reported(
        "101", ConnectionClearedEvent(dropped_connection=CALL, monitor_cross_ref_id="1000000002")
    )
    assert pair.server.report("102", event) == []
    before = len(pair.seen)
    pair.run(pair.client.receive(9999, event, pair.now))
    assert (len(pair.seen), pair.client.strays) == (before, 1)


def test_a_device_that_cannot_be_monitored_is_not_tried_again() -> None:
    refusal = operation_error("invalidDeviceID")
    pair = up(dialect=BUSINESS, refuse={"102": refusal})
    pair.run(pair.client.watch("102", pair.now))
    assert pair.seen[-1] == MonitorDown("102", refusal, None)
    starts = pair.names().count("client MonitorStart")
    pair.pass_time(pair.now + 3600)
    assert pair.names().count("client MonitorStart") == starts
    pair.refuse.clear()
    pair.run(pair.client.watch("102", pair.now))
    assert MonitorUp("102") in pair.seen


def test_a_full_switch_is_tried_again_ever_more_seldom() -> None:
    full = resource_error("overallMonitorLimitExceeded")
    pair = up(refuse={"100": full})
    pair.run(pair.client.watch("100", pair.now))
    pair.pass_time(pair.now + 812)
    waits = [action.retry_in for action in pair.seen if isinstance(action, MonitorDown)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    pair.refuse.clear()
    pair.pass_time(pair.now + 300)
    assert MonitorUp("100") in pair.seen
    pair.run_server(pair.server.end_monitors("100"))
    assert pair.seen[-1] == MonitorDown("100", Failure.STOPPED, 1)  # success forgives


def test_a_monitor_that_the_switch_ends_is_started_again() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.run_server(pair.server.end_monitors("100"))
    assert "client MonitorStopResponse" in pair.names()
    assert MonitorDown("100", Failure.STOPPED, 1) in pair.seen
    assert pair.server_seen == [MonitorEnded("100", "1000000001")]
    assert pair.server.monitored() == frozenset()
    pair.pass_time(pair.now + 1)
    assert pair.server.monitored() == {"100"}


def test_unwatch_stops_and_a_stop_overtaking_the_start_does_too() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.run(pair.client.unwatch("100", pair.now))
    assert pair.server.monitored() == frozenset()
    client = ClientSession(Heartbeat())
    client.connected(0.0)
    client.receive(9999, SystemStatus(system_status=SystemState.ENABLED), 0.0)
    client.receive(0, operation_error("serviceNotSupported"), 0.0)
    (start,) = client.watch("100", 0.0)
    assert isinstance(start, Send) and start.message == MonitorStart(device="100")
    assert client.unwatch("100", 0.0) == []
    (stop,) = client.receive(1, MonitorStartResponse(monitor_cross_ref_id="7"), 0.0)
    assert isinstance(stop, Send) and stop.message == MonitorStop(monitor_cross_ref_id="7")


def test_resync_asks_once_while_a_snapshot_is_on_its_way() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.muted = True
    asked = pair.names().count("client SnapshotDevice")
    for _ in range(3):
        pair.run(pair.client.resync("100", pair.now))
    assert pair.names().count("client SnapshotDevice") == asked + 1
    pair.muted = False
    pair.pass_time(pair.now + 11)  # unanswered: asked again a second later
    assert pair.names().count("client SnapshotDevice") == asked + 2
    assert isinstance(pair.seen[-1], CallSnapshot)
    assert pair.client.resync("999", pair.now) == []


def test_a_call_that_ends_under_its_snapshot_makes_us_look_again() -> None:
    gone: list[int] = [1]

    def switch(request: Request) -> Reply:
        if isinstance(request, SnapshotCall) and gone:
            gone.pop()
            return operation_error("invalidConnectionID"), ()
        return one_call(request)

    pair = Pair(switch=switch)
    pair.run(pair.client.watch("100", pair.now))
    assert isinstance(pair.seen[-1], DeviceSnapshot)
    pair.pass_time(pair.now + 1)
    assert isinstance(pair.seen[-1], CallSnapshot)


def test_a_platform_that_never_tells_details_is_asked_ever_more_seldom() -> None:
    def switch(request: Request) -> Reply:
        if isinstance(request, SnapshotCall):
            return operation_error("serviceNotSupported"), ()
        return one_call(request)

    pair = Pair(switch=switch)
    pair.run(pair.client.watch("100", pair.now))
    pair.pass_time(pair.now + 1023)  # 1 + 2 + 4 ... + 256, then every 300 s
    assert pair.names().count("client SnapshotDevice") == 1 + 9 + 1
    pair.run(pair.client.resync("100", pair.now))
    asked = pair.names().count("client SnapshotDevice")
    pair.pass_time(pair.now + 1)  # a new cause is a new beginning
    assert pair.names().count("client SnapshotDevice") == asked + 1


def test_heartbeats_keep_a_silent_link_up() -> None:
    pair = up()
    pair.pass_time(pair.now + 600)
    assert pair.names().count("server SystemStatus") == 11
    assert "client RequestSystemStatus" not in pair.names()
    assert not any(isinstance(action, Close) for action in (*pair.seen, *pair.server_seen))


def test_a_dead_switch_is_noticed() -> None:
    pair = up(dialect=BUSINESS)
    pair.muted = True
    start = pair.now
    pair.pass_time(start + 600)
    assert pair.seen[-1] == Close("silent over 3 requests for a sign of life")
    assert pair.now == start + 30 + 3 * 10


def test_a_sign_of_life_starts_the_count_anew() -> None:
    pair = up(dialect=BUSINESS)
    start, pair.muted = pair.now, True
    pair.pass_time(start + 30 + 2 * 10)  # two questions unanswered
    pair.run(pair.client.receive(9999, UnknownMessage(name="OddEvent"), pair.now))
    pair.pass_time(pair.now + 15)  # the third is a first again
    assert not any(isinstance(action, Close) for action in pair.seen)


def test_a_new_connection_is_asked_for_life_like_the_first() -> None:
    pair = up(dialect=BUSINESS)
    pair.muted = True
    pair.pass_time(pair.now + 31)
    pair.disconnect()
    pair.muted = False
    pair.connect()
    pair.muted = True
    pair.pass_time(pair.now + 600)
    assert pair.seen[-1] == Close("silent over 3 requests for a sign of life")


def test_an_answer_about_a_device_that_nobody_watches_any_more_is_dropped() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.muted = True
    pair.run(pair.client.resync("100", pair.now))
    asked = pair.wire[-1][1]
    pair.run(pair.client.unwatch("100", pair.now))
    before = len(pair.seen)
    pair.run(pair.client.receive(asked, SnapshotDeviceResponse(calls=(ITEM,)), pair.now))
    assert len(pair.seen) == before


def test_a_switch_out_of_service_loses_the_monitors_and_gets_them_back() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.run_server(pair.server.set_state(SystemState.DISABLED))
    assert pair.seen[-1] == PhaseChanged(Phase.DISABLED)
    token = pair.ask(GetDoNotDisturb(device="100"))
    assert pair.seen[-1] == Outcome(token, Failure.LINK_LOST)
    assert pair.server.monitored() == frozenset()
    pair.seen.clear()
    pair.run_server(pair.server.set_state(SystemState.ENABLED))
    kinds = [type(action) for action in pair.seen]
    assert kinds == [PhaseChanged, PhaseChanged, MonitorUp, DeviceSnapshot, CallSnapshot]


def test_service_is_noticed_though_its_announcement_was_lost() -> None:
    pair = up()
    pair.run_server(pair.server.set_state(SystemState.DISABLED))
    pair.muted = True
    pair.run_server(pair.server.set_state(SystemState.ENABLED))
    pair.pass_time(pair.now + 89)
    pair.muted = False
    pair.pass_time(pair.now + 2)
    assert pair.client.phase is Phase.UP


def test_lost_messages_are_made_good_by_snapshots() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.seen.clear()
    pair.run(pair.client.receive(9999, SystemStatus(system_status=SystemState.MESSAGES_LOST), 0))
    assert [type(action) for action in pair.seen] == [DeviceSnapshot, CallSnapshot]


def test_an_unreadable_event_is_made_good_by_snapshots() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.seen.clear()
    pair.to_client(encode_frame(9999, b"<DeliveredEvent"))
    assert [type(action) for action in pair.seen] == [DeviceSnapshot, CallSnapshot]


def test_many_unreadable_events_do_not_make_a_storm_of_snapshots() -> None:
    pair = up()
    pair.run(pair.client.watch("100", pair.now))
    pair.seen.clear()
    for _ in range(5):
        pair.to_client(encode_frame(9999, b"<DeliveredEvent"))
    pair.pass_time(pair.now + 29)
    assert [type(action) for action in pair.seen] == [DeviceSnapshot, CallSnapshot]
    pair.pass_time(pair.now + 1)
    assert [type(action) for action in pair.seen] == [DeviceSnapshot, CallSnapshot] * 2
    pair.pass_time(pair.now + 60)
    assert len(pair.seen) == 4


def test_requests_to_a_client_are_answered() -> None:
    client = ClientSession(Heartbeat())
    client.connected(0.0)
    assert client.receive(7, RequestSystemStatus(), 0.0) == [
        Send(7, RequestSystemStatusResponse(system_status=SystemState.NORMAL))
    ]
    refusal = operation_error("serviceNotSupported")
    assert client.receive(8, GetDoNotDisturb(device="1"), 0.0) == [Send(8, refusal)]
    assert client.receive(9, UnknownMessage(name="RouteRequest"), 0.0) == [Send(9, refusal)]
    assert client.receive(9999, UnknownMessage(name="PlayEvent"), 0.0) == []


def test_a_thousand_monitors_never_exceed_the_window() -> None:
    client = ClientSession(Heartbeat())
    client.connected(0.0)
    client.receive(9999, SystemStatus(), 0.0)
    client.receive(0, operation_error("serviceNotSupported"), 0.0)
    sent = [s for n in range(1000) for s in client.watch(str(n), 0.0) if isinstance(s, Send)]
    assert len(sent) == 16
    _, actions = client.request(GetDoNotDisturb(device="1"), 0.0)
    assert actions == []
    refusal = operation_error("invalidDeviceID")
    *_, urgent = client.receive(sent[0].invoke_id, refusal, 0.0)
    assert isinstance(urgent, Send) and isinstance(urgent.message, GetDoNotDisturb)


def test_a_request_that_never_goes_out_ends_in_time_too() -> None:
    client = ClientSession(Heartbeat(), window=1)
    client.connected(0.0)
    client.receive(9999, SystemStatus(), 0.0)
    client.receive(0, operation_error("serviceNotSupported"), 0.0)
    tokens = []
    for second in (1.0, 3.0, 5.0):
        token, _ = client.request(GetDoNotDisturb(device="1"), second)
        tokens.append(token)
    ends = []
    while len(ends) < 3:
        deadline = client.deadline()
        assert deadline is not None
        ends += [(deadline, one) for one in client.timer(deadline) if isinstance(one, Outcome)]
    assert ends == [
        (second + 10, Outcome(token, Failure.TIMEOUT))
        for second, token in zip((1.0, 3.0, 5.0), tokens, strict=True)
    ]
