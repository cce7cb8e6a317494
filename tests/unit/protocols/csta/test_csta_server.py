"""The switching function's end of a link, and what both ends share."""

from __future__ import annotations

from protocols.csta.dialects import BUSINESS, OS4000, VOICE
from protocols.csta.framing import UNSOLICITED, encode_frame
from protocols.csta.link import Garbled, Incoming, StreamLink
from protocols.csta.message import (
    ErrorResponse,
    UnknownMessage,
    operation_error,
)
from protocols.csta.services.call_control import (
    AnswerCallResponse,
    DeflectCall,
)
from protocols.csta.services.features import GetDoNotDisturb, GetDoNotDisturbResponse
from protocols.csta.services.monitoring import (
    MonitorStop,
)
from protocols.csta.services.system import (
    RequestSystemStatus,
)
from protocols.csta.session.actions import (
    Asked,
    Close,
    Send,
)
from protocols.csta.session.pending import RequestTable
from protocols.csta.session.server import MAX_OUTSTANDING, ServerSession
from tests.support.csta_pair import CALL, Pair, up


def test_a_dead_client_is_noticed() -> None:
    server = ServerSession(VOICE)
    server.connected(0.0)
    beats = []
    now = 0.0
    while (deadline := server.deadline()) is not None:
        now = deadline
        beats += server.timer(now)
    assert beats[-1] == Close("3 heartbeats without answer")
    assert now == 180.0


def test_a_server_refuses_what_it_does_not_know() -> None:
    server = ServerSession(VOICE)
    refusal = operation_error("serviceNotSupported")
    assert server.receive(5, UnknownMessage(name="StartDataPath"), 0.0) == [Send(5, refusal)]
    assert server.receive(5, UnknownMessage(name="OddEvent"), 0.0) == []
    assert server.garbled(6) == [Send(6, operation_error("generic"))]
    unknown = MonitorStop(monitor_cross_ref_id="1")
    assert server.receive(7, unknown, 0.0) == [Send(7, operation_error("invalidMonitorCrossRefID"))]
    assert server.receive(UNSOLICITED, RequestSystemStatus(), 0.0) == [
        Send(UNSOLICITED, operation_error("generic"))
    ]


def test_a_server_takes_an_id_once_and_only_so_many_at_a_time() -> None:
    server = ServerSession(VOICE)
    ask = GetDoNotDisturb(device="1")
    for invoke_id in range(MAX_OUTSTANDING):
        assert server.receive(invoke_id, ask, 0.0) == [Asked(invoke_id, ask)]
    assert server.receive(0, ask, 0.0) == [Send(0, operation_error("generic"))]
    (send,) = server.receive(500, ask, 0.0)
    assert isinstance(send, Send) and isinstance(send.message, ErrorResponse)
    assert send.message.value == "outstandingReqLimitExceeded"
    server.answer(0, GetDoNotDisturbResponse(do_not_disturb_on=False))
    assert server.receive(0, ask, 0.0) == [Asked(0, ask)]


def test_the_answer_precedes_its_events_except_where_a_platform_swaps_them() -> None:
    def order(pair: Pair) -> list[str]:
        pair.run(pair.client.watch("100", pair.now))
        pair.wire.clear()
        pair.ask(DeflectCall(call_to_be_diverted=CALL, new_destination="200"))
        return pair.names()[1:]

    answer, event = "server DeflectCallResponse", "server DivertedEvent"
    assert order(up(dialect=VOICE)) == [answer, event]
    assert order(up(dialect=BUSINESS)) == [answer, event]
    assert order(up(dialect=OS4000)) == [event, answer]


def test_invoke_ids_go_round_and_step_over_those_in_use() -> None:
    table: RequestTable[int] = RequestTable(window=2, timeout=10.0)
    ask = GetDoNotDisturb(device="1")
    table.enqueue(ask, -1)
    assert [invoke_id for invoke_id, _ in table.due(0.0)] == [0]
    used = []
    for number in range(10_000):
        table.enqueue(ask, number)
        ((invoke_id, _),) = table.due(0.0)
        used.append(invoke_id)
        waiting = table.answered(invoke_id)
        assert waiting is not None and waiting.purpose == number
    assert used == [*range(1, 9999), 1, 2]


def test_a_server_answers_in_the_style_of_its_peer() -> None:
    link = StreamLink(VOICE.style, mirror=True)
    ed5 = "http://www.ecma-international.org/standards/ecma-323/csta/ed5"
    link.feed(
        encode_frame(
            1, f'<GetDoNotDisturb xmlns="{ed5}"><device>1</device></GetDoNotDisturb>'.encode()
        )
    )
    assert f'<AnswerCallResponse xmlns="{ed5}"/>'.encode() in link.encode(1, AnswerCallResponse())
    link.feed(encode_frame(2, b"<GDND><dvc>1</dvc></GDND>"))
    assert link.encode(2, AnswerCallResponse()).endswith(b"<AnCR/>")


def test_a_link_reads_on_after_a_message_that_it_cannot_read() -> None:
    link = StreamLink(VOICE.style)
    data = encode_frame(4, b"<GDND/>") + encode_frame(5, b"<SSR/>")
    garbled, good = link.feed(data)
    assert isinstance(garbled, Garbled) and (garbled.invoke_id, garbled.name) == (
        4,
        "GetDoNotDisturb",
    )
    assert isinstance(good, Incoming)
    assert not link.pending
