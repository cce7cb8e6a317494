"""The trace notes which calls a message is about."""

from __future__ import annotations

from emulator.csta.trace import CstaEntry, CstaTrace
from protocols.csta.dialects import VOICE
from protocols.csta.events.call import ConferencedEvent
from protocols.csta.ids import ConnectionId, Endpoint
from protocols.csta.message import UnknownMessage, operation_error
from protocols.csta.shapes import ConnectionListItem


def test_every_call_of_a_message_is_found() -> None:
    found: list[CstaEntry] = []
    trace = CstaTrace()
    event = ConferencedEvent(
        primary_old_call=ConnectionId("A1", "101"),
        connections=(
            ConnectionListItem(new_connection=ConnectionId("B2", "102"), endpoint=Endpoint("102")),
        ),
    )
    trace.note("out", "here", 9999, event, VOICE.style)
    trace.on_entry = found.append
    trace.note("out", "here", 9999, event, VOICE.style)
    trace.note("out", "here", 7, operation_error("invalidDeviceID"), VOICE.style)
    trace.note("in", "here", 8, UnknownMessage(name="Riddle"), VOICE.style)
    first, refusal, riddle = found
    assert (first.name, first.call_ids) == ("ConferencedEvent", {"A1", "B2"})
    assert first.text.startswith("<?xml")
    assert (refusal.name, refusal.call_ids, riddle.name) == ("CSTAErrorCode", frozenset(), "Riddle")
