"""Every user's desk phone: what the link's CSTA says of it, as Calls beside those of our devices.

```
 NOTIFY -> told() -> the line's view (protocols.csta.view) -> changes -> DeskCall -> its effects
```
News of a site are applied one after the other by their caller; nothing else changes a DeskCall. A
call that is a SIP call of the user's line as well is left to its own owner, until the user speaks
on the desk phone: then it goes on here, under its id.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import uuid_utils

from gateway.calls import csta
from gateway.calls import effects as fx
from gateway.calls.book import CallBook
from gateway.calls.csta import DeskCall
from gateway.calls.desk_line import DeskLine, Facts, call_of, connection_of, known_call
from gateway.calls.desk_phone import DeskPhone, busiest, state_of
from gateway.calls.desk_sip import SipSide
from gateway.calls.events import (
    Diverted,
    LeftDesk,
    MoveFailed,
    TakenByDesk,
)
from gateway.calls.history import PastCalls
from gateway.calls.journaling import Journaling
from gateway.calls.model import CallState
from gateway.calls.owner import Clock
from gateway.calls.parties import Move, Place
from gateway.calls.pickup import Pickup, PickupOffers, Ringing
from gateway.calls.view import Call
from gateway.ports import EventSink, Line, NumberNormaliser, SiteProfile, UserKey
from protocols.aio.scope import TaskScope
from protocols.csta.device_names import parse_device
from protocols.csta.events.call import DivertedEvent, ServiceCompletionFailureEvent
from protocols.csta.message import Event, Message, Response
from protocols.csta.pickup import pickup_notice
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.values import Cause
from protocols.csta.view.changes import CallAppeared, CallChanged, CallEnded, FeaturesChanged
from protocols.csta.view.changes import changes as changes_of
from protocols.csta.view.features import learn
from protocols.csta.view.model import CallView, DeviceView, Ended, new_view
from protocols.csta.view.reduce import reduce
from protocols.csta.view.snapshots import complete, reconcile

#: Seconds that a desk phone's Calls stay although nobody can say what became of them.
GIVE_UP = 90.0

#: Seconds for a Call of our devices to let go.
LEAVE = 5.0

OnFeatures = Callable[["DeskLine"], None]


class DeskPhones:
    """The desk phones of all users of this node."""

    def __init__(
        self,
        *,
        book: CallBook,
        numbers: NumberNormaliser,
        journal: Journaling,
        events: EventSink,
        ask_name: Callable[[UserKey, str, Callable[[str], None]], None],
        on_features: OnFeatures,
        clock: Clock = time.time,
        new_id: Callable[[], str] = lambda: str(uuid_utils.uuid7()),
        give_up: float = GIVE_UP,
    ) -> None:
        self._facts = Facts(numbers, new_id, lambda user: self.places_of(user))
        self._sip = SipSide(book, self._facts)
        self._journal = journal
        self._events = events
        self._ask_name = ask_name
        self._on_features = on_features
        self._pickups = PickupOffers(numbers, events, ask_name, new_id)
        self._clock = clock
        self._give_up = give_up
        self._lines: dict[tuple[str, str, str], DeskLine] = {}
        self._of_user: dict[UserKey, dict[tuple[str, str, str], DeskLine]] = {}
        #: What each user was told of their desk phone last.
        self._told_of: dict[UserKey, DeskPhone] = {}
        self._reachable: set[tuple[str, str]] = set()
        self._giving_up: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._scope = TaskScope("desk phones")
        #: Where a Call of this user might go on.
        self.places_of: Callable[[UserKey], tuple[Place, ...]] = lambda _: ()

    async def aclose(self) -> None:
        """Nobody is there any more to see how these Calls end: they are settled as they stand."""
        for handle in self._giving_up.values():
            handle.cancel()
        await self._scope.aclose()
        left = [(line, call) for line in self._lines.values() for call in line.calls.values()]
        await asyncio.gather(*(self._abandon(line, call) for line, call in left))

    async def _abandon(self, line: DeskLine, call: DeskCall) -> None:
        line.calls.pop(call.call_id, None)
        # by its last name: it may have been transferred since it was written down
        await self._journal.at_pbx(call.state, line.pbx_call(call.call_id))
        await self._carry_out(line, *csta.abandoned(call, self._clock()))

    # -- reading -------------------------------------------------------------------------------
    def line_of(self, line: Line) -> DeskLine | None:
        return self._lines.get((line.tenant_id, line.site_id, line.line_id))

    def of(self, user: UserKey) -> list[DeskCall]:
        """The user's live Calls on the desk phone."""
        return [desk for line in self._lines_of(user) for desk in line.calls.values()]

    def find(self, user: UserKey, call_id: str) -> DeskCall | None:
        return next((desk for desk in self.of(user) if desk.state.id == call_id), None)

    def calls_of(self, user: UserKey) -> list[Call]:
        return [csta.desk_json(desk) for desk in self.of(user)]

    def phone_of(self, user: UserKey) -> DeskPhone | None:
        """How the user's desk phone is now."""
        return busiest(
            state_of(desk.view, self.reachable(desk.line.tenant_id, desk.line.site_id))
            for desk in self._lines_of(user)
        )

    def _tell_of_phone(self, user: UserKey) -> None:
        phone = self.phone_of(user)
        if phone == self._told_of.get(user):
            return
        if phone is None:
            del self._told_of[user]
        else:
            self._told_of[user] = phone
        self._events.to_user(user, "desk_phone.changed", {"desk_phone": phone})

    def pickups_of(self, user: UserKey) -> list[Pickup]:
        """What rings in the user's pickup group."""
        return self._pickups.of(user)

    def pickup(self, user: UserKey, pickup_id: str) -> Ringing | None:
        return self._pickups.find(user, pickup_id)

    # -- between the desk phone and our line ---------------------------------------------------
    def on_its_way(self, user: UserKey, call_id: str, move: Move | None) -> None:
        """The Call is to go on a device; None: it does not."""
        for line in self._lines_of(user):
            for desk in line.calls.values():
                if desk.state.id == call_id:
                    now = replace(desk, state=replace(desk.state, moving=move))
                    line.calls[desk.call_id] = now
                    self._publish(line, now, "call.updated")
                    return

    def is_another(self, line: Line, call_id: str, session_id: str) -> bool:
        desk = self.line_of(line)
        return desk is not None and self._sip.is_another(desk, call_id, session_id)

    def let_go(self, state: CallState) -> None:
        """Our line has the Call: from now on its owner speaks for it."""
        for line in self._lines_of(UserKey(state.tenant_id, state.user_id)):
            for desk in list(line.calls.values()):
                if desk.state.id == state.id:
                    del line.calls[desk.call_id]
                    line.sessions[desk.call_id] = state.session_id
                    line.pulled.add(desk.call_id)

    def look_again(self, user: UserKey, places: tuple[Place, ...]) -> None:
        """Where Calls may go from the desk phone has changed."""
        for line in self._lines_of(user):
            for desk in list(line.calls.values()):
                now = replace(desk, state=replace(desk.state, places=places))
                line.calls[desk.call_id] = now
                if csta.desk_json(now) != csta.desk_json(desk):
                    self._publish(line, now, "call.updated")

    def reachable(self, tenant_id: str, site_id: str) -> bool:
        """Whether the site's PBX takes commands now."""
        return (tenant_id, site_id) in self._reachable

    def _reached(self, desk: DeskLine) -> bool:
        return self.reachable(desk.line.tenant_id, desk.line.site_id)

    def _lines_of(self, user: UserKey) -> list[DeskLine]:
        return list(self._of_user.get(user, {}).values())

    def _lines_at(self, tenant_id: str, site_id: str) -> list[DeskLine]:
        return [line for key, line in self._lines.items() if key[:2] == (tenant_id, site_id)]

    # -- the link ------------------------------------------------------------------------------
    def set_reachable(self, tenant_id: str, site_id: str, on: bool) -> bool:
        """The site's control side answers, or no more; True when that is news."""
        site = (tenant_id, site_id)
        if on is (site in self._reachable):
            return False
        if on:
            self._reachable.add(site)
            handle = self._giving_up.pop(site, None)
            if handle is not None:
                handle.cancel()
        else:
            self._reachable.discard(site)
            self._pickups.lose(*site)
            loop = asyncio.get_running_loop()
            self._giving_up[site] = loop.call_later(self._give_up, self._lost, site)
        for line in self._lines_at(*site):
            for desk in list(line.calls.values()):
                line.calls[desk.call_id] = replace(desk, reachable=on)
                self._publish(line, line.calls[desk.call_id], "call.updated")
            self._tell_of_phone(line.user)
            self._sip.tell_moves(line, on)
        return True

    def _lost(self, site: tuple[str, str]) -> None:
        """Nobody came back to say what became of these Calls."""
        self._giving_up.pop(site, None)
        self._scope.start(self._drop_all(site), "lost desk phones")

    async def _drop_all(self, site: tuple[str, str]) -> None:
        for line in self._lines_at(*site):
            self._unknown(line)
            for call_id in list(line.calls):
                await self._end(line, Ended(call_id))

    # -- news ----------------------------------------------------------------------------------
    async def told(
        self, line: Line, site: SiteProfile, message: Message, session_id: str | None
    ) -> None:
        """One message about one line."""
        desk = await self._line(line, site)
        if self._pickups.told(line, site, message):
            return
        before = desk.view
        call_id = self._apply(desk, message)
        views = (before, desk.view)
        if session_id is not None and call_id and any(view.call(call_id) for view in views):
            self._sip.joined(desk, call_id, session_id)
        if isinstance(message, ServiceCompletionFailureEvent):  # our answer came too late
            desk.pulled.discard(message.primary_call.connection_id.call_id)
        self._sip.answered_by_another(desk, before, message)
        await self._changed(desk, before, message)
        self._sip.tell_moves(desk, self._reached(desk), message)
        self._tell_of_phone(desk.user)

    async def left_open(self, tenant_id: str, site_id: str, line_id: str, session_id: str) -> None:
        """The news of a call may be here before the call has come up the link: then they found
        none that could have been left to the desk phone."""
        desk = self._lines.get((tenant_id, site_id, line_id))
        if desk is None:
            return
        for call in desk.view.calls:
            if desk.sessions.get(call.call_id) == session_id and call.call_id not in desk.calls:
                await self._perhaps_taken(desk, call, session_id, pictured=False)

    async def told_late(
        self, line: Line, site: SiteProfile, message: Message, joined: bool, at: datetime
    ) -> None:
        """What happened while the link was down: the journal alone wants it."""
        desk = await self._line(line, site)
        if joined or not isinstance(message, Event) or pickup_notice(message) is not None:
            return
        known = {*desk.calls, *(end.call_id for end in desk.view.ended)}
        for past in desk.past.happened(line.number, message, at.timestamp(), known):
            state = self._facts.state(desk, past.call, at=past.began)
            state = replace(
                state,
                answered_at=past.answered,
                answered_on=None if past.answered is None else "desk_phone",
            )
            await self._journal.open(state)
            begun = DeskCall(replace(state, phase=csta.phase_of(past.call)), past.call.connection)
            over, effects = csta.ended(begun, past.end, past.ended)
            for effect in effects:
                if isinstance(effect, fx.JournalSettle):
                    await self._journal.settle(over.state, effect.kind)

    async def _line(self, line: Line, site: SiteProfile) -> DeskLine:
        key = (line.tenant_id, line.site_id, line.line_id)
        desk = self._lines.get(key)
        if desk is not None and (desk.line.number, desk.user.user_id) != (
            line.number,
            line.user_id,
        ):
            await self.forget(*key)
            desk = None
        if desk is None:
            desk = self._lines[key] = DeskLine(line, site, new_view(line.number))
            self._of_user.setdefault(desk.user, {})[key] = desk
        desk.line, desk.site = line, site
        return desk

    async def forget(self, tenant_id: str, site_id: str, line_id: str) -> None:
        """The line is gone, or another's now: whose it was sees its Calls end."""
        key = (tenant_id, site_id, line_id)
        desk = self._lines.pop(key, None)
        if desk is not None:
            self._pickups.forget(desk.line)
            del self._of_user[desk.user][key]
            self._unknown(desk)
            for other in self._lines_of(desk.user):  # what is known of these still holds
                self._on_features(other)
            for call_id in list(desk.calls):
                await self._end(desk, Ended(call_id))

    def _unknown(self, desk: DeskLine) -> None:
        """Nobody can say any more how this desk phone is."""
        desk.view = new_view(desk.line.number)
        self._on_features(desk)
        self._tell_of_phone(desk.user)

    def _apply(self, desk: DeskLine, message: Message) -> str | None:
        """The call that the message is about, if it is about one."""
        match message:
            case SnapshotDeviceResponse():
                desk.past = PastCalls()
                self._pickups.begin(desk.line)
                desk.view = reconcile(desk.view, message)
            case SnapshotCallResponse():
                connection = connection_of(message, desk.view)
                if connection is not None:
                    desk.view = complete(desk.view, connection, message)
                    return connection.call_id
            case Event():
                desk.view = reduce(desk.view, message)
                return call_of(message)
            case Response():
                desk.view = learn(desk.view, message)
        return None

    async def _changed(self, desk: DeskLine, before: DeviceView, message: Message) -> None:
        for end in desk.view.ended:
            if end.became and end.call_id in desk.sessions:  # it is the same SIP call as before
                desk.sessions.setdefault(end.became, desk.sessions[end.call_id])
                desk.merged.setdefault(end.became, set()).add(desk.sessions[end.call_id])
        pictured = isinstance(message, SnapshotCallResponse)
        for change in changes_of(before, desk.view):
            match change:
                case CallAppeared(call) | CallChanged(call=call):
                    await self._seen(desk, call, pictured)
                case CallEnded(call, end):
                    await self._gone(desk, call, end, message)
                case FeaturesChanged():
                    self._on_features(desk)

    async def _seen(self, desk: DeskLine, call: CallView, pictured: bool) -> None:
        known = known_call(desk, call)
        now = self._clock()
        if known is not None and self._sip.has_taken(desk, known, call):
            await self._end(desk, Ended(call.call_id, Cause.SINGLE_STEP_TRANSFER))
            known = None
        if known is not None:
            followed = csta.follow(known, call, self._facts.far(desk, call), now)
            await self._keep(desk, followed)
            return
        session = desk.sessions.get(call.call_id)
        if session is not None:
            self._sip.tell_far_side(desk, call)
            await self._perhaps_taken(desk, call, session, pictured)
        elif not call.incomplete:
            await self._begin(desk, call, pictured)

    async def _begin(self, desk: DeskLine, call: CallView, pictured: bool) -> None:
        """A call that a picture shows may have begun when another process of ours was here: then
        it goes on under its id, and in its journal entry."""
        now = self._clock()
        state = self._facts.state(desk, call, at=now)
        if pictured:
            cut_off = await self._journal.take_up(state, desk.pbx_call(call.call_id))
            state = state if cut_off is None else csta.taken_up(state, cut_off)
        await self._keep(desk, csta.begin(state, call, now))

    def csta_call(self, user: UserKey, session_id: str) -> str | None:
        """What the PBX calls a SIP call of the user's line."""
        for line in self._lines_of(user):
            for call in line.view.calls:
                joined = {line.sessions.get(call.call_id), *line.merged.get(call.call_id, ())}
                if session_id in joined:
                    return call.call_id
        return None

    async def _perhaps_taken(
        self, desk: DeskLine, call: CallView, session: str, pictured: bool
    ) -> None:
        """The SIP call of the user's line that it is too has its own owner, unless that has left:
        the user speaks on the desk phone, or it rings on there when none of our devices does."""
        spoken, owner = csta.spoken_at_desk(call), self._sip.call(desk, session)
        if call.call_id in desk.pulled and owner is not None:
            if not spoken:
                desk.pulled.discard(call.call_id)
                owner.post(LeftDesk())
            return
        if owner is not None and (spoken or (csta.rings_at_desk(call) and owner.state.left_open)):
            owner.post(TakenByDesk())
            async with asyncio.timeout(LEAVE):
                left = await owner.left()
            if left.journal_kind is None:  # else it had been settled in the meantime
                await self._keep(desk, csta.take_over(left, call, self._clock()))
                await self._journal.at_pbx(left, desk.pbx_call(call.call_id))
                return
        if spoken:
            await self._begin(desk, call, pictured)

    async def _gone(self, desk: DeskLine, call: CallView, end: Ended, message: Message) -> None:
        if end.cause == Cause.CALL_PICKUP and isinstance(message, DivertedEvent):
            self._sip.picked_up(desk, call, message.new_destination)
        session = desk.sessions.pop(call.call_id, None)
        was_pulled = call.call_id in desk.pulled
        desk.pulled.discard(call.call_id)
        desk.merged.pop(call.call_id, None)
        to = _diverted_to(message)
        known = desk.calls.get(call.call_id)
        if known is not None:
            if to is not None and not call.answered and end.cause != Cause.CALL_PICKUP:
                sent_on = replace(known.state, forwarded_to=to)
                desk.calls[call.call_id] = replace(known, state=sent_on)
            await self._end(desk, end)
            return
        owner = None if session is None else self._sip.call(desk, session)
        if owner is not None and was_pulled and end.became:
            owner.post(LeftDesk())
        if owner is not None and (owner.state.pushed or was_pulled) and not end.became:
            owner.post(MoveFailed())
        if owner is None or call.answered or end.became:
            return
        if isinstance(message, DivertedEvent):
            owner.post(Diverted(to))

    async def _end(self, desk: DeskLine, end: Ended) -> None:
        call = desk.calls.pop(end.call_id, None)
        if call is not None:
            self._sip.not_to_come(desk, call)
            merged = bool(end.became) and end.became in desk.calls
            over, effects = csta.ended(call, end, self._clock(), merged=merged)
            await self._carry_out(desk, over, effects)

    async def _keep(self, desk: DeskLine, followed: csta.Followed) -> None:
        call, effects = followed
        desk.calls[call.call_id] = call
        await self._carry_out(desk, call, effects)

    # -- effects -------------------------------------------------------------------------------
    async def _carry_out(self, desk: DeskLine, call: DeskCall, effects: list[fx.Effect]) -> None:
        for effect in effects:
            match effect:
                case fx.JournalOpen():
                    await self._journal.open(call.state, desk.pbx_call(call.call_id))
                case fx.JournalAnswered(device_id):
                    await self._journal.answered(call.state, device_id)
                case fx.JournalSettle(kind):
                    await self._journal.settle(call.state, kind)
                case fx.Publish(event):
                    self._publish(desk, call, event)
                case fx.AskName():
                    self._name(desk, call)
                case _:
                    raise AssertionError(f"no way to carry out {effect!r}")

    def _publish(self, desk: DeskLine, call: DeskCall, event: str) -> None:
        self._events.to_user(desk.user, event, {"call": csta.desk_json(call)})

    def _name(self, desk: DeskLine, call: DeskCall) -> None:
        wanted = call.state.number.canonical

        def known(name: str) -> None:
            now = desk.calls.get(call.call_id)
            if now is not None and now.state.number.canonical == wanted:
                named = replace(now, state=replace(now.state, name=name))
                desk.calls[call.call_id] = named
                self._publish(desk, named, "call.updated")

        self._ask_name(desk.user, wanted, known)

    # -- what the user says --------------------------------------------------------------------
    def decline(self, user: UserKey, call_id: str, declined: bool) -> None:
        """The user declines it here: then it was not missed. Or the PBX would not have it."""
        for line in self._lines_of(user):
            for desk in line.calls.values():
                if desk.state.id == call_id:
                    line.calls[desk.call_id] = replace(desk, declined=declined)
                    return


def _diverted_to(message: Message) -> str | None:
    """Where an event sends a call on, if it does and says so."""
    if not isinstance(message, DivertedEvent) or message.new_destination is None:
        return None
    return parse_device(message.new_destination.identifier).number or None
