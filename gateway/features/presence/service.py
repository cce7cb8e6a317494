"""Keeps choices and facts together, tells who watches, and lets choices end in time.

All choices are in memory (written through), so that reading is a look and never a wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from gateway.bus import (
    Bus,
    ClientEvent,
    DevicesChanged,
    PbxFeatureChanged,
    PbxReachable,
    PresenceShown,
    SignedIn,
)
from gateway.features.presence import views
from gateway.features.presence.choice import Choice, DoNotDisturb
from gateway.features.presence.ends import Ends
from gateway.features.presence.live import LINGER, CallsOf, LiveFacts
from gateway.features.presence.models import OwnPresence, PresenceChange
from gateway.features.presence.store import PresenceStore
from gateway.pbx_ports import PbxControl
from gateway.ports import DeviceRegistry, EventSink, JsonObject, Problem, UserKey
from gateway.storage.ids import is_id, utc_now
from gateway.storage.storage import Storage
from protocols.aio.scope import TaskScope

log = structlog.get_logger(__name__)

_CALL_EVENTS = frozenset(("call.created", "call.updated", "call.ended"))
_LONGEST = timedelta(days=366)


class PresenceService:
    """Implements the ports ``PresenceReader`` and ``Quiet``."""

    def __init__(
        self,
        storage: Storage,
        devices: DeviceRegistry,
        events: EventSink,
        bus: Bus,
        pbx: PbxControl,
        *,
        now: Callable[[], datetime] = utc_now,
        linger: float = LINGER,
    ) -> None:
        self._store = PresenceStore(storage)
        self._events = events
        self._bus = bus
        self._pbx = pbx
        self._now = now
        self._live = LiveFacts(devices, self._look, linger)
        self._choices: dict[UserKey, Choice] = {}
        self._told: dict[UserKey, tuple[JsonObject, PresenceShown]] = {}
        #: The PBX's last word on do not disturb, which it repeats with news of other things.
        self._pbx_said: dict[UserKey, bool] = {}
        self._locks: WeakValueDictionary[UserKey, asyncio.Lock] = WeakValueDictionary()
        self._scope = TaskScope("presence")
        self._ends = Ends(lambda: self._choices, self._end, now)
        bus.subscribe(ClientEvent, self._client_event)
        bus.subscribe(DevicesChanged, self._devices_changed)
        bus.subscribe(SignedIn, self._signed_in)
        bus.subscribe(PbxFeatureChanged, self._pbx_feature)
        bus.subscribe(PbxReachable, self._pbx_reachable)

    async def start(self) -> None:
        self._choices = await self._store.load()
        self._ends.start()

    async def aclose(self) -> None:
        self._live.close()
        await self._ends.aclose()
        await self._scope.aclose()

    def follow_calls(self, calls_of: CallsOf) -> None:
        self._live.calls_of = calls_of

    # --- reading ---------------------------------------------------------------------------------

    def own_view(self, user: UserKey) -> OwnPresence:
        choice = self._choice(user)
        return views.own(choice, self._live.facts(user, choice))

    def own(self, user: UserKey) -> JsonObject:
        return self.own_view(user).model_dump(mode="json")

    def seen(self, viewer: UserKey, user_ids: Sequence[str]) -> list[JsonObject]:
        """Colleagues as the viewer may see them. Of who does not exist nothing is known."""
        return [self._seen(viewer, user_id) for user_id in user_ids if is_id(user_id)]

    def _seen(self, viewer: UserKey, user_id: str) -> JsonObject:
        user = UserKey(viewer.tenant_id, user_id)
        choice = self._choice(user)
        if user != viewer and not choice.shows_to(viewer.user_id):
            return views.hidden(user_id)
        return views.person(user_id, choice, self._live.facts(user, choice))

    def refuses_calls(self, user: UserKey) -> bool:
        """Do not disturb that the PBX does not hold: the calls that it sends are refused here."""
        dnd = self._choice(user).dnd
        return dnd.on and not dnd.at_pbx

    def _choice(self, user: UserKey) -> Choice:
        return self._choices.get(user, _NOTHING_CHOSEN)

    # --- changing --------------------------------------------------------------------------------

    async def change(self, user: UserKey, wanted: PresenceChange) -> OwnPresence:
        self._check_ends(wanted)
        async with self._lock(user):
            choice = self._choice(user)
            if wanted.do_not_disturb is not None:
                on, until = wanted.do_not_disturb.on, wanted.do_not_disturb.until
                choice = replace(choice, dnd=await self._switch(user, choice.dnd, on, until))
            if wanted.status is not None:
                status = wanted.status
                choice = replace(choice, status=status.value, status_until=status.until)
            if wanted.note is not None:
                text = wanted.note.text.strip()
                until = wanted.note.until if text else None
                choice = replace(choice, note=text, note_until=until)
            if wanted.visible_to is not None:
                audience = wanted.visible_to
                viewers = frozenset(audience.user_ids if audience.who == "chosen" else ())
                choice = replace(choice, audience=audience.who, viewers=viewers)
            await self._keep(user, choice)
        return self.own_view(user)

    def _check_ends(self, wanted: PresenceChange) -> None:
        now = self._now()
        for part in (wanted.status, wanted.do_not_disturb, wanted.note):
            end = None if part is None else part.until
            if end is not None and not now < end <= now + _LONGEST:
                raise Problem(422, "until_invalid", "The end must be in the future, within a year.")

    async def _switch(
        self, user: UserKey, was: DoNotDisturb, on: bool, until: datetime | None
    ) -> DoNotDisturb:
        """At the PBX where it can hold it; else the gateway refuses the calls itself."""
        at_pbx = was.on and was.at_pbx
        if on != was.on or not at_pbx:
            at_pbx = await self._switch_pbx(user, on, must=at_pbx) and on
        if not on:
            return DoNotDisturb()
        since = was.since if was.on else self._now()
        return DoNotDisturb(True, until, since, was.by if was.on else "user", at_pbx)

    async def _switch_pbx(self, user: UserKey, on: bool, *, must: bool) -> bool:
        """True: the PBX has agreed. ``must``: it holds the present state, only it can end it."""
        can = (await self._pbx.capabilities(user)).do_not_disturb
        if not can and must:
            raise Problem(
                503, "pbx_unreachable", "The phone system holds this and does not answer now."
            )
        if not can:
            return False
        try:
            await self._pbx.set_do_not_disturb(user, on)
        except Problem as problem:
            # What only the gateway holds can always be ended, whatever the PBX thinks of it.
            if must or (on and problem.code not in ("not_offered", "pbx_unreachable")):
                raise
            return False
        return True

    async def _keep(self, user: UserKey, choice: Choice) -> None:
        """Stored first, told then."""
        if choice != self._choice(user):
            await self._store.save(user, choice)
            self._choices[user] = choice
            self._ends.moved()
        self._look(user)

    def _lock(self, user: UserKey) -> asyncio.Lock:
        return self._locks.setdefault(user, asyncio.Lock())

    # --- telling ---------------------------------------------------------------------------------

    def _look(self, user: UserKey) -> None:
        """Tell the user's own devices and those who watch, if anything looks different."""
        choice = self._choice(user)
        facts = self._live.facts(user, choice)
        mine = views.own(choice, facts).model_dump(mode="json")
        person = views.person(user.user_id, choice, facts)
        audience = None if choice.audience == "everyone" else choice.viewers
        shown = PresenceShown(user, person, views.hidden(user.user_id), audience)
        told_own, told_others = self._told.get(user, (None, None))
        self._told[user] = (mine, shown)
        if mine != told_own:
            self._events.to_user(user, "presence.changed", {"presence": person, "own": mine})
        if shown != told_others:
            self._bus.publish(shown)

    def _client_event(self, event: ClientEvent) -> None:
        """What clients are told of calls is what makes busy."""
        if event.event in _CALL_EVENTS:
            self._look(event.user)

    def _devices_changed(self, event: DevicesChanged) -> None:
        self._live.devices_changed(event.user)
        self._look(event.user)

    def _signed_in(self, event: SignedIn) -> None:
        if not self._live.signed_in(event.user):
            self._scope.start(self._make_available(event.user), "signed in")

    async def _make_available(self, user: UserKey) -> None:
        async with self._lock(user):
            await self._keep(user, self._choice(user).signed_in())

    # --- the PBX's word ---------------------------------------------------------------------------

    def _pbx_feature(self, event: PbxFeatureChanged) -> None:
        self._live.desk_phone(event.user, event.desk_phone_in_service is True)
        self._look(event.user)
        on = event.do_not_disturb
        if on is None:
            self._pbx_said.pop(event.user, None)
            return
        news = self._pbx_said.get(event.user) != on
        self._pbx_said[event.user] = on
        self._scope.start(self._pbx_says(event.user, on, news), "pbx says")

    async def _pbx_says(self, user: UserKey, on: bool, news: bool) -> None:
        async with self._lock(user):
            choice = self._choice(user)
            if not news and choice.dnd.on == choice.dnd.at_pbx:
                return  # an old word, and what it was about may have been changed since
            choice = choice.pbx_says(on, self._now())
            await self._keep(user, choice)
            if on or not choice.dnd.on:
                return
            # It was switched on here while the PBX could not be asked. Now it can.
            try:
                held = await self._switch_pbx(user, True, must=False)
            except Problem as problem:
                log.warning("presence.dnd_not_taken", user=user.user_id, code=problem.code)
                return
            if held:
                await self._keep(user, replace(choice, dnd=replace(choice.dnd, at_pbx=True)))

    def _pbx_reachable(self, event: PbxReachable) -> None:
        if event.reachable:
            self._ends.pbx_is_back(event.tenant_id)

    # --- ends ------------------------------------------------------------------------------------

    async def _end(self, user: UserKey) -> bool:
        """False: the PBX did not agree to the end of do not disturb; it is asked again."""
        try:
            async with self._lock(user):
                choice = self._choice(user).lapsed(self._now())
                await self._keep(user, choice)
                if choice.dnd_over(self._now()):
                    dnd = await self._switch(user, choice.dnd, on=False, until=None)
                    await self._keep(user, replace(choice, dnd=dnd))
        except Problem as problem:
            log.warning("presence.dnd_not_ended", user=user.user_id, code=problem.code)
            return False
        except Exception:  # the database may be away: what ends must end nevertheless
            log.exception("presence.end_failed")
            return False
        return True


_NOTHING_CHOSEN = Choice()
