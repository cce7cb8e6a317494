"""``build(...)`` and :class:`Calls`: every Call of this node, and the doors to them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import uuid_utils

from gateway.calls.arrivals import Arrivals
from gateway.calls.beginnings import dialled
from gateway.calls.book import CallBook
from gateway.calls.commands import (
    ELSEWHERE,
    FETCH,
    IGNORED,
    UNREMEMBERED,
    VERBS,
    call_id_of,
    parse_command,
    problem,
)
from gateway.calls.desk_door import DeskDoor
from gateway.calls.desk_phone import DeskPhone
from gateway.calls.dialling import outgoing
from gateway.calls.entrance import Entrance
from gateway.calls.events import (
    DeviceOffline,
    DeviceOnline,
    ShutDown,
    Started,
    Summoned,
)
from gateway.calls.focus import Goal, GoalKind
from gateway.calls.journaling import Journaling
from gateway.calls.model import CallsConfig, CallState
from gateway.calls.movement import Movement
from gateway.calls.owner import CallOwner, Clock
from gateway.calls.owners import Owners
from gateway.calls.pickup import Pickup, Ringing
from gateway.calls.repetition import Repetitions
from gateway.calls.several import Several
from gateway.calls.sip import LineLink
from gateway.calls.surroundings import Surroundings
from gateway.calls.together import Together
from gateway.calls.view import Call, call_json
from gateway.ports import (
    Actor,
    CommandResult,
    DeviceRegistry,
    DirectoryLookup,
    EventSink,
    JournalWriter,
    LineDirectory,
    NumberNormaliser,
    RingsEverywhere,
    RoutingRules,
    SetupStage,
    UserKey,
    untold,
)
from media.engine import MediaEngine
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import IncomingCall

logger = logging.getLogger(__name__)


def build(
    *,
    lines: LineDirectory,
    directory: DirectoryLookup,
    numbers: NumberNormaliser,
    journal: JournalWriter,
    devices: DeviceRegistry,
    events: EventSink,
    engine: MediaEngine,
    link: LineLink,
    setup_stage: SetupStage = untold,
    refuses_calls: Callable[[UserKey], bool] = lambda _: False,
    routing: RoutingRules | None = None,
    config: CallsConfig | None = None,
    clock: Clock = time.time,
    new_id: Callable[[], str] | None = None,
) -> Calls:
    """Call control of one node; see :class:`gateway.ports.CallService`."""
    around = Surroundings(
        lines=lines,
        numbers=numbers,
        journal=Journaling(journal),
        devices=devices,
        events=events,
        engine=engine,
        link=link,
        setup_stage=setup_stage,
        refuses_calls=refuses_calls,
        config=config or CallsConfig(),
        clock=clock,
        new_id=new_id or (lambda: str(uuid_utils.uuid7())),
    )
    patience = around.config.name_lookup
    return Calls(around, Arrivals(directory, numbers, routing or RingsEverywhere(), patience))


class Calls:
    def __init__(self, around: Surroundings, arrivals: Arrivals) -> None:
        self._around = around
        self._config = around.config
        self.journal = around.journal
        self.book = CallBook(self._config.remembered_calls)
        self._repetitions = Repetitions(self._config.remembered_commands)
        self._several = Several(self.book)
        self._together = Together(
            several=self._several,
            book=self.book,
            lines=around.lines,
            numbers=around.numbers,
            arrivals=arrivals,
            dial=self._dial,
        )
        self._scope = TaskScope("calls")
        self._owners = Owners(
            around,
            book=self.book,
            several=self._several,
            arrivals=arrivals,
            scope=self._scope,
            places_of=lambda user: self.movement.places_of_new(user),
            stepped=self._stepped,
        )
        self.movement = Movement(
            book=self.book,
            devices=around.devices,
            lines=around.lines,
            numbers=around.numbers,
            events=around.events,
            begin=self._owners.begin,
            start=self._scope.start,
        )
        self._entrance = Entrance(
            around,
            book=self.book,
            arrivals=arrivals,
            movement=self.movement,
            owners=self._owners,
            scope=self._scope,
            full=self._tenant_is_full,
            watches=lambda line: self.desk is not None and self.desk.watches(line),
            calls_of=self.calls_of,
        )
        self._draining = False
        #: What the phone system of a site (tenant, site) does for a line beside its calls.
        self.site_offers: Callable[[str, str], tuple[str, ...]] = lambda _, __: ()
        self.most_of_tenant: Callable[[str], int] = lambda _: 200
        #: Calls on desk phones, where there is a link to tell of them.
        self.desk: DeskDoor | None = None
        #: Told of a Call that is over for our devices and may go on at the desk phone.
        self.left_open: Callable[[CallState], None] = lambda _: None

    # -- commands ----------------------------------------------------------------------------------
    async def execute(
        self, actor: Actor, verb: str, body: Mapping[str, Any], command_id: str
    ) -> CommandResult:
        """Accept or refuse; the same command id of the same user gives the same result again."""
        if verb not in VERBS:
            raise problem(404, "verb_unknown", "There is no such command.")
        if not isinstance(command_id, str) or not 0 < len(command_id) <= 128:
            raise problem(422, "command_id_missing", "A command needs its own command_id.")
        if verb in UNREMEMBERED:
            return await self._execute(actor, verb, body)
        work = self._execute_from_afar if actor.remote else self._execute
        return await self._repetitions.once(actor.user, command_id, lambda: work(actor, verb, body))

    async def _execute_from_afar(
        self, actor: Actor, verb: str, body: Mapping[str, Any]
    ) -> CommandResult:
        """The device does not know that it is to speak: it is asked for its sound."""
        result = await self._execute(actor, verb, body)
        if verb in ("dial", "answer", "consult") and result.call is not None:
            owner = self.book.find(actor.user, result.call["id"])
            if owner is not None:
                owner.post(Summoned(actor.device_id))
        return result

    async def _execute(self, actor: Actor, verb: str, body: Mapping[str, Any]) -> CommandResult:
        if verb == "dial":
            return await self._dial_from(actor, body)
        if verb in FETCH:
            return await self._dial(actor, body, verb=verb)
        call_id = call_id_of(body)
        if verb in ELSEWHERE:
            return await self.movement.execute(actor, verb, call_id, body)
        owner = self.book.find(actor.user, call_id)
        # While it is on its way here, sound is the only thing that is not the desk phone's.
        sound = owner is not None and verb in UNREMEMBERED
        if self.desk is not None and not sound and self.desk.knows(actor.user, call_id):
            return await self.desk.execute(actor, verb, call_id, body)
        if owner is None:  # also for a Call of somebody else: its existence is not confirmed
            raise problem(404, "call_unknown", "There is no such call.")
        if verb in IGNORED:
            return CommandResult(owner.json)
        if self._together.takes(verb):
            return await self._together.execute(actor, verb, owner, body)
        if verb == "drop":
            return await self._drop(actor.user, owner, body)
        state = await owner.command(parse_command(verb, actor.device_id, body))
        return CommandResult(call_json(state))

    async def _dial_from(self, actor: Actor, body: Mapping[str, Any]) -> CommandResult:
        """``from``: what the user wants to speak through; without it, the device that asks."""
        match body.get("from"):
            case None | "device":
                return await self._dial(actor, body)
            case "desk_phone" if self.desk is not None:
                return await self.desk.dial(actor, body)
            case "alternative" if self.desk is not None:
                return await self.desk.dial_from_alternative(actor, body)
            case "desk_phone" | "alternative":
                raise problem(409, "not_offered", "Your phone system cannot be asked for this.")
            case _:
                raise problem(422, "from_invalid", "from is device, desk_phone or alternative.")

    async def _dial(
        self,
        actor: Actor,
        body: Mapping[str, Any],
        consults: str | None = None,
        verb: str = "dial",
    ) -> CommandResult:
        stages = self._owners.stages()
        if self._draining:
            raise problem(503, "restarting", "The service is restarting. Try again in a moment.")
        home = await self._around.lines.home_line(actor.user)
        if home is None:
            raise problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
        line, site = home
        wanted = outgoing(
            verb,
            body,
            site,
            numbers=self._around.numbers,
            offers=self.site_offers(line.tenant_id, line.site_id),
            find=lambda pickup_id: self._pickup(actor.user, pickup_id),
        )
        goal = Goal(GoalKind.DIAL, self._around.new_id(), actor.device_id)
        waits = False
        if not wanted.emergency:
            self._check_limits(actor.user)
            self._several.check(actor.user, goal)
            waits = self._several.others_speak(actor.user, goal.call_id)
        state = dialled(
            line,
            wanted,
            call_id=goal.call_id,
            device_id=actor.device_id,
            consults=consults,
            waits=waits,
            now=self._around.clock(),
            limits=self._config.limits,
        )
        leg = self._owners.leg(line.tenant_id, line.site_id, line.line_id, state.session_id)
        owner = self._owners.start(state, leg, site, stages)
        owner.post(Started())
        if waits:
            self._several.want(actor.user, goal)
        return CommandResult(owner.json)

    async def _drop(
        self, user: UserKey, owner: CallOwner, body: Mapping[str, Any]
    ) -> CommandResult:
        if self.desk is None:
            raise problem(409, "not_offered", "The phone system does not offer this.")
        await self.desk.drop(user, owner.state, body)
        return CommandResult(owner.json)

    def _pickup(self, user: UserKey, pickup_id: str) -> Ringing | None:
        return None if self.desk is None else self.desk.pickup(user, pickup_id)

    def _check_limits(self, user: UserKey) -> None:
        live = self.book.live_of(user)
        dialled = sum(1 for state in live if state.direction == "out")
        if dialled >= self._config.dials_per_user or len(live) >= self._config.calls_per_user:
            raise problem(429, "too_many_calls", "You already have the most calls at a time.")
        if self._tenant_is_full(user.tenant_id):
            raise problem(429, "too_many_calls", "Your company has the most calls at a time.")

    def _tenant_is_full(self, tenant_id: str) -> bool:
        return self.book.live_of_tenant(tenant_id) >= self.most_of_tenant(tenant_id)

    # -- from the PBX ------------------------------------------------------------------------------
    def incoming(self, tenant_id: str, site_id: str, line_id: str, call: IncomingCall) -> None:
        """A proven flow brought an INVITE for a line of its own site. Sync: only takes the call."""
        self._entrance.take(tenant_id, site_id, line_id, call)

    def _stepped(self, state: CallState) -> None:
        if self.movement.stepped(state):
            self._several.told(state)
        if state.left_open:
            self.left_open(state)

    # -- reading -----------------------------------------------------------------------------------
    def calls_of(self, user: UserKey) -> list[Call]:
        """Snapshot: the live Calls of the user."""
        on_desk = [] if self.desk is None else self.desk.calls_of(user)
        return [*(call_json(state) for state in self.book.live_of(user)), *on_desk]

    def desk_phone_of(self, user: UserKey) -> DeskPhone | None:
        """Snapshot: how the user's desk phone is."""
        return None if self.desk is None else self.desk.phone_of(user)

    def pickups_of(self, user: UserKey) -> list[Pickup]:
        """Snapshot: what rings in the user's pickup group."""
        return [] if self.desk is None else self.desk.pickups_of(user)

    def timeline(self, tenant_id: str, call_id: str) -> list[dict[str, Any]] | None:
        """The story of a running or recent Call of this tenant, for support."""
        story = self.book.story(tenant_id, call_id)
        return None if story is None else [entry.to_json() for entry in story]

    def active(self) -> int:
        """Calls that still hold something: legs, timers, tasks."""
        return len(self.book)

    def live_in(self, tenant_id: str) -> int:
        """The tenant's live calls."""
        return self.book.live_of_tenant(tenant_id)

    # -- devices -----------------------------------------------------------------------------------
    def device_online(self, user: UserKey, device_id: str) -> None:
        self.movement.look_again(user)
        for owner in self.book.of(user):
            owner.post(DeviceOnline(device_id))

    def device_offline(self, user: UserKey, device_id: str) -> None:
        """A socket went away: leases run out, and no Call can be moved there; nothing else."""
        self.movement.look_again(user)
        for owner in self.book.of(user):
            owner.post(DeviceOffline(device_id))

    # -- stopping ----------------------------------------------------------------------------------
    def drain(self) -> None:
        """No new Calls; what runs goes on."""
        self._draining = self._entrance.closed = True

    async def idle(self) -> None:
        """Wait until nothing is left of any Call."""
        await self.book.idle()

    async def shutdown(self) -> None:
        """End every Call in an orderly way, then let go."""
        self._draining = self._entrance.closed = True
        for owner in self.book:
            owner.post(ShutDown())
        try:
            async with asyncio.timeout(self._config.drain):
                await self.idle()
        except TimeoutError:
            logger.error("%d calls did not end in time", self.active())
        await self._scope.aclose()
        await self.journal.aclose()
