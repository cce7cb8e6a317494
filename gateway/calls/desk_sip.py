"""What the SIP calls of a line learn from the PBX's view of it, of which they are a part."""

from __future__ import annotations

from dataclasses import replace

from gateway.calls import csta
from gateway.calls.book import CallBook
from gateway.calls.csta import DeskCall
from gateway.calls.desk_line import DeskLine, Facts
from gateway.calls.events import AnsweredElsewhere, DeskTakes, FarSide, MoveFailed, Watched
from gateway.calls.owner import CallOwner
from gateway.calls.states import Phase
from gateway.calls.words import WORDS_DESK_RANG_OUT
from protocols.csta.events.call import EstablishedEvent, ServiceCompletionFailureEvent
from protocols.csta.ids import Device
from protocols.csta.message import Message
from protocols.csta.values import LocalConnectionState
from protocols.csta.view.model import CallView, DeviceView, Direction


class SipSide:
    """``book`` has the owners of the SIP calls."""

    def __init__(self, book: CallBook, facts: Facts) -> None:
        self._book = book
        self._facts = facts

    def joined(self, desk: DeskLine, call_id: str, session_id: str) -> None:
        if desk.sessions.get(call_id) != session_id:
            desk.sessions[call_id] = session_id
            owner = self.call(desk, session_id)
            if owner is not None:
                owner.post(Watched())

    def call(self, desk: DeskLine, session_id: str) -> CallOwner | None:
        return next(
            (owner for owner in self._book.of(desk.user) if owner.state.session_id == session_id),
            None,
        )

    def has_taken(self, desk: DeskLine, known: DeskCall, call: CallView) -> bool:
        """A Call of our line speaks in it that never was this one: it rang there as a new one."""
        session = desk.sessions.get(call.call_id)
        owner = None if session is None else self.call(desk, session)
        if owner is None or owner.state.id == known.state.id:
            return False
        at_desk = any(leg.key[1] == csta.DESK for leg in call.legs)
        return owner.state.phase is Phase.CONNECTED and not at_desk

    def is_another(self, desk: DeskLine, call_id: str, session_id: str) -> bool:
        """A SIP call is known to be another call than this one of the desk phone."""
        joined = [known for known, session in desk.sessions.items() if session == session_id]
        calls = [desk.calls.get(known) for known in joined]
        return bool(joined) and all(call is None or call.state.id != call_id for call in calls)

    def not_to_come(self, desk: DeskLine, call: DeskCall) -> None:
        """The desk phone's call is over while it is on its way to a device."""
        owner = None if call.state.moving is None else self._book.find(desk.user, call.state.id)
        if owner is not None:
            owner.post(MoveFailed(told=True))

    def tell_far_side(self, desk: DeskLine, call: CallView) -> None:
        """The SIP calls that this one is too cannot see for themselves who is in it."""
        far = self._facts.far(desk, call)
        services = call.services.call_control if call.services is not None else frozenset()
        may_drop = "clearConnection" in services
        told = FarSide(far.number, far.name, far.participants, may_drop)
        sessions = {desk.sessions.get(call.call_id), *desk.merged.get(call.call_id, ())}
        for owner in self._book.of(desk.user):
            if owner.state.session_id in sessions:
                owner.post(told)

    def tell_moves(self, desk: DeskLine, reachable: bool, message: Message | None = None) -> None:
        """The SIP calls learn whether the desk phone would take them, and that it did not."""
        failed = None
        if isinstance(message, ServiceCompletionFailureEvent):
            failed = message.primary_call.connection_id.call_id
        for call in desk.view.calls:
            session = desk.sessions.get(call.call_id)
            owner = None if session is None else self.call(desk, session)
            if owner is None:
                continue
            takes = reachable and csta.takes(call, desk.view.in_service)
            if takes is not owner.state.may_push:
                owner.post(DeskTakes(takes))
            if failed == call.call_id:
                owner.post(MoveFailed(WORDS_DESK_RANG_OUT))

    def answered_by_another(self, desk: DeskLine, before: DeviceView, message: Message) -> None:
        """What rings here is answered by somebody who is not the user: a member of a hunt group,
        or who picked it up while another device of the user still rings."""
        if not isinstance(message, EstablishedEvent) or before.owns(message.answering_device):
            return
        call = before.call(message.established_connection.call_id)
        rings = call is not None and call.state is LocalConnectionState.ALERTING
        if call is not None and rings and call.direction is Direction.IN:
            self.picked_up(desk, call, message.answering_device)

    def picked_up(self, desk: DeskLine, call: CallView, who: Device | None) -> None:
        by = self._facts.name_of(desk, who)
        known = desk.calls.get(call.call_id)
        if known is not None:
            desk.calls[call.call_id] = replace(known, state=replace(known.state, answered_by=by))
            return
        session = desk.sessions.get(call.call_id)
        owner = None if session is None else self.call(desk, session)
        if owner is not None:
            owner.post(AnsweredElsewhere(by))
